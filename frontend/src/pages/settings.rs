//! The page `settings`.

use crate::words::words;
use leptos::prelude::*;

/// The page.
#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    view! { <h1>{words().shell.containers}</h1> }
}
