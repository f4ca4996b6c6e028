//! Answers to charts: the same whichever pieces they are made of, gaps as gaps, peaks kept.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod support;

use plimsoll_history::{
    Life,
    gap::{Gap, Reason},
    query::{self, Answer, By, Piece},
    rollup::{self, Bucket},
    tier::{Plan, Retention, Tier, plan},
};
use plimsoll_shared::{DiskSpace, Machine, Pressure, Reading, UnixMs, series::Metric};
use proptest::prelude::*;
use support::{course, idle};

const MAX_GAP: i64 = 3500;

fn answer(plan: &Plan, pieces: &[(Life, Piece<'_>)], gaps: &[Gap]) -> Answer {
    query::assemble(plan, &Metric::ALL, pieces, gaps, MAX_GAP)
}

fn at_tier(tier: Tier, points: usize) -> Plan {
    Plan {
        tier,
        from: UnixMs(0),
        step_ms: tier.width_ms(),
        points,
    }
}

fn busy(seconds: impl Iterator<Item = i64>) -> Vec<Reading> {
    seconds
        .map(|s| {
            let mut reading = idle(s * 1000);
            reading.cpu_percent = Some(f64::from(u8::try_from(s % 100).unwrap()));
            reading
        })
        .collect()
}

#[test]
fn ten_minutes_without_the_hub_are_a_gap_with_its_reason() {
    let readings = busy((0..60).chain(660..720));
    let gap = Gap {
        life: None,
        from: UnixMs(59_001),
        to: UnixMs(660_000),
        reason: Reason::HubStopped,
    };
    let other = Gap {
        life: Some(Life(99)),
        ..gap
    };
    let pieces = [(Life(1), Piece::Readings(&readings))];
    let answer = answer(&at_tier(Tier::Minute, 12), &pieces, &[gap, other]);
    let cpu = &answer.series.columns[0];
    assert_eq!(cpu.mean.iter().flatten().count(), 2);
    assert_eq!((cpu.mean[0], cpu.mean[5]), (Some(29.5), None));
    assert_eq!(answer.gaps, [gap]);
}

#[test]
fn single_seconds_are_exact_and_only_what_was_asked() {
    let mut readings = busy(0..10);
    readings[4].cpu_percent = Some(12.345);
    let pieces = [(Life(1), Piece::Readings(&readings))];
    let asked = [Metric::Pids, Metric::Cpu];
    let answer = query::assemble(&at_tier(Tier::Second, 10), &asked, &pieces, &[], MAX_GAP);
    let metrics: Vec<Metric> = answer.series.columns.iter().map(|c| c.metric).collect();
    assert_eq!(metrics, asked);
    assert_eq!(answer.series.columns[1].mean[4], Some(12.35));
}

#[test]
fn pieces_that_overlap_count_once() {
    let readings = busy(0..120);
    let first_minute = rollup::buckets(&[], &readings[..60], 60_000, MAX_GAP);
    let at_once = [(Life(1), Piece::Readings(&readings))];
    let overlapping = [
        (Life(1), Piece::Buckets(UnixMs(60_000), &first_minute)),
        (Life(1), Piece::Readings(&readings[55..100])),
        (Life(1), Piece::Readings(&readings[90..])),
    ];
    let plan = at_tier(Tier::Minute, 2);
    assert_eq!(
        answer(&plan, &at_once, &[]),
        answer(&plan, &overlapping, &[])
    );
    let seconds = at_tier(Tier::Second, 120);
    let twice = [at_once[0], at_once[0]];
    assert_eq!(
        answer(&seconds, &at_once, &[]),
        answer(&seconds, &twice, &[])
    );
}

#[test]
fn a_redeploy_is_one_line_with_a_mark_and_no_rate_across() {
    let (old, new) = (busy(0..30), busy(30..60));
    let pieces = [
        (Life(1), Piece::Readings(&old)),
        (Life(2), Piece::Readings(&new)),
    ];
    for (tier, points) in [(Tier::Second, 60), (Tier::TenSeconds, 6)] {
        let answer = answer(&at_tier(tier, points), &pieces, &[]);
        assert_eq!(answer.begins, [(UnixMs(30_000), Life(2))]);
        assert!(answer.series.columns[0].mean.iter().all(Option::is_some));
    }
    let answer = answer(&at_tier(Tier::Second, 60), &pieces, &[]);
    let received = &answer.series.columns[5];
    assert_eq!(
        (received.metric, received.mean[30]),
        (Metric::NetReceived, None)
    );
    assert_eq!(received.mean[31], Some(0.0));
}

#[test]
fn percentiles_are_nearest_rank() {
    let readings = busy(0..100);
    let pieces = [(Life(1), Piece::Readings(&readings))];
    let asked = [0.0, 50.0, 95.0, 99.0, 100.0];
    let ask = |pieces: &[(Life, Piece<'_>)]| {
        query::percentiles(
            Metric::Cpu,
            &asked,
            UnixMs(0),
            UnixMs(100_000),
            pieces,
            MAX_GAP,
        )
    };
    let exact = ask(&pieces);
    assert!(exact.exact);
    assert_eq!(exact.values, [0.0, 49.0, 94.0, 98.0, 99.0].map(Some));
    let buckets = rollup::buckets(&[], &readings, 10_000, MAX_GAP);
    let rolled = ask(&[(Life(1), Piece::Buckets(UnixMs(100_000), &buckets))]);
    assert!(!rolled.exact);
    assert_eq!(rolled.values, [0.0, 44.5, 94.5, 94.5, 99.0].map(Some));
    assert_eq!(ask(&[]).values, [None; 5]);
}

#[test]
fn the_greatest_come_first_and_the_unmeasured_not_at_all() {
    let of = |readings: &[Reading]| {
        let pieces = [(Life(1), Piece::Readings(readings))];
        query::total(UnixMs(0), UnixMs(200_000), &pieces, MAX_GAP)
    };
    let (calm, steady, short) = (of(&busy(0..10)), of(&busy(40..60)), of(&busy(98..100)));
    let none = Bucket::default();
    let all = [
        ("calm", &calm),
        ("short", &short),
        ("none", &none),
        ("steady", &steady),
    ];
    let names = |by| -> Vec<&str> {
        let found = query::top(2, Metric::Cpu, by, all);
        found.into_iter().map(|(name, _)| name).collect()
    };
    assert_eq!(names(By::Mean), ["short", "steady"]);
    assert_eq!(names(By::Max), ["short", "steady"]);
    assert_eq!(names(By::Total), ["steady", "short"]);
}

#[test]
fn a_machines_pressure_is_percent_of_the_time_at_every_tier() {
    let readings: Vec<Reading> = (0..120)
        .map(|s| {
            let mut reading = idle(s * 1000);
            reading.machine = Some(Machine {
                load_centi: 250,
                pressure: Some(Pressure {
                    cpu_us: s.unsigned_abs() * 300_000,
                    memory_us: 0,
                    io_us: s.unsigned_abs() * 5_000,
                }),
                disk: Some(DiskSpace {
                    used: 3 << 30,
                    total: 1 << 40,
                }),
            });
            reading
        })
        .collect();
    let pieces = [(Life(1), Piece::Readings(&readings))];
    for (tier, points) in [(Tier::Second, 120), (Tier::Minute, 2)] {
        let answer = answer(&at_tier(tier, points), &pieces, &[]);
        let last = |metric: Metric| answer.series.columns[metric as usize].mean[points - 1];
        assert_eq!(last(Metric::PressureCpu), Some(30.0), "{tier:?}");
        assert_eq!(last(Metric::PressureMemory), Some(0.0), "{tier:?}");
        assert_eq!(last(Metric::PressureIo), Some(0.5), "{tier:?}");
        assert_eq!(last(Metric::Load), Some(2.5), "{tier:?}");
        assert_eq!(
            last(Metric::DiskUsed),
            Some(f64::from(3_u32 << 30)),
            "{tier:?}"
        );
    }
}

#[test]
fn a_range_of_a_thousand_million_points_gets_two_thousand() {
    let readings = busy(0..5000);
    let now = UnixMs(5_000_000);
    let plan = plan(UnixMs(0), now, 1_000_000_000, now, &Retention::default()).unwrap();
    let answer = answer(&plan, &[(Life(1), Piece::Readings(&readings))], &[]);
    assert!(answer.series.columns.iter().all(|c| c.mean.len() <= 2000));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_chart_is_the_same_from_readings_and_from_roll_ups(readings in course(300)) {
        let from = readings[0].at;
        let step_ms = Tier::TenMinutes.width_ms();
        let plan = Plan { tier: Tier::Minute, from: Tier::TenMinutes.bucket(from), step_ms, points: 40 };
        let buckets = rollup::buckets(&[], &readings, Tier::Minute.width_ms(), MAX_GAP);
        let one = answer(&plan, &[(Life(1), Piece::Readings(&readings))], &[]);
        let other = answer(&plan, &[(Life(1), Piece::Buckets(UnixMs(i64::MAX), &buckets))], &[]);
        prop_assert_eq!(one.series, other.series);
    }

    #[test]
    fn rolled_up_values_are_those_of_the_live_window(readings in course(200)) {
        let from = Tier::Minute.bucket(readings[0].at);
        let live = Plan { tier: Tier::Second, from, step_ms: 60_000, points: 200 };
        let rolled = Plan { tier: Tier::Minute, ..live };
        let pieces = [(Life(1), Piece::Readings(&readings))];
        let (live, rolled) = (answer(&live, &pieces, &[]), answer(&rolled, &pieces, &[]));
        for (a, b) in live.series.columns.iter().zip(&rolled.series.columns) {
            // Percentages keep four decimals, rates whole units.
            let slack = if a.metric <= Metric::Throttled { 0.011 } else { 0.51 };
            for (x, y) in [(&a.min, &b.min), (&a.max, &b.max)] {
                for (x, y) in x.iter().zip(y) {
                    prop_assert_eq!(x.is_some(), y.is_some(), "{:?}", a.metric);
                    prop_assert!((x.unwrap_or(0.0) - y.unwrap_or(0.0)).abs() <= slack, "{:?}: {:?} and {:?}", a.metric, x, y);
                }
            }
        }
    }
}
