//! One measurement of one container, or of a whole machine.

use crate::UnixMs;
use serde::{Deserialize, Serialize};

/// What one running container used at one instant, in the units of the Docker Engine API (`GET /containers/{id}/stats`); or a whole
/// machine, by the same words.
///
/// Counters are totals since the container, or the machine, started. A field the engine or kernel does not give is `None`, never zero.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reading {
    /// When the counters were read, by the clock of the machine that read them.
    pub at: UnixMs,
    /// CPU use since the previous reading in percent of one core (8 busy cores read 800), `docker stats`' formula.
    /// `None` for the first reading of a life and after a counter went backwards.
    pub cpu_percent: Option<f64>,
    /// CPU time used, in nanoseconds.
    pub cpu_total_ns: u64,
    /// How often the CPU quota held the container back; `None` where the kernel does not count it.
    pub throttling: Option<Throttling>,
    /// Memory, in bytes.
    pub memory: Memory,
    /// Bytes over the container's own network interfaces; `None` when it has none of its own (host or no network).
    pub network: Option<Traffic>,
    /// Bytes from and to block devices; `None` where the kernel does not count them.
    pub block: Option<BlockIo>,
    /// Processes and threads; `None` where the kernel does not count them.
    pub pids: Option<u64>,
    /// The most processes and threads allowed; `None` without a limit.
    pub pids_limit: Option<u64>,
    /// What only a machine has; `None` for a container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<Machine>,
}

/// What is measured of a whole Linux machine and not of a container (`/proc/loadavg`, `/proc/pressure`, `statfs`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Machine {
    /// Load average over one minute, in hundredths.
    pub load_centi: u64,
    /// Pressure stall totals; `None` where the kernel does not count them.
    pub pressure: Option<Pressure>,
    /// The file system that the engine keeps its data on; `None` when it cannot be seen from here.
    pub disk: Option<DiskSpace>,
}

/// How long at least one task waited for a resource since the machine started, in microseconds (Linux pressure stall information, `some`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pressure {
    /// For a processor.
    pub cpu_us: u64,
    /// For memory.
    pub memory_us: u64,
    /// For a block device.
    pub io_us: u64,
}

/// Room on a file system, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiskSpace {
    /// Taken.
    pub used: u64,
    /// In all.
    pub total: u64,
}

/// Totals of the CPU controller's bandwidth control since the container started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Throttling {
    /// Enforcement periods that passed.
    pub periods: u64,
    /// Periods in which the container was held back.
    pub throttled_periods: u64,
    /// Time it was held back, in nanoseconds.
    pub throttled_ns: u64,
}

/// Memory of one container, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Memory {
    /// What `docker stats` shows: usage without the inactive file cache.
    pub used: u64,
    /// The kernel's own usage, page cache included.
    pub raw: u64,
    /// The limit `docker stats` shows: the host's memory when the container has none of its own. `None` when neither is known.
    pub limit: Option<u64>,
    /// Anonymous memory; `None` where the kernel does not tell.
    pub rss: Option<u64>,
    /// Page cache; `None` where the kernel does not tell.
    pub cache: Option<u64>,
}

impl Memory {
    /// Used in percent of the limit, as `docker stats` prints it; `None` without a known limit.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "a percentage needs no more than 52 bits"
    )]
    pub fn percent(&self) -> Option<f64> {
        match self.limit {
            Some(limit) if limit > 0 => Some(self.used as f64 / limit as f64 * 100.0),
            _ => None,
        }
    }
}

/// Bytes over all of a container's own interfaces since it started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Traffic {
    /// Received bytes.
    pub received: u64,
    /// Sent bytes.
    pub sent: u64,
    /// Received packets dropped.
    pub received_dropped: u64,
    /// Sent packets dropped.
    pub sent_dropped: u64,
}

/// Bytes over all block devices since the container started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockIo {
    /// Bytes read.
    pub read: u64,
    /// Bytes written.
    pub written: u64,
}
