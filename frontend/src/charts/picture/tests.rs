//! What a chart says of its content.

use super::*;
use plimsoll_shared::series::GapReason;

fn picture(values: &[(i64, f64)], limit: Option<f64>) -> Picture {
    let points = values
        .iter()
        .map(|(s, v)| Point {
            at: UnixMs(s * 1000),
            mean: *v,
            min: v - 1.0,
            max: v + 1.0,
        })
        .collect();
    Picture {
        from: UnixMs(0),
        to: UnixMs(60_000),
        unit: Unit::Percent,
        trails: vec![Trail {
            points,
            step_ms: 1000,
        }],
        ghosts: vec![],
        stacked: false,
        log: false,
        limit: limit.map(|value| Limit {
            value,
            label: String::new(),
        }),
        held: vec![],
        gaps: vec![Gap {
            from: UnixMs(10_000),
            to: UnixMs(20_000),
            why: GapReason::Unknown,
        }],
        marks: vec![Mark {
            at: UnixMs(30_000),
            kind: EventKind::Start,
            detail: None,
        }],
        flags: vec![],
    }
}

#[test]
fn a_limit_near_the_data_is_on_the_chart_and_one_far_above_does_not_flatten_it() {
    let near = picture(&[(1, 60.0)], Some(100.0));
    assert!(near.limit_in_sight());
    assert_eq!(near.ticks().last(), Some(&150.0));
    let far = picture(&[(1, 3.0)], Some(400.0));
    assert!(!far.limit_in_sight());
    assert_eq!(far.ticks().last(), Some(&5.0));
}

#[test]
fn what_is_compared_has_its_place_on_the_scale_and_in_the_table() {
    let mut with = picture(&[(1, 3.0)], None);
    with.ghosts = picture(&[(1, 59.0), (2, 57.0)], None).trails;
    assert_eq!(with.ticks().last(), Some(&80.0));
    assert_eq!(with.table(6)[5].ghosts, [Some(58.0)]);
    with.log = true;
    assert_eq!(with.ticks(), [1.0, 10.0, 100.0]);
    let axis = with.axis();
    assert_eq!((axis.low, axis.high, axis.log), (1.0, 100.0, true));
}

#[test]
fn a_table_keeps_extremes_and_leaves_gaps_empty() {
    let rows = picture(&[(1, 10.0), (2, 30.0), (41, 7.0)], None).table(6);
    assert_eq!(rows.len(), 6);
    assert_eq!(
        rows[5],
        Row {
            at: UnixMs(0),
            cells: vec![Some((20.0, 9.0, 31.0))],
            ghosts: vec![],
        }
    );
    assert_eq!(rows[4].cells, [None]);
    assert_eq!(picture(&[], None).table(6).len(), 6);
}

#[test]
fn what_is_near_the_crosshair_is_found() {
    let picture = picture(&[(1, 10.0)], None);
    assert_eq!(picture.marks_near(UnixMs(30_400), 500).count(), 1);
    assert_eq!(picture.marks_near(UnixMs(31_000), 500).count(), 0);
    assert!(picture.gap_at(UnixMs(15_000)).is_some());
    assert!(picture.gap_at(UnixMs(20_000)).is_none());
    assert_eq!(picture.extent(0), Some((10.0, 9.0, 11.0)));
    assert_eq!(picture.extent(1), None);
}

#[test]
fn a_restart_loop_is_one_landmark_for_each_end() {
    let mut picture = picture(&[], None);
    let mark = |ms: i64, kind| Mark {
        at: UnixMs(ms),
        kind,
        detail: None,
    };
    picture.marks = vec![
        mark(1000, EventKind::Die),
        mark(1001, EventKind::Oom),
        mark(1300, EventKind::Start),
        mark(9000, EventKind::Start),
    ];
    let kinds: Vec<_> = picture
        .landmarks(2000)
        .into_iter()
        .map(|m| m.kind)
        .collect();
    assert_eq!(kinds, [EventKind::Oom, EventKind::Start]);
}

#[test]
fn a_long_period_names_its_days() {
    let utc = |_| 0;
    let mut picture = picture(&[], None);
    assert_eq!(picture.period(&utc), "00:00 – 00:01");
    picture.to = UnixMs(24 * 3_600_000);
    assert_eq!(picture.period(&utc), "01-01 00:00 – 01-02 00:00");
}
