//! The bar above the charts of a page: which time they show, on whose clock, and against what.

mod compare;
mod picker;

use self::{compare::CompareMenu, picker::Picker};
use super::paper::{Paper, use_paper};
use crate::{
    components::{Menu, act, follow},
    prefs::{Prefs, use_prefs},
    state::{
        look::{Compare, Look, Span},
        time::{Civil, date_time, hour_minute_second},
    },
    words::{Words, words},
};
use leptos::prelude::*;
use plimsoll_shared::UnixMs;

/// The bar.
#[component]
pub(crate) fn TimeBar(
    /// What the lines are compared with, once it is known.
    ghost: Memo<Option<String>>,
) -> impl IntoView {
    let w = words();
    let (paper, prefs) = (use_paper(), use_prefs());
    let (picking, comparing) = (RwSignal::new(false), RwSignal::new(false));
    let shown = move || paper.look.with(|look| told(w, prefs, look));
    let is_live = move || paper.look.with(Look::is_live);
    let to_live = move |_| {
        let look = paper.look.get_untracked();
        paper.go(&look.live(look.range(paper.now())), false);
    };
    let compared = move || {
        let (none, before) = paper.look.with(|look| {
            (
                look.compare == Compare::Nothing,
                look.compare == Compare::Before,
            )
        });
        match ghost.get().filter(|_| !none) {
            Some(name) => (w.period.against)(&name),
            None if before => (w.period.against)(&(w.period.before)("")),
            None => w.period.compare.to_owned(),
        }
    };
    view! {
        <div class="time-bar" role="group" aria-label=w.period.label>
            <Step share=-0.5 sign="‹" name=w.period.earlier />
            <Menu
                class="picker"
                button="btn"
                title=w.period.label
                open=picking
                face=view! { <span class="shown">{follow(shown)}</span> <span aria-hidden="true">"▾"</span> }.into_any()
                content=move || view! { <Picker open=picking /> }
            />
            <Step share=0.5 sign="›" name=w.period.later />
            <button
                type="button"
                class="btn step"
                title=w.period.out
                aria-label=w.period.out
                on:click=act(move |_| zoom_out(paper))
            >
                "−"
            </button>
            <button
                type="button"
                class="btn live"
                class:on=follow(is_live)
                aria-pressed=follow(move || is_live().to_string())
                title=follow(move || if is_live() { w.period.live_hint } else { w.period.to_live })
                on:click=act(to_live)
            >
                <i aria-hidden="true">{follow(move || if is_live() { "●" } else { "○" })}</i>
                {w.period.live}
            </button>
            <Menu
                class="compare"
                button="btn"
                title=w.period.compare
                open=comparing
                face=view! { <span class="shown">{follow(compared)}</span> <span aria-hidden="true">"▾"</span> }.into_any()
                content=move || view! { <CompareMenu open=comparing /> }
            />
        </div>
    }
}

/// Moves the time shown by a share of its length.
#[component]
fn Step(share: f64, sign: &'static str, name: &'static str) -> impl IntoView {
    let paper = use_paper();
    let step = move |_| {
        let (look, now) = (paper.look.get_untracked(), paper.now());
        #[expect(clippy::cast_possible_truncation, reason = "a share of five years")]
        let by = (look.range(now).ms() as f64 * share) as i64;
        paper.go(&look.moved(by, now), false);
    };
    // There is nothing after now.
    let off = move || share > 0.0 && paper.look.with(Look::is_live);
    view! { <button type="button" class="btn step" title=name aria-label=name disabled=follow(off) on:click=act(step)>{sign}</button> }
}

fn zoom_out(paper: Paper) {
    let look = paper.look.get_untracked();
    paper.go(&look.zoomed(2.0, None, paper.now()), false);
}

/// The time shown, in words.
fn told(w: &Words, prefs: Prefs, look: &Look) -> String {
    match look.span {
        Span::Live(range) => (w.period.last)(range),
        Span::Past(from, to) => stretch(prefs, from, to),
    }
}

/// From one instant to another, the day once where it is the same, and without seconds where there are none.
fn stretch(prefs: Prefs, from: UnixMs, to: UnixMs) -> String {
    let (a, b) = (prefs.offset_minutes(from), prefs.offset_minutes(to));
    let (begin, end) = (Civil::of(from, a), Civil::of(to, b));
    let same_day = (begin.year, begin.month, begin.day) == (end.year, end.month, end.day);
    let (from, mut to) = (
        date_time(from, a),
        if same_day {
            hour_minute_second(to, b)
        } else {
            date_time(to, b)
        },
    );
    let whole = begin.second == 0 && end.second == 0;
    let mut from = from.as_str();
    if whole {
        from = from.strip_suffix(":00").unwrap_or(from);
        to.truncate(to.len() - 3);
    }
    format!("{from} – {to}")
}
