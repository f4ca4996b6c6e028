//! The files of one container's version 1 control groups.

use super::host::MachineTime;
use super::locate::Folders;
use super::open::Kept;
use super::parse::{NOTHING, block_v1, values};
use crate::counters::{Counters, CpuCounters, memory_limit, memory_used};
use plimsoll_shared::{BlockIo, Memory, Throttling, UnixMs};

#[derive(Debug)]
pub(super) struct Files {
    cpu_usage: Kept,
    cpu_stat: Option<Kept>,
    memory_usage: Kept,
    memory_limit: Kept,
    memory_stat: Kept,
    block: Block,
    pids: Option<Kept>,
    pids_max: Option<Kept>,
}

/// Block device counters: the scheduler's where the kernel has them and they are not empty, else the throttling layer's.
#[derive(Debug)]
struct Block {
    scheduler: Option<Kept>,
    throttle: Option<Kept>,
}

impl Files {
    pub(super) fn open(folders: &Folders) -> std::io::Result<Self> {
        let optional = |folder: &Option<std::path::PathBuf>, name: &str| match folder {
            Some(folder) => Kept::open_if_there(&folder.join(name)),
            None => Ok(None),
        };
        Ok(Self {
            cpu_usage: Kept::open(&folders.cpuacct.join("cpuacct.usage"))?,
            cpu_stat: optional(&folders.cpu, "cpu.stat")?,
            memory_usage: Kept::open(&folders.memory.join("memory.usage_in_bytes"))?,
            memory_limit: Kept::open(&folders.memory.join("memory.limit_in_bytes"))?,
            memory_stat: Kept::open(&folders.memory.join("memory.stat"))?,
            block: Block {
                scheduler: optional(&folders.blkio, "blkio.io_service_bytes_recursive")?,
                throttle: optional(&folders.blkio, "blkio.throttle.io_service_bytes")?,
            },
            pids: optional(&folders.pids, "pids.current")?,
            pids_max: optional(&folders.pids, "pids.max")?,
        })
    }

    pub(super) fn read(
        &self,
        at: UnixMs,
        machine: MachineTime,
        memory: Option<u64>,
        buffer: &mut Vec<u8>,
    ) -> std::io::Result<Counters> {
        let container_ns = self.cpu_usage.count(buffer)?;
        let raw = self.memory_usage.count(buffer)?;
        let limit = self.memory_limit.number(buffer)?;
        let [inactive, total_inactive, rss, cache] = values(
            self.memory_stat.text(buffer)?,
            [
                "inactive_file",
                "total_inactive_file",
                "total_rss",
                "total_cache",
            ],
        );
        Ok(Counters {
            at,
            cpu: CpuCounters {
                container_ns,
                machine_ns: Some(machine.ns),
                cpus: machine.cpus,
            },
            throttling: match &self.cpu_stat {
                Some(file) => throttling(file.text(buffer)?),
                None => None,
            },
            memory: Memory {
                used: memory_used(raw, [total_inactive, inactive]),
                raw,
                limit: memory_limit(limit, memory),
                rss,
                cache,
            },
            network: None,
            block: self.block.read(buffer)?,
            pids: match &self.pids {
                Some(file) => file.number(buffer)?,
                None => None,
            },
            pids_limit: match &self.pids_max {
                Some(file) => file.number(buffer)?,
                None => None,
            },
        })
    }
}

fn throttling(text: &str) -> Option<Throttling> {
    match values(text, ["nr_periods", "nr_throttled", "throttled_time"]) {
        [Some(periods), Some(throttled_periods), Some(throttled_ns)] => Some(Throttling {
            periods,
            throttled_periods,
            throttled_ns,
        }),
        _ => None,
    }
}

impl Block {
    fn read(&self, buffer: &mut Vec<u8>) -> std::io::Result<Option<BlockIo>> {
        if let Some(file) = &self.scheduler
            && let Some(sum) = block_v1(file.text(buffer)?)
        {
            return Ok(Some(sum));
        }
        match &self.throttle {
            Some(file) => Ok(Some(block_v1(file.text(buffer)?).unwrap_or(NOTHING))),
            None => Ok(self.scheduler.as_ref().map(|_| NOTHING)),
        }
    }
}
