//! What metrics are called and measured in, for tables and pictures.

use plimsoll_shared::{series::Metric, units};

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

    /// A value of it as an axis or a legend writes it.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is not negative, and what is too large stops at the largest number"
    )]
    pub(crate) fn write(self, value: f64) -> String {
        let bytes = value.max(0.0).round() as u64;
        match self {
            Self::OfCore | Self::Percent => format!("{} %", plain(value)),
            Self::Bytes => units::binary(bytes),
            Self::BytesPerSecond => format!("{}/s", units::decimal_rounded(bytes)),
            Self::Count => plain(value),
        }
    }
}

/// A number without digits that say nothing.
fn plain(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{value:.digits$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_written_with_its_unit_and_no_more_digits_than_say_something() {
        assert_eq!(Unit::OfCore.write(12.5), "12.5 %");
        assert_eq!(Unit::Percent.write(100.0), "100 %");
        assert_eq!(Unit::Percent.write(0.0), "0 %");
        assert_eq!(Unit::Bytes.write(1_073_741_824.0), "1GiB");
        assert_eq!(Unit::BytesPerSecond.write(1_500_000.0), "1.5MB/s");
        assert_eq!(Unit::Count.write(1200.0), "1200");
    }
}
