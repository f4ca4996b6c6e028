//! How old what a page shows is.

use super::follow;
use crate::{
    board::use_board,
    live::use_live,
    prefs::use_prefs,
    state::{link::Link, time::hour_minute},
    words::words,
};
use leptos::prelude::*;

/// How old what is shown is, where a host does not answer or the server is silent; empty while all is current.
#[component]
pub(crate) fn Age() -> impl IntoView {
    view! { <span class="dim">{follow(|| age().map(|age| format!(" — {age}")))}</span> }
}

fn age() -> Option<String> {
    let (w, board, live, prefs) = (words(), use_board(), use_live(), use_prefs());
    let clock = |at| hour_minute(at, prefs.offset_minutes(at));
    if let Link::Stale { since } = live.link.get() {
        let told = (w.time.as_of)("", &clock(since));
        return Some(told.trim_start().to_owned());
    }
    let heartbeat = board.heartbeat.get()?;
    let aged = board.aged_hosts();
    let hosts = heartbeat
        .hosts
        .iter()
        .filter(|host| aged.contains(&host.id));
    let told: Vec<String> = hosts
        .filter_map(|host| Some((w.time.as_of)(host.id.as_str(), &clock(host.last_heard?))))
        .collect();
    (!told.is_empty()).then(|| told.join(", "))
}
