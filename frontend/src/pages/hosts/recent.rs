//! What happened on a host lately.

use crate::{
    api::{self, Failure},
    board::use_board,
    components::{Events, Problem, Skeleton, act, effect, follow, memo, shown},
    words::words,
};
use leptos::{prelude::*, task::spawn_local};
use plimsoll_shared::{ContainerEvent, HostId};

/// Events asked for at once.
const PAGE: usize = 25;

/// The host's events, newest first, page by page; asked for again when the number of its containers changes.
#[component]
pub(super) fn Recent(id: HostId) -> impl IntoView {
    let w = words();
    let board = use_board();
    let events = RwSignal::new(None::<Vec<ContainerEvent>>);
    let next = RwSignal::new(None::<String>);
    let failed = RwSignal::new(None::<Failure>);
    let host = StoredValue::new(id.clone());
    let ask = move |before: Option<String>| {
        spawn_local(async move {
            let answer = api::host_events(&host.get_value(), before.as_deref(), PAGE).await;
            match answer {
                Ok(page) => {
                    failed.set(None);
                    next.set(page.next);
                    events.update(|known| match known {
                        Some(known) if before.is_some() => known.extend(page.items),
                        _ => *known = Some(page.items),
                    });
                }
                Err(failure) => failed.set(Some(failure)),
            }
        });
    };
    let counts = memo(move || {
        board
            .host(&id)
            .map(|host| (host.counts, std::mem::discriminant(&host.state)))
    });
    effect(move || {
        // A memo that is only tracked, never read, never learns of a change.
        let _ = counts.get();
        ask(None);
    });
    let list = Signal::derive(move || events.get().unwrap_or_default());
    view! {
        <section class="sheet panel">
            <h2>{w.hosts.events}</h2>
            {follow(move || match (failed.get(), events.with(Option::is_some)) {
                (Some(failure), _) => view! { <Problem failure retry=Callback::new(move |()| ask(None)) /> }.into_any(),
                (None, false) => view! { <Skeleton lines=5 /> }.into_any(),
                (None, true) => view! { <Events events=list /> }.into_any(),
            })}
            {shown(
                move || events.with(|events| events.as_ref().is_some_and(Vec::is_empty)),
                move || view! {
                <p class="dim">{w.hosts.no_events}</p>
                }.into_any(),
            )}
            {shown(
                move || next.with(Option::is_some),
                move || view! {
                <p><button class="btn" on:click=act(move |_| ask(next.get_untracked()))>{w.hosts.older}</button></p>
                }.into_any(),
            )}
        </section>
    }
}
