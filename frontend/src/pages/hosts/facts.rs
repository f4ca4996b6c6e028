//! What an engine says of itself.

use crate::{
    board::use_board,
    components::{each, follow, memo},
    state::text::visible,
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::{EngineFacts, HostId, HostState};

/// The engine's facts, its warnings, and why it is down when it is.
#[component]
pub(super) fn Facts(id: HostId) -> impl IntoView {
    let w = words();
    let board = use_board();
    let host = memo(move || board.host(&id));
    let reason = move || match host.get()?.state {
        HostState::Down { reason, .. } => {
            Some(view! { <p class="bad">{format!("✕ {}", visible(&reason))}</p> }.into_any())
        }
        HostState::Searching { .. } | HostState::Up { .. } | HostState::Stale { .. } => None,
    };
    let engine = memo(move || {
        let host = host.get()?;
        Some((host.endpoint, host.clock_skew_ms, host.engine?))
    });
    let facts = move || {
        let (endpoint, skew, engine) = engine.get()?;
        let mut facts = vec![(w.hosts.endpoint, endpoint.unwrap_or_default())];
        facts.extend(told(&engine));
        facts.extend(skew.map(|ms| (w.hosts.skew, (w.hosts.skew_words)(ms))));
        let fact = |(name, value): (&'static str, String)| {
            view! { <dt>{name}</dt><dd translate="no">{visible(&value).into_owned()}</dd> }
                .into_any()
        };
        let shown = facts.into_iter().filter(|(_, value)| !value.is_empty());
        Some(each(shown, fact))
    };
    let warnings = move || {
        let (_, _, engine) = engine.get()?;
        let warnings = engine.warnings;
        (!warnings.is_empty()).then(|| {
            let item =
                |warning: String| view! { <li>{visible(&warning).into_owned()}</li> }.into_any();
            view! {
                <h2 class="warn">"▲ " {w.hosts.warnings}</h2>
                <ul class="warnings">{each(warnings, item)}</ul>
            }
            .into_any()
        })
    };
    view! {
        <section class="sheet panel">
            <h2>{w.hosts.facts}</h2>
            {follow(reason)}
            <dl class="facts-list">{follow(facts)}</dl>
            {follow(warnings)}
        </section>
    }
}

fn told(engine: &EngineFacts) -> Vec<(&'static str, String)> {
    let w = words();
    let yes_no = if engine.live_restore {
        w.hosts.yes
    } else {
        w.hosts.no
    };
    vec![
        (w.hosts.version, engine.version.clone()),
        (w.hosts.api_version, engine.api_version.clone()),
        (w.hosts.os, engine.os.clone()),
        (w.hosts.kernel, engine.kernel.clone()),
        (w.hosts.arch, engine.arch.clone()),
        (w.hosts.cores, engine.cpus.to_string()),
        (
            w.hosts.memory,
            plimsoll_shared::units::binary(engine.memory),
        ),
        (
            w.hosts.cgroup,
            format!("v{}, {}", engine.cgroup_version, engine.cgroup_driver),
        ),
        (w.hosts.storage, engine.storage_driver.clone()),
        (w.hosts.security, engine.security.join(", ")),
        (w.hosts.live_restore, yes_no.to_owned()),
        (w.hosts.images, engine.images.to_string()),
        (w.hosts.engine_id, engine.engine_id.clone()),
    ]
}
