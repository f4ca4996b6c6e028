//! The fleet as it is right now: every host, every container, its last reading.
//!
//! A pure fold: observations go in, live frames come out. It is the only place that knows the present; the past is the store's.

mod frames;
mod host;
mod row;

pub use frames::{About, Step};
pub(crate) use row::{detail, row};

use host::{Host, Tracked};
use plimsoll_model::Observation;
use plimsoll_shared::{
    ContainerDetail, ContainerEvent, ContainerId, ContainerNow, HostId, HostRow, RowKey, UnixMs,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// All hosts and what changed since the last frame was taken.
pub struct Fleet {
    hosts: BTreeMap<HostId, Host>,
    keys: RowKeys,
    interval_ms: u64,
    seq: u64,
    changes: Changes,
}

/// What changed since the last frame.
#[derive(Default)]
struct Changes {
    rows: BTreeSet<(HostId, ContainerId)>,
    gone: Vec<RowKey>,
    silent: BTreeSet<RowKey>,
    measured: bool,
    events: Vec<ContainerEvent>,
}

/// Hands out one short number per container and remembers it, so that a container keeps its number.
#[derive(Default)]
struct RowKeys {
    next: u32,
    known: HashMap<(HostId, ContainerId), RowKey>,
}

impl RowKeys {
    fn of(&mut self, host: &HostId, id: &ContainerId) -> RowKey {
        *self
            .known
            .entry((host.clone(), id.clone()))
            .or_insert_with(|| {
                self.next += 1;
                RowKey(self.next)
            })
    }

    fn forget(&mut self, host: &HostId, id: &ContainerId) -> Option<RowKey> {
        self.known.remove(&(host.clone(), id.clone()))
    }
}

impl Fleet {
    /// An empty fleet that knows these hosts and expects a sweep every `interval_ms`.
    pub fn new(hosts: impl IntoIterator<Item = HostId>, interval_ms: u64, now: UnixMs) -> Self {
        let hosts = hosts.into_iter().map(|id| (id, Host::new(now))).collect();
        Self {
            hosts,
            keys: RowKeys::default(),
            interval_ms,
            seq: 0,
            changes: Changes::default(),
        }
    }

    /// Takes in what a collector saw on `host`. An observation of a host that is not ours is ignored.
    pub fn apply(&mut self, host_id: &HostId, observation: &Observation, now: UnixMs) {
        let Some(host) = self.hosts.get_mut(host_id) else {
            return;
        };
        match observation {
            Observation::Searching(tried) => host.searching(tried, now),
            Observation::Connected {
                endpoint,
                facts,
                clock_skew_ms,
            } => host.connected(endpoint, facts, *clock_skew_ms, now),
            Observation::Lost(reason) => host.lost(reason, now),
            Observation::Listed(listed) => {
                host.heard(now);
                let present: BTreeSet<&ContainerId> =
                    listed.iter().map(|facts| &facts.id).collect();
                let gone: Vec<ContainerId> = host
                    .containers
                    .keys()
                    .filter(|id| !present.contains(id))
                    .cloned()
                    .collect();
                for id in gone {
                    self.remove(host_id, &id, now);
                }
                for facts in listed {
                    self.upsert(host_id, facts);
                }
            }
            Observation::Container(facts) => {
                host.heard(now);
                self.upsert(host_id, facts);
            }
            Observation::Removed(id) => {
                host.heard(now);
                self.remove(host_id, id, now);
            }
            Observation::Happened(happening) => {
                host.heard(now);
                let event = row::event(host_id, happening);
                host.remember(event.clone());
                self.changes.events.push(event);
            }
            Observation::Readings(batch) => {
                host.heard(now);
                host.collection = batch.collection;
                host.machine = batch.machine.as_deref().copied();
                self.changes.measured = true;
                for key in host.sweep(&batch.readings) {
                    self.changes.silent.insert(key);
                }
            }
        }
    }

    /// Marks hosts that have been silent for longer than two intervals as stale.
    pub fn age(&mut self, now: UnixMs) {
        let allowed = i64::try_from(self.interval_ms)
            .unwrap_or(i64::MAX)
            .saturating_mul(2)
            .max(2000)
            + 500;
        for host in self.hosts.values_mut() {
            host.age(now, allowed);
        }
    }

    /// Every host's row.
    pub fn hosts(&self) -> Vec<HostRow> {
        self.hosts.iter().map(|(id, host)| host.row(id)).collect()
    }

    /// One host's row.
    pub fn host(&self, id: &HostId) -> Option<HostRow> {
        self.hosts.get(id).map(|host| host.row(id))
    }

    /// Every container with its last reading, by host and name.
    pub fn containers(&self) -> Vec<ContainerNow> {
        let mut all: Vec<ContainerNow> = self
            .hosts
            .values()
            .flat_map(|host| host.containers.values())
            .map(|tracked| ContainerNow {
                row: tracked.row.clone(),
                reading: tracked.reading,
            })
            .collect();
        all.sort_by(|a, b| {
            (&a.row.host, &a.row.name, &a.row.id).cmp(&(&b.row.host, &b.row.name, &b.row.id))
        });
        all
    }

    /// One container's page, if it is here now.
    pub fn detail(&self, host: &HostId, id: &ContainerId) -> Option<ContainerDetail> {
        let tracked = self.hosts.get(host)?.containers.get(id)?;
        Some(row::detail(&tracked.facts, tracked.row.clone()))
    }

    fn upsert(&mut self, host_id: &HostId, facts: &plimsoll_model::ContainerFacts) {
        let Some(host) = self.hosts.get_mut(host_id) else {
            return;
        };
        let key = self.keys.of(host_id, &facts.id);
        let facts = match host.containers.get(&facts.id) {
            Some(tracked) => row::merge(&tracked.facts, facts),
            None => facts.clone(),
        };
        let row = row::row(host_id, key, &facts);
        let id = facts.id.clone();
        match host.containers.get_mut(&id) {
            Some(tracked) => {
                if tracked.reading.is_some() && !facts.state.is_alive() {
                    tracked.fall_silent();
                    self.changes.silent.insert(key);
                }
                let changed = tracked.row != row;
                tracked.facts = facts;
                if !changed {
                    return;
                }
                tracked.row = row;
            }
            None => {
                host.containers.insert(id.clone(), Tracked::new(facts, row));
            }
        }
        self.changes.rows.insert((host_id.clone(), id));
    }

    fn remove(&mut self, host_id: &HostId, id: &ContainerId, now: UnixMs) {
        let Some(host) = self.hosts.get_mut(host_id) else {
            return;
        };
        host.bury(id, now);
        self.changes.rows.remove(&(host_id.clone(), id.clone()));
        if let Some(key) = self.keys.forget(host_id, id) {
            self.changes.silent.remove(&key);
            self.changes.gone.push(key);
        }
    }
}

#[cfg(test)]
mod tests;
