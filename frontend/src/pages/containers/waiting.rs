//! The page without a table: nothing yet, no engine, no containers, no match.

use super::view::TableView;
use crate::{
    board::use_board,
    components::Skeleton,
    state::text::visible,
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::{Found, HostState};

/// A command that makes the first row appear.
const TRY: &str = "docker run -d --name hello nginx";

/// Nothing came yet.
#[component]
pub(super) fn Waiting() -> impl IntoView {
    view! { <Skeleton lines=12 /> }
}

/// There is no container.
#[component]
pub(super) fn Empty() -> impl IntoView {
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
                <button class="btn" on:click=move |_| view.change(crate::state::query::Query::clear_filters)>
                    {w.table.clear}
                </button>
            </p>
        </div>
    }
}

/// No engine was found: what was tried, and what to do.
#[component]
pub(crate) fn Searching() -> impl IntoView {
    let w = words();
    let board = use_board();
    let tried = Memo::new(move |_| {
        let heartbeat = board.heartbeat.get();
        let hosts = heartbeat.iter().flat_map(|heartbeat| &heartbeat.hosts);
        let tried = hosts.filter_map(|host| match &host.state {
            HostState::Searching { tried, .. } => Some(tried.clone()),
            _ => None,
        });
        tried.flatten().collect::<Vec<Found>>()
    });
    let rows = move || {
        let row = |found: Found| {
            view! {
                <tr>
                    <td class="mono">{visible(&found.endpoint).into_owned()}</td>
                    <td>{visible(&found.source).into_owned()}</td>
                    <td>{visible(&found.problem).into_owned()}</td>
                </tr>
            }
        };
        tried.get().into_iter().map(row).collect_view()
    };
    view! {
        <div class="state searching">
            <p class="state-title"><i aria-hidden="true">"◌"</i> " " {w.hosts.searching}</p>
            <p>{w.hosts.searching_hint}</p>
            <Show
                when=move || tried.with(|tried| !tried.is_empty())
                fallback=move || view! { <p class="dim">{w.hosts.nothing_tried}</p> }
            >
                <p class="dim">{w.hosts.tried}</p>
                <table class="plain">
                    <thead>
                        <tr><th scope="col">{w.hosts.place}</th><th scope="col">{w.hosts.source}</th><th scope="col">{w.hosts.problem}</th></tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </Show>
        </div>
    }
}
