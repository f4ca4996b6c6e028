//! The crosshair of a chart and the words beside it; moved by transforms, so that the chart under it stays still.

use super::{
    chart::{Plot, hue},
    frame::Frame,
    hover::Hover,
    paper::use_paper,
    picture::{FLAG, Picture, sign},
    trail::Point,
};
use crate::{
    components::{each, follow, memo},
    prefs::{Clock, Prefs, use_prefs},
    state::{
        text::visible,
        time::{date_time, hour_minute_second},
    },
    words::{Words, words},
};
use leptos::prelude::*;
use plimsoll_shared::{UnixMs, series::GapReason};
use std::sync::Arc;

/// The crosshair, its dots, and the value under it: all that is known on the chart it is moved on, the value alone on the others.
#[component]
pub(super) fn Tip(
    /// Its content.
    plot: Plot,
    /// What is under the crosshair.
    hover: Memo<Option<Hover>>,
    /// Where the plot is.
    frame: Memo<Option<Frame>>,
) -> impl IntoView {
    let w = words();
    let prefs = use_prefs();
    let paper = use_paper();
    let Plot { title, picture, .. } = plot;
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
        Some(view! { <Beside w prefs plot picture hover whole /> }.into_any())
    };
    view! {
        <div class="cross" aria-hidden="true" hidden=follow(move || !shown.get()) style:transform=follow(cross) style:height=follow(height)></div>
        {follow(move || each(0..plot.lines.with(Vec::len), |place| {
            let place_of = move || dot(place);
            view! { <div class=hue("dot", place) aria-hidden="true" hidden=follow(move || dot(place).is_none()) style:transform=follow(place_of)></div> }.into_any()
        }))}
        <div class="tip" class:brief=follow(move || paper.mover.get() != Some(title)) aria-hidden="true" hidden=follow(move || !shown.get()) style:transform=follow(beside)>
            {follow(words_of)}
        </div>
    }
}

#[component]
fn Beside(
    w: &'static Words,
    prefs: Prefs,
    plot: Plot,
    picture: Arc<Picture>,
    hover: Hover,
    whole: bool,
) -> impl IntoView {
    let lines = plot.lines.get_untracked();
    let several = lines.len() > 1;
    let ghost = plot.ghost.get_untracked();
    // In a stack only its own value counts: its edges are sums.
    let alone = picture.stacked;
    let row = |place: usize, point: &Point, of: Option<&str>| {
        let Texts { mean, between, .. } = Texts::of(&picture, point);
        let name = lines.get(place).filter(|_| several && whole);
        let name = name.map(|line| line.name.clone());
        let name = match (name, of) {
            (Some(name), Some(of)) => Some(format!("{name}, {of}")),
            (name, of) => name.or(of.map(str::to_owned)),
        };
        let swatch = (several || of.is_some()).then(|| {
            let class = if of.is_some() {
                "swatch ghost"
            } else {
                "swatch"
            };
            view! { <i class=hue(class, place)></i> }
        });
        view! {
            <p>
                {swatch} <b>{mean}</b>
                {name.map(|name| view! { " " <small>{name}</small> })}
                {(whole && !alone && of.is_none()).then(|| view! { " " <small class="between">{between}</small> })}
            </p>
        }
        .into_any()
    };
    let points = hover.points.iter().zip(0..);
    let mut points: Vec<_> = points
        .filter_map(|(p, place)| Some((p.as_ref()?, place)))
        .collect();
    // The highest of a stack stands highest.
    if alone {
        points.reverse();
    }
    let values = each(points, |((point, _), place)| row(place, point, None));
    let nothing = values
        .is_empty()
        .then(|| view! { <p>{(w.charts.reason)(hover.why.unwrap_or(GapReason::Unknown))}</p> });
    let ghosts = hover.ghosts.iter().zip(0..).filter(|_| whole);
    let ghosts: Vec<AnyView> = ghosts
        .filter_map(|(p, place)| Some(row(place, &p.as_ref()?.0, ghost.as_deref())))
        .collect();
    let notes = whole.then(|| {
        each(notes(w, &hover), |note| {
            view! { <p class="note">{note}</p> }.into_any()
        })
    });
    let time = whole.then(|| view! { <p class="when">{time_of(prefs, &picture, &hover)}</p> });
    view! {
        {values}
        {ghosts}
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

/// What happened here, each with its sign and its words.
fn notes(w: &Words, hover: &Hover) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for mark in &hover.marks {
        let mut note = format!("{} {}", sign(mark.kind), (w.states.event)(mark.kind));
        if let Some(detail) = &mark.detail {
            note += ", ";
            note += &(w.container.event_detail)(mark.kind, &visible(detail));
        }
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    for flag in &hover.flags {
        let told = (w.charts.redeployed)(flag.before.as_deref(), &flag.image);
        notes.push(format!("{FLAG} {}", visible(&told)));
    }
    notes.extend(hover.held.then(|| w.charts.held_back.to_owned()));
    notes
}

/// The time of what is told, on the chosen clock, with the date where the chart is longer than twelve hours: an instant, or the stretch that
/// a point is the mean of.
fn time_of(prefs: Prefs, picture: &Picture, hover: &Hover) -> String {
    let say = |at: UnixMs| {
        let offset = untrack(|| prefs.offset_minutes(at));
        if picture.to.since(picture.from) > 12 * 3_600_000 {
            date_time(at, offset)
        } else {
            hour_minute_second(at, offset)
        }
    };
    let step_ms = picture.trails.iter().map(|t| t.step_ms).max().unwrap_or(0);
    let is_point = hover.points.iter().any(Option::is_some);
    let told = if is_point && step_ms > 1000 {
        let begin = UnixMs(hover.at.0.div_euclid(step_ms) * step_ms);
        let end = UnixMs(begin.0 + step_ms);
        let offset = untrack(|| prefs.offset_minutes(end));
        format!("{} – {}", say(begin), hour_minute_second(end, offset))
    } else {
        say(hover.at)
    };
    match untrack(|| prefs.clock_here()) {
        Clock::Utc => format!("{told} UTC"),
        Clock::Local => told,
    }
}

/// What the crosshair says, for those who listen.
pub(super) fn spoken(
    w: &Words,
    prefs: Prefs,
    plot: &Plot,
    picture: &Picture,
    hover: &Hover,
) -> String {
    let mut parts = vec![time_of(prefs, picture, hover)];
    let lines = plot.lines.get_untracked();
    for (line, point) in lines.iter().zip(&hover.points) {
        if let Some((point, _)) = point {
            let Texts { mean, min, max, .. } = Texts::of(picture, point);
            let name = &line.name;
            parts.push(if picture.stacked {
                format!("{name} {mean}")
            } else {
                format!(
                    "{name} {mean}, {} {min}, {} {max}",
                    w.charts.min, w.charts.max
                )
            });
        }
    }
    if hover.points.iter().all(Option::is_none) {
        parts.push((w.charts.reason)(hover.why.unwrap_or(GapReason::Unknown)).to_owned());
    }
    let ghost = plot.ghost.get_untracked().unwrap_or_default();
    for (line, point) in lines.iter().zip(&hover.ghosts) {
        if let Some((point, _)) = point {
            let Texts { mean, .. } = Texts::of(picture, point);
            parts.push(format!("{}, {ghost} {mean}", line.name));
        }
    }
    parts.extend(notes(w, hover));
    parts.join("; ")
}
