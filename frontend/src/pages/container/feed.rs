//! What the page of one container knows, kept up to date: asked over HTTP once, then followed live.

use crate::{
    api::{self, Failure},
    board::use_board,
    live::{Live, use_live},
    state::{
        lately::merge,
        window::{Range, Window, points_for},
    },
};
use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};
use plimsoll_shared::{
    Body, ContainerDetail, ContainerEvent, ContainerId, ContainerRow, EventKind, Frame, HostId,
    HostRow, HostState, Recording, UnixMs, View,
};
use std::sync::Arc;

/// A stream that says nothing for this long does not hold the history up.
const WAIT_FOR_STREAM_MS: u32 = 1500;
/// Events asked for at once; those of the last day are rarely more.
const EVENTS: usize = 500;
/// Milliseconds between readings until the server says otherwise.
const USUAL_INTERVAL_MS: i64 = 1000;

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
    /// Why the history could not be loaded.
    pub(super) no_history: RwSignal<Option<Failure>>,
    /// The readings. Changes are told by [`Feed::tick`] and [`Feed::grain`], not by this signal.
    pub(super) window: RwSignal<Window>,
    /// Counts what the live stream brought.
    pub(super) tick: RwSignal<u64>,
    /// Changes when the charts should be drawn anew.
    pub(super) grain: RwSignal<(u32, i64)>,
    /// What happened to it, newest first.
    pub(super) events: RwSignal<Arc<Vec<ContainerEvent>>>,
    /// Its host; `None` until the stream tells.
    pub(super) host: Memo<Option<Arc<HostRow>>>,
    /// Whether history is being written; `true` until the stream tells otherwise.
    pub(super) recording: Memo<bool>,
}

impl Feed {
    /// Begins to follow a container, until the component that calls this is taken off the page.
    pub(super) fn follow(host: HostId, id: ContainerId, range: Memo<Range>) -> Self {
        let live = use_live();
        let board = use_board();
        let feed = Self {
            live,
            row: RwSignal::new(None),
            detail: RwSignal::new(None),
            missing: RwSignal::new(false),
            failure: RwSignal::new(None),
            no_history: RwSignal::new(None),
            window: RwSignal::new(Window::new(
                range.get_untracked(),
                points(),
                USUAL_INTERVAL_MS,
            )),
            tick: RwSignal::new(0),
            grain: RwSignal::new((0, 0)),
            events: RwSignal::default(),
            host: Memo::new({
                let host = host.clone();
                move |_| board.host(&host).map(Arc::new)
            }),
            recording: Memo::new(move |_| {
                board
                    .heartbeat
                    .get()
                    .is_none_or(|heartbeat| matches!(heartbeat.recording, Recording::On))
            }),
            place: StoredValue::new((host.clone(), id.clone())),
        };
        feed.ask_detail();
        feed.ask_events();
        live.watch(View::Container(host, id), move |frame| feed.take(frame));
        Effect::new(move |before: Option<Range>| {
            let range = range.get();
            if before.is_some_and(|before| before != range) {
                feed.window
                    .update_untracked(|window| window.change(range, points()));
                feed.redraw();
                feed.ask_series();
            }
            range
        });
        let late = Timeout::new(WAIT_FOR_STREAM_MS, move || {
            if feed
                .window
                .try_with_untracked(|window| window.now() == UnixMs(0))
                == Some(true)
            {
                feed.ask_series();
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

    /// Loads everything that could not be loaded again.
    pub(super) fn retry(self) {
        self.failure.set(None);
        self.no_history.set(None);
        self.ask_detail();
        self.ask_events();
        self.ask_series();
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
        let mut missed = false;
        self.window
            .update_untracked(|window| missed = window.tick(frame.at, reading.as_deref()));
        self.tick.update(|tick| *tick += 1);
        self.redraw();
        if *full {
            // The first frame, or the first after a lost connection: whatever happened in between is in the history.
            self.ask_events();
        }
        if *full || missed {
            self.ask_series();
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

    fn redraw(self) {
        let grain = self.window.with_untracked(Window::grain);
        let (version, before) = self.grain.get_untracked();
        if before != grain {
            self.grain.set((version, grain));
        }
    }

    /// Draws even where no time has passed: there is an answer.
    fn redraw_now(self) {
        let grain = self.window.with_untracked(Window::grain);
        self.grain.update(|(version, before)| {
            *version += 1;
            *before = grain;
        });
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

    fn ask_events(self) {
        let (host, id) = self.place.get_value();
        spawn_local(async move {
            // Without them the charts lack their event lines; the events' own part says what failed.
            if let Ok(page) = api::container_events(&host, &id, None, EVENTS).await
                && !self.events.is_disposed()
            {
                self.add_events(page.items);
            }
        });
    }

    fn ask_series(self) {
        let (host, id) = self.place.get_value();
        let mut ask = None;
        self.window
            .update_untracked(|window| ask = Some(window.ask(self.live.server_now())));
        let Some(ask) = ask else { return };
        spawn_local(async move {
            let answer = api::series(&host, &id, ask.from, ask.to, ask.points).await;
            if self.window.is_disposed() {
                return;
            }
            match answer {
                Ok(series) => {
                    self.window
                        .update_untracked(|window| window.answer(ask.number, &series));
                    self.no_history.set(None);
                }
                Err(failure) => {
                    self.window
                        .update_untracked(|window| window.no_answer(ask.number));
                    self.no_history
                        .set((!failure.is_not_found()).then_some(failure));
                }
            }
            self.redraw_now();
        });
    }
}

fn points() -> usize {
    points_for(
        window()
            .inner_width()
            .ok()
            .and_then(|width| width.as_f64())
            .unwrap_or(1000.0),
    )
}
