//! The page `containers`.

use crate::words::words;
use leptos::prelude::*;

/// The page.
#[component]
pub(crate) fn ContainersPage() -> impl IntoView {
    view! { <h1>{words().shell.containers}</h1> }
}
