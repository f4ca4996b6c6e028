//! What the page of one container knows, kept up to date: asked over HTTP once, then followed live.

use crate::{
    api::{self, Failure},
    board::use_board,
    charts::use_paper,
    components::{effect, memo},
    live::{Live, use_live},
    pages::readings::Readings,
    state::{
        lately::merge,
        look::{Look, Span},
        window::Window,
    },
};
use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};
use plimsoll_shared::{
    Body, ContainerDetail, ContainerEvent, ContainerId, ContainerRow, EventKind, Frame, HostId,
    HostRow, HostState, Recording, UnixMs, View, lines::Subject, series::Metric,
};
use std::sync::Arc;

/// A stream that says nothing for this long does not hold the history up.
const WAIT_FOR_STREAM_MS: u32 = 1500;
/// Events asked for at once; those of the last day are rarely more.
const EVENTS: usize = 500;
/// What the charts of a container draw.
const METRICS: [Metric; 9] = [
    Metric::Cpu,
    Metric::Throttled,
    Metric::Memory,
    Metric::MemoryCache,
    Metric::NetReceived,
    Metric::NetSent,
    Metric::BlockRead,
    Metric::BlockWritten,
    Metric::Pids,
];
/// Most containers before this one whose events are asked for.
const MOST_KIN: usize = 4;

/// Everything known of one container; a handle that every part of the page may copy.
#[derive(Clone, Copy)]
pub(super) struct Feed {
    live: Live,
    place: StoredValue<(HostId, ContainerId)>,
    /// Its row; `None` while it is being asked for.
    pub(super) row: RwSignal<Option<Arc<ContainerRow>>>,
    /// What the row has no room for.
    pub(super) detail: RwSignal<Option<Arc<ContainerDetail>>>,
    /// Whether there is no such container.
    pub(super) missing: RwSignal<bool>,
    /// Why the page could not be loaded.
    pub(super) failure: RwSignal<Option<Failure>>,
    /// Its readings.
    pub(super) readings: Readings,
    /// The readings' window.
    pub(super) window: RwSignal<Window>,
    /// Counts what the live stream brought.
    pub(super) tick: RwSignal<u64>,
    /// What happened to it, newest first.
    pub(super) events: RwSignal<Arc<Vec<ContainerEvent>>>,
    /// What happened to those that it took over from, newest first.
    pub(super) kin: RwSignal<Arc<Vec<ContainerEvent>>>,
    asked_kin: StoredValue<Vec<ContainerId>>,
    /// Its host; `None` until the stream tells.
    pub(super) host: Memo<Option<Arc<HostRow>>>,
    /// Whether history is being written; `true` until the stream tells otherwise.
    pub(super) recording: Memo<bool>,
}

impl Feed {
    /// Begins to follow a container, until the component that calls this is taken off the page.
    pub(super) fn follow(host: HostId, id: ContainerId) -> Self {
        let live = use_live();
        let board = use_board();
        let readings = Readings::of(Subject::Container(host.clone(), id.clone()), &METRICS);
        let feed = Self {
            live,
            row: RwSignal::new(None),
            detail: RwSignal::new(None),
            missing: RwSignal::new(false),
            failure: RwSignal::new(None),
            readings,
            window: readings.window,
            tick: readings.tick,
            events: RwSignal::default(),
            kin: RwSignal::default(),
            asked_kin: StoredValue::new(Vec::new()),
            host: memo({
                let host = host.clone();
                move || board.host(&host).map(Arc::new)
            }),
            recording: memo(move || {
                board
                    .heartbeat
                    .get()
                    .is_none_or(|heartbeat| matches!(heartbeat.recording, Recording::On))
            }),
            place: StoredValue::new((host.clone(), id.clone())),
        };
        feed.ask_detail();
        feed.ask_events(None);
        live.watch(View::Container(host, id), move |frame| feed.take(frame));
        let look = use_paper().look;
        let end = memo(move || look.with(past_end));
        effect(move || {
            if let Some(end) = end.get() {
                feed.ask_events(Some(end));
            }
        });
        effect(move || {
            readings.grain.track();
            feed.ask_kin();
        });
        let late = Timeout::new(WAIT_FOR_STREAM_MS, move || {
            if !feed.window.is_disposed() && !readings.is_asked() {
                readings.ask();
            }
        });
        let late = StoredValue::new_local(Some(late));
        on_cleanup(move || {
            let _ = late.try_update_value(Option::take);
        });
        feed
    }

    /// Its host and id.
    pub(super) fn place(self) -> (HostId, ContainerId) {
        self.place.get_value()
    }

    /// The address of its charts around an instant.
    pub(super) fn charts_at(self, at: UnixMs) -> String {
        let (host, id) = self.place.get_value();
        let path = format!("/hosts/{host}/containers/{id}/charts");
        Look::link(&path, at, self.live.server_now())
    }

    /// Loads everything that could not be loaded again.
    pub(super) fn retry(self) {
        self.failure.set(None);
        self.readings.no_history.set(None);
        self.ask_detail();
        self.ask_events(None);
        self.readings.ask();
    }

    /// When the engine was last heard, if it is not heard now.
    pub(super) fn as_of(self) -> Option<UnixMs> {
        let host = self.host.get()?;
        match &host.state {
            HostState::Up { .. } => None,
            HostState::Stale { since }
            | HostState::Down { since, .. }
            | HostState::Searching { since, .. } => Some(host.last_heard.unwrap_or(*since)),
        }
    }

    /// Cores of the host, once it is known.
    pub(super) fn cores(self) -> Option<u64> {
        self.host
            .with(|host| {
                host.as_ref()
                    .and_then(|host| host.engine.as_ref())
                    .map(|engine| engine.cpus)
            })
            .filter(|cpus| *cpus > 0)
    }

    fn take(self, frame: &Frame) {
        let Body::Container {
            row,
            reading,
            events,
            full,
        } = &frame.body
        else {
            return;
        };
        if let Some(row) = row
            && self
                .row
                .with_untracked(|known| known.as_deref() != Some(row))
        {
            self.row.set(Some(Arc::new(row.as_ref().clone())));
        }
        if !events.is_empty() {
            self.add_events(events.clone());
        }
        self.readings.take(frame.at, reading.as_deref(), *full);
        if *full {
            // The first frame, or the first after a lost connection: whatever happened in between is in the history.
            self.ask_events(None);
        }
        let changes = |event: &ContainerEvent| {
            matches!(
                event.kind,
                EventKind::Start | EventKind::Update | EventKind::Rename | EventKind::Destroy
            )
        };
        if (*full && self.tick.get_untracked() > 1) || (!*full && events.iter().any(changes)) {
            self.ask_detail();
        }
    }

    fn add_events(self, more: Vec<ContainerEvent>) {
        let mut all = self.events.with_untracked(|events| events.as_ref().clone());
        merge(&mut all, more);
        if self.events.with_untracked(|events| **events != all) {
            self.events.set(Arc::new(all));
        }
    }

    fn ask_detail(self) {
        let (host, id) = self.place.get_value();
        spawn_local(async move {
            let answer = api::container(&host, &id).await;
            // The page may have been left in the meantime.
            if self.missing.is_disposed() {
                return;
            }
            match answer {
                Ok(detail) => {
                    // The stream's row is newer, where there is one; but it does not know those that are gone.
                    if self.row.with_untracked(Option::is_none) || detail.row.removed_at.is_some() {
                        self.row.set(Some(Arc::new(detail.row.clone())));
                    }
                    self.missing.set(false);
                    self.failure.set(None);
                    self.detail.set(Some(Arc::new(detail)));
                }
                Err(failure) if failure.is_not_found() => self.missing.set(true),
                Err(failure) => self.failure.set(Some(failure)),
            }
        });
    }

    /// Asks for the newest events, or for those before an instant.
    fn ask_events(self, before: Option<UnixMs>) {
        let (host, id) = self.place.get_value();
        spawn_local(async move {
            // Without them the charts lack their event lines; the events' own part says what failed.
            if let Ok(page) = events(&host, &id, before).await
                && !self.events.is_disposed()
            {
                self.add_events(page);
            }
        });
    }

    /// Asks for the events of those in the time shown that it took over from, each once.
    fn ask_kin(self) {
        let (host, own) = self.place.get_value();
        let (_, to) = self.window.with_untracked(Window::bounds);
        let begins = self
            .window
            .with_untracked(|window| window.begins().to_vec());
        let mut asked = self.asked_kin.get_value();
        for begin in begins.into_iter().rev() {
            let id = begin.container;
            if id == own || asked.contains(&id) || asked.len() >= MOST_KIN {
                continue;
            }
            asked.push(id.clone());
            let host = host.clone();
            spawn_local(async move {
                if let Ok(page) = events(&host, &id, Some(to)).await
                    && !self.kin.is_disposed()
                {
                    self.kin.update(|kin| {
                        let mut all = kin.as_ref().clone();
                        merge(&mut all, page);
                        *kin = Arc::new(all);
                    });
                }
            });
        }
        self.asked_kin.set_value(asked);
    }
}

/// Where the time shown ends, if it is past.
fn past_end(look: &Look) -> Option<UnixMs> {
    match look.span {
        Span::Past(_, to) => Some(to),
        Span::Live(_) => None,
    }
}

/// A container's events, or those before an instant: a place in the list of events is written as its time and a number.
async fn events(
    host: &HostId,
    id: &ContainerId,
    before: Option<UnixMs>,
) -> Result<Vec<ContainerEvent>, Failure> {
    let before = before.map(|at| format!("{}.0", at.0 + 1));
    let page = api::container_events(host, id, before.as_deref(), EVENTS).await?;
    Ok(page.items)
}
