//! How much room history takes and will take, and how to keep a copy of it.

use super::asked::Asked;
use crate::{
    api,
    board::use_board,
    components::{Problem, Skeleton, When, each, follow, memo},
    state::{
        cells::NOTHING,
        history::{Bar, Lasting, Outlook, bar, command},
        text::visible,
    },
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::{
    Recording, ServerStatus,
    history::{HistoryRoom, TierRoom},
    units,
};

/// How often the server is asked; what it tells changes slowly.
const EVERY_MS: u32 = 15_000;

/// How much room history takes.
#[component]
pub(super) fn History(
    /// How the server is, which says where its data is.
    status: Asked<ServerStatus>,
) -> impl IntoView {
    let w = words();
    let Asked { answer, ask } = Asked::every(EVERY_MS, api::history);
    view! {
        <section class="sheet panel" aria-label=w.settings.history>
            <h2>{w.settings.history}</h2>
            <Recorded />
            {follow(move || match answer.get() {
                None => view! { <Skeleton lines=8 /> }.into_any(),
                Some(Err(failure)) => view! { <Problem failure retry=ask /> }.into_any(),
                Some(Ok(room)) => told(&room),
            })}
            <Copies status />
        </section>
    }
}

/// Whether history is being recorded, and what to do when it is not.
#[component]
fn Recorded() -> impl IntoView {
    let w = words();
    let board = use_board();
    let recording = memo(move || Some(board.heartbeat.get()?.recording.clone()));
    let told = move || {
        match recording.get()? {
        Recording::On => Some(
            view! { <p><span class="sign ok"><i aria-hidden="true">"●"</i> " " {w.settings.recorded}</span></p> }
                .into_any(),
        ),
        Recording::Off {
            since,
            reason,
            lost,
        } => Some(
            view! {
                <p>
                    <span class="sign bad"><i aria-hidden="true">"✕"</i> " " {w.shell.not_recording}</span>
                    " " <span lang="en">{visible(&reason).into_owned()}</span>
                    " " <span class="dim"><When at=since />" " {(lost > 0).then(|| (w.shell.lost)(lost))}</span>
                </p>
            }
            .into_any(),
        ),
    }
    };
    follow(told)
}

fn told(room: &HistoryRoom) -> AnyView {
    let w = words();
    let s = &w.settings;
    let outlook = Outlook::of(room);
    let (sign, class) = match outlook {
        Outlook::Unknown => ("◌", "sign"),
        Outlook::Fits => ("✓", "sign ok"),
        Outlook::OverBudget => ("▲", "sign warn"),
        Outlook::OverDisk => ("✕", "sign bad"),
    };
    let year = match room.container_year_bytes {
        Some(bytes) => units::decimal_rounded(bytes),
        None => s.not_yet.to_owned(),
    };
    let tiers = each(&room.tiers, tier);
    view! {
        <div class="room">
            {bar(room).map(drawn)}
            {key(room)}
            <p class="outlook"><span class=class><i aria-hidden="true">{sign}</i> " " {(s.outlook)(outlook)}</span></p>
        </div>
        <dl class="facts-list">
            <dt>{s.container_year}</dt><dd>{year}</dd>
            <dt>{s.measured}</dt><dd>{(s.measured_words)(room.containers)}</dd>
        </dl>
        <div class="scroll tiers">
            <table class="plain">
                <thead>
                    <tr>
                        <th scope="col">{s.resolution}</th>
                        <th scope="col" class="n">{s.kept_for}</th>
                        <th scope="col" class="n">{s.oldest}</th>
                        <th scope="col" class="n">{s.size}</th>
                    </tr>
                </thead>
                <tbody>{tiers}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn tier(tier: &TierRoom) -> AnyView {
    let w = words();
    let oldest = match tier.oldest {
        Some(at) => view! { <When at /> }.into_any(),
        None => view! { <span class="dim">{NOTHING}</span> }.into_any(),
    };
    let width = match tier.width_ms {
        1000 => w.settings.every_reading.to_owned(),
        ms => (w.settings.lasting)(Lasting::of(ms)),
    };
    view! {
        <tr>
            <td>{width}</td>
            <td class="n">{(w.settings.lasting)(Lasting::of(tier.keep_ms))}</td>
            <td class="n">{oldest}</td>
            <td class="n">{units::decimal_rounded(tier.bytes)}</td>
        </tr>
    }
    .into_any()
}

/// The room as a bar; the words beside it say the same.
fn drawn(bar: Bar) -> AnyView {
    let w = words();
    let s = &w.settings;
    let width = |percent: f64| format!("{:.1}%", percent.clamp(0.0, 100.0));
    let end = |at: Option<f64>, name: &'static str| {
        at.map(|at| {
            let class = if at < 30.0 { "end left" } else { "end" };
            view! { <i class=class style:left=width(at)><span>{name}</span></i> }.into_any()
        })
    };
    let forecast = bar
        .forecast
        .map(|at| view! { <i class="forecast" style:width=width(at)></i> }.into_any());
    view! {
        <div class="room-bar" aria-hidden="true">
            {forecast}
            <i style:width=width(bar.used)></i>
            {end(bar.budget, s.budget)}
            {end(bar.disk, s.disk_full)}
        </div>
    }
    .into_any()
}

fn key(room: &HistoryRoom) -> AnyView {
    let w = words();
    let s = &w.settings;
    let bytes = |bytes: Option<u64>, unknown: &str| match bytes {
        Some(bytes) => units::decimal_rounded(bytes),
        None => unknown.to_owned(),
    };
    let budget = bytes(room.budget_bytes, s.no_budget);
    let forecast = bytes(room.forecast_bytes, s.not_yet);
    let free = bytes(room.free_bytes, s.unknown);
    view! {
        <p class="room-key">
            <span><i aria-hidden="true"></i>{s.used} " " <b>{units::decimal_rounded(room.used_bytes)}</b></span>
            <span class="forecast"><i aria-hidden="true"></i>{s.forecast} " " <b>{forecast}</b></span>
            <span>{s.budget} " " <b>{budget}</b></span>
            <span class="free"><i aria-hidden="true"></i>{s.free} " " <b>{free}</b></span>
        </p>
    }
    .into_any()
}

/// How to keep a copy, and how to bring it back.
#[component]
fn Copies(status: Asked<ServerStatus>) -> impl IntoView {
    let w = words();
    let settings = memo(move || {
        status.answer.with(|answer| match answer {
            Some(Ok(status)) => status.settings.clone(),
            _ => Vec::new(),
        })
    });
    let line = move |(why, words): &(&'static str, &'static str)| {
        let words = *words;
        let typed = move || settings.with(|settings| command(words, settings));
        view! { <div><p class="dim">{*why}</p><pre class="command" translate="no">{follow(typed)}</pre></div> }
            .into_any()
    };
    view! {
        <h3 class="copies">{w.settings.copies}</h3>
        <div class="commands">{each(w.settings.copy_commands, line)}</div>
    }
}
