//! One container's own page.

use crate::words::words;
use leptos::prelude::*;

/// One container: its state, its charts and what happened to it.
#[component]
pub(crate) fn ContainerPage() -> impl IntoView {
    view! { <h1>{words().container.title}</h1> }
}
