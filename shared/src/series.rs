//! Readings over time, grouped into equal buckets that keep mean, minimum and maximum.
//!
//! The server fills [`Buckets`] from the store and sends [`Series`]; the browser turns that back into [`Buckets`]
//! and goes on filling them from the live stream, so both sides group alike.

use crate::{Pressure, Reading, UnixMs};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// A quantity that is charted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Metric {
    /// CPU, percent of one core.
    Cpu,
    /// Share of CPU periods in which the quota held the container back, percent.
    Throttled,
    /// Memory used, bytes.
    Memory,
    /// Memory limit, bytes.
    MemoryLimit,
    /// Page cache, bytes.
    MemoryCache,
    /// Received, bytes per second.
    NetReceived,
    /// Sent, bytes per second.
    NetSent,
    /// Read from block devices, bytes per second.
    BlockRead,
    /// Written to block devices, bytes per second.
    BlockWritten,
    /// Processes and threads.
    Pids,
    /// Load average over one minute. This and what follows is a machine's, not a container's.
    Load,
    /// Share of the time in which at least one task waited for a processor, percent.
    PressureCpu,
    /// Share of the time in which at least one task waited for memory, percent.
    PressureMemory,
    /// Share of the time in which at least one task waited for a block device, percent.
    PressureIo,
    /// Taken of the file system that holds the engine's data, bytes.
    DiskUsed,
    /// Size of that file system, bytes.
    DiskTotal,
}

impl Metric {
    /// Every metric, in chart order; a metric's place here is its index in [`sample`]'s answer.
    pub const ALL: [Metric; 16] = [
        Self::Cpu,
        Self::Throttled,
        Self::Memory,
        Self::MemoryLimit,
        Self::MemoryCache,
        Self::NetReceived,
        Self::NetSent,
        Self::BlockRead,
        Self::BlockWritten,
        Self::Pids,
        Self::Load,
        Self::PressureCpu,
        Self::PressureMemory,
        Self::PressureIo,
        Self::DiskUsed,
        Self::DiskTotal,
    ];

    /// What a container has of them, in the same order.
    pub const OF_CONTAINERS: [Metric; 10] = [
        Self::Cpu,
        Self::Throttled,
        Self::Memory,
        Self::MemoryLimit,
        Self::MemoryCache,
        Self::NetReceived,
        Self::NetSent,
        Self::BlockRead,
        Self::BlockWritten,
        Self::Pids,
    ];

    /// The word used in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Throttled => "throttled",
            Self::Memory => "memory",
            Self::MemoryLimit => "memory_limit",
            Self::MemoryCache => "memory_cache",
            Self::NetReceived => "net_received",
            Self::NetSent => "net_sent",
            Self::BlockRead => "block_read",
            Self::BlockWritten => "block_written",
            Self::Pids => "pids",
            Self::Load => "load",
            Self::PressureCpu => "pressure_cpu",
            Self::PressureMemory => "pressure_memory",
            Self::PressureIo => "pressure_io",
            Self::DiskUsed => "disk_used",
            Self::DiskTotal => "disk_total",
        }
    }

    /// The metric that [`Metric::as_str`] names, if it names one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.as_str() == word)
    }

    fn index(self) -> usize {
        self as usize
    }
}

/// One metric's buckets, oldest first; `None` is a gap: nothing was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Column {
    /// What is measured.
    pub metric: Metric,
    /// Mean of the bucket.
    pub mean: Vec<Option<f64>>,
    /// Smallest value in the bucket.
    pub min: Vec<Option<f64>>,
    /// Largest value in the bucket.
    pub max: Vec<Option<f64>>,
    /// Measurements in the newest bucket that has any, so that a reader can go on filling it.
    pub last_n: u32,
}

/// A stretch of time of one container in equal buckets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Series {
    /// Start of the first bucket, a multiple of `step_ms`.
    pub from: UnixMs,
    /// Width of a bucket in milliseconds.
    pub step_ms: i64,
    /// One column a metric, all of the same length.
    pub columns: Vec<Column>,
    /// Why readings are missing, as far as it is known, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
}

/// A stretch without readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Gap {
    /// Its first moment.
    pub from: UnixMs,
    /// The first moment after it.
    pub to: UnixMs,
    /// Why.
    pub reason: GapReason,
}

/// Why there are no readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum GapReason {
    /// Nobody knows.
    Unknown,
    /// The host or its engine did not answer.
    HostDown,
    /// The container did not run.
    ContainerStopped,
    /// The server did not run.
    HubStopped,
    /// Readings were dropped because they could not be written fast enough.
    BufferOverflow,
}

/// What one reading says of each metric, given the reading before it in the same life. Rates need a reading before that is at
/// most `max_gap_ms` older; a counter that went backwards, or a reading that begins a life, gives none.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    reason = "a chart needs no more than 52 bits"
)]
pub fn sample(
    before: Option<&Reading>,
    now: &Reading,
    max_gap_ms: i64,
) -> [Option<f64>; Metric::ALL.len()] {
    let mut values = [None; Metric::ALL.len()];
    values[Metric::Cpu.index()] = now.cpu_percent;
    values[Metric::Memory.index()] = Some(now.memory.used as f64);
    values[Metric::MemoryLimit.index()] = now.memory.limit.map(|b| b as f64);
    values[Metric::MemoryCache.index()] = now.memory.cache.map(|b| b as f64);
    values[Metric::Pids.index()] = now.pids.map(|n| n as f64);
    let disk = now.machine.and_then(|machine| machine.disk);
    values[Metric::Load.index()] = now.machine.map(|m| m.load_centi as f64 / 100.0);
    values[Metric::DiskUsed.index()] = disk.map(|d| d.used as f64);
    values[Metric::DiskTotal.index()] = disk.map(|d| d.total as f64);
    let Some(before) = before.filter(|_| now.cpu_percent.is_some()) else {
        return values;
    };
    let elapsed = now.at.since(before.at);
    if elapsed <= 0 || elapsed > max_gap_ms {
        return values;
    }
    let rate = |before: Option<u64>, now: Option<u64>| {
        Some(now?.checked_sub(before?)? as f64 * 1000.0 / elapsed as f64)
    };
    values[Metric::NetReceived.index()] = rate(
        before.network.map(|n| n.received),
        now.network.map(|n| n.received),
    );
    values[Metric::NetSent.index()] =
        rate(before.network.map(|n| n.sent), now.network.map(|n| n.sent));
    values[Metric::BlockRead.index()] =
        rate(before.block.map(|b| b.read), now.block.map(|b| b.read));
    values[Metric::BlockWritten.index()] = rate(
        before.block.map(|b| b.written),
        now.block.map(|b| b.written),
    );
    let pressure = |reading: &Reading| reading.machine.and_then(|machine| machine.pressure);
    let stalled = |of: fn(Pressure) -> u64| {
        // Microseconds a second, as percent of the time.
        rate(pressure(before).map(of), pressure(now).map(of)).map(|rate| rate / 10_000.0)
    };
    values[Metric::PressureCpu.index()] = stalled(|p| p.cpu_us);
    values[Metric::PressureMemory.index()] = stalled(|p| p.memory_us);
    values[Metric::PressureIo.index()] = stalled(|p| p.io_us);
    values[Metric::Throttled.index()] = before.throttling.zip(now.throttling).and_then(|(a, b)| {
        let periods = b.periods.checked_sub(a.periods)?;
        let throttled = b.throttled_periods.checked_sub(a.throttled_periods)?;
        Some(if periods == 0 {
            0.0
        } else {
            throttled as f64 / periods as f64 * 100.0
        })
    });
    values
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Bucket {
    n: u32,
    sum: f64,
    min: f64,
    max: f64,
}

impl Bucket {
    fn add(&mut self, value: f64) {
        *self = match self.n {
            0 => Bucket {
                n: 1,
                sum: value,
                min: value,
                max: value,
            },
            n => Bucket {
                n: n + 1,
                sum: self.sum + value,
                min: self.min.min(value),
                max: self.max.max(value),
            },
        };
    }

    fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| self.sum / f64::from(self.n))
    }
}

/// A sliding window of equal buckets that is filled reading by reading.
#[derive(Debug, Clone, PartialEq)]
pub struct Buckets {
    from: UnixMs,
    step_ms: i64,
    len: usize,
    max_gap_ms: i64,
    last: Option<Reading>,
    metrics: Vec<VecDeque<Bucket>>,
}

impl Buckets {
    /// A window from `from` up to and including `to` of at most `points` (at least one) buckets, each a whole number of seconds wide;
    /// readings further apart than `max_gap_ms` are not joined by a rate.
    #[must_use]
    pub fn new(from: UnixMs, to: UnixMs, points: usize, max_gap_ms: i64) -> Self {
        let span = to.since(from).max(1);
        let points = i64::try_from(points.max(1)).unwrap_or(i64::MAX);
        let mut step_ms = (span.div_ceil_to(points)).div_ceil_to(1000) * 1000;
        loop {
            let start = from.0.div_euclid(step_ms) * step_ms;
            let count = (to.0 - start).div_euclid(step_ms) + 1;
            if count <= points || step_ms > span {
                let len = usize::try_from(count).unwrap_or(1);
                let metrics = vec![VecDeque::from(vec![Bucket::default(); len]); Metric::ALL.len()];
                return Self {
                    from: UnixMs(start),
                    step_ms,
                    len,
                    max_gap_ms,
                    last: None,
                    metrics,
                };
            }
            step_ms += 1000;
        }
    }

    /// The window that `series` describes, ready to go on.
    #[must_use]
    pub fn of(series: &Series, max_gap_ms: i64) -> Self {
        let len = series.columns.first().map_or(0, |c| c.mean.len());
        let mut metrics = vec![VecDeque::from(vec![Bucket::default(); len]); Metric::ALL.len()];
        for column in &series.columns {
            let buckets = &mut metrics[column.metric.index()];
            let newest = column.mean.iter().rposition(Option::is_some);
            for (i, bucket) in buckets.iter_mut().enumerate() {
                let at = |values: &[Option<f64>]| values.get(i).copied().flatten();
                if let (Some(mean), Some(min), Some(max)) =
                    (at(&column.mean), at(&column.min), at(&column.max))
                {
                    let n = if Some(i) == newest {
                        column.last_n.max(1)
                    } else {
                        1
                    };
                    *bucket = Bucket {
                        n,
                        sum: mean * f64::from(n),
                        min,
                        max,
                    };
                }
            }
        }
        Self {
            from: series.from,
            step_ms: series.step_ms.max(1),
            len,
            max_gap_ms,
            last: None,
            metrics,
        }
    }

    /// Takes in one reading. Readings come in time order; one before the window is only remembered for the next one's rates,
    /// one after the window moves it forward.
    pub fn push(&mut self, reading: &Reading) {
        let values = sample(self.last.as_ref(), reading, self.max_gap_ms);
        self.last = Some(*reading);
        self.slide_to(reading.at);
        let Ok(place) = usize::try_from(reading.at.since(self.from).div_euclid(self.step_ms))
        else {
            return;
        };
        for (buckets, value) in self.metrics.iter_mut().zip(values) {
            if let (Some(bucket), Some(value)) = (buckets.get_mut(place), value) {
                bucket.add(value);
            }
        }
    }

    /// Says that the next reading begins another life, so that no rate joins it to the one before.
    pub fn begin_life(&mut self) {
        self.last = None;
    }

    /// Moves the window so that it reaches `now`, dropping what falls out at the old end. Never moves back.
    pub fn slide_to(&mut self, now: UnixMs) {
        if self.len == 0 {
            return;
        }
        let place = now.since(self.from).div_euclid(self.step_ms);
        let Some(beyond) = usize::try_from(place)
            .ok()
            .and_then(|p| (p + 1).checked_sub(self.len))
        else {
            return;
        };
        if beyond == 0 {
            return;
        }
        for buckets in &mut self.metrics {
            buckets.drain(..beyond.min(self.len));
            buckets.resize(self.len, Bucket::default());
        }
        self.from = UnixMs(self.from.0 + i64::try_from(beyond).unwrap_or(0) * self.step_ms);
    }

    /// Start of the first bucket.
    #[must_use]
    pub fn from(&self) -> UnixMs {
        self.from
    }

    /// End of the last bucket.
    #[must_use]
    pub fn to(&self) -> UnixMs {
        UnixMs(self.from.0 + i64::try_from(self.len).unwrap_or(0) * self.step_ms)
    }

    /// Width of a bucket in milliseconds.
    #[must_use]
    pub fn step_ms(&self) -> i64 {
        self.step_ms
    }

    /// `(bucket start, mean, min, max)` of one metric for every bucket that has a value, oldest first.
    pub fn points(
        &self,
        metric: Metric,
    ) -> impl DoubleEndedIterator<Item = (UnixMs, f64, f64, f64)> + '_ {
        self.metrics[metric.index()]
            .iter()
            .enumerate()
            .filter_map(move |(i, bucket)| {
                let at = UnixMs(self.from.0 + i64::try_from(i).unwrap_or(0) * self.step_ms);
                bucket.mean().map(|mean| (at, mean, bucket.min, bucket.max))
            })
    }

    /// The wire form; values keep two decimals.
    #[must_use]
    pub fn series(&self) -> Series {
        let round = |v: f64| (v * 100.0).round() / 100.0;
        let columns = Metric::ALL
            .into_iter()
            .zip(&self.metrics)
            .map(|(metric, buckets)| Column {
                metric,
                mean: buckets.iter().map(|b| b.mean().map(round)).collect(),
                min: buckets
                    .iter()
                    .map(|b| (b.n > 0).then(|| round(b.min)))
                    .collect(),
                max: buckets
                    .iter()
                    .map(|b| (b.n > 0).then(|| round(b.max)))
                    .collect(),
                last_n: buckets.iter().rev().find(|b| b.n > 0).map_or(0, |b| b.n),
            })
            .collect();
        Series {
            from: self.from,
            step_ms: self.step_ms,
            columns,
            gaps: Vec::new(),
        }
    }
}

trait DivCeilTo {
    fn div_ceil_to(self, by: i64) -> i64;
}

impl DivCeilTo for i64 {
    /// Division that rounds up; both positive.
    fn div_ceil_to(self, by: i64) -> i64 {
        self / by + i64::from(self % by != 0)
    }
}

#[cfg(test)]
mod tests;
