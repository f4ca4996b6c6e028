//! The hosts.

use crate::words::words;
use leptos::prelude::*;

/// Every host.
#[component]
pub(crate) fn HostsPage() -> impl IntoView {
    view! { <h1>{words().shell.hosts}</h1> }
}

/// One host.
#[component]
pub(crate) fn HostPage() -> impl IntoView {
    view! { <h1>{words().shell.hosts}</h1> }
}
