//! What buckets keep of readings.

use super::*;
use crate::{Memory, Traffic};
use proptest::prelude::*;

fn reading(at: i64, cpu: Option<f64>, received: u64) -> Reading {
    Reading {
        at: UnixMs(at),
        cpu_percent: cpu,
        cpu_total_ns: 0,
        throttling: None,
        memory: Memory {
            used: 10,
            raw: 12,
            limit: None,
            rss: None,
            cache: None,
        },
        network: Some(Traffic {
            received,
            sent: 0,
            received_dropped: 0,
            sent_dropped: 0,
        }),
        block: None,
        pids: Some(1),
        pids_limit: None,
        machine: None,
    }
}

#[test]
fn a_rate_needs_two_readings_of_one_life() {
    let first = reading(1000, None, 5000);
    let second = reading(2000, Some(1.0), 7000);
    let restarted = reading(3000, None, 9000);
    let at = Metric::NetReceived.index();
    assert_eq!(sample(None, &first, 3000)[at], None);
    assert_eq!(sample(Some(&first), &second, 3000)[at], Some(2000.0));
    assert_eq!(
        sample(Some(&second), &restarted, 3000)[at],
        None,
        "a new life has no rate yet"
    );
    assert_eq!(
        sample(Some(&second), &reading(3000, Some(1.0), 10), 3000)[at],
        None,
        "went backwards"
    );
    assert_eq!(
        sample(Some(&first), &reading(60_000, Some(1.0), 9000), 3000)[at],
        None,
        "across a gap"
    );
}

#[test]
fn a_one_second_peak_is_the_maximum_of_its_bucket() {
    let mut buckets = Buckets::new(UnixMs(0), UnixMs(59_999), 6, 3000);
    assert_eq!(buckets.step_ms(), 10_000);
    for s in 0..60 {
        buckets.push(&reading(
            s * 1000,
            Some(if s == 33 { 400.0 } else { 0.0 }),
            0,
        ));
    }
    let points: Vec<_> = buckets.points(Metric::Cpu).collect();
    assert_eq!(points[3], (UnixMs(30_000), 40.0, 0.0, 400.0));
}

#[test]
fn a_stretch_without_readings_stays_empty() {
    let mut buckets = Buckets::new(UnixMs(0), UnixMs(9_999), 10, 3000);
    buckets.push(&reading(0, Some(1.0), 0));
    buckets.push(&reading(9000, Some(1.0), 0));
    assert_eq!(buckets.points(Metric::Cpu).count(), 2);
    assert_eq!(buckets.points(Metric::NetReceived).count(), 0);
}

proptest! {
    #[test]
    fn a_window_never_has_more_buckets_than_asked(from in 0..4_000_000_000_000_i64, span in 1..40_000_000_000_i64, points in 1..2000_usize) {
        let buckets = Buckets::new(UnixMs(from), UnixMs(from + span), points, 3000);
        prop_assert!(buckets.len <= points.max(2));
        prop_assert!(buckets.from().0 <= from && from + span < buckets.to().0);
        prop_assert_eq!(buckets.from().0 % buckets.step_ms(), 0);
    }

    #[test]
    fn sending_a_window_and_going_on_equals_never_sending_it(values in prop::collection::vec(0.0..100.0_f64, 2..200), cut in 1..100_i64) {
                    let mut whole = Buckets::new(UnixMs(0), UnixMs(59_999), 12, 3000);
        for (i, v) in (0_i64..).zip(&values) {
            if i == cut {
                let mut resumed = Buckets::of(&whole.series(), 3000);
                resumed.last = whole.last;
                whole = resumed;
            }
            whole.push(&reading(i * 1000, Some(v.round()), 0));
        }
        let mut straight = Buckets::new(UnixMs(0), UnixMs(59_999), 12, 3000);
        for (i, v) in (0_i64..).zip(&values) {
            straight.push(&reading(i * 1000, Some(v.round()), 0));
        }
        for ((at, mean, min, max), (at2, mean2, min2, max2)) in whole.points(Metric::Cpu).zip(straight.points(Metric::Cpu)) {
            prop_assert_eq!((at, min, max), (at2, min2, max2));
            prop_assert!((mean - mean2).abs() < 0.02);
        }
    }
}
