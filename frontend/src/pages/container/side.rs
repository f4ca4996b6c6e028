//! The column beside the charts: the numbers as docker prints them, and what happened in the last day.

use super::feed::Feed;
use crate::{
    charts::sign,
    components::{each, follow, memo},
    live::use_live,
    prefs::use_prefs,
    state::{
        cells::{self, Telling},
        columns::Column,
        fleet::Numbers,
        lately::{Line, is_bad, lines},
        text::visible,
        time::{date_time, hour_minute, hour_minute_second, iso},
    },
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::{RowKey, RowReading, UnixMs};

const DAY_MS: i64 = 24 * 3_600_000;
/// Lines shown before the rest is only counted.
const SHOWN: usize = 8;

/// The columns of `docker stats`, in its order, after id and name.
const COLUMNS: [Column; 6] = [
    Column::Cpu,
    Column::Memory,
    Column::MemoryPercent,
    Column::Net,
    Column::Block,
    Column::Pids,
];

/// The column beside the charts.
#[component]
pub(super) fn Side(
    /// What is known of the container.
    feed: Feed,
) -> impl IntoView {
    view! {
        <aside class="container-side">
            <Now feed />
            <LastDay feed />
        </aside>
    }
}

/// The numbers of this second, as `docker stats` prints them.
#[component]
fn Now(feed: Feed) -> impl IntoView {
    let w = words();
    let prefs = use_prefs();
    let live = use_live();
    let reading = memo(move || {
        feed.tick.track();
        feed.window
            .with_untracked(|window| window.reading().copied())
    });
    let telling = move || Telling {
        words: w,
        now: live.now.get_untracked(),
        cores: None,
    };
    let number = move |column: Column| {
        let numbers = reading
            .get()
            .map(|reading| Numbers::from(&RowReading::of(RowKey(0), &reading)));
        match feed.row.get() {
            Some(row) => cells::text(column, &row, numbers, telling()),
            None => cells::NOTHING.to_owned(),
        }
    };
    let measured = move || match reading.get() {
        Some(reading) => hour_minute_second(reading.at, prefs.offset_minutes(reading.at)),
        None => cells::NOTHING.to_owned(),
    };
    let rows = each(COLUMNS, |column| {
        view! {
            <tr>
                <th scope="row">{(w.table.column)(column)}</th>
                <td>{follow(move || number(column))}</td>
            </tr>
        }
        .into_any()
    });
    view! {
        <section class="sheet now">
            <h2>{w.container.now}</h2>
            <table>
                <tbody>
                    <tr>
                        <th scope="row">{(w.table.column)(Column::Id)}</th>
                        <td>
                            <code>{follow(move || number(Column::Id))}</code>
                        </td>
                    </tr>
                    <tr>
                        <th scope="row">{(w.table.column)(Column::Name)}</th>
                        <td class="long">{follow(move || number(Column::Name))}</td>
                    </tr>
                    {rows}
                    <tr>
                        <th scope="row">{w.container.measured_at}</th>
                        <td>{follow(measured)}</td>
                    </tr>
                </tbody>
            </table>
        </section>
    }
}

/// What happened in the last day, newest first.
#[component]
fn LastDay(feed: Feed) -> impl IntoView {
    let w = words();
    let live = use_live();
    let prefs = use_prefs();
    // Once a minute is often enough for events to fall out at the old end.
    let from = memo(move || UnixMs(live.now.get().0.div_euclid(60_000) * 60_000 - DAY_MS));
    let told = memo(move || feed.events.with(|events| lines(events, from.get())));
    let list = move || {
        let told = told.get();
        if told.is_empty() {
            let now = live.now.get_untracked();
            return view! { <p class="quiet">{(w.container.quiet)(&hour_minute(now, prefs.offset_minutes(now)))}</p> }.into_any();
        }
        let more = told.len().saturating_sub(SHOWN);
        let items = each(told.into_iter().take(SHOWN), |line| {
            view! { <Told line feed /> }.into_any()
        });
        let more =
            (more > 0).then(|| view! { <p class="quiet">{(w.container.more_events)(more)}</p> });
        view! {
            <ol class="lately">{items}</ol>
            {more}
        }
        .into_any()
    };
    view! {
        <section class="sheet">
            <h2>{w.container.last_day}</h2>
            {follow(list)}
        </section>
    }
}

#[component]
fn Told(line: Line, feed: Feed) -> impl IntoView {
    let w = words();
    let prefs = use_prefs();
    let class = if is_bad(line.kind, line.detail.as_deref()) {
        "bad"
    } else {
        "quiet"
    };
    let detail = line
        .detail
        .as_deref()
        .map(|detail| (w.container.event_detail)(line.kind, &visible(detail)));
    let times = (line.times > 1).then(|| (w.container.times)(line.times));
    let small = [detail, times]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ");
    let at = line.at;
    let offset = move || prefs.offset_minutes(at);
    view! {
        <li>
            <i class=class aria-hidden="true">
                {sign(line.kind)}
            </i>
            <span>
                {(w.states.event)(line.kind)} " " <small>{small}</small>
            </span>
            <a class="moment" href=feed.charts_at(at) title=w.charts.at_that_time>
                <time datetime=follow(move || iso(at, offset())) title=follow(move || date_time(at, offset()))>
                    {follow(move || hour_minute(at, offset()))}
                </time>
            </a>
        </li>
    }
}
