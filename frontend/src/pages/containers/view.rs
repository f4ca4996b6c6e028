//! The state of the table, as signals; the URL holds the part that is worth sharing.

use super::places::Places;
use crate::{
    address::{Address, use_address},
    board::Board,
    components::{memo, read_query},
    prefs::{CpuShare, Prefs, use_prefs},
    state::{
        columns::{Column, fits_narrow},
        fleet::Kind,
        order::{Line, Lines, lines},
        query::{Density, Query},
        route::Route,
        sums::kinds,
    },
    words::{Words, words},
};
use leptos::prelude::*;
use plimsoll_shared::{ContainerId, HostId, RowKey};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};
use wasm_bindgen::{JsCast as _, prelude::Closure};
use web_sys::MediaQueryListEvent;

/// The state of the table; a handle that every part of the page may copy.
#[derive(Clone, Copy)]
pub(super) struct TableView {
    /// What the live stream says.
    pub(super) board: Board,
    /// What this person prefers.
    pub(super) prefs: Prefs,
    /// The words.
    pub(super) words: &'static Words,
    /// What the URL asks for.
    pub(super) query: Memo<Query>,
    /// How many containers of which kind there are, on the chosen host or all.
    pub(super) kinds: Memo<[usize; Kind::ALL.len()]>,
    /// Its columns.
    pub(super) columns: Memo<Vec<Column>>,
    /// Its lines, in order.
    pub(super) lines: Memo<Arc<Lines>>,
    /// Groups whose rows are folded away.
    pub(super) folded: RwSignal<HashSet<Option<String>>>,
    /// Selected rows.
    pub(super) selected: RwSignal<HashSet<ContainerId>>,
    /// The row that keys act on.
    pub(super) cursor: RwSignal<Option<RowKey>>,
    /// Pixels scrolled.
    pub(super) scrolled: RwSignal<f64>,
    /// Hosts whose numbers are old.
    pub(super) aged: Memo<BTreeSet<HostId>>,
    /// Memory of each host.
    pub(super) host_memory: Memo<HashMap<HostId, u64>>,
    /// Cores of each host, when CPU is told as a share of them.
    pub(super) cores: Memo<HashMap<HostId, u64>>,
    /// A telephone has room for few columns.
    pub(super) narrow: RwSignal<bool>,
    /// A touch screen needs higher rows.
    coarse: RwSignal<bool>,
    /// The address bar.
    pub(super) address: Address,
}

impl TableView {
    /// The table that the URL asks for, as it was left when it is a place this tab was at before.
    pub(super) fn new(board: Board) -> Self {
        let prefs = use_prefs();
        let address = use_address();
        let query = Memo::new(move |before: Option<&Query>| match before {
            // On the way to another page: its parameters are not this table's.
            Some(before) if *address.route.read() != Route::Containers => before.clone(),
            _ => read_query(address),
        });
        let places = Places::of_this_tab();
        let left = places.left(&query.get_untracked());
        let folded = RwSignal::new(left.folded);
        let lines = Memo::new(move |before: Option<&Arc<Lines>>| {
            board.containers(|fleet| {
                query.with(|query| {
                    folded
                        .with(|folded| Arc::new(lines(fleet, query, folded, before.map(|b| &**b))))
                })
            })
        });
        let narrow = media("(max-width: 720px)");
        let view =
            Self {
                board,
                prefs,
                words: words(),
                query,
                kinds: memo(move || {
                    let host = query.with(|query| query.host.clone());
                    board.containers(|fleet| {
                        let all = fleet.iter().map(|(_, entry)| entry);
                        kinds(all.filter(|entry| {
                            host.as_ref().is_none_or(|host| *host == entry.row.host)
                        }))
                    })
                }),
                columns: memo(move || {
                    let mut columns = query.with(Query::shown);
                    columns.retain(|column| !narrow.get() || fits_narrow(*column));
                    columns
                }),
                lines,
                folded,
                selected: RwSignal::new(left.selected),
                cursor: RwSignal::new(left.cursor),
                scrolled: RwSignal::new(left.scrolled),
                aged: memo(move || board.aged_hosts()),
                host_memory: memo(move || board.host_memory()),
                cores: memo(move || match prefs.cpu.get() {
                    CpuShare::Core => HashMap::new(),
                    CpuShare::Host => board.host_cores(),
                }),
                narrow,
                coarse: media("(pointer: coarse)"),
                address,
            };
        places.keep(view);
        view
    }

    /// Changes what the table shows, as a step that the browser's back button takes back.
    pub(super) fn change(self, change: impl FnOnce(&mut Query)) {
        let mut query = self.query.get_untracked();
        change(&mut query);
        self.address.go(&query.url(), false);
    }

    /// A row's height in CSS pixels.
    pub(super) fn row_height(self) -> f64 {
        self.density().row_height()
    }

    /// How high rows are: what was chosen, or what fingers need.
    pub(super) fn density(self) -> Density {
        match self.query.with(|query| query.density) {
            Density::Usual if self.coarse.get() => Density::Roomy,
            chosen => chosen,
        }
    }

    /// The sentence beside the heading; empty before anything is known.
    pub(super) fn summary(self) -> String {
        let hosts = self
            .board
            .heartbeat
            .get()
            .map_or(0, |heartbeat| heartbeat.hosts.len());
        let hosts = if self.query.with(|query| query.host.is_some()) {
            1
        } else {
            hosts
        };
        let searching = self.host_memory.with(HashMap::is_empty);
        if hosts == 0 || searching || !self.board.containers(|fleet| fleet.is_known()) {
            return String::new();
        }
        (self.words.table.summary)(self.kinds.get(), hosts)
    }

    /// Rows on the table from top to bottom, without headings.
    pub(super) fn rows(self) -> Vec<RowKey> {
        self.lines.with_untracked(|lines| {
            let row = |line: &Line| match line {
                Line::Row(key) => Some(*key),
                Line::Group(_) | Line::Stopped => None,
            };
            lines.lines.iter().filter_map(row).collect()
        })
    }

    /// Selects a row, or takes it back.
    pub(super) fn toggle_selected(self, key: RowKey) {
        let id = self
            .board
            .containers_now(|fleet| fleet.get(key).map(|entry| entry.row.id.clone()));
        if let Some(id) = id {
            self.selected.update(|selected| {
                if !selected.remove(&id) {
                    selected.insert(id);
                }
            });
        }
    }

    /// Address of a row's own page.
    pub(super) fn url_of(self, key: RowKey) -> Option<String> {
        self.board.containers_now(|fleet| {
            fleet
                .get(key)
                .map(|entry| format!("/hosts/{}/containers/{}", entry.row.host, entry.row.id))
        })
    }
}

/// Whether a media query holds, as long as the component that calls this is on the page.
fn media(query: &str) -> RwSignal<bool> {
    let holds = RwSignal::new(false);
    let Ok(Some(list)) = window().match_media(query) else {
        return holds;
    };
    holds.set(list.matches());
    let changed = Closure::<dyn Fn(MediaQueryListEvent)>::new(move |event: MediaQueryListEvent| {
        holds.set(event.matches());
    });
    list.set_onchange(Some(changed.as_ref().unchecked_ref()));
    let kept = StoredValue::new_local(Some((list, changed)));
    on_cleanup(move || {
        let _ = kept.try_update_value(|kept| {
            if let Some((list, _)) = kept.take() {
                list.set_onchange(None);
            }
        });
    });
    holds
}
