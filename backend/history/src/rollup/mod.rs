//! What is left of readings at a coarser tier: per bucket the extremes, sums and increments.
//!
//! All numbers are whole, so that merging is exact and does not depend on how buckets were grouped: percentages are kept in
//! millionths of a core (or of the whole, for shares), rates in whole units per second. Sums stop at the largest number
//! instead of going round.
//!
//! **Increments.** What a counter grew by between two readings of one life belongs to the bucket of the later one. A step backwards
//! grows by nothing and begins anew; so does a reading in which CPU time went backwards, for all its counters. The sum of increments of
//! any tier is therefore the counter's difference over the life. A counter that is missing from some readings goes on from where it was last
//! known.
//!
//! **Rates.** An increment counts as a rate when the two readings lie at most the longest gap apart and the later one has a CPU
//! percentage, which is how the live view joins readings. An increment over a longer gap is counted in the total and in no rate.
//!
//! **Not diluted.** Means divide by the readings that were there, rates by the milliseconds that were covered, never by the bucket's width.

mod fill;
mod pack;
mod read;

pub(crate) use fill::Course;
pub use fill::{buckets, coarser};
pub use pack::pack;
pub use read::{Index, Rollups};

use serde::{Deserialize, Serialize};

/// A quantity that is measured anew each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gauge {
    /// CPU, millionths of a core.
    Cpu,
    /// Share of CPU periods in which the quota held the container back, millionths.
    Throttled,
    /// Memory used, bytes.
    MemoryUsed,
    /// Memory with page cache, bytes.
    MemoryRaw,
    /// Memory limit, bytes.
    MemoryLimit,
    /// Anonymous memory, bytes.
    MemoryRss,
    /// Page cache, bytes.
    MemoryCache,
    /// Processes and threads.
    Pids,
    /// The most processes and threads allowed.
    PidsLimit,
    /// Load average over one minute, hundredths; this and what follows is a machine's.
    Load,
    /// Taken of the file system that holds the engine's data, bytes.
    DiskUsed,
    /// Size of that file system, bytes.
    DiskTotal,
}

/// A quantity that only grows within a life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counter {
    /// CPU time, nanoseconds.
    CpuTotal,
    /// CPU periods that passed.
    Periods,
    /// CPU periods in which the container was held back.
    ThrottledPeriods,
    /// Time it was held back, nanoseconds.
    ThrottledTime,
    /// Bytes received.
    NetReceived,
    /// Bytes sent.
    NetSent,
    /// Received packets dropped.
    NetReceivedDropped,
    /// Sent packets dropped.
    NetSentDropped,
    /// Bytes read from block devices.
    BlockRead,
    /// Bytes written to block devices.
    BlockWritten,
    /// Time in which at least one task of a machine waited for a processor, microseconds.
    PressureCpu,
    /// Time in which at least one waited for memory, microseconds.
    PressureMemory,
    /// Time in which at least one waited for a block device, microseconds.
    PressureIo,
}

/// What the gauges are called where buckets are written as text, in order.
pub const GAUGE_NAMES: [&str; GAUGES] = [
    "cpu",
    "throttled",
    "memory_used",
    "memory_raw",
    "memory_limit",
    "memory_rss",
    "memory_cache",
    "pids",
    "pids_limit",
    "load",
    "disk_used",
    "disk_total",
];
/// What the counters are called there, in order.
pub const COUNTER_NAMES: [&str; COUNTERS] = [
    "cpu_total",
    "periods",
    "throttled_periods",
    "throttled_time",
    "net_received",
    "net_sent",
    "net_received_dropped",
    "net_sent_dropped",
    "block_read",
    "block_written",
    "pressure_cpu",
    "pressure_memory",
    "pressure_io",
];

/// How many gauges there are.
pub(crate) const GAUGES: usize = 12;
/// How many counters there are.
pub(crate) const COUNTERS: usize = 13;

/// A gauge within a bucket; there is one only if it was measured, so `n` is at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// Measurements.
    pub n: u64,
    /// Smallest.
    pub min: u64,
    /// Largest.
    pub max: u64,
    /// Sum; the mean is `sum / n`.
    pub sum: u64,
    /// Latest.
    pub last: u64,
}

impl Level {
    /// One measurement.
    #[must_use]
    pub fn of(value: u64) -> Self {
        Self {
            n: 1,
            min: value,
            max: value,
            sum: value,
            last: value,
        }
    }

    /// This one and a later one.
    #[must_use]
    pub fn then(self, later: Self) -> Self {
        Self {
            n: self.n.saturating_add(later.n),
            min: self.min.min(later.min),
            max: self.max.max(later.max),
            sum: self.sum.saturating_add(later.sum),
            last: later.last,
        }
    }

    /// Mean.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "a chart needs no more than 52 bits"
    )]
    pub fn mean(self) -> f64 {
        self.sum as f64 / self.n as f64
    }
}

/// A counter within a bucket; there is one only if two readings could be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Growth {
    /// What it grew by.
    pub increment: u64,
    /// The part of it that counts as a rate.
    pub rated: u64,
    /// Rates.
    pub n: u64,
    /// Milliseconds that `rated` grew in.
    pub covered_ms: u64,
    /// Slowest rate per second; without rates the largest number, and 0 for a counter whose extremes a gauge has.
    pub min: u64,
    /// Fastest rate per second; 0 without rates and for a counter whose extremes a gauge has.
    pub max: u64,
}

impl Growth {
    /// What the counter grew by between two readings that no rate joins.
    #[must_use]
    pub fn unrated(increment: u64) -> Self {
        Self {
            increment,
            min: u64::MAX,
            ..Self::default()
        }
    }

    /// What the counter grew by in so many milliseconds, at least one.
    #[must_use]
    pub fn rated(increment: u64, elapsed_ms: u64) -> Self {
        let elapsed = elapsed_ms.max(1);
        let narrow = increment.checked_mul(1000);
        let rate = match narrow.and_then(|n| n.checked_add(elapsed / 2)) {
            Some(narrow) => narrow / elapsed,
            None => {
                let elapsed = u128::from(elapsed);
                let rate = (u128::from(increment) * 1000 + elapsed / 2) / elapsed;
                u64::try_from(rate).unwrap_or(u64::MAX)
            }
        };
        Self {
            increment,
            rated: increment,
            n: 1,
            covered_ms: elapsed_ms,
            min: rate,
            max: rate,
        }
    }

    /// This one and a later one.
    #[must_use]
    pub fn then(self, later: Self) -> Self {
        Self {
            increment: self.increment.saturating_add(later.increment),
            rated: self.rated.saturating_add(later.rated),
            n: self.n.saturating_add(later.n),
            covered_ms: self.covered_ms.saturating_add(later.covered_ms),
            min: self.min.min(later.min),
            max: self.max.max(later.max),
        }
    }

    /// Mean rate per second; `None` without rates.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "a chart needs no more than 52 bits"
    )]
    pub fn rate(self) -> Option<f64> {
        (self.covered_ms > 0).then(|| self.rated as f64 * 1000.0 / self.covered_ms as f64)
    }
}

/// One life's readings within one stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Bucket {
    /// Readings.
    pub n: u64,
    /// Milliseconds that lie between readings close enough to be joined, each counted in the bucket of the later one.
    pub covered_ms: u64,
    pub(crate) levels: [Option<Level>; GAUGES],
    pub(crate) growths: [Option<Growth>; COUNTERS],
}

impl Bucket {
    /// A gauge; `None` if it was not measured.
    #[must_use]
    pub fn level(&self, gauge: Gauge) -> Option<Level> {
        self.levels[gauge as usize]
    }

    /// A counter; `None` if no two readings could be compared.
    #[must_use]
    pub fn growth(&self, counter: Counter) -> Option<Growth> {
        self.growths[counter as usize]
    }

    /// This bucket and a later one of the same life: associative, and with the empty bucket as its neutral element.
    #[must_use]
    pub fn then(mut self, later: &Self) -> Self {
        self.absorb(later);
        self
    }

    /// Becomes what [`Bucket::then`] gives, where it is: a bucket is a kilobyte.
    pub(crate) fn absorb(&mut self, later: &Self) {
        self.n = self.n.saturating_add(later.n);
        self.covered_ms = self.covered_ms.saturating_add(later.covered_ms);
        for (level, later) in self.levels.iter_mut().zip(&later.levels) {
            if let Some(later) = later {
                join(level, *later, Level::then);
            }
        }
        for (growth, later) in self.growths.iter_mut().zip(&later.growths) {
            if let Some(later) = later {
                join(growth, *later, Growth::then);
            }
        }
    }
}

/// Adds what comes later to what is there, if anything is.
fn join<T: Copy>(sum: &mut Option<T>, later: T, then: impl Fn(T, T) -> T) {
    *sum = Some(sum.map_or(later, |sum| then(sum, later)));
}
