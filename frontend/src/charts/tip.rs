//! The crosshair of a chart and the words beside it; moved by transforms, so that the chart under it stays still.

use super::{
    frame::Frame,
    hover::Hover,
    paper::use_paper,
    picture::{Picture, sign},
    trail::{Point, Why},
};
use crate::{
    components::{each, follow, memo},
    prefs::{Prefs, use_prefs},
    state::time::{date_time, hour_minute_second},
    words::{Words, words},
};
use leptos::prelude::*;
use std::sync::Arc;

/// The crosshair, its dots, and the value under it: all that is known on the chart it is moved on, the value alone on the others.
#[component]
pub(super) fn Tip(
    /// Title of the chart.
    title: &'static str,
    /// What its lines draw.
    names: StoredValue<Vec<&'static str>>,
    /// What it shows.
    picture: Memo<Option<Arc<Picture>>>,
    /// What is under the crosshair.
    hover: Memo<Option<Hover>>,
    /// Where the plot is.
    frame: Memo<Option<Frame>>,
) -> impl IntoView {
    let w = words();
    let prefs = use_prefs();
    let paper = use_paper();
    let shown = memo(move || hover.with(Option::is_some));
    let cross = move || {
        hover.with(|hover| {
            hover
                .as_ref()
                .map(|h| format!("translate({}px, 0)", h.x.round()))
        })
    };
    let beside = move || {
        hover.with(|hover| {
            hover.as_ref().map(|h| match h.to_the_left {
                true => format!("translate({}px, 0) translateX(-100%)", h.x.round() - 9.0),
                false => format!("translate({}px, 0)", h.x.round() + 9.0),
            })
        })
    };
    let dot = move |place: usize| {
        hover.with(|hover| {
            let hover = hover.as_ref()?;
            let (_, y) = hover.points.get(place)?.as_ref()?;
            Some(format!("translate({}px, {y:.1}px)", hover.x))
        })
    };
    let height = move || {
        frame
            .get()
            .map(|frame| format!("{}px", frame.bottom - frame.top))
    };
    let words_of = move || {
        let picture = picture.get()?;
        let hover = hover.get()?;
        let whole = paper.mover.get() == Some(title);
        Some(view! { <Beside w prefs names picture hover whole /> }.into_any())
    };
    view! {
        <div class="cross" aria-hidden="true" hidden=follow(move || !shown.get()) style:transform=follow(cross) style:height=follow(height)></div>
        {each(0..names.with_value(Vec::len), |place| {
                let place_of = move || dot(place);
                view! { <div class="dot" class:second=place == 1 aria-hidden="true" hidden=follow(move || dot(place).is_none()) style:transform=follow(place_of)></div> }.into_any()
            })}
        <div class="tip" class:brief=follow(move || paper.mover.get() != Some(title)) aria-hidden="true" hidden=follow(move || !shown.get()) style:transform=follow(beside)>
            {follow(words_of)}
        </div>
    }
}

#[component]
fn Beside(
    w: &'static Words,
    prefs: Prefs,
    names: StoredValue<Vec<&'static str>>,
    picture: Arc<Picture>,
    hover: Hover,
    whole: bool,
) -> impl IntoView {
    let names = names.get_value();
    let several = names.len() > 1;
    let value = |place: usize, point: &Point| {
        let Texts { mean, between, .. } = Texts::of(&picture, point);
        let name = several.then(|| names.get(place).copied().unwrap_or_default());
        view! {
            <p>
                {several.then(|| view! { <i class="swatch" class:second=place == 1></i> })} <b>{mean}</b>
                {name.filter(|_| whole).map(|name| view! { " " <small>{name}</small> })}
                {whole.then(|| view! { " " <small class="between">{between}</small> })}
            </p>
        }
    };
    let values: Vec<_> = hover
        .points
        .iter()
        .enumerate()
        .filter_map(|(i, p)| p.as_ref().map(|(p, _)| value(i, p)))
        .collect();
    let nothing = values
        .is_empty()
        .then(|| view! { <p>{absence(w, hover.why)}</p> });
    let notes = whole.then(|| {
        each(notes(w, &hover), |note| {
            view! { <p class="note">{note}</p> }.into_any()
        })
    });
    let time = whole.then(|| view! { <p class="when">{time_of(prefs, &picture, &hover)}</p> });
    view! {
        {values}
        {nothing}
        {notes}
        {time}
    }
}

struct Texts {
    mean: String,
    min: String,
    max: String,
    between: String,
}

impl Texts {
    fn of(picture: &Picture, point: &Point) -> Self {
        let [mean, min, max] =
            [point.mean, point.min, point.max].map(|value| picture.unit.text(value));
        let between = if min == max {
            String::new()
        } else {
            format!("{min} – {max}")
        };
        Self {
            mean,
            min,
            max,
            between,
        }
    }
}

fn absence(w: &Words, why: Option<Why>) -> &'static str {
    match why {
        Some(Why::Ended) => w.charts.not_running,
        Some(Why::Unmeasured) | None => w.charts.unmeasured,
    }
}

fn notes(w: &Words, hover: &Hover) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for mark in &hover.marks {
        let note = format!("{} {}", sign(mark.kind), (w.states.event)(mark.kind));
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes.extend(hover.held.then(|| w.charts.held_back.to_owned()));
    notes
}

/// The time of day, with the date where the chart is longer than twelve hours.
fn time_of(prefs: Prefs, picture: &Picture, hover: &Hover) -> String {
    let offset = untrack(|| prefs.offset_minutes(hover.at));
    if picture.to.since(picture.from) > 12 * 3_600_000 {
        date_time(hover.at, offset)
    } else {
        hour_minute_second(hover.at, offset)
    }
}

/// What the crosshair says, for those who listen.
pub(super) fn spoken(
    w: &Words,
    prefs: Prefs,
    picture: &Picture,
    names: &[&str],
    hover: &Hover,
) -> String {
    let mut parts = vec![time_of(prefs, picture, hover)];
    for (name, point) in names.iter().zip(&hover.points) {
        if let Some((point, _)) = point {
            let Texts { mean, min, max, .. } = Texts::of(picture, point);
            parts.push(format!(
                "{name} {mean}, {} {min}, {} {max}",
                w.charts.min, w.charts.max
            ));
        }
    }
    if hover.points.iter().all(Option::is_none) {
        parts.push(absence(w, hover.why).to_owned());
    }
    parts.extend(
        hover
            .marks
            .iter()
            .map(|mark| (w.states.event)(mark.kind).to_owned()),
    );
    parts.extend(hover.held.then(|| w.charts.held_back.to_owned()));
    parts.join("; ")
}
