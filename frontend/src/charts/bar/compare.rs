//! The menu that chooses what the lines are compared with.

use super::super::paper::use_paper;
use crate::{
    board::use_board,
    components::{act, each, follow, memo},
    live::use_live,
    state::{look::Compare, palette::best, sorting::sort, text::visible},
    words::words,
};
use leptos::{ev, prelude::*};
use plimsoll_shared::lines::Subject;

/// Most containers listed at once.
const MOST: usize = 8;

/// What can be compared with: nothing, the time before, and every other container.
#[component]
pub(super) fn CompareMenu(
    /// Whether the menu is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let w = words();
    let paper = use_paper();
    let board = use_board();
    board.follow_containers(use_live());
    let typed = RwSignal::new(String::new());
    let choose = move |compare: Compare| {
        paper.change(|look| look.compare = compare);
        open.set(false);
    };
    let length = (w.period.length)(paper.look.get_untracked().range(paper.now()));
    let plain = [
        (Compare::Nothing, w.period.nothing.to_owned()),
        (Compare::Before, (w.period.before)(&length)),
    ];
    let plain = each(plain, |(compare, name)| {
        let wanted = compare.clone();
        let here = move || paper.look.with(|look| look.compare == wanted);
        view! {
            <button type="button" class="menu-item" aria-pressed=follow(move || here().to_string()) on:click=act(move |_| choose(compare.clone()))>
                {name}
            </button>
        }
        .into_any()
    });
    let all = memo(move || {
        let page = window().location().pathname().unwrap_or_default();
        let mut all: Vec<(String, Subject)> = board.containers(|fleet| {
            fleet
                .iter()
                .filter(|(_, entry)| !page.contains(entry.row.id.as_str()))
                .map(|(_, entry)| {
                    let row = &entry.row;
                    let of = Subject::Container(row.host.clone(), row.id.clone());
                    (visible(&row.name).into_owned(), of)
                })
                .collect()
        });
        sort(&mut all, |a, b| a.0.cmp(&b.0));
        all
    });
    let found = move || {
        let typed = typed.get();
        let found: Vec<(String, Subject)> = all.with(|all| {
            best(&typed, all, |(name, _)| name, MOST)
                .into_iter()
                .cloned()
                .collect()
        });
        if found.is_empty() {
            return view! { <p class="dim">{w.period.none_found}</p> }.into_any();
        }
        each(found, |(name, of)| {
            view! {
                <button type="button" class="menu-item" translate="no" on:click=act(move |_| choose(Compare::With(of.clone())))>
                    {name}
                </button>
            }
            .into_any()
        })
        .into_any()
    };
    view! {
        {plain}
        <input
            type="search"
            class="compare-find"
            autocomplete="off"
            spellcheck="false"
            placeholder=w.period.find
            aria-label=w.period.find
            prop:value=typed
            on:input=act(move |event: ev::Event| typed.set(event_target_value(&event)))
        />
        {follow(found)}
    }
}
