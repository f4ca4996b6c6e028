//! What happened lately.

use super::{ClockTime, each, follow};
use crate::{
    live::use_live,
    state::{look::Look, text::visible},
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::{ContainerEvent, EventKind};

/// Events, newest first, each with a link to its container.
#[component]
pub(crate) fn Events(
    /// The events.
    #[prop(into)]
    events: Signal<Vec<ContainerEvent>>,
) -> impl IntoView {
    let (w, live) = (words(), use_live());
    let item = move |event: ContainerEvent| {
        let url = format!("/hosts/{}/containers/{}", event.host, event.container);
        let then = Look::link(&format!("{url}/charts"), event.at, live.server_now());
        let class = match event.kind {
            EventKind::Oom => "sign bad",
            EventKind::Die | EventKind::Kill => "sign warn",
            _ => "sign",
        };
        let detail = event
            .detail
            .as_deref()
            .map(|detail| visible(detail).into_owned());
        view! {
            <li class="event">
                <a class="moment" href=then title=w.charts.at_that_time><ClockTime at=event.at /></a>
                <a href=url translate="no">{visible(&event.name).into_owned()}</a>
                <span><span class=class>{(w.states.event)(event.kind)}</span> " " <span class="dim">{detail}</span></span>
            </li>
        }
        .into_any()
    };
    view! { <ul>{follow(move || each(events.get(), item))}</ul> }
}
