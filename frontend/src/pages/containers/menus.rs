//! The menus of the toolbar: grouping, columns and row height.

use super::view::TableView;
use crate::{
    components::{act, close_beside, each, follow, memo},
    state::{
        columns::Column,
        query::{Density, Group},
    },
};
use leptos::{html, prelude::*};

/// What rows are grouped by.
#[component]
pub(super) fn GroupMenu(view: TableView) -> impl IntoView {
    let w = view.words;
    let chosen = memo(move || view.query.with(|query| query.group));
    let choose = move |event| {
        let slug = event_target_value(&event);
        view.change(|query| {
            query.group = Group::ALL.into_iter().find(|group| group.slug() == slug);
        });
    };
    let option = move |group: Option<Group>| {
        view! {
            <option value=group.map_or("", Group::slug) selected=follow(move || chosen.get() == group)>
                {format!("{}: {}", w.table.group_by, (w.table.group)(group))}
            </option>
        }
        .into_any()
    };
    view! {
        <span class="choose"><select class="chip" class:on=follow(move || chosen.get().is_some()) aria-label=w.table.group_by on:change=act(choose)>
            {option(None)}
            {each(Group::ALL, |group| option(Some(group)))}
        </select></span>
    }
}

/// Columns, and how high rows are.
#[component]
pub(super) fn ColumnsMenu(view: TableView) -> impl IntoView {
    let w = view.words;
    let menu = NodeRef::<html::Details>::new();
    close_beside(menu);
    let column = move |column: Column| {
        view! {
            <label>
                <input
                    type="checkbox"
                    prop:checked=follow(move || view.columns.with(|columns| columns.contains(&column)))
                    on:change=act(move |_| view.change(|query| query.toggle_column(column)))
                />
                {(w.table.column_name)(column)}
            </label>
        }
        .into_any()
    };
    let density = move |density: Density| {
        view! {
            <label>
                <input
                    type="radio"
                    name="density"
                    prop:checked=follow(move || view.query.with(|query| query.density == density))
                    on:change=act(move |_| view.change(|query| query.density = density))
                />
                {(w.table.density)(density)}
            </label>
        }
        .into_any()
    };
    view! {
        <details class="menu" node_ref=menu>
            <summary class="btn quiet-btn">{w.table.columns}</summary>
            <div class="menu-body">
                {each(Column::ALL.into_iter().filter(|column| column.is_optional()), column)}
                <button class="btn" on:click=act(move |_| view.change(|query| query.columns = None))>{w.table.usual_columns}</button>
                <fieldset>
                    <legend>{w.table.row_height}</legend>
                    {each(Density::ALL, density)}
                </fieldset>
            </div>
        </details>
    }
}
