//! The page without a table: nothing yet, no containers, no match.

use super::view::TableView;
use crate::{
    components::{Skeleton, act},
    state::query::Query,
    words::words,
};
use leptos::prelude::*;

/// A command that makes the first row appear.
const TRY: &str = "docker run -d --name hello nginx";

/// Nothing came yet.
#[component]
pub(super) fn Waiting() -> impl IntoView {
    view! { <Skeleton lines=12 /> }
}

/// There is no container.
#[component]
pub(crate) fn Empty() -> impl IntoView {
    let w = words();
    view! {
        <div class="state">
            <p class="state-title">{w.table.empty}</p>
            <p>{w.table.empty_hint}</p>
            <pre class="command" translate="no">{TRY}</pre>
        </div>
    }
}

/// Filters keep every container off the table.
#[component]
pub(super) fn NoMatch(view: TableView) -> impl IntoView {
    let w = words();
    view! {
        <div class="state">
            <p class="state-title">{w.table.no_match}</p>
            <p>
                <button class="btn" on:click=act(move |_| view.change(Query::clear_filters))>
                    {w.table.clear}
                </button>
            </p>
        </div>
    }
}
