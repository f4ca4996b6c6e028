//! The machine itself, in the words of a container's reading: `/proc`, and `statfs` of the engine's data folder.

mod devices;
mod parse;

use super::host::MachineTime;
use super::open::Kept;
use crate::counters::{Counters, CpuCounters, reading};
use devices::{Disks, Interfaces};
use plimsoll_shared::{DiskSpace, Machine, Pressure, Reading, UnixMs};
use std::path::{Path, PathBuf};

/// The machine that the sampled containers run on.
#[derive(Debug)]
pub(super) struct Survey {
    memory: Kept,
    load: Kept,
    pid_max: Option<Kept>,
    interfaces: Option<Interfaces>,
    disks: Option<Disks>,
    /// Of processor, memory and block devices.
    pressure: Option<[Kept; 3]>,
    /// Where the engine's data folder may be seen.
    data: Vec<PathBuf>,
    before: Option<Counters>,
}

impl Survey {
    /// Opens what there is; `data` is the engine's data folder, as the machine's first process sees it.
    pub(super) fn open(root: &Path, data: Option<&Path>) -> std::io::Result<Self> {
        let there = |path: &str| Kept::open(&root.join("proc").join(path)).ok();
        let pressure = (
            there("pressure/cpu"),
            there("pressure/memory"),
            there("pressure/io"),
        );
        Ok(Self {
            memory: Kept::open(&root.join("proc/meminfo"))?,
            load: Kept::open(&root.join("proc/loadavg"))?,
            pid_max: there("sys/kernel/pid_max"),
            interfaces: Interfaces::open(root).ok(),
            disks: Disks::open(root).ok(),
            pressure: match pressure {
                (Some(cpu), Some(memory), Some(io)) => Some([cpu, memory, io]),
                _ => None,
            },
            data: data.map_or_else(Vec::new, |data| places(root, data)),
            before: None,
        })
    }

    /// One reading of the sweep that began at `at`.
    pub(super) fn read(
        &mut self,
        at: UnixMs,
        clock: MachineTime,
        buffer: &mut Vec<u8>,
    ) -> std::io::Result<Reading> {
        let odd = |file| std::io::Error::other(format!("{file} does not say what it should"));
        let memory =
            parse::memory(self.memory.text(buffer)?).ok_or_else(|| odd("/proc/meminfo"))?;
        let load = parse::load(self.load.text(buffer)?).ok_or_else(|| odd("/proc/loadavg"))?;
        let limit = self.pid_max.as_ref().map(|file| file.number(buffer));
        let interfaces = self.interfaces.as_mut();
        let disks = self.disks.as_mut();
        let now = Counters {
            at,
            cpu: CpuCounters {
                container_ns: clock.busy_ns,
                machine_ns: Some(clock.ns),
                cpus: clock.cpus,
            },
            throttling: None,
            memory,
            network: interfaces.and_then(|interfaces| interfaces.read(buffer)),
            block: disks.and_then(|disks| disks.read(buffer)),
            pids: Some(load.tasks),
            pids_limit: limit.and_then(|limit| limit.ok().flatten()),
        };
        let mut reading = reading(at, self.before.as_ref(), &now);
        reading.machine = Some(Machine {
            load_centi: load.centi,
            pressure: self.pressure(buffer),
            disk: self.data.iter().find_map(|folder| space(folder)),
        });
        self.before = Some(now);
        Ok(reading)
    }

    /// Kernels may have the files and still refuse to count.
    fn pressure(&self, buffer: &mut Vec<u8>) -> Option<Pressure> {
        let [cpu, memory, io] = self.pressure.as_ref()?;
        let mut total = |file: &Kept| parse::stalled(file.text(buffer).ok()?);
        Some(Pressure {
            cpu_us: total(cpu)?,
            memory_us: total(memory)?,
            io_us: total(io)?,
        })
    }
}

/// As the machine's first process sees it, for a server in a container has a root of its own; else as we do.
fn places(root: &Path, data: &Path) -> Vec<PathBuf> {
    let inside = data.strip_prefix("/").unwrap_or(data);
    vec![root.join("proc/1/root").join(inside), root.join(inside)]
}

/// What `df` prints of the file system that the folder lies on; asked by name each time, since an open folder could not be unmounted.
fn space(folder: &Path) -> Option<DiskSpace> {
    let found = rustix::fs::statvfs(folder).ok()?;
    let bytes = |blocks: u64| blocks.checked_mul(found.f_frsize);
    Some(DiskSpace {
        used: bytes(found.f_blocks.checked_sub(found.f_bfree)?)?,
        total: bytes(found.f_blocks)?,
    })
}

#[cfg(test)]
mod tests;
