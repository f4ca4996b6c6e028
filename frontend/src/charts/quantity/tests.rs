//! Charts out of readings.

use super::*;
use plimsoll_shared::{EventKind, Memory, Reading, Throttling};

fn reading(second: i64, throttled_periods: u64) -> Reading {
    Reading {
        at: UnixMs(second * 1000),
        cpu_percent: Some(150.0),
        cpu_total_ns: 0,
        throttling: Some(Throttling {
            periods: second.unsigned_abs() * 10,
            throttled_periods,
            throttled_ns: 0,
        }),
        memory: Memory {
            used: 1 << 30,
            raw: 1 << 30,
            limit: Some(2 << 30),
            rss: None,
            cache: Some(1 << 20),
        },
        network: None,
        block: None,
        pids: Some(3),
        pids_limit: None,
        machine: None,
    }
}

fn scene(buckets: &Buckets) -> Scene<'_> {
    Scene {
        buckets,
        bounds: (UnixMs(0), UnixMs(59_000)),
        made: None,
        now: UnixMs(59_000),
        limit: None,
        told: &[],
        before: None,
        hidden: &[],
        log: false,
        events: &[],
        cores: 1.0,
    }
}

fn window() -> Buckets {
    let mut buckets = Buckets::new(UnixMs(0), UnixMs(59_999), 60, 3000);
    for second in 0..60 {
        buckets.push(&reading(
            second,
            if second < 20 {
                0
            } else {
                second.unsigned_abs().min(30) - 19
            },
        ));
    }
    buckets
}

#[test]
fn cpu_shows_when_its_quota_held_the_container_back() {
    let buckets = window();
    let picture = Quantity::Cpu.picture(&scene(&buckets), str::to_owned);
    assert_eq!(picture.held, [(UnixMs(20_000), UnixMs(31_000))]);
    assert_eq!(picture.trails[0].most(), Some(150.0));
}

#[test]
fn cpu_may_be_told_as_a_share_of_the_host_with_its_limit() {
    let buckets = window();
    let limits = Limits {
        cpus: Some(2.0),
        ..Limits::default()
    };
    let scene = Scene {
        cores: 4.0,
        limit: Quantity::Cpu.limit(&limits, 4.0),
        ..scene(&buckets)
    };
    let picture = Quantity::Cpu.picture(&scene, |value| format!("limit {value}"));
    assert_eq!(picture.trails[0].most(), Some(37.5));
    assert_eq!(
        picture.limit,
        Some(Limit {
            value: 50.0,
            label: "limit 50%".to_owned()
        })
    );
}

#[test]
fn memory_has_a_limit_only_where_the_container_has_its_own() {
    let buckets = window();
    assert_eq!(
        Quantity::Memory
            .picture(&scene(&buckets), str::to_owned)
            .limit,
        None
    );
    let limits = Limits {
        memory: Some(2 << 30),
        ..Limits::default()
    };
    let scene = Scene {
        limit: Quantity::Memory.limit(&limits, 1.0),
        ..scene(&buckets)
    };
    let picture = Quantity::Memory.picture(&scene, str::to_owned);
    assert_eq!(picture.limit.map(|l| l.label), Some("2GiB".to_owned()));
    assert_eq!(picture.trails.len(), 2);
}

#[test]
fn what_the_engine_does_not_count_gives_an_empty_chart_not_zero() {
    let buckets = window();
    assert!(
        Quantity::Network
            .picture(&scene(&buckets), str::to_owned)
            .is_empty()
    );
}

#[test]
fn before_a_container_was_made_it_was_not_running() {
    let buckets = window();
    let scene = Scene {
        made: Some(UnixMs(40_000)),
        ..scene(&buckets)
    };
    let gaps = Quantity::Cpu.picture(&scene, str::to_owned).gaps;
    assert_eq!(
        gaps,
        [Gap {
            from: UnixMs(0),
            to: UnixMs(40_000),
            why: GapReason::ContainerStopped
        }]
    );
}

#[test]
fn the_time_before_lies_faintly_under_the_time_shown() {
    let buckets = window();
    let scene = Scene {
        bounds: (UnixMs(30_000), UnixMs(59_000)),
        before: Some((&buckets, 30_000)),
        hidden: &[Metric::MemoryCache],
        ..scene(&buckets)
    };
    let picture = Quantity::Memory.picture(&scene, str::to_owned);
    let first = |trail: &Trail| trail.points.first().map(|p| p.at.0);
    assert_eq!(first(&picture.trails[0]), Some(30_500));
    assert_eq!(first(&picture.ghosts[0]), Some(30_500));
    assert_eq!(picture.ghosts[0].points.len(), 29);
    assert_eq!(
        first(&picture.trails[1]),
        None,
        "a hidden line is not drawn"
    );
    assert_eq!(first(&picture.ghosts[1]), None);
}

#[test]
fn a_redeploy_names_the_image_before_and_a_restart_is_none() {
    let begin = |at, image: &str, redeployed| Begin {
        at: UnixMs(at),
        container: "ab".repeat(32).parse().unwrap(),
        name: "web".to_owned(),
        image: image.to_owned(),
        redeployed,
    };
    let begins = [
        begin(1, "shop:1", false),
        begin(2, "shop:1", false),
        begin(3, "shop:2", true),
        begin(99, "shop:3", true),
    ];
    let flags = flags(&begins, (UnixMs(0), UnixMs(50)), |begin| begin.name.clone());
    assert_eq!(
        flags,
        [Flag {
            at: UnixMs(3),
            before: Some("shop:1".to_owned()),
            image: "shop:2".to_owned(),
            url: "web".to_owned(),
        }]
    );
}

#[test]
fn events_before_the_time_shown_are_left_out() {
    let buckets = window();
    let event = |at, kind| ContainerEvent {
        at: UnixMs(at),
        host: "local".parse().unwrap(),
        container: "ab".repeat(32).parse().unwrap(),
        name: String::new(),
        kind,
        detail: None,
    };
    let events = [
        event(30_000, EventKind::Start),
        event(20_000, EventKind::Die),
        event(40_000, EventKind::Rename),
        event(-5, EventKind::Oom),
    ];
    let picture = Quantity::Pids.picture(
        &Scene {
            events: &events,
            ..scene(&buckets)
        },
        str::to_owned,
    );
    let kinds: Vec<_> = picture.marks.iter().map(|m| m.kind).collect();
    assert_eq!(kinds, [EventKind::Die, EventKind::Start]);
}
