//! From two snapshots of a container's counters to one reading: `docker stats`' formulas, whichever way they were taken.

use plimsoll_shared::{BlockIo, Memory, Reading, Throttling, Traffic, UnixMs};

/// A container's counters at one instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counters {
    /// When they were read.
    pub at: UnixMs,
    /// CPU.
    pub cpu: CpuCounters,
    /// CPU bandwidth control.
    pub throttling: Option<Throttling>,
    /// Memory.
    pub memory: Memory,
    /// Network.
    pub network: Option<Traffic>,
    /// Block devices.
    pub block: Option<BlockIo>,
    /// Processes and threads.
    pub pids: Option<u64>,
    /// The most processes and threads allowed.
    pub pids_limit: Option<u64>,
}

/// CPU time of a container and of the whole machine at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CpuCounters {
    /// CPU time the container used, in nanoseconds.
    pub container_ns: u64,
    /// CPU time of all processors together, idle included, in nanoseconds; `None` when it was not told.
    pub machine_ns: Option<u64>,
    /// Online processors.
    pub cpus: u64,
}

/// CPU use between two instants in percent of one core: the container's share of the machine's time, times processors.
///
/// `None` when a counter went backwards, when the machine's time is not known, and when none passed.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "docker divides as float64 too")]
pub fn cpu_percent(before: CpuCounters, after: CpuCounters) -> Option<f64> {
    let used = after.container_ns.checked_sub(before.container_ns)?;
    let passed = after.machine_ns?.checked_sub(before.machine_ns?)?;
    (passed > 0).then(|| used as f64 / passed as f64 * after.cpus as f64 * 100.0)
}

/// Memory used as `docker stats` shows it: usage without the inactive file cache. `inactive_files` are the kernel's
/// `total_inactive_file` (cgroup version 1 alone) and `inactive_file`; the first that is smaller than usage counts.
#[must_use]
pub fn memory_used(usage: u64, inactive_files: [Option<u64>; 2]) -> u64 {
    let smaller = inactive_files
        .into_iter()
        .flatten()
        .find(|inactive| *inactive < usage);
    usage - smaller.unwrap_or(0)
}

/// The limit `docker stats` shows: the machine's memory where the container has no smaller one of its own.
#[must_use]
pub fn memory_limit(own: Option<u64>, machine: Option<u64>) -> Option<u64> {
    match (own, machine) {
        (Some(own), Some(machine)) => Some(own.min(machine)),
        (own, machine) => own.or(machine),
    }
}

/// The reading of the sweep that began at `at`; `before` are the last counters of the same life, if there are any.
#[must_use]
pub fn reading(at: UnixMs, before: Option<&Counters>, now: &Counters) -> Reading {
    Reading {
        at,
        cpu_percent: before.and_then(|before| cpu_percent(before.cpu, now.cpu)),
        cpu_total_ns: now.cpu.container_ns,
        throttling: now.throttling,
        memory: now.memory,
        network: now.network,
        block: now.block,
        pids: now.pids,
        pids_limit: now.pids_limit,
        machine: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cpu(container_ns: u64, machine_ns: u64) -> CpuCounters {
        CpuCounters {
            container_ns,
            machine_ns: Some(machine_ns),
            cpus: 8,
        }
    }

    #[test]
    fn eight_busy_processors_read_eight_hundred_percent() {
        let second = 1_000_000_000;
        let percent = cpu_percent(cpu(0, 0), cpu(8 * second, 8 * second));
        assert_eq!(percent, Some(800.0));
        let half_a_core = cpu_percent(cpu(0, 0), cpu(second / 2, 8 * second));
        assert_eq!(half_a_core, Some(50.0));
    }

    #[test]
    fn an_idle_container_reads_zero_and_not_nothing() {
        assert_eq!(cpu_percent(cpu(5, 0), cpu(5, 1000)), Some(0.0));
    }

    #[test]
    fn a_counter_that_went_backwards_gives_no_reading() {
        assert_eq!(cpu_percent(cpu(5, 0), cpu(4, 1000)), None);
        assert_eq!(cpu_percent(cpu(5, 1000), cpu(6, 999)), None);
    }

    #[test]
    fn no_time_passed_gives_no_reading() {
        assert_eq!(cpu_percent(cpu(5, 1000), cpu(6, 1000)), None);
    }

    #[test]
    fn memory_is_usage_without_the_inactive_file_cache() {
        assert_eq!(memory_used(100, [Some(30), Some(20)]), 70, "version 1");
        assert_eq!(memory_used(100, [None, Some(30)]), 70, "version 2");
        assert_eq!(memory_used(100, [None, Some(0)]), 100);
        assert_eq!(memory_used(100, [None, None]), 100);
    }

    #[test]
    fn an_inactive_file_cache_as_large_as_usage_is_not_subtracted() {
        assert_eq!(memory_used(100, [Some(100), Some(100)]), 100);
        assert_eq!(memory_used(100, [None, Some(101)]), 100);
        assert_eq!(memory_used(0, [Some(0), Some(0)]), 0);
        assert_eq!(
            memory_used(100, [Some(101), Some(40)]),
            60,
            "docker falls through"
        );
    }

    #[test]
    fn a_container_without_a_limit_shows_the_machines_memory() {
        assert_eq!(memory_limit(None, Some(8)), Some(8));
        assert_eq!(memory_limit(Some(u64::MAX - 4095), Some(8)), Some(8));
        assert_eq!(memory_limit(Some(4), Some(8)), Some(4));
        assert_eq!(memory_limit(None, None), None);
    }
}
