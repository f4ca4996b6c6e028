//! The page `missing`.

use crate::words::words;
use leptos::prelude::*;

/// The page.
#[component]
pub(crate) fn MissingPage() -> impl IntoView {
    view! { <h1>{words().shell.containers}</h1> }
}
