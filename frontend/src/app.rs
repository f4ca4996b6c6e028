//! The whole console: its addresses, and what every page may use.

use crate::{
    board::Board,
    components::Shell,
    live::Live,
    pages::{
        ContainerPage, ContainersPage, HostPage, HostsPage, MissingPage, Places, SettingsPage,
    },
    prefs::Prefs,
    words::{self, Words},
};
use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Redirect, Route, Router},
    path,
};

/// The console.
///
/// A change of language draws it anew inside the router, so that a page may take its words once, when it is drawn; what a page shows
/// is in the URL and survives.
#[component]
pub(crate) fn App() -> impl IntoView {
    let prefs = Prefs::provide();
    let live = Live::provide();
    Board::provide(live);
    Places::provide();
    live.connect();
    view! {
        <Router>
            {move || {
                let words = Words::of(prefs.lang.get());
                words::provide(words);
                view! {
                    <Shell>
                        <FlatRoutes fallback=|| view! { <MissingPage /> }.into_any()>
                            <Route path=path!("/") view=|| view! { <Redirect path="/containers" /> }.into_any() />
                            <Route path=path!("/containers") view=|| view! { <ContainersPage /> }.into_any() />
                            <Route path=path!("/hosts") view=|| view! { <HostsPage /> }.into_any() />
                            <Route path=path!("/hosts/:host") view=|| view! { <HostPage /> }.into_any() />
                            <Route path=path!("/hosts/:host/containers/:id") view=|| view! { <ContainerPage /> }.into_any() />
                            <Route path=path!("/hosts/:host/containers/:id/:tab") view=|| view! { <ContainerPage /> }.into_any() />
                            <Route path=path!("/settings") view=|| view! { <SettingsPage /> }.into_any() />
                        </FlatRoutes>
                    </Shell>
                }
                    .into_any()
            }}
        </Router>
    }
}
