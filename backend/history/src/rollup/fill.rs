//! Readings into buckets, and buckets into wider ones.

use super::{Bucket, COUNTERS, Counter, GAUGES, Gauge, Growth, Level};
use crate::tier;
use plimsoll_shared::{Reading, UnixMs};

/// The counters before this one have their extremes in a gauge.
const EXTREMES_FROM: usize = Counter::ThrottledTime as usize;

/// The buckets of `width_ms` that the readings of one life fill, with their starts, oldest first; a bucket without readings is absent.
///
/// `before` are readings of that life that were rolled up already, oldest first: the last one at least, so that nothing is lost between
/// two stretches. A reading that is not later than the one before it is passed over. Readings more than `max_gap_ms` apart are not
/// joined by a rate.
#[must_use]
pub fn buckets(
    before: &[Reading],
    readings: &[Reading],
    width_ms: i64,
    max_gap_ms: i64,
) -> Vec<(UnixMs, Bucket)> {
    let mut life = Course {
        last: None,
        totals: [None; COUNTERS],
        max_gap_ms,
    };
    for reading in before {
        life.measure(reading);
    }
    let mut filled = Vec::new();
    for reading in readings {
        if let Some(one) = life.measure(reading) {
            add(&mut filled, tier::bucket(reading.at, width_ms), &one);
        }
    }
    filled
}

/// Buckets of one life, oldest first, as buckets of a width that is a whole number of theirs.
#[must_use]
pub fn coarser(finer: &[(UnixMs, Bucket)], width_ms: i64) -> Vec<(UnixMs, Bucket)> {
    let mut filled = Vec::new();
    for (at, bucket) in finer {
        add(&mut filled, tier::bucket(*at, width_ms), bucket);
    }
    filled
}

fn add(filled: &mut Vec<(UnixMs, Bucket)>, at: UnixMs, bucket: &Bucket) {
    match filled.last_mut() {
        Some((last, sum)) if *last == at => sum.absorb(bucket),
        _ => filled.push((at, bucket.clone())),
    }
}

/// Where the readings of a life have come to.
struct Course {
    last: Option<Reading>,
    /// The counters as they were last known: one that is missing for a while loses nothing.
    totals: [Option<u64>; COUNTERS],
    max_gap_ms: i64,
}

impl Course {
    /// What one reading says, as a bucket of its own; `None` if it is not later than the one before.
    fn measure(&mut self, now: &Reading) -> Option<Bucket> {
        let before = self.last;
        if before.is_some_and(|before| now.at <= before.at) {
            return None;
        }
        self.last = Some(*now);
        let known = self.totals;
        let totals = totals(now);
        let begun = before.filter(|before| before.cpu_total_ns <= now.cpu_total_ns);
        for (known, now) in self.totals.iter_mut().zip(totals) {
            *known = now.or(known.filter(|_| begun.is_some()));
        }
        let mut bucket = Bucket {
            n: 1,
            ..Bucket::default()
        };
        for (level, value) in bucket.levels.iter_mut().zip(gauges(now)) {
            *level = value.map(Level::of);
        }
        let Some(before) = begun else {
            return Some(bucket);
        };
        let elapsed = i128::from(now.at.0) - i128::from(before.at.0);
        let near = elapsed <= i128::from(self.max_gap_ms);
        let elapsed_ms = u64::try_from(elapsed).unwrap_or(u64::MAX);
        bucket.covered_ms = if near { elapsed_ms } else { 0 };
        let joined = near && now.cpu_percent.is_some();
        let at_last = self::totals(&before);
        for (counter, growth) in bucket.growths.iter_mut().enumerate() {
            let grew = known[counter].zip(totals[counter]);
            let increment = grew.and_then(|(before, now)| now.checked_sub(before));
            *growth = increment.map(|increment| match joined && at_last[counter].is_some() {
                true if counter < EXTREMES_FROM => {
                    Growth::rated(increment, elapsed_ms).without_extremes()
                }
                true => Growth::rated(increment, elapsed_ms),
                false => Growth::unrated(increment),
            });
        }
        bucket.levels[Gauge::Throttled as usize] = throttled(&bucket).map(Level::of);
        Some(bucket)
    }
}

/// Throttled share of the periods between two readings that a rate joins, in millionths; 0 when no period passed.
fn throttled(bucket: &Bucket) -> Option<u64> {
    let rated = |counter| bucket.growth(counter).filter(|growth| growth.n > 0);
    let periods = rated(Counter::Periods)?.increment;
    let throttled = rated(Counter::ThrottledPeriods)?.increment;
    let share = (u128::from(throttled) * 1_000_000).checked_div(u128::from(periods));
    Some(u64::try_from(share.unwrap_or(0)).unwrap_or(u64::MAX))
}

fn gauges(reading: &Reading) -> [Option<u64>; GAUGES] {
    let memory = &reading.memory;
    let mut values = [None; GAUGES];
    values[Gauge::Cpu as usize] = reading.cpu_percent.and_then(millionths);
    values[Gauge::MemoryUsed as usize] = Some(memory.used);
    values[Gauge::MemoryRaw as usize] = Some(memory.raw);
    values[Gauge::MemoryLimit as usize] = memory.limit;
    values[Gauge::MemoryRss as usize] = memory.rss;
    values[Gauge::MemoryCache as usize] = memory.cache;
    values[Gauge::Pids as usize] = reading.pids;
    values[Gauge::PidsLimit as usize] = reading.pids_limit;
    let disk = reading.machine.and_then(|machine| machine.disk);
    values[Gauge::Load as usize] = reading.machine.map(|machine| machine.load_centi);
    values[Gauge::DiskUsed as usize] = disk.map(|disk| disk.used);
    values[Gauge::DiskTotal as usize] = disk.map(|disk| disk.total);
    values
}

fn totals(reading: &Reading) -> [Option<u64>; COUNTERS] {
    let (throttling, network, block) = (reading.throttling, reading.network, reading.block);
    let pressure = reading.machine.and_then(|machine| machine.pressure);
    [
        Some(reading.cpu_total_ns),
        throttling.map(|t| t.periods),
        throttling.map(|t| t.throttled_periods),
        throttling.map(|t| t.throttled_ns),
        network.map(|n| n.received),
        network.map(|n| n.sent),
        network.map(|n| n.received_dropped),
        network.map(|n| n.sent_dropped),
        block.map(|b| b.read),
        block.map(|b| b.written),
        pressure.map(|p| p.cpu_us),
        pressure.map(|p| p.memory_us),
        pressure.map(|p| p.io_us),
    ]
}

/// A percentage of one core in millionths of a core; `None` if it is none, which no collector gives.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is not negative, and what is too large stops at the largest number"
)]
fn millionths(percent: f64) -> Option<u64> {
    (percent >= 0.0).then(|| (percent * 10_000.0).round() as u64)
}
