//! What metrics are called and measured in, for tables and pictures.

use plimsoll_shared::series::Metric;

/// What a metric is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Percent of one core.
    OfCore,
    /// Percent.
    Percent,
    /// Bytes.
    Bytes,
    /// Bytes per second.
    BytesPerSecond,
    /// A number of things.
    Count,
}

impl Unit {
    /// A metric's unit.
    pub(crate) fn of(metric: Metric) -> Self {
        match metric {
            Metric::Cpu => Self::OfCore,
            Metric::Throttled
            | Metric::PressureCpu
            | Metric::PressureMemory
            | Metric::PressureIo => Self::Percent,
            Metric::Memory
            | Metric::MemoryLimit
            | Metric::MemoryCache
            | Metric::DiskUsed
            | Metric::DiskTotal => Self::Bytes,
            Metric::NetReceived | Metric::NetSent | Metric::BlockRead | Metric::BlockWritten => {
                Self::BytesPerSecond
            }
            Metric::Pids | Metric::Load => Self::Count,
        }
    }

    /// How a table's header names it; empty for a number of things.
    pub(crate) fn in_table(self) -> &'static str {
        match self {
            Self::OfCore => "percent of one core",
            Self::Percent => "percent",
            Self::Bytes => "bytes",
            Self::BytesPerSecond => "bytes per second",
            Self::Count => "",
        }
    }
}

/// What a metric is called.
pub(crate) fn name(metric: Metric) -> &'static str {
    match metric {
        Metric::Cpu => "CPU",
        Metric::Throttled => "CPU throttled",
        Metric::Memory => "memory",
        Metric::MemoryLimit => "memory limit",
        Metric::MemoryCache => "page cache",
        Metric::NetReceived => "network in",
        Metric::NetSent => "network out",
        Metric::BlockRead => "blocks read",
        Metric::BlockWritten => "blocks written",
        Metric::Pids => "PIDs",
        Metric::Load => "load",
        Metric::PressureCpu => "waiting for CPU",
        Metric::PressureMemory => "waiting for memory",
        Metric::PressureIo => "waiting for disk",
        Metric::DiskUsed => "disk used",
        Metric::DiskTotal => "disk size",
    }
}
