//! Every container: what needs a person, filters, and the table that moves with the numbers.

mod attention;
mod export;
mod keys;
mod menus;
mod places;
mod row;
mod table;
mod toolbar;
mod view;
mod waiting;

pub(crate) use places::Places;
pub(crate) use waiting::Empty;

use crate::{
    board::use_board,
    components::{Age, Searching, follow, memo, shown},
    live::use_live,
    words::words,
};
use attention::NeedsAttention;
use leptos::prelude::*;
use plimsoll_shared::HostState;
use table::Sheet;
use toolbar::Toolbar;
use view::TableView;
use waiting::{NoMatch, Waiting};

/// Every container.
#[component]
pub(crate) fn ContainersPage() -> impl IntoView {
    let w = words();
    let board = use_board();
    board.follow_containers(use_live());
    let view = TableView::new(board);
    document().set_title(&format!("{} · Plimsoll", w.shell.containers));
    keys::listen(view);
    let shows = memo(move || shows(view));
    view! {
      <div class="body fill">
        <div class="head">
            <h1>{w.shell.containers}</h1>
            <p>{follow(move || view.summary())} <Age /></p>
        </div>
        {follow(move || match shows.get() {
            Shows::Waiting => view! { <Waiting /> }.into_any(),
            Shows::Searching => view! { <Searching /> }.into_any(),
            Shows::Empty => view! { <Empty /> }.into_any(),
            Shows::Table => {
                view! {
                    <NeedsAttention />
                    <Toolbar view />
                    <Sheet view />
                    {shown(
                        move || view.lines.with(|lines| lines.matching == 0),
                        move || view! {
                        <NoMatch view />
                        }.into_any(),
                    )}
                }
                    .into_any()
            }
        })}
      </div>
    }
}

/// Which of its looks the page has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shows {
    Waiting,
    Searching,
    Empty,
    Table,
}

fn shows(view: TableView) -> Shows {
    let heartbeat = view.board.heartbeat.get();
    let hosts = heartbeat
        .as_ref()
        .map(|heartbeat| heartbeat.hosts.as_slice());
    let searching = hosts.is_some_and(|hosts| {
        hosts
            .iter()
            .all(|host| matches!(host.state, HostState::Searching { .. }))
    });
    let (known, some) = view
        .board
        .containers(|fleet| (fleet.is_known(), fleet.iter().next().is_some()));
    match (known, some) {
        (_, true) => Shows::Table,
        _ if searching => Shows::Searching,
        (true, false) => Shows::Empty,
        (false, false) => Shows::Waiting,
    }
}
