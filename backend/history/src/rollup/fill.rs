//! Readings into buckets, and buckets into wider ones.

use super::{Bucket, COUNTERS, Counter, GAUGES, Gauge, Growth, Level, join};
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
    let mut life = Course::after(before, max_gap_ms);
    let mut filled = Vec::new();
    for reading in readings {
        if life.goes_on_to(reading) {
            let bucket = at(&mut filled, tier::bucket(reading.at, width_ms));
            life.measure(reading, Some(bucket));
        }
    }
    filled
}

/// Buckets of one life, oldest first, as buckets of a width that is a whole number of theirs.
#[must_use]
pub fn coarser(finer: &[(UnixMs, Bucket)], width_ms: i64) -> Vec<(UnixMs, Bucket)> {
    let mut filled = Vec::new();
    for (at, bucket) in finer {
        self::at(&mut filled, tier::bucket(*at, width_ms)).absorb(bucket);
    }
    filled
}

/// The bucket that begins at `start`, which is the last one or a new one behind it.
pub(super) fn at(filled: &mut Vec<(UnixMs, Bucket)>, start: UnixMs) -> &mut Bucket {
    if filled.last().is_none_or(|(last, _)| *last != start) {
        filled.push((start, Bucket::default()));
    }
    let last = filled.len() - 1;
    &mut filled[last].1
}

/// Where the readings of a life have come to.
pub(crate) struct Course {
    last: Option<Last>,
    /// The counters as they were last known: one that is missing for a while loses nothing.
    totals: [Option<u64>; COUNTERS],
    max_gap_ms: i64,
}

/// The reading that the next one is compared with.
struct Last {
    at: UnixMs,
    totals: [Option<u64>; COUNTERS],
}

impl Course {
    /// Comes after these readings.
    pub(crate) fn after(before: &[Reading], max_gap_ms: i64) -> Self {
        let mut course = Self {
            last: None,
            totals: [None; COUNTERS],
            max_gap_ms,
        };
        for reading in before {
            course.measure(reading, None);
        }
        course
    }

    /// Whether a reading is later than the one before; one that is not is passed over.
    fn goes_on_to(&self, now: &Reading) -> bool {
        self.last.as_ref().is_none_or(|last| now.at > last.at)
    }

    /// Goes on to a reading and adds what it says to a bucket, if that is wanted.
    pub(crate) fn measure(&mut self, now: &Reading, bucket: Option<&mut Bucket>) {
        if !self.goes_on_to(now) {
            return;
        }
        let totals = totals(now);
        if let Some(bucket) = bucket {
            bucket.n = bucket.n.saturating_add(1);
            for (level, value) in bucket.levels.iter_mut().zip(gauges(now)) {
                if let Some(value) = value {
                    join(level, Level::of(value), Level::then);
                }
            }
            if let Some(before) = self.last.as_ref().filter(|last| last.goes_on_in(&totals)) {
                self.grow(before, now, &totals, bucket);
            }
        }
        if self
            .last
            .as_ref()
            .is_some_and(|last| !last.goes_on_in(&totals))
        {
            self.totals = [None; COUNTERS];
        }
        for (known, now) in self.totals.iter_mut().zip(&totals) {
            if now.is_some() {
                *known = *now;
            }
        }
        self.last = Some(Last { at: now.at, totals });
    }

    /// Adds what the counters grew by.
    fn grow(
        &self,
        before: &Last,
        now: &Reading,
        totals: &[Option<u64>; COUNTERS],
        bucket: &mut Bucket,
    ) {
        let elapsed = i128::from(now.at.0) - i128::from(before.at.0);
        let near = elapsed <= i128::from(self.max_gap_ms);
        let elapsed_ms = u64::try_from(elapsed).unwrap_or(u64::MAX);
        if near {
            bucket.covered_ms = bucket.covered_ms.saturating_add(elapsed_ms);
        }
        let joined = near && now.cpu_percent.is_some();
        let increment = |counter: usize| totals[counter]?.checked_sub(self.totals[counter]?);
        let rated = |counter: usize| joined && before.totals[counter].is_some();
        for (counter, growth) in bucket.growths.iter_mut().enumerate() {
            if let Some(increment) = increment(counter) {
                let grown = match rated(counter) {
                    true if counter < EXTREMES_FROM => Growth {
                        increment,
                        rated: increment,
                        n: 1,
                        covered_ms: elapsed_ms,
                        ..Growth::default()
                    },
                    true => Growth::rated(increment, elapsed_ms),
                    false => Growth::unrated(increment),
                };
                join(growth, grown, Growth::then);
            }
        }
        let rate = |counter| increment(counter as usize).filter(|_| rated(counter as usize));
        let periods = rate(Counter::Periods).zip(rate(Counter::ThrottledPeriods));
        if let Some((periods, throttled)) = periods {
            let level = Level::of(share(throttled, periods));
            let sum = &mut bucket.levels[Gauge::Throttled as usize];
            join(sum, level, Level::then);
        }
    }
}

impl Last {
    /// Whether CPU time did not go backwards since, which would begin all counters anew.
    fn goes_on_in(&self, totals: &[Option<u64>; COUNTERS]) -> bool {
        let cpu = Counter::CpuTotal as usize;
        self.totals[cpu] <= totals[cpu]
    }
}

/// Throttled share of the periods between two readings that a rate joins, in millionths; 0 when no period passed.
fn share(throttled: u64, periods: u64) -> u64 {
    let share = (u128::from(throttled) * 1_000_000).checked_div(u128::from(periods));
    u64::try_from(share.unwrap_or(0)).unwrap_or(u64::MAX)
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
