//! One frame of `GET /containers/{id}/stats` as counters: cgroup version 1 and 2, Windows, and Podman's dialect.

use crate::counters::{Counters, CpuCounters, memory_used};
use crate::files::{NOTHING, add};
use bollard::models::{
    ContainerBlkioStats, ContainerMemoryStats, ContainerNetworkStats, ContainerStatsResponse,
    ContainerThrottlingData,
};
use plimsoll_shared::{BlockIo, Memory, Throttling, Traffic, UnixMs};

/// The counters in a frame; `None` for the zeros an engine sends for a container that is stopped or between two lives.
pub(crate) fn counters(
    frame: ContainerStatsResponse,
    podman: bool,
    at: UnixMs,
) -> Option<Counters> {
    let read_ns = nanoseconds(frame.read.as_deref()?)?;
    let cpu = frame.cpu_stats?;
    let usage = cpu.cpu_usage?;
    let container = usage.total_usage.filter(|total| *total > 0)?;
    let memory = frame.memory_stats?;
    let windows = frame.num_procs.filter(|count| *count > 0).map(u64::from);
    let cpus = cpu
        .online_cpus
        .filter(|count| *count > 0)
        .map(u64::from)
        .or_else(|| u64::try_from(usage.percpu_usage?.len()).ok())
        .unwrap_or(0);
    let cpu_counters = match windows {
        // Windows counts in 100 ns and calls the whole machine 100 %, so there the machine is one processor.
        Some(processors) => CpuCounters {
            container_ns: container.saturating_mul(100),
            machine_ns: read_ns.checked_mul(processors),
            cpus: 1,
        },
        // Podman's system_cpu_usage is a control group's; the machine's time is what the clock says, times processors.
        None if podman => CpuCounters {
            container_ns: container,
            machine_ns: read_ns.checked_mul(cpus.max(1)),
            cpus: cpus.max(1),
        },
        None => CpuCounters {
            container_ns: container,
            machine_ns: cpu.system_cpu_usage,
            cpus,
        },
    };
    let (pids, pids_limit) = match frame.pids_stats {
        Some(pids) => (pids.current, pids.limit),
        None => (None, None),
    };
    Some(Counters {
        at,
        cpu: cpu_counters,
        throttling: cpu.throttling_data.as_ref().and_then(throttling),
        memory: memory_of(&memory)?,
        network: frame
            .networks
            .map(|networks| traffic(networks.into_values())),
        block: match windows {
            Some(_) => frame.storage_stats.map(|storage| BlockIo {
                read: storage.read_size_bytes.unwrap_or(0),
                written: storage.write_size_bytes.unwrap_or(0),
            }),
            None => frame.blkio_stats.map(block),
        },
        pids,
        // Engines write both for "no limit".
        pids_limit: pids_limit.filter(|limit| *limit > 0 && *limit < u64::MAX),
    })
}

fn nanoseconds(text: &str) -> Option<u64> {
    let at = text.parse::<jiff::Timestamp>().ok()?.as_nanosecond();
    u64::try_from(at).ok().filter(|at| *at > 0)
}

fn throttling(data: &ContainerThrottlingData) -> Option<Throttling> {
    Some(Throttling {
        periods: data.periods?,
        throttled_periods: data.throttled_periods?,
        throttled_ns: data.throttled_time?,
    })
}

fn memory_of(memory: &ContainerMemoryStats) -> Option<Memory> {
    if let Some(private) = memory.privateworkingset {
        return Some(Memory {
            used: private,
            raw: private,
            limit: None,
            rss: None,
            cache: None,
        });
    }
    let raw = memory.usage?;
    let detail = |name: &str| memory.stats.as_ref()?.get(name).copied();
    Some(Memory {
        used: memory_used(
            raw,
            [detail("total_inactive_file"), detail("inactive_file")],
        ),
        raw,
        limit: memory.limit.filter(|limit| *limit > 0),
        rss: detail("total_rss").or_else(|| detail("anon")),
        cache: detail("total_cache").or_else(|| detail("file")),
    })
}

fn traffic(interfaces: impl Iterator<Item = ContainerNetworkStats>) -> Traffic {
    let mut sum = Traffic {
        received: 0,
        sent: 0,
        received_dropped: 0,
        sent_dropped: 0,
    };
    let add_to = |sum: &mut u64, more: Option<u64>| *sum = sum.saturating_add(more.unwrap_or(0));
    for interface in interfaces {
        add_to(&mut sum.received, interface.rx_bytes);
        add_to(&mut sum.sent, interface.tx_bytes);
        add_to(&mut sum.received_dropped, interface.rx_dropped);
        add_to(&mut sum.sent_dropped, interface.tx_dropped);
    }
    sum
}

fn block(blkio: ContainerBlkioStats) -> BlockIo {
    let mut sum = NOTHING;
    for entry in blkio.io_service_bytes_recursive.unwrap_or_default() {
        add(
            &mut sum,
            entry.op.as_deref().unwrap_or_default(),
            entry.value.unwrap_or(0),
        );
    }
    sum
}

#[cfg(test)]
mod tests;
