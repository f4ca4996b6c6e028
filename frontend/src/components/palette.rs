//! The palette: go to a container, a host or a page by a few letters of its name.

use super::{Dialog, act, each, effect, follow, memo};
use crate::{
    address::use_address,
    board::use_board,
    live::use_live,
    state::{palette::best, sorting::sort, text::visible},
    words::words,
};
use leptos::{ev, html, prelude::*};

/// Most places listed at once.
const MOST: usize = 12;

/// One place to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    name: String,
    kind: &'static str,
    more: String,
    url: String,
}

/// The palette.
#[component]
pub(crate) fn Palette(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let w = words();
    view! { <Dialog open label=w.shell.palette class="dialog-palette" content=move || view! { <Places open /> } /> }
}

#[component]
fn Places(open: RwSignal<bool>) -> impl IntoView {
    let w = words();
    let (board, live, address) = (use_board(), use_live(), use_address());
    board.follow_containers(live);
    let typed = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let all = memo(move || places(board));
    let found = memo(move || {
        let typed = typed.get();
        all.with(|all| {
            best(&typed, all, |place| &place.name, MOST)
                .into_iter()
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let go = move |at: usize| {
        if let Some(place) = found.with_untracked(|found| found.get(at).cloned()) {
            open.set(false);
            address.go(&place.url, false);
        }
    };
    let keys = move |event: ev::KeyboardEvent| {
        let last = found.with_untracked(Vec::len).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|at| *at = (*at + 1).min(last)),
            "ArrowUp" => chosen.update(|at| *at = at.saturating_sub(1)),
            "Enter" if !event.is_composing() => go(chosen.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    let field = NodeRef::<html::Input>::new();
    effect(move || {
        if let Some(field) = field.get() {
            // Fails never: it is in the document.
            let _ = field.focus();
        }
    });
    let items = move || {
        let places = found.get();
        if places.is_empty() {
            return view! { <p class="dim palette-empty">{w.shell.palette_empty}</p> }.into_any();
        }
        let item = |(at, place): (usize, Place)| {
            view! {
                <li
                    id=format!("place-{at}")
                    role="option"
                    aria-selected=follow(move || (chosen.get() == at).to_string())
                    on:click=act(move |_| go(at))
                    on:pointermove=act(move |_| chosen.set(at))
                >
                    <span class="palette-name">{place.name}</span>
                    <span class="dim">{place.more}</span>
                    <span class="dim palette-kind">{place.kind}</span>
                </li>
            }
            .into_any()
        };
        view! {
            <ul id="places" role="listbox" aria-label=w.shell.palette>
                {each(places.into_iter().enumerate(), item)}
            </ul>
        }
        .into_any()
    };
    view! {
        <input
            class="palette-field"
            type="text"
            role="combobox"
            aria-expanded="true"
            aria-controls="places"
            aria-activedescendant=follow(move || format!("place-{}", chosen.get()))
            aria-label=w.shell.palette_hint
            placeholder=w.shell.palette_hint
            autocomplete="off"
            spellcheck="false"
            node_ref=field
            prop:value=typed
            on:input=act(move |event| {
                typed.set(event_target_value(&event));
                chosen.set(0);
            })
            on:keydown=act(keys)
        />
        {follow(items)}
    }
}

fn places(board: crate::board::Board) -> Vec<Place> {
    let w = words();
    let page = |name: &str, url: &str| Place {
        name: name.to_owned(),
        kind: w.shell.palette_page,
        more: String::new(),
        url: url.to_owned(),
    };
    let mut all = vec![
        page(w.shell.overview, "/"),
        page(w.shell.containers, "/containers"),
        page(w.shell.hosts, "/hosts"),
        page(w.shell.settings, "/settings"),
    ];
    let heartbeat = board.heartbeat.get();
    let hosts = heartbeat.iter().flat_map(|heartbeat| &heartbeat.hosts);
    all.extend(hosts.map(|host| {
        Place {
            name: host.id.to_string(),
            kind: w.shell.palette_host,
            more: host
                .engine
                .as_ref()
                .map(|engine| visible(&engine.name).into_owned())
                .unwrap_or_default(),
            url: format!("/hosts/{}", host.id),
        }
    }));
    let mut containers: Vec<Place> = board.containers(|fleet| {
        let place = |row: &plimsoll_shared::ContainerRow| Place {
            name: visible(&row.name).into_owned(),
            kind: w.shell.palette_container,
            more: visible(&row.image.reference).into_owned(),
            url: format!("/hosts/{}/containers/{}", row.host, row.id),
        };
        fleet.iter().map(|(_, entry)| place(&entry.row)).collect()
    });
    sort(&mut containers, |a, b| a.name.cmp(&b.name));
    all.extend(containers);
    all
}
