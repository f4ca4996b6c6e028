//! What needs a person.

use super::{fleet::Entry, fleet::Fleet, load::has_own_limit, sorting::sort};
use plimsoll_shared::{ContainerId, ContainerRow, ContainerState, Health, HostId, UnixMs};

/// From this share of its own limit on, memory needs a person.
const MEMORY_PERCENT: f64 = 90.0;
/// A container that the policy started this often, and that has run for less than [`LOOP_MS`], is in a loop.
const LOOP_RESTARTS: u64 = 3;
/// Five minutes.
const LOOP_MS: i64 = 300_000;
/// An end for want of memory is told for a day.
const OOM_MS: i64 = 86_400_000;

/// Why a container needs a person, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Need {
    /// It ends and is started again, over and over.
    RestartLoop {
        /// Restarts so far.
        restarts: Option<u64>,
    },
    /// The kernel ended it for want of memory.
    OomKilled {
        /// When; `None` when not known.
        at: Option<UnixMs>,
    },
    /// Its health check fails.
    Unhealthy,
    /// Its memory is nearly used up.
    MemoryFull {
        /// Percent of its own limit, rounded down.
        percent: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// It is paused.
    Paused,
}

impl Need {
    fn rank(self) -> u8 {
        match self {
            Self::RestartLoop { .. } => 0,
            Self::OomKilled { .. } => 1,
            Self::Unhealthy => 2,
            Self::MemoryFull { .. } => 3,
            Self::Paused => 4,
        }
    }

    /// Whether it is worse than a warning.
    pub(crate) fn is_bad(self) -> bool {
        self.rank() < 3
    }
}

/// A container that needs a person.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Attention {
    /// Where it is.
    pub(crate) host: HostId,
    /// Which it is.
    pub(crate) id: ContainerId,
    /// Its name.
    pub(crate) name: String,
    /// Why.
    pub(crate) need: Need,
}

/// All containers that need a person at `now`, the worst first, each for its worst reason. `host_memory` tells a host's memory in
/// bytes.
pub(crate) fn needs(
    fleet: &Fleet,
    host_memory: impl Fn(&HostId) -> Option<u64>,
    now: UnixMs,
) -> Vec<Attention> {
    let mut all: Vec<Attention> = fleet
        .iter()
        .filter_map(|(_, entry)| {
            let need = need(entry, host_memory(&entry.row.host), now)?;
            Some(Attention {
                host: entry.row.host.clone(),
                id: entry.row.id.clone(),
                name: entry.row.name.clone(),
                need,
            })
        })
        .collect();
    sort(&mut all, |a, b| {
        (a.need.rank(), &a.name, &a.id).cmp(&(b.need.rank(), &b.name, &b.id))
    });
    all
}

fn need(entry: &Entry, host_memory: Option<u64>, now: UnixMs) -> Option<Need> {
    let row = &*entry.row;
    if is_looping(row, now) {
        return Some(Need::RestartLoop {
            restarts: row.restarts,
        });
    }
    let lately = row.finished_at.is_none_or(|at| now.since(at) < OOM_MS);
    if row.oom_killed && !row.state.is_alive() && lately {
        return Some(Need::OomKilled {
            at: row.finished_at,
        });
    }
    if row.state == ContainerState::Running && row.health == Health::Unhealthy {
        return Some(Need::Unhealthy);
    }
    if let Some(numbers) = entry.numbers
        && has_own_limit(numbers.limit, host_memory)
        && let (Some(percent), Some(limit)) = (numbers.memory_percent(), numbers.limit)
        && percent >= MEMORY_PERCENT
    {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative, and far below 2^53"
        )]
        return Some(Need::MemoryFull {
            percent: percent as u64,
            limit,
        });
    }
    (row.state == ContainerState::Paused).then_some(Need::Paused)
}

fn is_looping(row: &ContainerRow, now: UnixMs) -> bool {
    let young = row.started_at.is_some_and(|at| now.since(at) < LOOP_MS);
    match row.state {
        ContainerState::Restarting => true,
        ContainerState::Running => young && row.restarts.is_some_and(|n| n >= LOOP_RESTARTS),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::sample::{fleet, row};
    use plimsoll_shared::{RowKey, RowReading};

    const NOW: UnixMs = UnixMs(100_000_000);

    fn told(rows: Vec<ContainerRow>, readings: Vec<RowReading>) -> Vec<(String, Need)> {
        let fleet = fleet(rows, readings);
        let all = needs(&fleet, |_| Some(10_000), NOW);
        all.into_iter()
            .map(|attention| (attention.name, attention.need))
            .collect()
    }

    #[test]
    fn a_quiet_fleet_needs_nobody() {
        let stopped = ContainerRow {
            state: ContainerState::Exited,
            ..row(2, "done")
        };
        let reading = RowReading(RowKey(1), Some(800.0), 899, Some(1000), None, None, None);
        assert_eq!(told(vec![row(1, "busy"), stopped], vec![reading]), []);
    }

    #[test]
    fn the_worst_comes_first_and_each_container_once() {
        let looping = ContainerRow {
            state: ContainerState::Restarting,
            restarts: Some(7),
            oom_killed: true,
            ..row(1, "crash")
        };
        let killed = ContainerRow {
            state: ContainerState::Exited,
            oom_killed: true,
            finished_at: Some(UnixMs(NOW.0 - 60_000)),
            ..row(2, "greedy")
        };
        let ill = ContainerRow {
            health: Health::Unhealthy,
            ..row(3, "ill")
        };
        let full = RowReading(RowKey(4), Some(1.0), 940, Some(1000), None, None, None);
        let paused = ContainerRow {
            state: ContainerState::Paused,
            ..row(5, "asleep")
        };
        let rows = vec![paused, row(4, "full"), ill, killed, looping];
        assert_eq!(
            told(rows, vec![full]),
            [
                ("crash".to_owned(), Need::RestartLoop { restarts: Some(7) }),
                (
                    "greedy".to_owned(),
                    Need::OomKilled {
                        at: Some(UnixMs(NOW.0 - 60_000))
                    }
                ),
                ("ill".to_owned(), Need::Unhealthy),
                (
                    "full".to_owned(),
                    Need::MemoryFull {
                        percent: 94,
                        limit: 1000
                    }
                ),
                ("asleep".to_owned(), Need::Paused),
            ]
        );
    }

    #[test]
    fn memory_against_the_hosts_own_is_no_limit() {
        let reading = RowReading(RowKey(1), Some(1.0), 9_900, Some(10_000), None, None, None);
        assert_eq!(told(vec![row(1, "a")], vec![reading]), []);
    }

    #[test]
    fn restarts_of_long_ago_are_no_loop_and_an_old_kill_is_forgotten() {
        let settled = ContainerRow {
            restarts: Some(9),
            ..row(1, "settled")
        };
        let old = ContainerRow {
            state: ContainerState::Exited,
            oom_killed: true,
            finished_at: Some(UnixMs(NOW.0 - OOM_MS)),
            ..row(2, "old")
        };
        assert_eq!(told(vec![settled.clone(), old], Vec::new()), []);
        let young = ContainerRow {
            started_at: Some(UnixMs(NOW.0 - 1000)),
            ..settled
        };
        assert_eq!(told(vec![young], Vec::new()).len(), 1);
    }
}
