//! Filters, and what to do with the rows.

use super::{
    export::save,
    menus::{ColumnsMenu, GroupMenu, HostMenu},
    view::TableView,
};
use crate::state::{fleet::Kind, query::Query, text::visible};
use leptos::prelude::*;

/// Filters, and what to do with the rows.
#[component]
pub(super) fn Toolbar(view: TableView) -> impl IntoView {
    let w = view.words;
    let frozen = move || view.query.with(|query| !query.live);
    let freeze = move |_| view.change(|query| query.live = !query.live);
    view! {
        <div class="toolbar">
            <div class="chips" role="group" aria-label=w.table.filters>
                {Kind::ALL.into_iter().enumerate().map(|(at, kind)| view! { <KindChip view at kind /> }).collect_view()}
                <HostMenu view />
                <GroupMenu view />
                <Active view />
            </div>
            <span class="spring"></span>
            <Selection view />
            <button class="btn quiet-btn" class:on=frozen aria-pressed=move || frozen().to_string() title=w.table.freeze_hint on:click=freeze>
                {move || if frozen() { w.table.frozen } else { w.table.freeze }}
                <kbd aria-hidden="true">{w.table.freeze_key}</kbd>
            </button>
            <ColumnsMenu view />
            <button class="btn quiet-btn" title=w.table.export_hint on:click=move |_| save(view)>{w.table.export}</button>
        </div>
    }
}

#[component]
fn KindChip(view: TableView, at: usize, kind: Kind) -> impl IntoView {
    let w = view.words;
    let on = move || view.query.with(|query| query.kinds.contains(&kind));
    let count = Memo::new(move |_| view.kinds.get()[at]);
    view! {
        <Show when=move || { count.get() > 0 || on() || kind == Kind::Running }>
            <button
                class="chip"
                class:on=on
                aria-pressed=move || on().to_string()
                on:click=move |_| view.change(|query| query.toggle_kind(kind))
            >
                {(w.table.kind)(kind)}
                <b>{count}</b>
            </button>
        </Show>
    }
}

/// Filters in force that no other chip shows, each with a way out.
#[component]
fn Active(view: TableView) -> impl IntoView {
    let w = view.words;
    let search = move || view.query.with(|query| query.q.clone());
    view! {
        <Show when=move || !search().is_empty()>
            <button
                class="chip on"
                aria-label=move || (w.table.remove)(&search())
                on:click=move |_| view.change(|query| query.q.clear())
            >
                {move || (w.table.search)(&visible(&search()))}
                <b aria-hidden="true">"✕"</b>
            </button>
        </Show>
        <Show when=move || view.query.with(Query::filters)>
            <button class="chip clear" on:click=move |_| view.change(Query::clear_filters)>{w.table.clear}</button>
        </Show>
    }
}

#[component]
fn Selection(view: TableView) -> impl IntoView {
    let w = view.words;
    let count = move || view.selected.with(|selected| selected.len());
    view! {
        <Show when=move || { count() > 0 }>
            <span class="selection">
                {move || (w.table.selected)(count())} " "
                <button class="btn quiet-btn" on:click=move |_| view.selected.update(|s| s.clear())>{w.table.unselect}</button>
            </span>
        </Show>
    }
}
