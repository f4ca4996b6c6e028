//! No engine yet: what was tried, and what to do.

use super::{each, follow, memo, shown};
use crate::{board::use_board, state::text::visible, words::words};
use leptos::prelude::*;
use plimsoll_shared::{Found, HostState};

/// No engine was found: what was tried, and what to do.
#[component]
pub(crate) fn Searching() -> impl IntoView {
    let w = words();
    let board = use_board();
    let tried = memo(move || {
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
            .into_any()
        };
        each(tried.get(), row)
    };
    view! {
        <div class="state searching">
            <p class="state-title"><i aria-hidden="true">"◌"</i> " " {w.hosts.searching}</p>
            <p>{w.hosts.searching_hint}</p>
            {shown(
                move || tried.with(Vec::is_empty),
                move || view! { <p class="dim">{w.hosts.nothing_tried}</p> }.into_any(),
            )}
            {shown(move || tried.with(|tried| !tried.is_empty()), move || view! {
                <p class="dim">{w.hosts.tried}</p>
                <table class="plain">
                    <thead>
                        <tr><th scope="col">{w.hosts.place}</th><th scope="col">{w.hosts.source}</th><th scope="col">{w.hosts.problem}</th></tr>
                    </thead>
                    <tbody>{follow(rows)}</tbody>
                </table>
            }.into_any())}
        </div>
    }
}
