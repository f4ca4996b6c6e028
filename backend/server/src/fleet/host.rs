//! One host of the fleet.

use plimsoll_model::ContainerFacts;
use plimsoll_shared::{
    Collection, ContainerEvent, ContainerId, ContainerRow, ContainerState, Counts, EngineFacts,
    Found, Health, HostId, HostRow, HostState, Reading, RowKey, RowReading, UnixMs,
};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// Ticks a spark remembers.
const SPARK_LEN: usize = 60;
/// Events a container's page starts with.
const EVENTS_KEPT: usize = 50;
/// Removed containers whose page still answers without the store.
const GRAVES_KEPT: usize = 256;

/// One container that is here now.
pub(crate) struct Tracked {
    pub(crate) facts: ContainerFacts,
    pub(crate) row: ContainerRow,
    pub(crate) reading: Option<Reading>,
    /// The numbers of the last frame.
    pub(crate) told: Option<RowReading>,
    pub(crate) spark: VecDeque<Option<f32>>,
    pub(crate) events: VecDeque<ContainerEvent>,
}

impl Tracked {
    pub(crate) fn new(facts: ContainerFacts, row: ContainerRow) -> Self {
        Self {
            facts,
            row,
            reading: None,
            told: None,
            spark: VecDeque::new(),
            events: VecDeque::new(),
        }
    }

    pub(crate) fn fall_silent(&mut self) {
        self.reading = None;
        self.told = None;
    }

    #[expect(clippy::cast_possible_truncation, reason = "a spark is 18 pixels high")]
    fn measured(&mut self, reading: Option<Reading>) {
        if self.spark.len() == SPARK_LEN {
            self.spark.pop_front();
        }
        self.spark
            .push_back(reading.and_then(|r| r.cpu_percent).map(|p| p as f32));
        self.reading = reading;
    }
}

/// A host: its engine and its containers.
pub(crate) struct Host {
    state: HostState,
    endpoint: Option<String>,
    engine: Option<EngineFacts>,
    pub(crate) collection: Collection,
    pub(crate) machine: Option<Reading>,
    last_heard: Option<UnixMs>,
    clock_skew_ms: Option<i64>,
    pub(crate) containers: BTreeMap<ContainerId, Tracked>,
    graves: VecDeque<Tracked>,
}

impl Host {
    pub(crate) fn new(now: UnixMs) -> Self {
        Self {
            state: HostState::Searching {
                since: now,
                tried: Vec::new(),
            },
            endpoint: None,
            engine: None,
            collection: Collection::Undecided,
            machine: None,
            last_heard: None,
            clock_skew_ms: None,
            containers: BTreeMap::new(),
            graves: VecDeque::new(),
        }
    }

    /// No engine was found. A host that had one stays "down": its last known rows are worth more than an empty page.
    pub(crate) fn searching(&mut self, tried: &[Found], now: UnixMs) {
        match &mut self.state {
            HostState::Searching { tried: known, .. } => *known = tried.to_vec(),
            HostState::Down { .. } => {}
            _ if self.engine.is_some() => {
                let reason = tried.first().map_or_else(
                    || "the engine is gone".to_owned(),
                    |found| found.problem.clone(),
                );
                self.state = HostState::Down { since: now, reason };
            }
            state => {
                *state = HostState::Searching {
                    since: now,
                    tried: tried.to_vec(),
                }
            }
        }
    }

    pub(crate) fn connected(
        &mut self,
        endpoint: &str,
        facts: &EngineFacts,
        clock_skew_ms: Option<i64>,
        now: UnixMs,
    ) {
        self.state = HostState::Up { since: now };
        self.endpoint = Some(endpoint.to_owned());
        self.engine = Some(facts.clone());
        // The engine may be another one's, on another machine.
        self.machine = None;
        self.clock_skew_ms = clock_skew_ms.or(self.clock_skew_ms);
        self.last_heard = Some(now);
    }

    pub(crate) fn lost(&mut self, reason: &str, now: UnixMs) {
        match &mut self.state {
            HostState::Down { reason: known, .. } => reason.clone_into(known),
            state => {
                *state = HostState::Down {
                    since: now,
                    reason: reason.to_owned(),
                }
            }
        }
    }

    /// The engine or a container of it was heard; a stale host is up again.
    pub(crate) fn heard(&mut self, now: UnixMs) {
        self.last_heard = Some(now);
        if matches!(self.state, HostState::Stale { .. }) {
            self.state = HostState::Up { since: now };
        }
    }

    pub(crate) fn age(&mut self, now: UnixMs, allowed_ms: i64) {
        if let (HostState::Up { .. }, Some(last)) = (&self.state, self.last_heard)
            && now.since(last) > allowed_ms
        {
            self.state = HostState::Stale { since: last };
        }
    }

    pub(crate) fn remember(&mut self, event: ContainerEvent) {
        if let Some(tracked) = self.containers.get_mut(&event.container) {
            if tracked.events.len() == EVENTS_KEPT {
                tracked.events.pop_front();
            }
            tracked.events.push_back(event);
        }
    }

    /// Takes in one sweep; answers the rows that had numbers and have none now.
    pub(crate) fn sweep(&mut self, readings: &[(ContainerId, Reading)]) -> Vec<RowKey> {
        let readings: HashMap<&ContainerId, &Reading> =
            readings.iter().map(|(id, reading)| (id, reading)).collect();
        let mut silent = Vec::new();
        for (id, tracked) in &mut self.containers {
            let reading = readings.get(id).copied().copied();
            if reading.is_none() && (tracked.told.is_some() || tracked.reading.is_some()) {
                tracked.fall_silent();
                silent.push(tracked.row.key);
            }
            tracked.measured(reading);
        }
        silent
    }

    pub(crate) fn bury(&mut self, id: &ContainerId, now: UnixMs) {
        if let Some(mut tracked) = self.containers.remove(id) {
            tracked.fall_silent();
            tracked.row.removed_at = Some(now);
            if self.graves.len() == GRAVES_KEPT {
                self.graves.pop_front();
            }
            self.graves.push_back(tracked);
        }
    }

    /// The container, or what is remembered of it after it went.
    pub(crate) fn find(&self, id: &ContainerId) -> Option<&Tracked> {
        self.containers.get(id).or_else(|| {
            self.graves
                .iter()
                .rev()
                .find(|tracked| tracked.row.id == *id)
        })
    }

    pub(crate) fn row(&self, id: &HostId) -> HostRow {
        let readings = || {
            self.containers
                .values()
                .filter_map(|tracked| tracked.reading.as_ref())
        };
        let cpu: Vec<f64> = readings()
            .filter_map(|reading| reading.cpu_percent)
            .collect();
        HostRow {
            id: id.clone(),
            endpoint: self.endpoint.clone(),
            state: self.state.clone(),
            engine: self.engine.clone(),
            collection: self.collection,
            counts: self.counts(),
            last_heard: self.last_heard,
            cpu_percent: (!cpu.is_empty()).then(|| cpu.iter().sum()),
            memory_used: readings()
                .next()
                .map(|_| readings().map(|reading| reading.memory.used).sum()),
            clock_skew_ms: self.clock_skew_ms,
            machine: self.machine,
        }
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for tracked in self.containers.values() {
            match tracked.row.state {
                ContainerState::Running => {
                    counts.running += 1;
                    counts.unhealthy += u32::from(tracked.row.health == Health::Unhealthy);
                }
                ContainerState::Paused => counts.paused += 1,
                ContainerState::Restarting => counts.restarting += 1,
                _ => counts.stopped += 1,
            }
        }
        counts
    }
}
