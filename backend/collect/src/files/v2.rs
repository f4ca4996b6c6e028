//! The files of one container's version 2 control group.

use super::host::MachineTime;
use super::open::Kept;
use super::parse::{block_v2, values};
use crate::counters::{Counters, CpuCounters, memory_limit, memory_used};
use plimsoll_shared::{Memory, Throttling, UnixMs};
use std::path::Path;

#[derive(Debug)]
pub(super) struct Files {
    cpu_stat: Kept,
    memory_current: Kept,
    memory_max: Option<Kept>,
    memory_stat: Kept,
    io_stat: Option<Kept>,
    pids: Option<Kept>,
    pids_max: Option<Kept>,
}

impl Files {
    pub(super) fn open(folder: &Path) -> std::io::Result<Self> {
        let optional = |name: &str| Kept::open_if_there(&folder.join(name));
        Ok(Self {
            cpu_stat: Kept::open(&folder.join("cpu.stat"))?,
            memory_current: Kept::open(&folder.join("memory.current"))?,
            memory_max: optional("memory.max")?,
            memory_stat: Kept::open(&folder.join("memory.stat"))?,
            io_stat: optional("io.stat")?,
            pids: optional("pids.current")?,
            pids_max: optional("pids.max")?,
        })
    }

    pub(super) fn read(
        &self,
        at: UnixMs,
        machine: MachineTime,
        memory: Option<u64>,
        buffer: &mut Vec<u8>,
    ) -> std::io::Result<Counters> {
        let number = |file: &Option<Kept>, buffer: &mut Vec<u8>| match file {
            Some(file) => file.number(buffer),
            None => Ok(None),
        };
        let [usage, periods, throttled, throttled_us] = values(
            self.cpu_stat.text(buffer)?,
            ["usage_usec", "nr_periods", "nr_throttled", "throttled_usec"],
        );
        let usage = usage.ok_or_else(|| std::io::Error::other("cpu.stat has no usage_usec"))?;
        let raw = self.memory_current.count(buffer)?;
        let limit = number(&self.memory_max, buffer)?;
        let [inactive, rss, cache] = values(
            self.memory_stat.text(buffer)?,
            ["inactive_file", "anon", "file"],
        );
        Ok(Counters {
            at,
            cpu: CpuCounters {
                container_ns: usage.saturating_mul(1000),
                machine_ns: Some(machine.ns),
                cpus: machine.cpus,
            },
            throttling: match (periods, throttled, throttled_us) {
                (Some(periods), Some(throttled_periods), Some(us)) => Some(Throttling {
                    periods,
                    throttled_periods,
                    throttled_ns: us.saturating_mul(1000),
                }),
                _ => None,
            },
            memory: Memory {
                used: memory_used(raw, [None, inactive]),
                raw,
                limit: memory_limit(limit, memory),
                rss,
                cache,
            },
            network: None,
            block: match &self.io_stat {
                Some(file) => Some(block_v2(file.text(buffer)?)),
                None => None,
            },
            pids: number(&self.pids, buffer)?,
            pids_limit: number(&self.pids_max, buffer)?,
        })
    }
}
