//! The head of a container's page: its name, how it is, and the image it runs.

use super::feed::Feed;
use crate::{
    charts::sign,
    components::{Mark, act, effect, follow},
    live::use_live,
    prefs::use_prefs,
    state::{
        load::{Load, has_own_limit},
        text::visible,
        time::{Span, date_time, hour_minute_second, iso},
    },
    words::{
        states::{health_sign, state_sign},
        words,
    },
};
use leptos::prelude::*;
use plimsoll_shared::{ContainerRow, ContainerState, EventKind, Health, Reading};
use std::sync::Arc;

/// The head of a container's page.
#[component]
pub(super) fn Header(
    /// What is known of it.
    feed: Feed,
) -> impl IntoView {
    let w = words();
    effect(move || {
        if let Some(row) = feed.row.get() {
            document().set_title(&format!("{} – Plimsoll", visible(&row.name)));
        }
    });
    let known = move || match feed.row.get() {
        Some(row) => view! { <Known row feed /> }.into_any(),
        None => view! {
            <p class="crumb">{w.container.title}</p>
            <h1 class="skeleton wide">
                <span class="unseen">{w.shell.loading}</span>
            </h1>
            <p class="meta skeleton"></p>
        }
        .into_any(),
    };
    view! { <header class="container-head">{follow(known)}</header> }
}

#[component]
fn Known(row: Arc<ContainerRow>, feed: Feed) -> impl IntoView {
    let prefs = use_prefs();
    let w = words();
    let host = row.host.to_string();
    let host_link = format!("/hosts/{host}");
    let project = row
        .compose
        .as_ref()
        .map(|compose| visible(&compose.project).into_owned());
    let crumb_project = project.map(|project| view! { <span>{project}</span> " / " });
    let load = Signal::derive(move || {
        feed.tick.track();
        let memory = feed.host.with(|host| {
            host.as_ref()
                .and_then(|host| host.engine.as_ref())
                .map(|engine| engine.memory)
        });
        feed.window
            .with_untracked(|window| load(window.reading(), memory))
    });
    let old = move || {
        feed.as_of().map(|at| {
            let clock = hour_minute_second(at, prefs.offset_minutes(at));
            view! { <p class="notice quiet">{(w.container.engine_down)(&clock)}</p> }.into_any()
        })
    };
    view! {
        <p class="crumb">
            <a href=host_link>{host}</a>
            " / "
            {crumb_project}
        </p>
        <h1>
            <Mark load />
            {visible(&row.name).into_owned()}
        </h1>
        <State row=row.clone() feed />
        {follow(old)}
        <Gone row feed />
    }
}

/// How loaded it is: its memory where that has a limit of its own, its CPU otherwise.
fn load(reading: Option<&Reading>, host_memory: Option<u64>) -> Load {
    let Some(reading) = reading else {
        return Load::Unmeasured;
    };
    match reading
        .memory
        .percent()
        .filter(|_| has_own_limit(reading.memory.limit, host_memory))
    {
        Some(percent) => Load::Memory(percent),
        None => reading.cpu_percent.map_or(Load::Unmeasured, Load::Cpu),
    }
}

/// State, health, how long, restarts, and the image.
#[component]
fn State(row: Arc<ContainerRow>, feed: Feed) -> impl IntoView {
    let w = words();
    let prefs = use_prefs();
    let live = use_live();
    let gone = row.removed_at.is_some();
    let alive = row.state.is_alive() && !gone;
    let state = if gone {
        format!(
            "{} {}",
            sign(EventKind::Destroy),
            (w.states.event)(EventKind::Destroy)
        )
    } else {
        format!(
            "{} {}",
            state_sign(row.state),
            (w.states.state)(row.state, None)
        )
    };
    let class = colour(&row);
    let health = (alive && row.health != Health::None).then(|| {
        let class = if row.health == Health::Unhealthy { "bad" } else { "" };
        view! { <span class=class>{format!("{} {}", health_sign(row.health), (w.states.health)(row.health))}</span> }
    });
    let life = {
        let row = row.clone();
        move || {
            let now = live.now.get();
            let (text, at) = if alive {
                let started = row.started_at?;
                (
                    (w.container.up)(&(w.time.span)(Span::of(now.since(started)))),
                    started,
                )
            } else if let Some(ended) = row.finished_at {
                let ago = (w.time.ago)(Span::of(now.since(ended)));
                (
                    (w.container.ended)(&ago, row.exit_code, row.oom_killed),
                    ended,
                )
            } else if row.state == ContainerState::Created {
                (w.container.never_started.to_owned(), row.created_at)
            } else {
                return None;
            };
            let offset = prefs.offset_minutes(at);
            Some(
                view! { <time datetime=iso(at, offset) title=date_time(at, offset)>{text}</time> }
                    .into_any(),
            )
        }
    };
    let restarts = row
        .restarts
        .map(|n| view! { <span class:warn=n != 0>{(w.container.restarts)(n)}</span> });
    let reference = visible(&row.image.reference).into_owned();
    let digest = row.image.digest.clone().map(|digest| view! { <Digest digest=digest.to_string() short=format!("sha256:{}…", digest.short()) /> });
    let policy = move || {
        let detail = feed.detail.get()?;
        let policy = detail
            .restart_policy
            .clone()
            .filter(|policy| policy != "no")?;
        Some(
            view! { <span class="quiet">{format!("{}: {}", w.container.restart_policy, visible(&policy))}</span> }.into_any(),
        )
    };
    view! {
        <p class="meta">
            <b class=class>{state}</b>
            {health}
            {follow(life)}
            {restarts}
            {follow(policy)}
            <span class="image">
                {w.container.image} " " <code>{reference}</code> " " {digest}
            </span>
        </p>
    }
}

/// The colour of a container's state, which its sign and its word tell too.
fn colour(row: &ContainerRow) -> &'static str {
    let failed = row.oom_killed || row.exit_code.is_some_and(|code| code != 0);
    match row.state {
        _ if row.removed_at.is_some() => "quiet",
        ContainerState::Running => "ok",
        ContainerState::Dead => "bad",
        ContainerState::Exited if failed => "bad",
        ContainerState::Paused | ContainerState::Restarting | ContainerState::Removing => "warn",
        ContainerState::Exited | ContainerState::Created | ContainerState::Unknown => "quiet",
    }
}

/// A digest in short, with a button that copies all of it.
#[component]
fn Digest(digest: String, short: String) -> impl IntoView {
    let w = words();
    let copied = RwSignal::new(false);
    let whole = digest.clone();
    let copy = move |_| {
        // Refused where the page may not write to the clipboard; then the title has the digest.
        let _ = window().navigator().clipboard().write_text(&whole);
        copied.set(true);
        set_timeout(
            move || {
                let _ = copied.try_set(false);
            },
            std::time::Duration::from_secs(2),
        );
    };
    view! {
        <button type="button" class="copy" title=digest aria-label=w.container.copy_digest on:click=act(copy)>
            <code>{short}</code>
            <small aria-live="polite">{follow(move || if copied.get() { w.shell.copied } else { w.shell.copy })}</small>
        </button>
    }
}

/// That the container is gone, when, and what took its place.
#[component]
fn Gone(row: Arc<ContainerRow>, feed: Feed) -> impl IntoView {
    let w = words();
    let prefs = use_prefs();
    let host = row.host.clone();
    row.removed_at.map(|at| {
        let when = move || (w.container.removed)(&date_time(at, prefs.offset_minutes(at)));
        let replaced = move || {
            let id = feed.detail.get()?.replaced_by.clone()?;
            let link = format!("/hosts/{host}/containers/{id}/charts");
            Some(view! { " " <a href=link>{(w.container.replaced_by)(id.short())}</a> }.into_any())
        };
        view! {
            <p class="notice tombstone">
                <b>{follow(when)}</b>
                " "
                {w.container.removed_hint}
                {follow(replaced)}
            </p>
        }
    })
}
