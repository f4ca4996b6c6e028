//! The numbers at the top: hosts and containers by state, and what all containers use together.

use plimsoll_shared::{Counts, HostId, HostRow, HostState};

/// Sums over the hosts in view.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Tiles {
    /// Hosts whose engine answers, is silent, is down, and is still looked for.
    pub(crate) hosts: [u32; 4],
    /// Containers by state.
    pub(crate) containers: Counts,
    /// CPU of all containers in percent of one core; `None` when nothing was measured, as with the others.
    pub(crate) cpu: Option<f64>,
    /// Cores of the hosts that were measured.
    pub(crate) cores: u64,
    /// Memory of all containers, bytes.
    pub(crate) memory: Option<u64>,
    /// Memory of the hosts that were measured, bytes.
    pub(crate) all_memory: u64,
}

impl Tiles {
    /// The sums over all hosts, or over `scope` alone.
    pub(crate) fn of(hosts: &[HostRow], scope: Option<&HostId>) -> Self {
        let mut tiles = Self::default();
        for host in hosts {
            if scope.is_none_or(|scope| *scope == host.id) {
                tiles.add(host);
            }
        }
        tiles
    }

    /// Whether all of it is what was last heard: no engine in view answers.
    pub(crate) fn is_old(&self) -> bool {
        self.hosts[0] == 0
    }

    fn add(&mut self, host: &HostRow) {
        let place = match host.state {
            HostState::Up { .. } => 0,
            HostState::Stale { .. } => 1,
            HostState::Down { .. } => 2,
            HostState::Searching { .. } => 3,
        };
        self.hosts[place] += 1;
        let (sum, counts) = (&mut self.containers, host.counts);
        sum.running += counts.running;
        sum.unhealthy += counts.unhealthy;
        sum.paused += counts.paused;
        sum.restarting += counts.restarting;
        sum.stopped += counts.stopped;
        let Some(engine) = &host.engine else {
            return;
        };
        if let Some(cpu) = host.cpu_percent {
            self.cpu = Some(self.cpu.unwrap_or_default() + cpu);
            self.cores += engine.cpus;
        }
        if let Some(memory) = host.memory_used {
            self.memory = Some(self.memory.unwrap_or_default().saturating_add(memory));
            self.all_memory += engine.memory;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::sample::host;
    use plimsoll_shared::{EngineFacts, UnixMs};

    fn measured(id: &str, cpu: Option<f64>) -> HostRow {
        HostRow {
            counts: Counts {
                running: 2,
                unhealthy: 1,
                ..Counts::default()
            },
            cpu_percent: cpu,
            memory_used: cpu.map(|_| 100),
            engine: Some(EngineFacts {
                cpus: 4,
                memory: 1000,
                ..EngineFacts::default()
            }),
            ..host(id, HostState::Up { since: UnixMs(0) })
        }
    }

    #[test]
    fn a_host_that_was_not_measured_adds_neither_use_nor_room() {
        let down = HostState::Down {
            since: UnixMs(0),
            reason: String::new(),
        };
        let hosts = [
            measured("a", Some(50.0)),
            measured("b", None),
            host("c", down),
        ];
        let all = Tiles::of(&hosts, None);
        assert_eq!(all.hosts, [2, 0, 1, 0]);
        assert_eq!((all.containers.running, all.containers.unhealthy), (4, 2));
        assert_eq!((all.cpu, all.cores), (Some(50.0), 4));
        assert_eq!((all.memory, all.all_memory), (Some(100), 1000));
        let b: HostId = "b".parse().unwrap();
        let only = Tiles::of(&hosts, Some(&b));
        assert_eq!((only.hosts, only.cpu), ([1, 0, 0, 0], None));
        assert!(!all.is_old());
        assert!(Tiles::of(&hosts[2..], None).is_old());
    }
}
