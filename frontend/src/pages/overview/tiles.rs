//! Hosts and containers in numbers, each a link to what it counts.

use crate::{
    components::{each, follow, memo},
    prefs::{CpuShare, use_prefs},
    state::{
        cells::{NOTHING, cpu_text},
        fleet::Kind,
        overview::{consumers::table_url, tiles::Tiles},
        query::Query,
    },
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::{HostId, series::Metric, units};

/// Signs of hosts whose engine answers, is silent, is down, is still looked for.
const HOST_SIGNS: [(&str, &str); 4] = [
    ("●", "host ok"),
    ("▲", "host warn"),
    ("✕", "host bad"),
    ("◌", "host"),
];

/// Hosts and containers in numbers.
#[component]
pub(super) fn Numbers(
    tiles: Memo<Option<Tiles>>,
    /// The host that they are of; `None` for all.
    host: Memo<Option<HostId>>,
    /// Whether they are what was last heard.
    old: Memo<bool>,
) -> impl IntoView {
    let w = words();
    let places = [0, 1, 2, 3];
    view! {
        <nav class="tiles sheet" class:aged=follow(move || old.get()) aria-label=w.overview.numbers>
            {each(places, |at| view! { <Hosts tiles host at /> }.into_any())}
            {each(Kind::ALL, |kind| view! { <Containers tiles host kind /> }.into_any())}
            <Cpu tiles host />
            <Memory tiles host />
        </nav>
    }
}

/// Hosts in one state; those that are not up only where there are some.
#[component]
fn Hosts(tiles: Memo<Option<Tiles>>, host: Memo<Option<HostId>>, at: usize) -> impl IntoView {
    let w = words();
    let (sign, class) = HOST_SIGNS[at];
    let counts = memo(move || tiles.get().map(|tiles| tiles.hosts).unwrap_or_default());
    let url = move || {
        host.get()
            .map_or_else(|| "/hosts".to_owned(), |host| format!("/hosts/{host}"))
    };
    tile(Tile {
        url: follow(url),
        class: follow(move || {
            if counts.get()[at] > 0 {
                class
            } else {
                "host none"
            }
        }),
        hidden: follow(move || at > 0 && counts.get()[at] == 0),
        sign,
        number: follow(move || counts.get()[at].to_string()),
        word: follow(move || (w.overview.hosts)(counts.get())[at].to_owned()),
    })
}

/// Containers of one kind.
#[component]
fn Containers(tiles: Memo<Option<Tiles>>, host: Memo<Option<HostId>>, kind: Kind) -> impl IntoView {
    let w = words();
    let (sign, class) = match kind {
        Kind::Running => ("●", "ok"),
        Kind::Unhealthy => ("✕", "bad"),
        Kind::Paused => ("◐", "warn"),
        Kind::Restarting => ("↻", "bad"),
        Kind::Stopped => ("■", ""),
    };
    let count = memo(move || {
        let counts = tiles
            .get()
            .map(|tiles| tiles.containers)
            .unwrap_or_default();
        match kind {
            Kind::Running => counts.running,
            Kind::Unhealthy => counts.unhealthy,
            Kind::Paused => counts.paused,
            Kind::Restarting => counts.restarting,
            Kind::Stopped => counts.stopped,
        }
    });
    let url = move || {
        Query {
            kinds: vec![kind],
            host: host.get(),
            ..Query::default()
        }
        .url()
    };
    tile(Tile {
        url: follow(url),
        class: follow(move || if count.get() > 0 { class } else { "none" }),
        hidden: follow(move || kind == Kind::Paused && count.get() == 0),
        sign,
        number: follow(move || count.get().to_string()),
        word: follow(move || (w.table.kind)(kind).to_owned()),
    })
}

/// CPU of all containers.
#[component]
fn Cpu(tiles: Memo<Option<Tiles>>, host: Memo<Option<HostId>>) -> impl IntoView {
    let (w, prefs) = (words(), use_prefs());
    let number = move || {
        let told = tiles.get().and_then(|tiles| {
            let share = Some(tiles.cores).filter(|_| prefs.cpu.get() == CpuShare::Host);
            Some(cpu_text(tiles.cpu?, share))
        });
        told.unwrap_or_else(|| NOTHING.to_owned())
    };
    let word = move || {
        let cores = tiles.get().map(|tiles| tiles.cores).filter(|n| *n > 0);
        let of = cores.map(w.hosts.of_cores).unwrap_or_default();
        format!("{} {of}", w.overview.cpu)
    };
    tile(Tile {
        url: follow(move || table_url(Metric::Cpu, host.get())),
        class: follow(|| "wide"),
        hidden: follow(|| false),
        sign: "",
        number: follow(number),
        word: follow(word),
    })
}

/// Memory of all containers.
#[component]
fn Memory(tiles: Memo<Option<Tiles>>, host: Memo<Option<HostId>>) -> impl IntoView {
    let w = words();
    let number = move || {
        let memory = tiles.get().and_then(|tiles| tiles.memory);
        memory.map_or_else(|| NOTHING.to_owned(), units::binary)
    };
    let word = move || {
        let all = tiles.get().map(|tiles| tiles.all_memory).filter(|n| *n > 0);
        let of = all.map(|all| (w.hosts.of_memory)(&units::binary(all)));
        format!("{} {}", w.overview.memory, of.unwrap_or_default())
    };
    tile(Tile {
        url: follow(move || table_url(Metric::Memory, host.get())),
        class: follow(|| "wide"),
        hidden: follow(|| false),
        sign: "",
        number: follow(number),
        word: follow(word),
    })
}

/// What a tile draws.
struct Tile {
    url: Box<dyn FnMut() -> String + Send>,
    class: Box<dyn FnMut() -> &'static str + Send>,
    hidden: Box<dyn FnMut() -> bool + Send>,
    sign: &'static str,
    number: Box<dyn FnMut() -> String + Send>,
    word: Box<dyn FnMut() -> String + Send>,
}

fn tile(mut tile: Tile) -> AnyView {
    let class = follow(move || format!("tile {}", (tile.class)()));
    view! {
        <a class=class href=tile.url hidden=tile.hidden>
            <b>{tile.number}</b>
            <span><i aria-hidden="true">{tile.sign}</i> " " {tile.word}</span>
        </a>
    }
    .into_any()
}
