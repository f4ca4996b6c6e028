//! Roll-ups keep what they promise: totals, extremes, undiluted means, and the same result however they are merged.

mod support;

use plimsoll_history::{
    Life,
    rollup::{self, Bucket, Counter, Gauge, Index, Rollups},
    tier::Tier,
};
use plimsoll_shared::{Reading, UnixMs};
use proptest::prelude::*;
use support::{arrivals, course, idle};

const MAX_GAP: i64 = 3500;
const WIDTHS: [Tier; 4] = [Tier::TenSeconds, Tier::Minute, Tier::TenMinutes, Tier::Hour];

/// Every tier, each made of the one before.
fn tiers(readings: &[Reading]) -> Vec<(Tier, Vec<(UnixMs, Bucket)>)> {
    let mut finer = rollup::buckets(&[], readings, Tier::TenSeconds.width_ms(), MAX_GAP);
    WIDTHS
        .into_iter()
        .map(|tier| {
            finer = rollup::coarser(&finer, tier.width_ms());
            (tier, finer.clone())
        })
        .collect()
}

fn sum(buckets: &[(UnixMs, Bucket)], counter: Counter) -> u64 {
    let growths = buckets.iter().filter_map(|(_, b)| b.growth(counter));
    growths.map(|growth| growth.increment).sum()
}

/// What a counter grew by, computed the plain way: known values one after the other, a restart forgets.
fn grown(readings: &[Reading], value: impl Fn(&Reading) -> Option<u64>) -> u64 {
    let mut known: Option<u64> = None;
    let mut cpu = 0;
    let mut grown = 0;
    for reading in readings {
        if reading.cpu_total_ns < cpu {
            known = None;
        }
        cpu = reading.cpu_total_ns;
        if let Some(now) = value(reading) {
            grown += known
                .and_then(|before| now.checked_sub(before))
                .unwrap_or(0);
            known = Some(now);
        }
    }
    grown
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn increments_add_up_to_the_difference_at_every_tier(readings in course(400)) {
        for (tier, buckets) in tiers(&readings) {
            prop_assert_eq!(sum(&buckets, Counter::CpuTotal), grown(&readings, |r| Some(r.cpu_total_ns)), "{:?}", tier);
            prop_assert_eq!(sum(&buckets, Counter::NetReceived), grown(&readings, |r| r.network.map(|n| n.received)));
            prop_assert_eq!(sum(&buckets, Counter::BlockWritten), grown(&readings, |r| r.block.map(|b| b.written)));
            let waited = |r: &Reading| Some(r.machine?.pressure?.cpu_us);
            prop_assert_eq!(sum(&buckets, Counter::PressureCpu), grown(&readings, waited));
            let n: u64 = buckets.iter().map(|(_, b)| b.n).sum();
            prop_assert_eq!(n, readings.len() as u64);
        }
    }

    #[test]
    fn extremes_are_those_of_the_readings_at_every_tier(readings in course(400)) {
        let used = || readings.iter().map(|r| r.memory.used);
        let cpu = readings.iter().filter_map(|r| r.cpu_percent).fold(0.0, f64::max);
        for (_, buckets) in tiers(&readings) {
            let levels = || buckets.iter().filter_map(|(_, b)| b.level(Gauge::MemoryUsed));
            prop_assert_eq!(levels().map(|l| l.max).max(), used().max());
            prop_assert_eq!(levels().map(|l| l.min).min(), used().min());
            prop_assert_eq!(levels().map(|l| l.sum).sum::<u64>(), used().sum::<u64>());
            prop_assert_eq!(levels().next_back().map(|l| l.last), used().next_back());
            let peak = buckets.iter().filter_map(|(_, b)| b.level(Gauge::Cpu)).map(|l| l.max).max();
            prop_assert!((peak.unwrap_or(0) as f64 / 10_000.0 - cpu).abs() < 0.0001);
        }
    }

    #[test]
    fn a_coarser_tier_is_the_same_from_readings_and_from_a_finer_tier(readings in course(400)) {
        for (tier, buckets) in tiers(&readings) {
            prop_assert_eq!(rollup::buckets(&[], &readings, tier.width_ms(), MAX_GAP), buckets);
        }
    }

    #[test]
    fn rolling_up_in_two_stretches_equals_rolling_up_in_one(readings in course(200), cut in any::<prop::sample::Index>()) {
        let (early, late) = readings.split_at(cut.index(readings.len()));
        let width = Tier::Minute.width_ms();
        let mut two = rollup::buckets(&[], early, width, MAX_GAP);
        two.extend(rollup::buckets(early, late, width, MAX_GAP));
        prop_assert_eq!(rollup::coarser(&two, width), rollup::buckets(&[], &readings, width, MAX_GAP));
    }

    #[test]
    fn merging_is_associative(all in arrivals(60)) {
        let mut readings: Vec<Reading> = all.into_iter().map(|(_, r)| r).collect();
        readings.sort_by_key(|r| r.at);
        let buckets: Vec<Bucket> = rollup::buckets(&[], &readings, 1, i64::MAX).into_iter().map(|(_, b)| b).collect();
        for three in buckets.windows(3) {
            let [a, b, c] = three else { unreachable!() };
            prop_assert_eq!(a.clone().then(b).then(c), a.clone().then(&b.clone().then(c)));
            prop_assert_eq!(&Bucket::default().then(a), a);
            prop_assert_eq!(&a.clone().then(&Bucket::default()), a);
        }
    }

    #[test]
    fn buckets_come_back(courses in prop::collection::vec(course(120), 0..4), all in arrivals(60)) {
        let mut packed = Vec::new();
        let random: Vec<Reading> = all.into_iter().map(|(_, r)| r).collect();
        for (life, readings) in (0..).zip(courses.iter().chain([&random])) {
            let mut readings = readings.clone();
            readings.sort_by_key(|r| r.at);
            for (at, bucket) in rollup::buckets(&[], &readings, Tier::TenSeconds.width_ms(), MAX_GAP) {
                packed.push((Life(life * 7), at, bucket));
            }
        }
        let pieces = rollup::pack(Tier::TenSeconds, &packed).unwrap();
        let index = Index::open(&pieces.front).unwrap();
        prop_assert_eq!(index.tier(), Tier::TenSeconds);
        let bytes = pieces.clone().into_bytes();
        let whole = Rollups::open(&bytes).unwrap();
        let mut back = Vec::new();
        for (life, block) in &pieces.blocks {
            let read = index.read(*life, block).unwrap();
            prop_assert_eq!(&read, &whole.read(*life).unwrap());
            back.extend(read.into_iter().map(|(at, bucket)| (*life, at, bucket)));
        }
        prop_assert_eq!(back, packed);
    }
}

#[test]
fn a_spike_of_one_second_is_the_maximum_of_every_tier() {
    let readings: Vec<Reading> = (0..7200)
        .map(|s| {
            let mut reading = idle(s * 1000);
            let spike = s == 4321;
            reading.cpu_percent = Some(if spike { 800.0 } else { 0.5 });
            let mut network = reading.network.unwrap();
            network.received =
                u64::try_from(s).unwrap() * 10 + if s >= 4321 { 1_000_000 } else { 0 };
            reading.network = Some(network);
            reading
        })
        .collect();
    for (tier, buckets) in tiers(&readings) {
        let cpu = buckets
            .iter()
            .map(|(_, b)| b.level(Gauge::Cpu).unwrap().max);
        assert_eq!(cpu.max(), Some(8_000_000), "{tier:?}");
        let net = buckets
            .iter()
            .filter_map(|(_, b)| b.growth(Counter::NetReceived));
        assert_eq!(net.map(|g| g.max).max(), Some(1_000_010), "{tier:?}");
    }
}

#[test]
fn a_container_that_lived_a_tenth_of_a_bucket_is_not_diluted() {
    let readings: Vec<Reading> = (0..=60)
        .map(|s| {
            let mut reading = idle(3_600_000 + s * 1000);
            reading.cpu_percent = Some(200.0);
            let mut network = reading.network.unwrap();
            network.sent = u64::try_from(s).unwrap() * 5000;
            reading.network = Some(network);
            reading
        })
        .collect();
    let buckets = rollup::buckets(&[], &readings, Tier::TenMinutes.width_ms(), MAX_GAP);
    let [(_, bucket)] = buckets.as_slice() else {
        panic!("one bucket, not {buckets:?}");
    };
    assert_eq!((bucket.n, bucket.covered_ms), (61, 60_000));
    assert!((bucket.level(Gauge::Cpu).unwrap().mean() - 2_000_000.0).abs() < f64::EPSILON);
    assert_eq!(
        bucket.growth(Counter::NetSent).unwrap().rate(),
        Some(5000.0)
    );
}

#[test]
fn a_stretch_without_readings_has_no_buckets_and_its_increment_no_rate() {
    let mut readings: Vec<Reading> = (0..10).chain(700..710).map(|s| idle(s * 1000)).collect();
    for (reading, cpu) in readings.iter_mut().zip((0..).step_by(1000)) {
        reading.cpu_total_ns = cpu
            + if reading.at.0 >= 700_000 {
                1_000_000
            } else {
                0
            };
    }
    let buckets = rollup::buckets(&[], &readings, Tier::TenSeconds.width_ms(), MAX_GAP);
    assert_eq!(buckets.len(), 2);
    let growth = buckets[1].1.growth(Counter::CpuTotal).unwrap();
    assert_eq!(
        (growth.increment, growth.rated, growth.n),
        (1_010_000, 9000, 9)
    );
    assert_eq!(buckets[1].1.covered_ms, 9000);
}

#[test]
fn a_late_or_repeated_reading_is_passed_over() {
    let readings = [idle(1000), idle(3000), idle(2000), idle(3000), idle(4000)];
    let buckets = rollup::buckets(&[], &readings, Tier::Minute.width_ms(), MAX_GAP);
    assert_eq!((buckets[0].1.n, buckets[0].1.covered_ms), (3, 3000));
}
