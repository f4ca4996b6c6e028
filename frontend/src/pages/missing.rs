//! An address that leads nowhere.

use crate::words::words;
use leptos::prelude::*;

/// No such page.
#[component]
pub(crate) fn MissingPage() -> impl IntoView {
    let w = words();
    view! {
        <div class="body">
            <div class="state">
                <h1>{w.shell.missing}</h1>
                <p><a href="/containers">{w.shell.missing_hint}</a></p>
            </div>
        </div>
    }
}
