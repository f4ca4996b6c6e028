//! Times.

use super::follow;
use crate::{
    live::use_live,
    prefs::use_prefs,
    state::time::{Span, date_time, hour_minute_second, iso},
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::UnixMs;

/// How long ago something was; the exact time on hover.
#[component]
pub(crate) fn When(
    /// The instant.
    #[prop(into)]
    at: Signal<UnixMs>,
) -> impl IntoView {
    let (w, prefs, live) = (words(), use_prefs(), use_live());
    let stamp = move || iso(at.get(), prefs.offset_minutes(at.get()));
    view! {
        <time datetime=follow(move || iso(at.get(), 0)) title=follow(stamp)>
            {follow(move || (w.time.ago)(Span::of(live.now.get().since(at.get()))))}
        </time>
    }
}

/// A time by the clock: the hour within a day, the date too before that.
#[component]
pub(crate) fn ClockTime(
    /// The instant.
    at: UnixMs,
) -> impl IntoView {
    let (prefs, live) = (use_prefs(), use_live());
    view! {
        <time datetime=iso(at, 0) title=follow(move || iso(at, prefs.offset_minutes(at)))>
            {follow(move || clock_text(at, live.now.get_untracked(), prefs.offset_minutes(at)))}
        </time>
    }
}

fn clock_text(at: UnixMs, now: UnixMs, offset_minutes: i64) -> String {
    if date_time(at, offset_minutes)[..10] == date_time(now, offset_minutes)[..10] {
        hour_minute_second(at, offset_minutes)
    } else {
        date_time(at, offset_minutes)
    }
}
