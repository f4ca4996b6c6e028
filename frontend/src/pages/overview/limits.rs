//! What is near its limit, nearest first.

use super::feed::Feed;
use crate::{
    components::{each, follow, memo},
    state::{
        columns::Column,
        overview::{
            limits::{is_hot, percent, texts},
            url_of,
        },
        query::{Query, Sort},
        text::visible,
    },
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::overview::Near;

/// What is near its limit.
#[component]
pub(super) fn Limits(feed: Feed) -> impl IntoView {
    let w = words();
    let near = memo(move || feed.read(|overview| overview.near.clone()));
    let url = move || {
        let by = Column::MemoryPercent;
        Query {
            sort: vec![Sort { by, down: true }],
            host: feed.host.get(),
            ..Query::default()
        }
        .url()
    };
    let none = move || {
        let empty = near.with(|near| near.as_ref().is_some_and(Vec::is_empty));
        empty.then(|| {
            view! { <p class="quiet"><i class="ok" aria-hidden="true">"✓"</i> " " {w.overview.near_none}</p> }.into_any()
        })
    };
    let outline = move || {
        let missing = if near.with(Option::is_none) { 3 } else { 0 };
        each(0..missing, |_| {
            view! { <li class="outline" aria-hidden="true"></li> }.into_any()
        })
    };
    view! {
        <section class="sheet panel">
            <h2><a href=follow(url)>{w.overview.near}</a></h2>
            <ul class="limits">
                {follow(move || each(near.get().unwrap_or_default(), |near| line(&near)))}
                {follow(outline)}
            </ul>
            {follow(none)}
        </section>
    }
}

fn line(near: &Near) -> AnyView {
    let w = words();
    let (value, most) = texts(near);
    let told = (w.overview.limit)(near.limit, &value, &most);
    let name = visible(&near.name).into_owned();
    let percent = percent(near).unwrap_or_default();
    let label = format!("{name}: {told}");
    view! {
        <li>
            <a href=url_of(&near.of)>
                <b translate="no">{name}</b>
                <span class="told">{told}</span>
                <span class="much">{format!("{percent:.0} %")}</span>
                <span
                    class="bar"
                    class:hot=is_hot(near)
                    role="meter"
                    aria-label=label
                    aria-valuemin="0"
                    aria-valuemax="100"
                    aria-valuenow=format!("{percent:.0}")
                >
                    <i style:width=format!("{:.1}%", percent.clamp(0.0, 100.0))></i>
                </span>
            </a>
        </li>
    }
    .into_any()
}
