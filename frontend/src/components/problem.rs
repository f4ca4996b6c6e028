//! How failing and waiting look.

use super::{act, each, follow};
use crate::{api::Failure, state::text::visible, words::words};
use leptos::prelude::*;

/// Something that could not be loaded: what failed, a way to try again, and the id to look for in the server's log.
#[component]
pub(crate) fn Problem(
    /// Why.
    failure: Failure,
    /// Tries again.
    #[prop(into)]
    retry: Callback<()>,
) -> impl IntoView {
    let w = words();
    let request = failure.request().map(|id| (w.shell.request)(&visible(id)));
    let sentence = move || visible(failure.sentence()).into_owned();
    view! {
        <div class="state" role="alert">
            <p class="state-title">{format!("✕ {}", w.shell.failed)}</p>
            <p>{follow(sentence)}</p>
            {request.map(|request| view! { <p class="dim mono">{request}</p> })}
            <p><button class="btn" on:click=act(move |_| retry.run(()))>{w.shell.retry}</button></p>
        </div>
    }
}

/// The outline of what is being loaded; it shows after a moment, so that a quick answer does not flicker.
#[component]
pub(crate) fn Skeleton(
    /// How many lines.
    lines: usize,
) -> impl IntoView {
    let w = words();
    view! {
        <div class="skeleton" aria-busy="true">
            <span class="unseen">{w.shell.loading}</span>
            {each(0..lines, |_| view! { <div class="skeleton-line"></div> }.into_any())}
        </div>
    }
}
