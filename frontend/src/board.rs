//! What the live stream says, as signals: one copy for all pages, fine enough that a tick touches only what changed.

use crate::{
    live::Live,
    state::{
        fleet::{Changes, Entry, Fleet, Numbers},
        spark::{Spark, draw},
    },
};
use leptos::prelude::*;
use plimsoll_shared::{
    Body, ContainerRow, Frame, HostId, HostRow, HostState, Recording, RowKey, UnixMs, View,
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// The hosts, and what else comes with every heartbeat.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Heartbeat {
    /// Hosts.
    pub(crate) hosts: Vec<HostRow>,
    /// Whether history is being written.
    pub(crate) recording: Recording,
    /// Names the pages that the server serves.
    pub(crate) build: String,
}

/// The signals of one row that is in the document.
#[derive(Clone)]
pub(crate) struct Cell {
    /// The row.
    pub(crate) row: ArcRwSignal<Arc<ContainerRow>>,
    /// Its numbers.
    pub(crate) numbers: ArcRwSignal<Option<Numbers>>,
    /// Its CPU of the last minute.
    pub(crate) spark: ArcRwSignal<Arc<Spark>>,
}

impl Cell {
    fn of(entry: &Entry) -> Self {
        Self {
            row: ArcRwSignal::new(entry.row.clone()),
            numbers: ArcRwSignal::new(entry.numbers),
            spark: ArcRwSignal::new(Arc::new(draw(entry.spark.iter().copied()))),
        }
    }

    fn refresh(&self, entry: &Entry, measured: bool) {
        if !Arc::ptr_eq(&self.row.read_untracked(), &entry.row) {
            self.row.set(entry.row.clone());
        }
        if *self.numbers.read_untracked() != entry.numbers {
            self.numbers.set(entry.numbers);
        }
        if measured {
            self.spark.set(Arc::new(draw(entry.spark.iter().copied())));
        }
    }
}

/// What the live stream says; a handle that every component may copy.
#[derive(Clone, Copy)]
pub(crate) struct Board {
    fleet: StoredValue<Fleet>,
    /// Signals of the rows in the document, with how many use them.
    cells: StoredValue<HashMap<RowKey, (usize, Cell)>>,
    applied: StoredValue<Option<u64>>,
    changed: RwSignal<u64>,
    /// When the last frame with containers was made, by the server's clock.
    pub(crate) at: RwSignal<Option<UnixMs>>,
    /// The hosts; `None` before the first frame.
    pub(crate) heartbeat: RwSignal<Option<Arc<Heartbeat>>>,
}

impl Board {
    /// Makes the board, follows the hosts for good, and offers it to all components.
    pub(crate) fn provide(live: Live) -> Self {
        let board = Self {
            fleet: StoredValue::new(Fleet::default()),
            cells: StoredValue::new(HashMap::new()),
            applied: StoredValue::new(None),
            changed: RwSignal::new(0),
            at: RwSignal::new(None),
            heartbeat: RwSignal::new(None),
        };
        live.watch(View::Hosts, move |frame| board.hear(frame));
        provide_context(board);
        board
    }

    /// Follows the containers until the component that calls this is taken off the page.
    pub(crate) fn follow_containers(self, live: Live) {
        live.watch(View::Containers, move |frame| self.take(frame));
    }

    /// Reads the containers; what called this runs again when any of them changes.
    pub(crate) fn containers<T>(self, read: impl FnOnce(&Fleet) -> T) -> T {
        self.changed.track();
        self.fleet.with_value(read)
    }

    /// Reads the containers as they are now, without following them.
    pub(crate) fn containers_now<T>(self, read: impl FnOnce(&Fleet) -> T) -> T {
        self.fleet.with_value(read)
    }

    /// The signals of a row, as long as the component that calls this is on the page; `None` when there is no such row.
    pub(crate) fn cell(self, key: RowKey) -> Option<Cell> {
        let known = self.cells.try_update_value(|cells| {
            cells.get_mut(&key).map(|(users, cell)| {
                *users += 1;
                cell.clone()
            })
        });
        let cell = match known.flatten() {
            Some(cell) => cell,
            None => {
                let cell = self
                    .fleet
                    .with_value(|fleet| fleet.get(key).map(Cell::of))?;
                self.cells.update_value(|cells| {
                    cells.insert(key, (1, cell.clone()));
                });
                cell
            }
        };
        on_cleanup(move || {
            // The board goes last, with the whole console.
            let _ = self.cells.try_update_value(|cells| {
                if let Some((users, _)) = cells.get_mut(&key) {
                    *users -= 1;
                    if *users == 0 {
                        cells.remove(&key);
                    }
                }
            });
        });
        Some(cell)
    }

    /// A host by its id.
    pub(crate) fn host(self, id: &HostId) -> Option<HostRow> {
        let heartbeat = self.heartbeat.get()?;
        heartbeat.hosts.iter().find(|host| host.id == *id).cloned()
    }

    /// The hosts whose engine does not answer now: their numbers are old.
    pub(crate) fn aged_hosts(self) -> BTreeSet<HostId> {
        let heartbeat = self.heartbeat.get();
        let hosts = heartbeat.iter().flat_map(|heartbeat| &heartbeat.hosts);
        let aged = hosts.filter(|host| !matches!(host.state, HostState::Up { .. }));
        aged.map(|host| host.id.clone()).collect()
    }

    /// Memory of each host in bytes.
    pub(crate) fn host_memory(self) -> HashMap<HostId, u64> {
        self.facts(|engine| engine.memory)
    }

    /// Cores of each host.
    pub(crate) fn host_cores(self) -> HashMap<HostId, u64> {
        self.facts(|engine| engine.cpus)
    }

    fn facts(self, read: impl Fn(&plimsoll_shared::EngineFacts) -> u64) -> HashMap<HostId, u64> {
        let heartbeat = self.heartbeat.get();
        let hosts = heartbeat.iter().flat_map(|heartbeat| &heartbeat.hosts);
        hosts
            .filter_map(|host| Some((host.id.clone(), read(host.engine.as_ref()?))))
            .collect()
    }

    fn hear(self, frame: &Frame) {
        if let Body::Hosts {
            hosts,
            recording,
            build,
            ..
        } = &frame.body
        {
            let heartbeat = Heartbeat {
                hosts: hosts.clone(),
                recording: recording.clone(),
                build: build.clone(),
            };
            self.heartbeat.set(Some(Arc::new(heartbeat)));
        }
    }

    /// Two parts of a page may follow the containers at once; each frame is taken in once.
    fn take(self, frame: &Frame) {
        let full = matches!(frame.body, Body::ContainersFull { .. });
        if !full && self.applied.get_value() == Some(frame.seq) {
            return;
        }
        self.applied.set_value(Some(frame.seq));
        let changes = self
            .fleet
            .try_update_value(|fleet| fleet.apply(&frame.body));
        self.tell(&changes.unwrap_or_default(), full);
        self.at.set(Some(frame.at));
        self.changed.update(|version| *version += 1);
    }

    fn tell(self, changes: &Changes, full: bool) {
        let cells: Vec<(RowKey, Cell)> = self.cells.with_value(|cells| {
            cells
                .iter()
                .filter(|(key, _)| changes.numbers || full || changes.rows.contains(key))
                .map(|(key, (_, cell))| (*key, cell.clone()))
                .collect()
        });
        self.fleet.with_value(|fleet| {
            for (key, cell) in cells {
                if let Some(entry) = fleet.get(key) {
                    cell.refresh(entry, changes.numbers);
                }
            }
        });
    }
}

/// The board, in any component.
pub(crate) fn use_board() -> Board {
    expect_context()
}
