//! An answer of the server that is asked for again and again.

use crate::api::Failure;
use gloo_timers::callback::Interval;
use leptos::{prelude::*, task::spawn_local};
use std::future::Future;

/// An answer that is asked for again and again; a handle that every part of the page may copy.
pub(super) struct Asked<T: Send + Sync + 'static> {
    /// The latest; `None` before the first.
    pub(super) answer: RwSignal<Option<Result<T, Failure>>>,
    /// Asks now.
    pub(super) ask: Callback<()>,
}

impl<T: Send + Sync + 'static> Clone for Asked<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Asked<T> {}

impl<T: Send + Sync + 'static> Asked<T> {
    /// Asks with `fetch` now and every so many milliseconds, as long as the component that calls this is on the page.
    pub(super) fn every<F>(ms: u32, fetch: fn() -> F) -> Self
    where
        F: Future<Output = Result<T, Failure>> + 'static,
    {
        let answer = RwSignal::new(None);
        let ask = move || {
            spawn_local(async move {
                let new = fetch().await;
                // The page may be gone by now.
                let _ = answer.try_set(Some(new));
            });
        };
        ask();
        let asking = StoredValue::new_local(Some(Interval::new(ms, ask)));
        on_cleanup(move || {
            let _ = asking.try_update_value(Option::take);
        });
        Self {
            answer,
            ask: Callback::new(move |()| ask()),
        }
    }
}
