//! One container's own page: what it is, how loaded it is, and what happened to it.

mod charts;
mod details;
mod events;
mod feed;
mod header;
mod side;

use self::{
    charts::Charts, details::Details, events::Events, feed::Feed, header::Header, side::Side,
};
use crate::{
    address::use_address,
    api::Failure,
    charts::{Paper, Quantity, TimeBar},
    components::{act, each, follow, memo, shown},
    state::route::Route,
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::{ContainerId, HostId};

/// The parts of the page, by the word in the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    Charts,
    Events,
    Details,
}

impl Tab {
    const ALL: [Self; 3] = [Self::Charts, Self::Events, Self::Details];

    fn word(self) -> &'static str {
        match self {
            Self::Charts => "charts",
            Self::Events => "events",
            Self::Details => "details",
        }
    }
}

/// One container: its state, its charts and what happened to it.
#[component]
pub(crate) fn ContainerPage() -> impl IntoView {
    let address = use_address();
    let place = memo(move || match &*address.route.read() {
        Route::Container { host, id, .. } => {
            let host: HostId = host.parse().ok()?;
            let id: ContainerId = id.parse().ok()?;
            Some((host, id))
        }
        _ => None,
    });
    move || match place.get() {
        Some((host, id)) => view! { <Followed host id /> }.into_any(),
        None => view! { <NoSuchContainer /> }.into_any(),
    }
}

#[component]
fn Followed(host: HostId, id: ContainerId) -> impl IntoView {
    let w = words();
    let address = use_address();
    let paper = Paper::provide((w.container.quantity)(Quantity::Cpu));
    let tab = memo(move || {
        let route = address.route.read();
        let word = match &*route {
            Route::Container { tab, .. } => tab.as_deref(),
            _ => None,
        };
        Tab::ALL
            .into_iter()
            .find(|tab| Some(tab.word()) == word)
            .unwrap_or(Tab::Charts)
    });
    let base = StoredValue::new(format!("/hosts/{host}/containers/{id}"));
    let feed = Feed::follow(host, id);
    let tabs = each(Tab::ALL, |item| {
        let name = match item {
            Tab::Charts => w.container.charts,
            Tab::Events => w.container.events,
            Tab::Details => w.container.details,
        };
        let href = move || {
            let part = base.with_value(|base| format!("{base}/{}", item.word()));
            paper.look.with(|look| look.url(&part))
        };
        view! { <a href=follow(href) aria-current=follow(move || (tab.get() == item).then_some("page"))>{name}</a> }.into_any()
    });
    let ghost = memo(move || feed.readings.ghost_name());
    let body = move || match tab.get() {
        Tab::Charts => view! {
            <div class="container-grid">
                <Charts feed />
                <Side feed />
            </div>
        }
        .into_any(),
        Tab::Events => view! { <Events feed /> }.into_any(),
        Tab::Details => view! { <Details feed /> }.into_any(),
    };
    view! {
        <article class="container-page" class:stale=follow(move || feed.as_of().is_some()) hidden=follow(move || feed.missing.get())>
            <Header feed />
            <Trouble feed />
            <div class="tabs-line">
                <nav class="tabs" aria-label=w.container.parts>
                    {tabs}
                </nav>
                {shown(move || tab.get() == Tab::Charts, move || view! { <TimeBar ghost /> }.into_any())}
            </div>
            {follow(body)}
        </article>
        {shown(move || feed.missing.get(), || view! { <NoSuchContainer /> }.into_any())}
    }
}

/// What keeps the page from being whole, each with what to do about it.
#[component]
fn Trouble(feed: Feed) -> impl IntoView {
    let failure = move || {
        feed.failure
            .get()
            .map(|failure| view! { <Failed failure feed /> }.into_any())
    };
    let no_history = move || {
        let lead = words().container.no_history;
        feed.readings
            .no_history
            .get()
            .map(|failure| view! { <Failed failure feed lead /> }.into_any())
    };
    view! {
        {follow(failure)}
        {follow(no_history)}
    }
}

#[component]
fn Failed(
    failure: Failure,
    feed: Feed,
    #[prop(optional)] lead: Option<&'static str>,
) -> impl IntoView {
    let w = words();
    let request = failure.request().map(|id| (w.shell.request)(id));
    view! {
        <div class="notice bad" role="alert">
            <p>
                <b>{lead.unwrap_or(w.shell.failed)}</b>
                " "
                <span lang="en">{failure.sentence().to_owned()}</span>
                {request.map(|request| view! { " " <small>{request}</small> })}
            </p>
            <button type="button" on:click=act(move |_| feed.retry())>
                {w.shell.retry}
            </button>
        </div>
    }
}

#[component]
fn NoSuchContainer() -> impl IntoView {
    let w = words();
    view! {
        <article class="container-none">
            <h1>{w.container.none}</h1>
            <p>{w.container.none_hint}</p>
            <p>
                <a href="/containers">{w.container.to_containers}</a>
            </p>
        </article>
    }
}
