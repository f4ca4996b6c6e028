//! Which columns a question needs, so that the others are passed over while unpacking.

use crate::{
    rollup::{COUNTERS, Counter, GAUGES, Gauge},
    row::{GROUPS, MACHINE},
};
use plimsoll_shared::series::Metric;

/// What of a life is unpacked. Whatever is not selected is absent from what is read, as if it had not been measured; CPU and memory of
/// readings always come along, for they say when a counter began anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selection {
    gauges: u32,
    counters: u32,
    groups: u32,
}

impl Selection {
    /// Everything.
    pub const ALL: Self = Self {
        gauges: (1 << GAUGES) - 1,
        counters: (1 << COUNTERS) - 1,
        groups: (1 << GROUPS.len()) - 1,
    };

    /// What answers for these metrics.
    #[must_use]
    pub fn of<'m>(metrics: impl IntoIterator<Item = &'m Metric>) -> Self {
        let mut selected = Self {
            gauges: 0,
            counters: 0,
            groups: 0,
        };
        for metric in metrics {
            match Source::of(*metric).0 {
                Source::Level(gauge) => selected.gauges |= 1 << gauge as u32,
                Source::Rate(counter) => selected.counters |= 1 << counter as u32,
            }
            selected.groups |= groups(*metric);
        }
        selected
    }

    pub(crate) fn gauge(self, gauge: usize) -> bool {
        self.gauges & 1 << gauge != 0
    }

    pub(crate) fn counter(self, counter: usize) -> bool {
        self.counters & 1 << counter != 0
    }

    pub(crate) fn group(self, group: usize) -> bool {
        self.groups & 1 << group != 0
    }
}

/// Where a bucket keeps a charted quantity.
pub(super) enum Source {
    Level(Gauge),
    Rate(Counter),
}

impl Source {
    /// Where `metric` is kept, and how much of it makes one of the metric's unit.
    pub(super) fn of(metric: Metric) -> (Self, f64) {
        match metric {
            Metric::Cpu => (Self::Level(Gauge::Cpu), 10_000.0),
            Metric::Throttled => (Self::Level(Gauge::Throttled), 10_000.0),
            Metric::Memory => (Self::Level(Gauge::MemoryUsed), 1.0),
            Metric::MemoryLimit => (Self::Level(Gauge::MemoryLimit), 1.0),
            Metric::MemoryCache => (Self::Level(Gauge::MemoryCache), 1.0),
            Metric::Pids => (Self::Level(Gauge::Pids), 1.0),
            Metric::NetReceived => (Self::Rate(Counter::NetReceived), 1.0),
            Metric::NetSent => (Self::Rate(Counter::NetSent), 1.0),
            Metric::BlockRead => (Self::Rate(Counter::BlockRead), 1.0),
            Metric::BlockWritten => (Self::Rate(Counter::BlockWritten), 1.0),
            Metric::Load => (Self::Level(Gauge::Load), 100.0),
            Metric::DiskUsed => (Self::Level(Gauge::DiskUsed), 1.0),
            Metric::DiskTotal => (Self::Level(Gauge::DiskTotal), 1.0),
            // Microseconds a second, as percent of the time.
            Metric::PressureCpu => (Self::Rate(Counter::PressureCpu), 10_000.0),
            Metric::PressureMemory => (Self::Rate(Counter::PressureMemory), 10_000.0),
            Metric::PressureIo => (Self::Rate(Counter::PressureIo), 10_000.0),
        }
    }
}

/// Which of a reading's [`GROUPS`] a metric is made of; what is a machine's needs its load, which stands for the machine.
fn groups(metric: Metric) -> u32 {
    match metric {
        Metric::Cpu | Metric::Memory => 0,
        Metric::Throttled => 1,
        Metric::MemoryLimit => 1 << 1,
        Metric::MemoryCache => 1 << 3,
        Metric::NetReceived | Metric::NetSent => 1 << 4,
        Metric::BlockRead | Metric::BlockWritten => 1 << 5,
        Metric::Pids => 1 << 6,
        Metric::Load => 1 << MACHINE,
        Metric::PressureCpu | Metric::PressureMemory | Metric::PressureIo => 0b11 << MACHINE,
        Metric::DiskUsed | Metric::DiskTotal => 0b101 << MACHINE,
    }
}
