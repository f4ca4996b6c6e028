//! The list of keys.

use super::{Dialog, act, each};
use crate::words::words;
use leptos::prelude::*;

/// The dialog that lists the keys.
#[component]
pub(crate) fn Keys(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let w = words();
    let list = move || {
        view! {
            <h2>{w.shell.keys}</h2>
            <dl class="keys">
                {each(w.shell.key_list, |(key, does)| view! { <div><dt><kbd>{*key}</kbd></dt><dd>{*does}</dd></div> }.into_any())}
            </dl>
            <p class="dialog-end"><button class="btn" autofocus on:click=act(move |_| open.set(false))>{w.shell.close}</button></p>
        }
    };
    view! { <Dialog open label=w.shell.keys class="dialog-keys" content=list /> }
}
