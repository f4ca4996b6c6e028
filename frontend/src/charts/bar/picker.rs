//! The menu that chooses which time the charts show.

use super::super::paper::use_paper;
use crate::{
    components::{act, each, follow},
    prefs::{Clock, Prefs, use_prefs},
    state::{
        look::{Look, Span},
        moment,
        range::{Measure, Range},
        time::{date_time, iso},
    },
    words::{Words, words},
};
use leptos::{ev, html, prelude::*};
use plimsoll_shared::UnixMs;

/// What can be chosen: a length up to now, an instant, a stretch, and the clock.
#[component]
pub(super) fn Picker(
    /// Whether the menu is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let w = words();
    let paper = use_paper();
    let wrong = RwSignal::new(None::<String>);
    let go = move |look: Result<Look, String>| match look {
        Ok(look) => {
            paper.go(&look, false);
            open.set(false);
        }
        Err(why) => wrong.set(Some(why)),
    };
    let usual = each(Range::USUAL, |range| {
        let here = move || paper.look.with(|look| look.span == Span::Live(range));
        view! {
            <button
                type="button"
                class="chip"
                class:on=follow(here)
                aria-pressed=follow(move || here().to_string())
                on:click=act(move |_| go(Ok(paper.look.get_untracked().live(range))))
            >
                {(w.period.length)(range)}
            </button>
        }
        .into_any()
    });
    view! {
        <div class="picker-body">
            <div class="chips">{usual}</div>
            <Last go=Callback::new(go) />
            <Around go=Callback::new(go) />
            <FromTo go=Callback::new(go) />
            <ClockChoice />
            <p class="picker-wrong" role="alert" hidden=follow(move || wrong.with(Option::is_none))>{follow(move || wrong.get())}</p>
            <p class="dim">{w.period.hint}</p>
        </div>
    }
}

type Go = Callback<Result<Look, String>>;

/// A length that ends now.
#[component]
fn Last(go: Go) -> impl IntoView {
    let w = words();
    let paper = use_paper();
    let (count, measure) = (
        NodeRef::<html::Input>::new(),
        NodeRef::<html::Select>::new(),
    );
    let (many, unit) = paper.look.get_untracked().range(paper.now()).parts();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let count = count.get_untracked().map(|field| field.value());
        let measure = measure.get_untracked().map(|field| field.value());
        let word = format!(
            "{}{}",
            count.unwrap_or_default().trim(),
            measure.unwrap_or_default()
        );
        let look = paper.look.get_untracked();
        go.run(
            Range::of(&word)
                .map(|range| look.live(range))
                .ok_or_else(|| w.period.no_length.to_owned()),
        );
    };
    let measures = each(Measure::ALL.into_iter().rev(), |measure| {
        view! { <option value=measure.word() selected=measure == unit>{(w.period.measure)(measure)}</option> }.into_any()
    });
    view! {
        <form class="picker-row" on:submit=act(submit)>
            <span>{w.period.last_word}</span>
            <input type="number" min="1" inputmode="numeric" value=many aria-label=w.period.count node_ref=count />
            <select aria-label=w.period.measures node_ref=measure>{measures}</select>
            <button class="btn">{w.period.show}</button>
        </form>
    }
}

/// An instant with some time around it; the first field, so that typing can begin at once.
#[component]
fn Around(go: Go) -> impl IntoView {
    let w = words();
    let (paper, prefs) = (use_paper(), use_prefs());
    let field = NodeRef::<html::Input>::new();
    crate::components::effect(move || {
        if let Some(field) = field.get() {
            // Fails never: it is in the document.
            let _ = field.focus();
        }
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = field.get_untracked().map(|field| field.value());
        let (look, now) = (paper.look.get_untracked(), paper.now());
        go.run(
            read(w, prefs, w.period.around, &typed.unwrap_or_default(), now)
                .map(|at| look.around(at, now)),
        );
    };
    view! {
        <form class="picker-row around" on:submit=act(submit)>
            <label for="around">{w.period.around}</label>
            <input id="around" type="text" autocomplete="off" spellcheck="false" placeholder=w.period.around_hint node_ref=field />
            <Calendar name=w.period.around field />
            <button class="btn">{w.period.show}</button>
        </form>
    }
}

/// From one instant to another.
#[component]
fn FromTo(go: Go) -> impl IntoView {
    let w = words();
    let (paper, prefs) = (use_paper(), use_prefs());
    let (from, to) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let (begin, end) = paper.look.get_untracked().bounds(paper.now());
    let text = move |at: UnixMs| untrack(|| date_time(at, prefs.offset_minutes(at)));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let (look, now) = (paper.look.get_untracked(), paper.now());
        let typed = |field: NodeRef<html::Input>| {
            field
                .get_untracked()
                .map(|field| field.value())
                .unwrap_or_default()
        };
        let choose = || {
            let begin = read(w, prefs, w.period.from, &typed(from), now)?;
            let end = read(w, prefs, w.period.to, &typed(to), now)?;
            if end <= begin {
                return Err(w.period.backwards.to_owned());
            }
            if end.since(begin) > Range::of_ms(i64::MAX).ms() {
                return Err(w.period.no_length.to_owned());
            }
            Ok(look.between(begin, end, now))
        };
        go.run(choose());
    };
    view! {
        <form class="picker-row from-to" on:submit=act(submit)>
            <label for="from">{w.period.from}</label>
            <input id="from" type="text" autocomplete="off" spellcheck="false" value=text(begin) node_ref=from />
            <Calendar name=w.period.from field=from />
            <label for="to">{w.period.to}</label>
            <input id="to" type="text" autocomplete="off" spellcheck="false" value=text(end) node_ref=to />
            <Calendar name=w.period.to field=to />
            <button class="btn">{w.period.show}</button>
        </form>
    }
}

/// The browser's own calendar, which fills a field.
#[component]
fn Calendar(name: &'static str, field: NodeRef<html::Input>) -> impl IntoView {
    let label = (words().period.calendar)(name);
    let chosen = move |event: ev::Event| {
        let value = event_target_value(&event);
        if let Some(field) = field.get_untracked().filter(|_| !value.is_empty()) {
            field.set_value(&value.replace('T', " "));
        }
    };
    view! { <input type="datetime-local" step="1" class="calendar" title=label.clone() aria-label=label on:input=act(chosen) /> }
}

/// Whose clock times are told on: in the address, so that a link says the same to everyone.
#[component]
fn ClockChoice() -> impl IntoView {
    let w = words();
    let (paper, prefs) = (use_paper(), use_prefs());
    let ahead = {
        let now = paper.now();
        let written = iso(now, prefs.local_offset(now));
        let zone = written.get(19..).unwrap_or_default();
        if zone == "Z" { "+00:00" } else { zone }.to_owned()
    };
    let choices = each([Clock::Local, Clock::Utc], |clock| {
        let name = (w.period.clock_of)(clock, &ahead);
        let choose = move |_| {
            // As everyone prefers it needs no word in the address.
            let asked = (prefs.clock.get_untracked() != clock).then_some(clock);
            paper.change(|look| look.clock = asked);
        };
        view! {
            <label>
                <input type="radio" name="page-clock" prop:checked=follow(move || prefs.clock_here() == clock) on:change=act(choose) />
                {name}
            </label>
        }
        .into_any()
    });
    view! { <fieldset class="picker-row"><legend class="unseen">{w.period.clock}</legend><span aria-hidden="true">{w.period.clock}</span> {choices}</fieldset> }
}

/// The instant typed into the field of that name, or a sentence that says what to do.
fn read(w: &Words, prefs: Prefs, field: &str, typed: &str, now: UnixMs) -> Result<UnixMs, String> {
    let offset = |at| untrack(|| prefs.offset_minutes(at));
    let at =
        moment::read(typed, now, &offset).map_err(|why| (w.period.unread)(field, typed, why))?;
    // A minute that has begun counts as now.
    if at.since(now) > 60_000 {
        return Err((w.period.future)(field));
    }
    Ok(at.min(now))
}
