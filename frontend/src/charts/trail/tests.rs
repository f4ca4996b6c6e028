//! Trails, their pieces and their gaps.

use super::*;

fn trail(step_ms: i64, at: &[i64]) -> Trail {
    let points = at
        .iter()
        .map(|at| Point {
            at: UnixMs(*at),
            mean: 1.0,
            min: 0.5,
            max: 2.0,
        })
        .collect();
    Trail { points, step_ms }
}

fn event(at: i64, kind: EventKind) -> ContainerEvent {
    ContainerEvent {
        at: UnixMs(at),
        host: "local".parse().unwrap(),
        container: "ab".repeat(32).parse().unwrap(),
        name: "web".to_owned(),
        kind,
        detail: None,
    }
}

#[test]
fn points_up_to_three_seconds_apart_are_one_piece() {
    let trail = trail(1000, &[500, 1500, 4500, 8500]);
    let lengths: Vec<_> = trail.pieces().map(<[Point]>::len).collect();
    assert_eq!(lengths, [3, 1]);
}

#[test]
fn wide_buckets_are_joined_over_two_and_a_half_steps() {
    let trail = trail(10_000, &[5000, 30_000, 60_000]);
    let lengths: Vec<_> = trail.pieces().map(<[Point]>::len).collect();
    assert_eq!(lengths, [2, 1]);
}

#[test]
fn a_gap_that_begins_with_an_end_was_nothing_to_measure() {
    let trail = trail(1000, &[1000, 20_000, 40_000]);
    let gaps = trail.gaps(
        (UnixMs(0), UnixMs(41_000)),
        &[],
        &[event(2000, EventKind::Die), event(19_000, EventKind::Start)],
    );
    assert_eq!(
        gaps,
        [
            Gap {
                from: UnixMs(1000),
                to: UnixMs(20_000),
                why: GapReason::ContainerStopped
            },
            Gap {
                from: UnixMs(20_000),
                to: UnixMs(40_000),
                why: GapReason::Unknown
            },
        ]
    );
}

#[test]
fn silence_until_now_is_a_gap_too() {
    let gaps = trail(1000, &[1000]).gaps((UnixMs(0), UnixMs(61_000)), &[], &[]);
    assert_eq!(
        gaps,
        [Gap {
            from: UnixMs(1000),
            to: UnixMs(61_000),
            why: GapReason::Unknown
        }]
    );
    assert!(
        trail(1000, &[])
            .gaps((UnixMs(0), UnixMs(61_000)), &[], &[])
            .is_empty()
    );
}

#[test]
fn a_gap_takes_the_reasons_that_history_knows() {
    let told = |from, to, reason| series::Gap {
        from: UnixMs(from),
        to: UnixMs(to),
        reason,
    };
    let gaps = trail(1000, &[100_000, 400_000]).gaps(
        (UnixMs(0), UnixMs(400_000)),
        &[
            told(0, 60_000, GapReason::HostDown),
            told(101_000, 250_000, GapReason::HubStopped),
            told(240_000, 300_000, GapReason::ContainerStopped),
        ],
        &[],
    );
    let told: Vec<_> = gaps.iter().map(|g| (g.from.0, g.to.0, g.why)).collect();
    assert_eq!(
        told,
        [
            (0, 60_000, GapReason::HostDown),
            (100_000, 250_000, GapReason::HubStopped),
            (250_000, 300_000, GapReason::ContainerStopped),
            (300_000, 400_000, GapReason::Unknown),
        ]
    );
    let nothing = trail(1000, &[]).gaps(
        (UnixMs(0), UnixMs(400_000)),
        &[series::Gap {
            from: UnixMs(-5),
            to: UnixMs(900_000),
            reason: GapReason::HubStopped,
        }],
        &[],
    );
    assert_eq!(nothing.len(), 1, "a chart without readings says why");
}

#[test]
fn a_column_is_a_trail_and_can_be_laid_over_another_time() {
    let column = Column {
        metric: Metric::Cpu,
        mean: vec![Some(1.0), None, Some(3.0)],
        min: vec![Some(0.5), None, Some(2.0)],
        max: vec![Some(2.0), None, Some(9.0)],
        last_n: 1,
    };
    let trail = Trail::of_column(&column, UnixMs(10_000), 1000, UnixMs(12_100)).later(5000);
    let points: Vec<_> = trail.points.iter().map(|p| (p.at.0, p.max)).collect();
    assert_eq!(points, [(15_500, 2.0), (17_100, 9.0)]);
    let cut = trail.cut(UnixMs(16_000), UnixMs(20_000), 0.5);
    assert_eq!(cut.points.len(), 1);
    assert_eq!(cut.most(), Some(4.5));
}

#[test]
fn the_nearest_point_is_none_inside_a_gap() {
    let trail = trail(1000, &[1000, 2000, 30_000]);
    assert_eq!(trail.nearest(UnixMs(1400)).map(|p| p.at.0), Some(1000));
    assert_eq!(trail.nearest(UnixMs(1600)).map(|p| p.at.0), Some(2000));
    assert_eq!(trail.nearest(UnixMs(15_000)), None);
    assert_eq!(trail.nearest(UnixMs(29_500)).map(|p| p.at.0), Some(30_000));
}

#[test]
fn arrow_keys_step_from_point_to_point_and_stay_at_the_ends() {
    let trail = trail(1000, &[1000, 2000, 30_000]);
    let step = |at: Option<i64>, back| trail.step(at.map(UnixMs), back).map(|p| p.at.0);
    assert_eq!(step(None, true), Some(30_000));
    assert_eq!(step(Some(2000), false), Some(30_000));
    assert_eq!(step(Some(30_000), false), Some(30_000));
    assert_eq!(step(Some(30_000), true), Some(2000));
    assert_eq!(step(Some(1000), true), Some(1000));
}

#[test]
fn a_point_stands_in_the_middle_of_its_bucket_but_never_in_the_future() {
    let mut buckets = Buckets::new(UnixMs(0), UnixMs(59_999), 6, 3000);
    let reading = plimsoll_shared::Reading {
        at: UnixMs(51_000),
        cpu_percent: Some(7.0),
        cpu_total_ns: 0,
        throttling: None,
        memory: plimsoll_shared::Memory {
            used: 1,
            raw: 1,
            limit: None,
            rss: None,
            cache: None,
        },
        network: None,
        block: None,
        pids: None,
        pids_limit: None,
        machine: None,
    };
    buckets.push(&plimsoll_shared::Reading {
        at: UnixMs(1000),
        ..reading
    });
    buckets.push(&reading);
    let at: Vec<_> = Trail::of(&buckets, Metric::Cpu, UnixMs(51_000))
        .points
        .iter()
        .map(|p| p.at.0)
        .collect();
    assert_eq!(at, [5000, 51_000]);
}
