//! The whole console: its pages, and what every page may use.

use crate::{
    address::Address,
    board::Board,
    components::{Shell, follow, memo},
    live::Live,
    pages::{
        ContainerPage, ContainersPage, HostPage, HostsPage, MissingPage, OverviewPage, Places,
        SettingsPage,
    },
    prefs::Prefs,
    state::route::Route,
    words::{self, Words},
};
use leptos::prelude::*;

/// The console.
///
/// A change of language draws it anew, so that a page may take its words once, when it is drawn; what a page shows is in the URL and
/// survives.
#[component]
pub(crate) fn App() -> impl IntoView {
    let prefs = Prefs::provide();
    let address = Address::provide();
    let live = Live::provide();
    Board::provide(live);
    Places::provide();
    live.connect();
    let page = memo(move || address.route.with(std::mem::discriminant));
    follow(move || {
        words::provide(Words::of(prefs.lang.get()));
        let shown = follow(move || {
            // A memo that is only tracked, never read, never learns of a change.
            let _ = page.get();
            draw(&address.route.get_untracked())
        });
        view! { <Shell>{shown}</Shell> }.into_any()
    })
}

/// Draws a page; another page of its kind, as another container's, it becomes by itself.
fn draw(route: &Route) -> AnyView {
    match route {
        Route::Overview => view! { <OverviewPage /> }.into_any(),
        Route::Containers => view! { <ContainersPage /> }.into_any(),
        Route::Hosts => view! { <HostsPage /> }.into_any(),
        Route::Host(_) => view! { <HostPage /> }.into_any(),
        Route::Container { .. } => view! { <ContainerPage /> }.into_any(),
        Route::Settings => view! { <SettingsPage /> }.into_any(),
        Route::Missing => view! { <MissingPage /> }.into_any(),
    }
}
