//! How the server is.

use super::asked::Asked;
use crate::{
    components::{ClockTime, Problem, Skeleton, When, each, follow},
    prefs::use_prefs,
    state::{cells::NOTHING, text::visible, time::hour_minute_second},
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::{Recording, ServerStatus, TaskState, TaskStatus, units};

/// How the server is.
#[component]
pub(super) fn About(status: Asked<ServerStatus>) -> impl IntoView {
    let w = words();
    let Asked { answer, ask } = status;
    view! {
        <section class="sheet panel">
            <h2>{w.settings.about}</h2>
            {follow(move || match answer.get() {
                None => view! { <Skeleton lines=8 /> }.into_any(),
                Some(Err(failure)) => view! { <Problem failure retry=ask /> }.into_any(),
                Some(Ok(status)) => view! { <Told status /> }.into_any(),
            })}
        </section>
    }
}

#[component]
fn Told(status: ServerStatus) -> impl IntoView {
    let w = words();
    let s = &w.settings;
    let data = match status.data_bytes {
        Some(bytes) => format!(
            "{}, {}",
            units::decimal_rounded(bytes),
            (s.retention)(status.retention_hours)
        ),
        None => (s.retention)(status.retention_hours),
    };
    let recording = match status.recording {
        Recording::On => view! { <span class="sign ok"><i aria-hidden="true">"●"</i> " " {s.recording_on}</span> }.into_any(),
        Recording::Off { reason, lost, .. } => view! {
            <span class="sign bad"><i aria-hidden="true">"✕"</i> " " {s.recording_off}</span> " " {visible(&reason).into_owned()} " " <span class="dim">{(w.shell.lost)(lost)}</span>
        }
        .into_any(),
    };
    let started = status.started_at;
    let memory = status
        .resident_bytes
        .map_or_else(|| NOTHING.to_owned(), units::binary);
    view! {
        <dl class="facts-list">
            <dt>{s.version}</dt><dd translate="no">{visible(&status.version).into_owned()}</dd>
            <dt>{s.started}</dt><dd><ClockTime at=started /> " " <span class="dim"><When at=started /></span></dd>
            <dt>{s.interval}</dt><dd>{(s.every)(status.interval_ms)}</dd>
            <dt>{s.recording}</dt><dd>{recording}</dd>
            <dt>{s.data}</dt><dd>{data} <br /> <span class="mono dim" translate="no">{visible(&status.data_dir).into_owned()}</span></dd>
            <dt>{s.memory}</dt><dd>{memory}</dd>
            <dt>{s.live}</dt><dd>{(s.live_words)(status.viewers, status.frames_encoded, status.frames_sent)}</dd>
        </dl>
        <h2 class="tasks-title">{s.tasks}</h2>
        <div class="scroll">
            <table class="plain">
                <thead><tr><th scope="col">{s.task}</th><th scope="col">{s.state}</th><th scope="col" class="n">{s.restarts}</th></tr></thead>
                <tbody>{each(status.tasks, |task| view! { <Task task /> }.into_any())}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Task(task: TaskStatus) -> impl IntoView {
    let (w, prefs) = (words(), use_prefs());
    let state = match task.state {
        TaskState::Running { .. } => view! { <span class="sign ok"><i aria-hidden="true">"●"</i> " " {w.settings.running}</span> }.into_any(),
        TaskState::Waiting { until, reason } => view! {
            <span class="sign warn"><i aria-hidden="true">"◌"</i> " " {follow(move || (w.settings.waiting)(&hour_minute_second(until, prefs.offset_minutes(until))))}</span>
            " " <span class="dim">{visible(&reason).into_owned()}</span>
        }
        .into_any(),
    };
    view! { <tr><td translate="no">{task.name}</td><td>{state}</td><td class="n">{task.restarts}</td></tr> }
}
