//! What changed, newest first, and how often of which kind.

use super::feed::Feed;
use crate::{
    address::use_address,
    components::{ClockTime, act, each, follow, memo, shown},
    state::{
        overview::changes::{charts_url, counts, events_url, kind_from, page_url},
        text::visible,
        time::Span,
    },
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::{
    UnixMs,
    overview::{Change, ChangeKind},
};

/// Lines shown before the rest is unfolded.
const FEW: usize = 10;

/// What changed.
#[component]
pub(super) fn Changes(feed: Feed) -> impl IntoView {
    let w = words();
    let address = use_address();
    let kind = memo(move || address.parameter("changed").as_deref().and_then(kind_from));
    let all_of_them = RwSignal::new(false);
    let span = memo(move || feed.read(|overview| overview.at.since(overview.changed_from)));
    let heading = move || match span.get() {
        Some(ms) => (w.overview.changed)(&(w.time.span)(Span::of(ms))),
        None => w.overview.changed_plain.to_owned(),
    };
    let matching = memo(move || {
        feed.read(|overview| {
            let all = overview.changed.iter();
            let wanted = all.filter(|change| kind.get().is_none_or(|kind| kind == change.kind));
            wanted.cloned().collect::<Vec<_>>()
        })
    });
    let rest =
        memo(move || matching.with(|all| all.as_ref().map_or(0, Vec::len).saturating_sub(FEW)));
    let lines = move || {
        let few = if all_of_them.get() { usize::MAX } else { FEW };
        let now = feed.at.get().unwrap_or(UnixMs(0));
        let all = matching.get().unwrap_or_default();
        each(all.into_iter().take(few), |change| line(&change, now))
    };
    let outline = move || {
        let missing = if matching.with(Option::is_none) { 5 } else { 0 };
        each(0..missing, |_| {
            view! { <li class="outline" aria-hidden="true"></li> }.into_any()
        })
    };
    let none = move || matching.with(|all| all.as_ref().is_some_and(Vec::is_empty));
    let newest = move || {
        let more = feed.read(|overview| (overview.more_changes, overview.changed.len()));
        let (more, count) = more?;
        more.then(|| view! { <p class="dim">{(w.overview.newest)(count)}</p> }.into_any())
    };
    view! {
        <section class="sheet panel">
            <h2>{follow(heading)}</h2>
            <Filter feed kind />
            <ul class="changes">{follow(lines)}{follow(outline)}</ul>
            {shown(none, move || view! { <p class="dim">{w.overview.changed_none}</p> }.into_any())}
            {shown(
                move || rest.get() > 0,
                move || view! {
                    <button class="btn more" on:click=act(move |_| all_of_them.update(|all| *all = !*all))>
                        {follow(move || if all_of_them.get() { w.attention.fewer.to_owned() } else { (w.attention.more)(rest.get()) })}
                    </button>
                }.into_any(),
            )}
            {follow(newest)}
        </section>
    }
}

/// The kinds that there are, each a link to its changes alone.
#[component]
fn Filter(feed: Feed, kind: Memo<Option<ChangeKind>>) -> impl IntoView {
    let w = words();
    let kinds = memo(move || {
        let mut kinds = feed
            .read(|overview| counts(&overview.changed))
            .unwrap_or_default();
        // What is filtered by can be taken back when there is none of it left.
        if let Some(kind) = kind.get()
            && kinds.iter().all(|(other, _)| *other != kind)
        {
            kinds.push((kind, 0));
        }
        kinds
    });
    let chip = move |(of, times): (ChangeKind, u32)| {
        let on = kind.get() == Some(of);
        let host = feed.host.get().map(|host| host.to_string());
        let url = page_url(host.as_deref(), (!on).then_some(of));
        view! {
            <a class="chip" class:on=on href=url aria-current=on.then_some("true")>
                {(w.overview.kind)(of)}
                <b>{times}</b>
            </a>
        }
        .into_any()
    };
    view! {
        <nav class="chips" aria-label=w.overview.kinds>
            {follow(move || each(kinds.get(), chip))}
        </nav>
    }
}

fn line(change: &Change, now: UnixMs) -> AnyView {
    let w = words();
    let (sign, class) = match change.kind {
        ChangeKind::OutOfMemory | ChangeKind::Failed => ("✕", "sign bad"),
        ChangeKind::Unhealthy => ("▲", "sign warn"),
        ChangeKind::Restarted => ("↻", "sign"),
        ChangeKind::Redeployed => ("⇄", "sign"),
        ChangeKind::Updated => ("≠", "sign"),
        ChangeKind::Created => ("+", "sign"),
        ChangeKind::Removed => ("−", "sign"),
    };
    let name = visible(&change.name).into_owned();
    let times = (change.times > 1).then(|| (w.overview.times)(change.times));
    let detail = change
        .detail
        .as_deref()
        .map(|detail| visible(&(w.overview.detail)(detail)).into_owned());
    let more: Vec<String> = times.into_iter().chain(detail).collect();
    let label = (w.overview.events_of)(&name);
    let at = change.at;
    view! {
        <li>
            <ClockTime at />
            <span class=class><i aria-hidden="true">{sign}</i> " " {(w.overview.kind)(change.kind)}</span>
            <span class="who">
                <a href=charts_url(change, now) translate="no">{name}</a>
                " " <span class="dim">{more.join(" · ")}</span>
            </span>
            <a class="dim" href=events_url(change, now) aria-label=label>{w.overview.events}</a>
        </li>
    }
    .into_any()
}
