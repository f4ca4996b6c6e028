//! The frame around every page: rail, top bar, banners.

use super::{
    Logo, act, each, follow,
    keys::Keys,
    memo,
    palette::Palette,
    search::Search,
    switches::{Connection, LanguageSwitch, ThemeSwitch},
};
use crate::{
    address::use_address,
    board::{Heartbeat, use_board},
    prefs::use_prefs,
    state::{route::Route, text::visible, time::hour_minute},
    words::words,
};
use leptos::{ev, html, prelude::*};
use plimsoll_shared::{HostRow, HostState, Recording, UnixMs};
use std::sync::Arc;
use wasm_bindgen::JsCast as _;

/// The frame around every page.
#[component]
pub(crate) fn Shell(
    /// The page.
    children: Children,
) -> impl IntoView {
    let w = words();
    let search = NodeRef::<html::Input>::new();
    let keys = RwSignal::new(false);
    let palette = RwSignal::new(false);
    listen(search, keys, palette);
    view! {
        <a class="skip" href="#main">{w.shell.skip}</a>
        <div class="app">
            <Rail />
            <div class="page">
                <header class="top">
                    <Search field=search />
                    <button class="btn go" title=w.shell.palette on:click=act(move |_| palette.set(true))>
                        <kbd>"Ctrl K"</kbd>
                    </button>
                    <span class="spring"></span>
                    <Connection />
                    <button class="btn help" title=w.shell.keys aria-label=w.shell.keys on:click=act(move |_| keys.set(true))>"?"</button>
                    <LanguageSwitch />
                    <ThemeSwitch />
                </header>
                <Banners />
                <main id="main" tabindex="-1">{children()}</main>
            </div>
        </div>
        <Keys open=keys />
        <Palette open=palette />
    }
}

#[component]
fn Rail() -> impl IntoView {
    let w = words();
    let board = use_board();
    let heartbeat = board.heartbeat;
    let containers = move || {
        let heartbeat = heartbeat.get()?;
        let counts = heartbeat.hosts.iter().map(|host| host.counts);
        Some(
            counts
                .map(|n| n.running + n.paused + n.restarting)
                .sum::<u32>(),
        )
    };
    let hosts = move || heartbeat.get().map(|heartbeat| heartbeat.hosts.len());
    let route = use_address().route;
    let here = move |page: &'static str| {
        follow(move || (section(&route.read()) == page).then_some("page"))
    };
    view! {
        <nav class="rail" aria-label=w.shell.pages>
            <a class="brand" href="/"><Logo /><span translate="no">"Plimsoll"</span></a>
            <a href="/" aria-current=here("/")><span>{w.shell.overview}</span></a>
            <a href="/containers" aria-current=here("/containers")><span>{w.shell.containers}</span><b>{follow(containers)}</b></a>
            <a href="/hosts" aria-current=here("/hosts")><span>{w.shell.hosts}</span><b>{follow(hosts)}</b></a>
            <a href="/settings" aria-current=here("/settings")><span>{w.shell.settings}</span></a>
            <p class="rail-foot dim">{(w.shell.version)(env!("CARGO_PKG_VERSION"))}</p>
        </nav>
    }
}

/// The page of the rail that an address belongs to: one container's page belongs to the containers.
fn section(route: &Route) -> &'static str {
    match route {
        Route::Overview => "/",
        Route::Containers | Route::Container { .. } => "/containers",
        Route::Hosts | Route::Host(_) => "/hosts",
        Route::Settings => "/settings",
        Route::Missing => "",
    }
}

/// What is wrong with the server or an engine, above every page.
#[component]
fn Banners() -> impl IntoView {
    let board = use_board();
    let told = memo(move || {
        board
            .heartbeat
            .get()
            .map(|heartbeat| banners(&heartbeat))
            .unwrap_or_default()
    });
    let route = use_address().route;
    let said_below = memo(move || *route.read() == Route::Overview);
    view! {
        <div class="banners" class:said-below=follow(move || said_below.get()) aria-live="polite">
            {follow(move || each(told.get(), |banner| view! { <Banner banner /> }.into_any()))}
        </div>
    }
}

/// Something to tell on every page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Told {
    NotRecording {
        reason: String,
        lost: u64,
    },
    Down {
        host: String,
        since: i64,
        reason: String,
    },
    Stale {
        host: String,
        since: i64,
    },
    NewVersion,
}

fn banners(heartbeat: &Arc<Heartbeat>) -> Vec<Told> {
    let mut all = Vec::new();
    if own_build().is_some_and(|own| own != heartbeat.build) {
        all.push(Told::NewVersion);
    }
    all.extend(heartbeat.hosts.iter().filter_map(about_host));
    if let Recording::Off { reason, lost, .. } = &heartbeat.recording {
        all.push(Told::NotRecording {
            reason: reason.clone(),
            lost: *lost,
        });
    }
    all
}

fn about_host(host: &HostRow) -> Option<Told> {
    let name = host.id.to_string();
    match &host.state {
        HostState::Up { .. } | HostState::Searching { .. } => None,
        HostState::Stale { since } => Some(Told::Stale {
            host: name,
            since: since.0,
        }),
        HostState::Down { since, reason } => Some(Told::Down {
            host: name,
            since: since.0,
            reason: reason.clone(),
        }),
    }
}

#[component]
fn Banner(banner: Told) -> impl IntoView {
    let (w, prefs) = (words(), use_prefs());
    let clock = move |at: i64| hour_minute(UnixMs(at), prefs.offset_minutes(UnixMs(at)));
    match banner {
        Told::NewVersion => view! {
            <p class="banner news">
                <i aria-hidden="true">"↻"</i>
                <b>{w.shell.new_version}</b>
                <button class="btn" on:click=act(|_| { let _ = window().location().reload(); })>{w.shell.reload}</button>
            </p>
        }
        .into_any(),
        Told::NotRecording { reason, lost } => view! {
            <p class="banner warn">
                <i aria-hidden="true">"▲"</i>
                <b>{w.shell.not_recording}</b>
                <span>{visible(&reason).into_owned()}</span>
                <span class="dim">{(lost > 0).then(|| (w.shell.lost)(lost))}</span>
            </p>
        }
        .into_any(),
        Told::Down { host, since, reason } => view! {
            <p class="banner bad">
                <i aria-hidden="true">"✕"</i>
                <b>{follow(move || (w.shell.engine_down)(&host, &clock(since)))}</b>
                <span>{visible(&reason).into_owned()}</span>
                <span class="dim">{w.shell.engine_down_hint}</span>
            </p>
        }
        .into_any(),
        Told::Stale { host, since } => view! {
            <p class="banner warn">
                <i aria-hidden="true">"▲"</i>
                <b>{follow(move || (w.shell.engine_stale)(&host, &clock(since)))}</b>
            </p>
        }
        .into_any(),
    }
}

fn own_build() -> Option<String> {
    let meta = document()
        .query_selector("meta[name=plimsoll-build]")
        .ok()
        .flatten()?;
    meta.get_attribute("content")
}

/// Keys that work on every page.
fn listen(search: NodeRef<html::Input>, keys: RwSignal<bool>, palette: RwSignal<bool>) {
    let handle = window_event_listener(ev::keydown, move |event| {
        let with_control = event.ctrl_key() || event.meta_key();
        match event.key().as_str() {
            "k" | "K" if with_control => palette.set(true),
            "/" if !is_typing(&event) && !with_control => {
                if let Some(field) = search.get_untracked() {
                    // Fails never: it is in the document.
                    let _ = field.focus();
                    field.select();
                }
            }
            "?" if !is_typing(&event) => keys.set(true),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || handle.remove());
}

/// Whether a key goes into a field or a dialog, where letters are letters.
pub(crate) fn is_typing(event: &ev::KeyboardEvent) -> bool {
    let element = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| {
        element
            .closest("input, select, textarea, dialog")
            .ok()
            .flatten()
            .is_some()
    })
}
