//! The search field of the top bar.

use crate::{state::query::Query, words::words};
use leptos::{ev, html, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

/// The search field: it filters the containers, and leads to them from any other page.
#[component]
pub(crate) fn Search(
    /// The field, so that a key can reach it.
    field: NodeRef<html::Input>,
) -> impl IntoView {
    let w = words();
    let location = use_location();
    let navigate = use_navigate();
    let at_table = move || location.pathname.get_untracked() == "/containers";
    let query = location.query;
    let shown = Memo::new(move |_| query.with(|query| query.get("q").unwrap_or_default()));
    let composing = StoredValue::new(false);
    let search = move |text: String| {
        let before = if at_table() {
            query.with_untracked(read_query)
        } else {
            Query::default()
        };
        let options = NavigateOptions {
            replace: at_table(),
            scroll: false,
            ..Default::default()
        };
        navigate(&Query { q: text, ..before }.url(), options);
    };
    let typed = {
        let search = search.clone();
        move |event: ev::Event| {
            if !composing.get_value() {
                search(event_target_value(&event));
            }
        }
    };
    let composed = move |event: ev::CompositionEvent| {
        composing.set_value(false);
        search(event_target_value(&event));
    };
    view! {
        <form class="search" role="search" on:submit=|event| event.prevent_default()>
            <input
                type="search"
                name="q"
                autocomplete="off"
                spellcheck="false"
                placeholder=w.table.search_hint
                aria-label=w.table.search_hint
                node_ref=field
                prop:value=shown
                on:input=typed
                on:compositionstart=move |_| composing.set_value(true)
                on:compositionend=composed
            />
            <kbd aria-hidden="true">"/"</kbd>
        </form>
    }
}

/// The table's query in the URL's parameters.
pub(crate) fn read_query(parameters: &leptos_router::params::ParamsMap) -> Query {
    let all: Vec<(String, String)> = parameters
        .clone()
        .into_iter()
        .map(|(name, value)| (name.into_owned(), value))
        .collect();
    Query::read(
        all.iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    )
}
