//! The first page: what needs a person, how many of what, who uses most, what is near a limit, and what changed.

mod alarms;
mod changes;
mod feed;
mod limits;
mod tiles;
mod top;

use crate::{
    address::use_address,
    board::use_board,
    components::{Age, HostMenu, Problem, Searching, Skeleton, act, follow, memo, shown},
    live::use_live,
    pages::containers::Empty,
    prefs::use_prefs,
    state::{
        link::Link,
        overview::{Look, changes::page_url, tiles::Tiles},
        time::hour_minute_second,
    },
    words::words,
};
use alarms::Alarms;
use changes::Changes;
use feed::Feed;
use leptos::prelude::*;
use limits::Limits;
use plimsoll_shared::HostId;
use tiles::Numbers;
use top::Consumers;

/// The first page.
#[component]
pub(crate) fn OverviewPage() -> impl IntoView {
    let w = words();
    let (board, address) = (use_board(), use_address());
    board.follow_containers(use_live());
    document().set_title(&format!("{} · Plimsoll", w.shell.overview));
    let host = memo(move || address.parameter("host")?.parse::<HostId>().ok());
    let look = memo(move || {
        let heartbeat = board.heartbeat.get();
        let hosts = heartbeat.as_ref().map(|heartbeat| &*heartbeat.hosts);
        host.with(|host| Look::of(hosts, host.as_ref()))
    });
    let chosen = memo(move || host.with(|host| host.as_ref().map(ToString::to_string)));
    let choose = Callback::new(move |host: Option<String>| {
        address.go(&page_url(host.as_deref(), None), false);
    });
    view! {
        <div class="body overview">
            <div class="head">
                <h1>{w.shell.overview}</h1>
                <p><Age /></p>
                <span class="spring"></span>
                <HostMenu chosen choose />
            </div>
            {follow(move || match look.get() {
                Look::Waiting => view! { <Skeleton lines=12 /> }.into_any(),
                Look::Searching => view! { <Searching /> }.into_any(),
                Look::NoSuchHost => view! {
                    <div class="state">
                        <p class="state-title">{w.hosts.unknown_host}</p>
                        <p><a href="/">{w.table.all_hosts}</a></p>
                    </div>
                }.into_any(),
                Look::Whole => view! { <Whole host /> }.into_any(),
            })}
        </div>
    }
}

/// The page when there is an engine.
#[component]
fn Whole(
    /// The host that the address names.
    host: Memo<Option<HostId>>,
) -> impl IntoView {
    let board = use_board();
    let feed = Feed::follow(host);
    let tiles = memo(move || {
        let heartbeat = board.heartbeat.get()?;
        Some(host.with(|host| Tiles::of(&heartbeat.hosts, host.as_ref())))
    });
    let link = use_live().link;
    let old = memo(move || {
        let silent = matches!(link.get(), Link::Stale { .. });
        silent || tiles.get().is_some_and(|tiles| tiles.is_old())
    });
    let empty = move || board.containers(|fleet| fleet.is_known() && fleet.iter().next().is_none());
    view! {
        <Alarms host />
        <Numbers tiles host old />
        {shown(empty, || view! { <Empty /> }.into_any())}
        <Trouble feed />
        <div
            class="lists"
            class:aged=follow(move || old.get() || feed.is_old())
            on:pointermove=act(move |_| feed.point())
            on:focusin=act(move |_| feed.focused.set(true))
            on:focusout=act(move |_| feed.focused.set(false))
        >
            {shown(move || feed.has_lists(), move || view! {
                <Consumers feed />
                <div class="halves">
                    <Limits feed />
                    <Changes feed />
                </div>
            }.into_any())}
        </div>
    }
}

/// What keeps the lists from being there, or from being new, and what to do about it.
#[component]
fn Trouble(feed: Feed) -> impl IntoView {
    let w = words();
    let prefs = use_prefs();
    let retry = Callback::new(move |()| feed.ask());
    let told = move || {
        let failure = feed.failure.get()?;
        let Some(at) = feed.at.get() else {
            return Some(
                view! {
                    <Problem failure retry />
                    <p class="dim">{w.overview.still_works}</p>
                }
                .into_any(),
            );
        };
        let clock = hour_minute_second(at, prefs.offset_minutes(at));
        Some(
            view! {
                <p class="old-lists" role="status">
                    <i class="warn" aria-hidden="true">"▲"</i>
                    <span>{(w.overview.not_refreshed)(&clock)} " " {w.overview.still_works}</span>
                    <button class="btn" on:click=act(move |_| feed.ask())>{w.shell.retry}</button>
                </p>
            }
            .into_any(),
        )
    };
    follow(told)
}
