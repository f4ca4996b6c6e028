//! The mark every container wears, and the console's logo.

use super::follow;
use crate::{state::load::Load, words::words};
use leptos::prelude::*;

/// The mark of a container: a ring, and a water line at the height of its load.
///
/// The ring is thin dashes while its image was not scanned; the line is dots while its signature was not asked for.
#[component]
pub(crate) fn Mark(
    /// How loaded it is.
    #[prop(into)]
    load: Signal<Load>,
) -> impl IntoView {
    let w = words();
    let line = move || {
        load.get()
            .level()
            .map(|level| format!("M1 {:.1}h18", 16.2 - 12.4 * level))
    };
    view! {
        <svg class="mark" viewBox="0 0 20 20" width="20" height="20" role="img" aria-label=follow(move || (w.table.mark)(load.get()))>
            <circle class="mark-ring unscanned" cx="10" cy="10" r="6.8" />
            <path class="mark-line unasked" d=follow(line) />
        </svg>
    }
}

/// The console's logo.
#[component]
pub(crate) fn Logo() -> impl IntoView {
    view! {
        <svg class="mark logo" viewBox="0 0 20 20" width="24" height="24" aria-hidden="true">
            <circle class="mark-ring" cx="10" cy="10" r="6.6" />
            <path class="mark-line" d="M1 10h18" />
        </svg>
    }
}
