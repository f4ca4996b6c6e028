//! A host's state and its sums.

use crate::{
    components::{follow, memo},
    prefs::{CpuShare, use_prefs},
    state::{
        cells::{NOTHING, cpu_text},
        time::{hour_minute, iso},
    },
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::{HostRow, HostState, UnixMs, units};

/// Whether its engine answers, with a sign, and since when.
#[component]
pub(super) fn State(
    host: Memo<Option<HostRow>>,
    #[prop(into)] sign: Signal<Option<&'static str>>,
) -> impl IntoView {
    let (w, prefs) = (words(), use_prefs());
    let told = memo(move || {
        let (word, class, since) = match host.get()?.state {
            HostState::Up { since } => (w.states.up, "sign ok", since),
            HostState::Stale { since } => (w.states.stale, "sign warn", since),
            HostState::Down { since, .. } => (w.states.down, "sign bad", since),
            HostState::Searching { since, .. } => (w.states.searching, "sign", since),
        };
        Some((word, class, since))
    });
    let since = move || told.get().map(|(_, _, since)| since);
    let clock = move |at: UnixMs| (w.time.since)(&hour_minute(at, prefs.offset_minutes(at)));
    view! {
        <span class=follow(move || told.get().map_or("", |(_, class, _)| class))>
            <i aria-hidden="true">{sign}</i>" "{follow(move || told.get().map(|(word, _, _)| word))}
        </span>
        " "
        <span class="dim" title=follow(move || since().map(|at| iso(at, prefs.offset_minutes(at))))>{follow(move || since().map(clock))}</span>
    }
}

/// `13 / 14 running`, as a link to them.
#[component]
pub(super) fn Containers(host: Memo<Option<HostRow>>) -> impl IntoView {
    let w = words();
    let url = move || {
        host.get()
            .map(|host| format!("/containers?host={}", host.id))
    };
    let counts = memo(move || host.get().map(|host| host.counts));
    let all = move || {
        counts
            .get()
            .map(|n| n.running + n.paused + n.restarting + n.stopped)
    };
    let rest = move || {
        let n = counts.get()?;
        let kinds = [0, n.unhealthy, n.paused, n.restarting, 0]
            .map(|n| usize::try_from(n).unwrap_or_default());
        Some((w.table.group_kinds)(kinds)).filter(|text| !text.is_empty())
    };
    view! {
        <a href=follow(url)>{follow(move || counts.get().map(|n| n.running))} " / " {follow(all)}</a>
        " "
        <span class="sign warn">{follow(rest)}</span>
    }
}

/// CPU of all its containers.
#[component]
pub(super) fn Cpu(host: Memo<Option<HostRow>>) -> impl IntoView {
    let (w, prefs) = (words(), use_prefs());
    let cores = move || Some(host.get()?.engine?.cpus);
    let text = move || {
        let share = cores().filter(|_| prefs.cpu.get() == CpuShare::Host);
        host.get()
            .and_then(|host| host.cpu_percent)
            .map_or_else(|| NOTHING.to_owned(), |cpu| cpu_text(cpu, share))
    };
    view! { {follow(text)} " " <span class="dim">{follow(move || cores().map(w.hosts.of_cores))}</span> }
}

/// Memory of all its containers.
#[component]
pub(super) fn Memory(host: Memo<Option<HostRow>>) -> impl IntoView {
    let w = words();
    let used = move || {
        host.get()
            .and_then(|host| host.memory_used)
            .map_or_else(|| NOTHING.to_owned(), units::binary)
    };
    let all = move || {
        Some((w.hosts.of_memory)(&units::binary(
            host.get()?.engine?.memory,
        )))
    };
    view! { {follow(used)} " " <span class="dim">{follow(all)}</span> }
}
