//! The frame around every page: rail, top bar, banners.

use crate::words::words;
use leptos::prelude::*;

/// The frame around every page.
#[component]
pub(crate) fn Shell(
    /// The page.
    children: Children,
) -> impl IntoView {
    let w = words();
    view! {
        <div class="app">
            <nav class="rail">
                <a href="/containers">{w.shell.containers}</a>
                <a href="/hosts">{w.shell.hosts}</a>
                <a href="/settings">{w.shell.settings}</a>
            </nav>
            <main id="main">{children()}</main>
        </div>
    }
}
