//! Filters, and what to do with the rows.

use super::{
    export::save,
    menus::{ColumnsMenu, GroupMenu},
    view::TableView,
};
use crate::{
    components::{HostMenu, act, each, follow, memo, shown},
    state::{fleet::Kind, query::Query, text::visible},
};
use leptos::prelude::*;

/// Filters, and what to do with the rows.
#[component]
pub(super) fn Toolbar(view: TableView) -> impl IntoView {
    let w = view.words;
    let chosen = memo(move || {
        view.query
            .with(|query| query.host.as_ref().map(ToString::to_string))
    });
    let choose = Callback::new(move |id: Option<String>| {
        view.change(|query| query.host = id.and_then(|id| id.parse().ok()));
    });
    let frozen = move || view.query.with(|query| !query.live);
    let freeze = move |_| view.change(|query| query.live = !query.live);
    view! {
        <div class="toolbar">
            <div class="chips" role="group" aria-label=w.table.filters>
                {each(Kind::ALL.into_iter().enumerate(), |(at, kind)| view! { <KindChip view at kind /> }.into_any())}
                <HostMenu chosen choose />
                <GroupMenu view />
                <Active view />
            </div>
            <span class="spring"></span>
            <Selection view />
            <button class="btn quiet-btn" class:on=follow(frozen) aria-pressed=follow(move || frozen().to_string()) title=w.table.freeze_hint on:click=act(freeze)>
                {follow(move || if frozen() { w.table.frozen } else { w.table.freeze })}
                <kbd aria-hidden="true">{w.table.freeze_key}</kbd>
            </button>
            <ColumnsMenu view />
            <button class="btn quiet-btn" title=w.table.export_hint on:click=act(move |_| save(view))>{w.table.export}</button>
        </div>
    }
}

#[component]
fn KindChip(view: TableView, at: usize, kind: Kind) -> impl IntoView {
    let w = view.words;
    let on = move || view.query.with(|query| query.kinds.contains(&kind));
    let count = memo(move || view.kinds.get()[at]);
    view! {
        {shown(
            move || count.get() > 0 || on() || kind == Kind::Running,
            move || view! {
            <button
                class="chip"
                class:on=follow(on)
                aria-pressed=follow(move || on().to_string())
                on:click=act(move |_| view.change(|query| query.toggle_kind(kind)))
            >
                {(w.table.kind)(kind)}
                <b>{count}</b>
            </button>
            }.into_any(),
        )}
    }
}

/// Filters in force that no other chip shows, each with a way out.
#[component]
fn Active(view: TableView) -> impl IntoView {
    let w = view.words;
    let search = move || view.query.with(|query| query.q.clone());
    view! {
        {shown(
            move || !search().is_empty(),
            move || view! {
            <button
                class="chip on"
                aria-label=follow(move || (w.table.remove)(&search()))
                on:click=act(move |_| view.change(|query| query.q.clear()))
            >
                {follow(move || (w.table.search)(&visible(&search())))}
                <b aria-hidden="true">"✕"</b>
            </button>
            }.into_any(),
        )}
        {shown(
            move || view.query.with(Query::filters),
            move || view! {
            <button class="chip clear" on:click=act(move |_| view.change(Query::clear_filters))>{w.table.clear}</button>
            }.into_any(),
        )}
    }
}

#[component]
fn Selection(view: TableView) -> impl IntoView {
    let w = view.words;
    let count = move || view.selected.with(|selected| selected.len());
    view! {
        {shown(
            move || count() > 0,
            move || view! {
            <span class="selection">
                {follow(move || (w.table.selected)(count()))} " "
                <button class="btn quiet-btn" on:click=act(move |_| view.selected.update(|s| s.clear()))>{w.table.unselect}</button>
            </span>
            }.into_any(),
        )}
    }
}
