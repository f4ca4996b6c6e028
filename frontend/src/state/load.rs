//! How loaded a container is, as its mark shows it.

use super::fleet::Numbers;

/// Where the water line of a mark stands, and what it measures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Load {
    /// Memory in percent of the container's own limit.
    Memory(f64),
    /// CPU in percent of one core, where memory has no limit of its own.
    Cpu(f64),
    /// Nothing was measured: it does not run, or not for a second yet.
    Unmeasured,
}

impl Load {
    /// The load that these numbers mean on a host with `host_memory` bytes.
    pub(crate) fn of(numbers: Option<Numbers>, host_memory: Option<u64>) -> Self {
        let Some(numbers) = numbers else {
            return Self::Unmeasured;
        };
        if has_own_limit(numbers.limit, host_memory)
            && let Some(percent) = numbers.memory_percent()
        {
            return Self::Memory(percent);
        }
        numbers.cpu.map_or(Self::Unmeasured, Self::Cpu)
    }

    /// Height of the water line from 0 (empty) to 1 (full).
    pub(crate) fn level(self) -> Option<f64> {
        match self {
            Self::Memory(percent) | Self::Cpu(percent) => Some((percent / 100.0).clamp(0.0, 1.0)),
            Self::Unmeasured => None,
        }
    }
}

/// Whether a memory limit is the container's own: the kernel gives the host's memory, or more, where it has none.
pub(crate) fn has_own_limit(limit: Option<u64>, host_memory: Option<u64>) -> bool {
    match (limit, host_memory) {
        (Some(limit), Some(memory)) => limit > 0 && limit < memory,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::sample::{fleet, reading, row};
    use plimsoll_shared::RowKey;

    #[test]
    fn the_line_is_memory_against_its_own_limit_and_cpu_where_there_is_none() {
        let fleet = fleet(vec![row(1, "a"), row(2, "b")], vec![reading(1, 250.0)]);
        let a = fleet.get(RowKey(1)).unwrap().numbers;
        assert_eq!(Load::of(a, Some(10_000)), Load::Memory(10.0));
        assert_eq!(
            Load::of(a, Some(1000)),
            Load::Cpu(250.0),
            "the limit is the host's memory"
        );
        assert_eq!(
            Load::of(a, None),
            Load::Cpu(250.0),
            "the host's memory is not known"
        );
        assert_eq!(Load::Cpu(250.0).level(), Some(1.0));
        let b = fleet.get(RowKey(2)).unwrap().numbers;
        assert_eq!(Load::of(b, Some(10_000)).level(), None);
    }
}
