//! The hosts: a row each, and a page each.

mod charts;
mod facts;
mod numbers;
mod recent;
mod stack;

use crate::{
    address::use_address,
    board::use_board,
    charts::{Paper, Quantity},
    components::{Searching, Skeleton, When, each, follow, memo},
    state::{route::Route, text::visible},
    words::{states::host_sign, words},
};
use charts::Charts;
use facts::Facts;
use leptos::prelude::*;
use numbers::{Containers, Cpu, Memory, State};
use plimsoll_shared::{HostId, HostRow, HostState};
use recent::Recent;

/// Every host; a single one with its facts at once.
#[component]
pub(crate) fn HostsPage() -> impl IntoView {
    let w = words();
    let board = use_board();
    document().set_title(&format!("{} · Plimsoll", w.shell.hosts));
    let ids = memo(move || {
        let heartbeat = board.heartbeat.get()?;
        Some(
            heartbeat
                .hosts
                .iter()
                .map(|host| host.id.clone())
                .collect::<Vec<_>>(),
        )
    });
    let searching = memo(move || {
        board
            .heartbeat
            .get()
            .is_some_and(|heartbeat| heartbeat.hosts.iter().all(is_searching))
    });
    view! {
        <div class="body">
            <div class="head">
                <h1>{w.shell.hosts}</h1>
                <p>{follow(move || ids.get().map(|ids| (w.hosts.summary)(ids.len())))}</p>
            </div>
            {follow(move || match (ids.get(), searching.get()) {
                (None, _) => view! { <Skeleton lines=3 /> }.into_any(),
                (Some(_), true) => view! { <Searching /> }.into_any(),
                (Some(ids), false) => {
                    let only = (ids.len() == 1).then(|| ids[0].clone());
                    view! {
                        <Table ids />
                        {only.map(|id| view! { <About id /> }.into_any())}
                    }
                        .into_any()
                }
            })}
        </div>
    }
}

/// One host.
#[component]
pub(crate) fn HostPage() -> impl IntoView {
    let w = words();
    let board = use_board();
    let address = use_address();
    let id = memo(move || match &*address.route.read() {
        Route::Host(host) => host.parse::<HostId>().ok(),
        _ => None,
    });
    let known = memo(move || {
        board.heartbeat.get()?;
        Some(
            id.get()
                .and_then(|id| board.host(&id))
                .map(|host| is_searching(&host)),
        )
    });
    Paper::provide((w.container.quantity)(Quantity::Cpu));
    view! {
        <div class="body">
            {follow(move || match (known.get(), id.get()) {
                (None, _) => view! { <Skeleton lines=6 /> }.into_any(),
                (Some(Some(true)), _) => view! { <Searching /> }.into_any(),
                (Some(Some(false)), Some(id)) => {
                    document().set_title(&format!("{id} · Plimsoll"));
                    view! {
                        <div class="head"><h1 translate="no">{id.to_string()}</h1></div>
                        <Table ids=vec![id.clone()] />
                        <Charts id=id.clone() />
                        <About id />
                    }
                        .into_any()
                }
                (Some(_), _) => {
                    view! {
                        <div class="state">
                            <h1>{w.hosts.unknown_host}</h1>
                            <p><a href="/hosts">{w.shell.hosts}</a></p>
                        </div>
                    }
                        .into_any()
                }
            })}
        </div>
    }
}

fn is_searching(host: &HostRow) -> bool {
    matches!(host.state, HostState::Searching { .. })
}

#[component]
fn Table(ids: Vec<HostId>) -> impl IntoView {
    let w = words();
    let headings = [
        w.hosts.host,
        w.hosts.state,
        w.hosts.engine,
        w.hosts.containers,
        w.hosts.cpu,
        w.hosts.memory,
        w.hosts.measured,
        w.hosts.heard,
    ];
    view! {
        <div class="sheet scroll">
            <table class="plain">
                <thead><tr>{each(headings, |heading| view! { <th scope="col">{heading}</th> }.into_any())}</tr></thead>
                <tbody>{each(ids, |id| view! { <Row id /> }.into_any())}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(id: HostId) -> impl IntoView {
    let w = words();
    let board = use_board();
    let url = format!("/hosts/{id}");
    let name = id.to_string();
    let host = memo(move || board.host(&id));
    let engine = move || {
        let engine = host.get()?.engine?;
        let api = (w.hosts.api)(&visible(&engine.api_version));
        Some(
            view! { {visible(&engine.version).into_owned()} " " <span class="dim">{api}</span> }
                .into_any(),
        )
    };
    let machine = move || Some(visible(&host.get()?.engine?.name).into_owned());
    let aged = move || {
        host.get()
            .is_some_and(|host| !matches!(host.state, HostState::Up { .. }))
    };
    let sign = move || host.get().map(|host| host_sign(&host.state));
    let collection = move || host.get().map(|host| (w.hosts.collection)(host.collection));
    let hint = move || {
        host.get()
            .map(|host| (w.hosts.collection_hint)(host.collection))
    };
    let heard = move || {
        host.get()
            .and_then(|host| host.last_heard)
            .map(|at| view! { <When at /> }.into_any())
    };
    view! {
        <tr class="host" class:aged=follow(aged)>
            <th scope="row"><a href=url translate="no">{name}</a> " " <span class="dim">{follow(machine)}</span></th>
            <td><State host sign=Signal::derive(sign) /></td>
            <td translate="no">{follow(engine)}</td>
            <td><Containers host /></td>
            <td><Cpu host /></td>
            <td><Memory host /></td>
            <td title=follow(hint)>{follow(collection)}</td>
            <td>{follow(heard)}</td>
        </tr>
    }
}

/// What there is to say of one host besides its row.
#[component]
fn About(id: HostId) -> impl IntoView {
    view! {
        <div class="panels">
            <Facts id=id.clone() />
            <Recent id />
        </div>
    }
}
