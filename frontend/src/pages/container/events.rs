//! Everything that happened to a container, page by page.

use super::feed::Feed;
use crate::{
    api::{self, Failure},
    charts::sign,
    components::{act, each, follow, memo},
    prefs::use_prefs,
    state::{
        lately::{is_bad, merge},
        text::visible,
        time::{date_time, iso},
    },
    words::words,
};
use leptos::{prelude::*, task::spawn_local};
use plimsoll_shared::ContainerEvent;

/// Events asked for at once.
const PAGE: usize = 100;

/// Where a list that is loaded page by page stands.
#[derive(Debug, Clone, PartialEq)]
enum Pages {
    /// A page is being asked for.
    Asking,
    /// There are older ones, which this names.
    More(String),
    /// That was the last.
    All,
    /// A page could not be loaded.
    Failed(Failure, Option<String>),
}

/// Everything that happened, newest first.
#[component]
pub(super) fn Events(
    /// What is known of the container.
    feed: Feed,
) -> impl IntoView {
    let w = words();
    let older = RwSignal::new(Vec::<ContainerEvent>::new());
    let pages = RwSignal::new(Pages::Asking);
    let ask = move |before: Option<String>| {
        pages.set(Pages::Asking);
        let (host, id) = feed.place();
        spawn_local(async move {
            let answer = api::container_events(&host, &id, before.as_deref(), PAGE).await;
            if pages.is_disposed() {
                return;
            }
            match answer {
                Ok(page) => {
                    older.update(|events| merge(events, page.items));
                    pages.set(page.next.map_or(Pages::All, Pages::More));
                }
                Err(failure) => pages.set(Pages::Failed(failure, before)),
            }
        });
    };
    ask(None);
    // What comes in live stands above what was asked for; older events of the charts would leave holes between pages.
    let shown = memo(move || {
        let mut all = older.get();
        let newest = all.first().map(|event| event.at);
        let live = feed.events.get();
        merge(
            &mut all,
            live.iter()
                .filter(|event| newest.is_none_or(|newest| event.at >= newest))
                .cloned(),
        );
        all
    });
    let foot = move || match pages.get() {
        Pages::Asking => view! { <p class="quiet">{w.shell.loading} "…"</p> }.into_any(),
        Pages::More(next) => view! {
            <button type="button" on:click=act(move |_| ask(Some(next.clone())))>
                {w.container.older}
            </button>
        }
        .into_any(),
        Pages::All if shown.with(Vec::is_empty) => {
            view! { <p class="quiet">{w.container.no_events}</p> }.into_any()
        }
        Pages::All => view! { <p class="quiet">{w.container.no_older}</p> }.into_any(),
        Pages::Failed(failure, before) => view! {
            <div class="notice bad" role="alert">
                <p>
                    <b>{w.shell.failed}</b>
                    " "
                    <span lang="en">{failure.sentence().to_owned()}</span>
                </p>
                <button type="button" on:click=act(move |_| ask(before.clone()))>
                    {w.shell.retry}
                </button>
            </div>
        }
        .into_any(),
    };
    view! {
        <section class="sheet events">
            <table hidden=follow(move || shown.with(Vec::is_empty))>
                <caption class="unseen">{w.container.events}</caption>
                <thead>
                    <tr>
                        <th scope="col">{w.container.when}</th>
                        <th scope="col">{w.container.what}</th>
                        <th scope="col">{w.container.detail}</th>
                    </tr>
                </thead>
                <tbody>
                    {follow(move || each(shown.get(), |event| view! { <Row event feed /> }.into_any()))}
                </tbody>
            </table>
            {follow(foot)}
        </section>
    }
}

#[component]
fn Row(event: ContainerEvent, feed: Feed) -> impl IntoView {
    let w = words();
    let prefs = use_prefs();
    let at = event.at;
    let class = if is_bad(event.kind, event.detail.as_deref()) {
        "bad"
    } else {
        ""
    };
    let detail = event
        .detail
        .as_deref()
        .map(|detail| (w.container.event_detail)(event.kind, &visible(detail)));
    view! {
        <tr>
            <td>
                <a class="moment" href=feed.charts_at(at) title=w.charts.at_that_time>
                    <time datetime=follow(move || iso(at, prefs.offset_minutes(at)))>{follow(move || date_time(at, prefs.offset_minutes(at)))}</time>
                </a>
            </td>
            <td class=class>
                <i aria-hidden="true">{sign(event.kind)}</i>
                " "
                {(w.states.event)(event.kind)}
            </td>
            <td>{detail}</td>
        </tr>
    }
}
