//! The machine's own CPU time: `/proc/stat`, read once a sweep.

use super::open::Kept;
use std::path::Path;

/// Nanoseconds in one tick of `/proc/stat`; the kernel gives 100 ticks a second to programs on every platform docker runs on.
const TICK_NS: u64 = 1_000_000_000 / 100;

/// Idle and iowait.
const IDLE: [usize; 2] = [3, 4];

/// The machine's CPU time at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MachineTime {
    /// All processors together, in nanoseconds.
    pub(super) ns: u64,
    /// The part of it in which they worked: neither idle nor waiting for a device.
    pub(super) busy_ns: u64,
    /// Online processors.
    pub(super) cpus: u64,
}

#[derive(Debug)]
pub(super) struct Clock(Kept);

impl Clock {
    pub(super) fn open(root: &Path) -> std::io::Result<Self> {
        Kept::open(&root.join("proc/stat")).map(Self)
    }

    pub(super) fn read(&self, buffer: &mut Vec<u8>) -> std::io::Result<MachineTime> {
        parse(self.0.text(buffer)?)
            .ok_or_else(|| std::io::Error::other("/proc/stat has no line for all processors"))
    }
}

/// The engine's sum: user, nice, system, idle, iowait, irq and softirq of the first line, without steal and guest.
fn parse(text: &str) -> Option<MachineTime> {
    let mut lines = text.lines();
    let all = lines.next()?.strip_prefix("cpu ")?;
    let (mut ticks, mut idle) = (0_u64, 0_u64);
    for (field, text) in all.split_ascii_whitespace().take(7).enumerate() {
        let count = text.parse().unwrap_or(0);
        ticks = ticks.checked_add(count)?;
        if IDLE.contains(&field) {
            idle = idle.checked_add(count)?;
        }
    }
    let cpus = lines.take_while(|line| line.starts_with("cpu")).count();
    Some(MachineTime {
        ns: ticks.checked_mul(TICK_NS)?,
        busy_ns: (ticks - idle).checked_mul(TICK_NS)?,
        cpus: u64::try_from(cpus).ok()?.max(1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stolen_and_guest_time_are_left_out_as_the_engine_does() {
        let text = "cpu  1 2 3 4 5 6 7 100 200 300\ncpu0 1 2 3 4 5 6 7 100 200 300\ncpu2 0 0 0 0 0 0 0 0 0 0\nintr 9 9\nctxt 1\n";
        assert_eq!(
            parse(text),
            Some(MachineTime {
                ns: 280_000_000,
                busy_ns: 190_000_000,
                cpus: 2
            })
        );
        assert_eq!(parse("intr 1\n"), None);
    }
}
