//! Asks for the lists of the page, again and again at a calm pace.

use crate::{
    api::{self, Failure},
    components::{effect, memo},
    live::{Live, use_live},
    state::overview::held::{held, holds},
};
use gloo_timers::callback::Interval;
use leptos::{prelude::*, task::spawn_local};
use plimsoll_shared::{
    HostId, UnixMs,
    overview::{Change, Near, Overview, Top},
};

/// How often the server is asked.
const EVERY_MS: u32 = 10_000;

/// What the server says of the page's lists; a handle that every part of the page may copy.
#[derive(Clone, Copy)]
pub(super) struct Feed {
    live: Live,
    /// The host that the lists are of; `None` for all.
    pub(super) host: Memo<Option<HostId>>,
    answer: RwSignal<Option<Overview>>,
    /// Whose lists are being asked for.
    asking: StoredValue<Option<Option<HostId>>>,
    /// Why they could not be loaded the last time.
    pub(super) failure: RwSignal<Option<Failure>>,
    /// When the lists are of.
    pub(super) at: Memo<Option<UnixMs>>,
    /// Whether something in the lists has the focus.
    pub(super) focused: RwSignal<bool>,
    pointed: StoredValue<Option<UnixMs>>,
}

impl Feed {
    /// Asks for the lists of `host` as long as the component that calls this is on the page.
    pub(super) fn follow(host: Memo<Option<HostId>>) -> Self {
        let answer = RwSignal::new(None::<Overview>);
        let feed = Self {
            live: use_live(),
            host,
            answer,
            asking: StoredValue::new(None),
            failure: RwSignal::new(None),
            at: memo(move || answer.with(|answer| answer.as_ref().map(|answer| answer.at))),
            focused: RwSignal::new(false),
            pointed: StoredValue::new(None),
        };
        effect(move || {
            // Lists of another host are not these.
            let _ = host.get();
            answer.set(None);
            feed.ask();
        });
        let asking = Interval::new(EVERY_MS, move || {
            if !document().hidden() {
                feed.ask();
            }
        });
        let asking = StoredValue::new_local(Some(asking));
        on_cleanup(move || {
            let _ = asking.try_update_value(Option::take);
        });
        feed
    }

    /// Asks now, unless that is being done.
    pub(super) fn ask(self) {
        let host = self.host.get_untracked();
        if self
            .asking
            .with_value(|asking| asking.as_ref() == Some(&host))
        {
            return;
        }
        self.asking.set_value(Some(host.clone()));
        spawn_local(async move {
            let answer = api::overview(host.as_ref()).await;
            // The page may be gone by now, or be of another host.
            let Some(wanted) = self.host.try_get_untracked() else {
                return;
            };
            if wanted != host {
                return;
            }
            self.asking.set_value(None);
            match answer {
                Ok(new) => {
                    self.failure.set(None);
                    self.take(new);
                }
                Err(failure) => self.failure.set(Some(failure)),
            }
        });
    }

    /// Lines keep their places while someone is at them.
    fn take(self, mut new: Overview) {
        let now = self.live.server_now();
        if holds(self.focused.get_untracked(), self.pointed.get_value(), now) {
            self.answer.with_untracked(|before| {
                if let Some(before) = before {
                    keep_places(before, &mut new);
                }
            });
        }
        self.answer.set(Some(new));
    }

    /// Says that a pointer moved over the lists.
    pub(super) fn point(self) {
        self.pointed.set_value(Some(self.live.server_now()));
    }

    /// Whether there is something to draw, be it an outline.
    pub(super) fn has_lists(self) -> bool {
        self.at.get().is_some() || self.failure.with(Option::is_none)
    }

    /// Whether the lists are there, but could not be loaded again.
    pub(super) fn is_old(self) -> bool {
        self.failure.with(Option::is_some) && self.at.get().is_some()
    }

    /// Reads the answer; `None` before there is one.
    pub(super) fn read<T>(self, read: impl FnOnce(&Overview) -> T) -> Option<T> {
        self.answer.with(|answer| answer.as_ref().map(read))
    }
}

fn keep_places(before: &Overview, new: &mut Overview) {
    for top in &mut new.top {
        if let Some(old) = before.top.iter().find(|old| old.metric == top.metric) {
            keep_consumers(old, top);
        }
    }
    let limit = |near: &Near| (near.of.clone(), near.limit);
    new.near = held(&before.near, std::mem::take(&mut new.near), limit);
    let what = |change: &Change| (change.of.clone(), change.kind);
    new.changed = held(&before.changed, std::mem::take(&mut new.changed), what);
}

fn keep_consumers(old: &Top, new: &mut Top) {
    let items = std::mem::take(&mut new.items);
    new.items = held(&old.items, items, |item| item.of.clone());
}
