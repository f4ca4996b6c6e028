//! The search field of the top bar.

use super::{act, memo};
use crate::{
    address::{Address, use_address},
    state::{query::Query, route::Route},
    words::words,
};
use leptos::{ev, html, prelude::*};

/// The search field: it filters the containers, and leads to them from any other page.
#[component]
pub(crate) fn Search(
    /// The field, so that a key can reach it.
    field: NodeRef<html::Input>,
) -> impl IntoView {
    let w = words();
    let address = use_address();
    let at_table = move || *address.route.read_untracked() == Route::Containers;
    let shown = memo(move || address.parameter("q").unwrap_or_default());
    let composing = StoredValue::new(false);
    let search = move |q: String| {
        let here = at_table();
        let before = if here {
            untrack(|| read_query(address))
        } else {
            Query::default()
        };
        address.go(&Query { q, ..before }.url(), here);
    };
    let typed = move |event: ev::Event| {
        if !composing.get_value() {
            search(event_target_value(&event));
        }
    };
    let composed = move |event: ev::CompositionEvent| {
        composing.set_value(false);
        search(event_target_value(&event));
    };
    view! {
        <form class="search" role="search" on:submit=act(|event: ev::SubmitEvent| event.prevent_default())>
            <input
                type="search"
                name="q"
                autocomplete="off"
                spellcheck="false"
                placeholder=w.table.search_hint
                aria-label=w.table.search_hint
                node_ref=field
                prop:value=shown
                on:input=act(typed)
                on:compositionstart=act(move |_| composing.set_value(true))
                on:compositionend=act(composed)
            />
            <kbd aria-hidden="true">"/"</kbd>
        </form>
    }
}

/// The table that the address asks for.
pub(crate) fn read_query(address: Address) -> Query {
    let all = address.parameters();
    Query::read(
        all.iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    )
}
