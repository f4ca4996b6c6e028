//! How much CPU time and memory processes used, as the kernel counts them.

use anyhow::{Context, Result};
use std::{collections::BTreeMap, fs, time::Duration};

/// CPU time of every thread of these processes, taken at one moment.
pub(crate) struct CpuTime(BTreeMap<String, u64>);

/// Reads it. `/proc/PID/task/TID/schedstat` counts nanoseconds, where `/proc/PID/stat` counts hundredths of a second, which is more
/// than a sweep takes.
pub(crate) fn cpu_time(processes: &[u32]) -> CpuTime {
    let mut threads = BTreeMap::new();
    for process in processes {
        for thread in fs::read_dir(format!("/proc/{process}/task"))
            .into_iter()
            .flatten()
            .flatten()
        {
            let file = thread.path().join("schedstat");
            let spent = fs::read_to_string(&file)
                .ok()
                .and_then(|text| text.split(' ').next()?.parse().ok());
            threads.extend(spent.map(|spent| (file.display().to_string(), spent)));
        }
    }
    CpuTime(threads)
}

impl CpuTime {
    /// What was used from `self` to `later`; a thread that ended between the two is not counted.
    pub(crate) fn until(&self, later: &Self) -> Duration {
        let used = later
            .0
            .iter()
            .map(|(thread, spent)| spent.saturating_sub(self.0.get(thread).copied().unwrap_or(0)));
        Duration::from_nanos(used.sum())
    }
}

/// Resident memory of a process, in bytes.
pub(crate) fn resident(process: u32) -> Result<u64> {
    let status =
        fs::read_to_string(format!("/proc/{process}/status")).context("the server ended")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .context("the kernel tells no VmRSS")?;
    let kib: u64 = line
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .context("VmRSS is no number")?;
    Ok(kib * 1024)
}

/// Processes whose program's name starts with `program` and that were started with `word` among their arguments.
pub(crate) fn processes(program: &str, word: &str) -> Vec<u32> {
    let pids = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| {
        let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).into_owned();
        let name = line
            .split('\0')
            .next()
            .and_then(|path| path.rsplit('/').next())
            .unwrap_or_default();
        name.starts_with(program) && line.contains(word)
    })
    .collect()
}
