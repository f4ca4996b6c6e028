//! One frame of `GET /containers/{id}/stats` as counters: cgroup version 1 and 2, Windows, and Podman's dialect.

use crate::counters::{Counters, CpuCounters, memory_used};
use crate::files::{NOTHING, add};
use plimsoll_shared::{BlockIo, Memory, Throttling, Traffic, UnixMs};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
struct Frame {
    read: Option<String>,
    num_procs: Option<u64>,
    cpu_stats: Option<Cpu>,
    memory_stats: Option<MemoryStats>,
    pids_stats: Option<Pids>,
    networks: Option<BTreeMap<String, Interface>>,
    blkio_stats: Option<Blkio>,
    storage_stats: Option<Storage>,
}

#[derive(Debug, Deserialize)]
struct Cpu {
    cpu_usage: Option<CpuUsage>,
    system_cpu_usage: Option<u64>,
    online_cpus: Option<u64>,
    throttling_data: Option<ThrottlingData>,
}

#[derive(Debug, Deserialize)]
struct CpuUsage {
    total_usage: Option<u64>,
    percpu_usage: Option<Vec<u64>>,
}

#[derive(Debug, Deserialize)]
struct ThrottlingData {
    periods: Option<u64>,
    throttled_periods: Option<u64>,
    throttled_time: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct MemoryStats {
    usage: Option<u64>,
    limit: Option<u64>,
    stats: Option<MemoryDetail>,
    #[serde(rename = "privateworkingset")]
    private_working_set: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
struct MemoryDetail {
    total_inactive_file: Option<u64>,
    inactive_file: Option<u64>,
    total_rss: Option<u64>,
    anon: Option<u64>,
    total_cache: Option<u64>,
    file: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct Pids {
    current: Option<u64>,
    limit: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Interface {
    rx_bytes: u64,
    tx_bytes: u64,
    rx_dropped: u64,
    tx_dropped: u64,
}

#[derive(Debug, Deserialize)]
struct Blkio {
    io_service_bytes_recursive: Option<Vec<BlkioEntry>>,
}

#[derive(Debug, Deserialize)]
struct BlkioEntry {
    op: Option<String>,
    value: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct Storage {
    read_size_bytes: Option<u64>,
    write_size_bytes: Option<u64>,
}

/// The counters in a frame; `None` for the zeros an engine sends for a container that is stopped or between two lives.
///
/// # Errors
/// When the frame is not what the Docker Engine API describes.
pub(crate) fn counters(
    frame: &[u8],
    podman: bool,
    at: UnixMs,
) -> Result<Option<Counters>, serde_json::Error> {
    serde_json::from_slice(frame).map(|frame| read(frame, podman, at))
}

fn read(frame: Frame, podman: bool, at: UnixMs) -> Option<Counters> {
    let read_ns = nanoseconds(frame.read.as_deref()?)?;
    let cpu = frame.cpu_stats?;
    let usage = cpu.cpu_usage?;
    let container = usage.total_usage.filter(|total| *total > 0)?;
    let memory = frame.memory_stats?;
    let windows = frame.num_procs.filter(|count| *count > 0);
    let cpus = cpu
        .online_cpus
        .filter(|count| *count > 0)
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

fn throttling(data: &ThrottlingData) -> Option<Throttling> {
    Some(Throttling {
        periods: data.periods?,
        throttled_periods: data.throttled_periods?,
        throttled_ns: data.throttled_time?,
    })
}

fn memory_of(memory: &MemoryStats) -> Option<Memory> {
    if let Some(private) = memory.private_working_set {
        return Some(Memory {
            used: private,
            raw: private,
            limit: None,
            rss: None,
            cache: None,
        });
    }
    let raw = memory.usage?;
    let none = MemoryDetail::default();
    let detail = memory.stats.as_ref().unwrap_or(&none);
    Some(Memory {
        used: memory_used(raw, [detail.total_inactive_file, detail.inactive_file]),
        raw,
        limit: memory.limit.filter(|limit| *limit > 0),
        rss: detail.total_rss.or(detail.anon),
        cache: detail.total_cache.or(detail.file),
    })
}

fn traffic(interfaces: impl Iterator<Item = Interface>) -> Traffic {
    let mut sum = Traffic {
        received: 0,
        sent: 0,
        received_dropped: 0,
        sent_dropped: 0,
    };
    for interface in interfaces {
        sum.received = sum.received.saturating_add(interface.rx_bytes);
        sum.sent = sum.sent.saturating_add(interface.tx_bytes);
        sum.received_dropped = sum.received_dropped.saturating_add(interface.rx_dropped);
        sum.sent_dropped = sum.sent_dropped.saturating_add(interface.tx_dropped);
    }
    sum
}

fn block(blkio: Blkio) -> BlockIo {
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
