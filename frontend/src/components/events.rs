//! What happened lately.

use super::{ClockTime, each, follow};
use crate::{state::text::visible, words::words};
use leptos::prelude::*;
use plimsoll_shared::{ContainerEvent, EventKind};

/// Events, newest first, each with a link to its container.
#[component]
pub(crate) fn Events(
    /// The events.
    #[prop(into)]
    events: Signal<Vec<ContainerEvent>>,
) -> impl IntoView {
    let w = words();
    let item = move |event: ContainerEvent| {
        let url = format!("/hosts/{}/containers/{}", event.host, event.container);
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
                <ClockTime at=event.at />
                <a href=url translate="no">{visible(&event.name).into_owned()}</a>
                <span><span class=class>{(w.states.event)(event.kind)}</span> " " <span class="dim">{detail}</span></span>
            </li>
        }
        .into_any()
    };
    view! { <ul>{follow(move || each(events.get(), item))}</ul> }
}
