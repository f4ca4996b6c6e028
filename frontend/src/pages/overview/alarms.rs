//! What needs a person, the worst first.

use crate::{
    board::use_board,
    components::{When, act, each, follow, memo, shown},
    live::use_live,
    prefs::use_prefs,
    state::{
        attention::{Need, needs},
        fleet::Fleet,
        overview::alarms::{Alarm, alarms},
        text::visible,
        time::{hour_minute, hour_minute_second},
    },
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::{HostId, UnixMs};

/// How many sentences stand at the top before the rest is folded.
const FEW: usize = 6;

/// What needs a person, or that nothing does. Hosts and the server are told of whatever the scope is.
#[component]
pub(super) fn Alarms(host: Memo<Option<HostId>>) -> impl IntoView {
    let w = words();
    let (board, live, prefs) = (use_board(), use_live(), use_prefs());
    let all_of_them = RwSignal::new(false);
    let all = memo(move || {
        let Some(heartbeat) = board.heartbeat.get() else {
            return Vec::new();
        };
        let memory = board.host_memory();
        let mut needs = board
            .containers(|fleet| needs(fleet, |host| memory.get(host).copied(), live.server_now()));
        if let Some(host) = host.get() {
            needs.retain(|need| need.host == host);
        }
        alarms(&heartbeat.hosts, &heartbeat.recording, needs)
    });
    let checked = move || {
        let at = board.at.get()?;
        Some((w.attention.checked)(&hour_minute_second(
            at,
            prefs.offset_minutes(at),
        )))
    };
    let known = memo(move || board.containers(Fleet::is_known));
    let few = memo(move || {
        let few = if all_of_them.get() { usize::MAX } else { FEW };
        all.with(|all| all.iter().take(few).cloned().collect::<Vec<_>>())
    });
    let rest = memo(move || all.with(Vec::len).saturating_sub(FEW));
    view! {
        <section class="alarms" aria-label=w.attention.title>
            {shown(
                move || all.with(|all| !all.is_empty()),
                move || view! { <h2>{w.attention.title}</h2> }.into_any(),
            )}
            <div class="attention">
                {shown(
                    move || known.get() && all.with(Vec::is_empty),
                    move || view! {
                        <p class="quiet"><i class="ok" aria-hidden="true">"✓"</i> " " <b>{w.attention.nothing}</b> " " <span class="dim">{follow(checked)}</span></p>
                    }.into_any(),
                )}
                {follow(move || each(few.get(), |alarm| view! { <Sentence alarm /> }.into_any()))}
                {shown(
                    move || rest.get() > 0,
                    move || view! {
                        <button class="btn more" on:click=act(move |_| all_of_them.update(|all| *all = !*all))>
                            {follow(move || if all_of_them.get() { w.attention.fewer.to_owned() } else { (w.attention.more)(rest.get()) })}
                        </button>
                    }.into_any(),
                )}
            </div>
        </section>
    }
}

#[component]
fn Sentence(alarm: Alarm) -> impl IntoView {
    let (w, prefs) = (words(), use_prefs());
    let url = alarm.url();
    let (class, sign) = if alarm.is_bad() {
        ("need bad", "✕")
    } else {
        ("need warn", "▲")
    };
    let clock = move |at: UnixMs| hour_minute(at, prefs.offset_minutes(at));
    let (name, told, reason) = match alarm {
        Alarm::HostDown {
            host,
            since,
            reason,
        } => {
            let told = follow(move || (w.overview.host_down)(&clock(since)));
            (host.to_string(), told.into_any(), Some(reason))
        }
        Alarm::HostSilent { host, since } => {
            let told = follow(move || (w.overview.host_silent)(&clock(since)));
            (host.to_string(), told.into_any(), None)
        }
        Alarm::NotRecording { reason, lost } => {
            let told = (w.overview.not_recording)(lost);
            (w.overview.history.to_owned(), told.into_any(), Some(reason))
        }
        Alarm::Container(attention) => {
            let when = match attention.need {
                Need::OomKilled { at: Some(at) } => Some(view! { <When at /> }.into_any()),
                _ => None,
            };
            let told = view! { {(w.attention.need)(attention.need)} " " {when} };
            (attention.name, told.into_any(), None)
        }
    };
    let reason = reason
        .map(|reason| view! { <span class="dim" lang="en">{visible(&reason).into_owned()}</span> });
    view! {
        <a class=class href=url>
            <i aria-hidden="true">{sign}</i>
            <b translate="no">{visible(&name).into_owned()}</b>
            <span>{told}</span>
            {reason}
        </a>
    }
}
