//! One chart on the page: heading, still canvas, and the crosshair and words that move over it.

mod drag;
mod more;
mod size;

use self::{drag::Drag, more::More, size::watch_size};
use super::{
    canvas::Canvas,
    frame::Frame,
    hover::{Hover, Move, press},
    paint::paint,
    paper::use_paper,
    picture::Picture,
    table::ChartTable,
    tip::{Tip, spoken},
};
use crate::{
    components::{act, each, effect, follow, memo, shown},
    prefs::use_prefs,
    state::{look::Look, question::Question},
    words::words,
};
use leptos::{ev, html, prelude::*};
use plotters::drawing::IntoDrawingArea as _;
use std::sync::Arc;

/// What one line of a chart is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// Its word in URLs.
    pub(crate) key: String,
    /// Its name.
    pub(crate) name: String,
}

/// One chart's content; a handle that its parts may copy.
#[derive(Clone, Copy)]
pub(crate) struct Plot {
    /// Its title.
    pub(crate) title: &'static str,
    /// Its word in URLs.
    pub(crate) slug: &'static str,
    /// What its lines draw, in the picture's order.
    pub(crate) lines: Memo<Vec<Named>>,
    /// What it shows; `None` while that is being asked for.
    pub(crate) picture: Memo<Option<Arc<Picture>>>,
    /// What its lines are compared with, in a word.
    pub(crate) ghost: Memo<Option<String>>,
    /// The question whose answer it shows.
    pub(crate) question: Signal<Option<Question>>,
    /// Whether its lines may lie on one another.
    pub(crate) may_stack: bool,
}

/// A chart with its heading.
#[component]
pub(crate) fn Chart(
    /// Its content.
    plot: Plot,
    /// The value of each line beside the heading, in words; `None` where there is none.
    #[prop(into)]
    values: Signal<Vec<Option<String>>>,
    /// What the heading says after the values.
    #[prop(into)]
    aside: Signal<String>,
    /// What stands below the chart: one sentence a line.
    #[prop(into)]
    foot: Signal<Vec<String>>,
    /// What to say when there is nothing to show.
    #[prop(into)]
    empty: Signal<String>,
) -> impl IntoView {
    let w = words();
    let Plot { title, picture, .. } = plot;
    let paper = use_paper();
    let prefs = use_prefs();
    let as_table = RwSignal::new(false);
    let size = RwSignal::new((0.0, 0.0));
    let place = NodeRef::<html::Div>::new();
    let canvas = NodeRef::<html::Canvas>::new();
    let drag = Drag::of(paper);
    watch_size(place, size);

    let frame = memo(move || {
        let (width, height) = size.get();
        let picture = picture.get()?;
        (width > 0.0).then(|| Frame::new(width, height, picture.from, picture.to, picture.axis()))
    });
    let hover = memo(move || {
        let at = paper.at.get()?;
        Hover::of(picture.get()?.as_ref(), &frame.get()?, at)
    });

    let asked = StoredValue::new(false);
    let draw = move || {
        let _ = asked.try_set_value(false);
        let Some((Some(picture), Some(frame))) =
            picture.try_get_untracked().zip(frame.try_get_untracked())
        else {
            return;
        };
        let Some(element) = canvas.get_untracked() else {
            return;
        };
        let (width, height) = size.get_untracked();
        let offset = |at| untrack(|| prefs.offset_minutes(at));
        if let Some(canvas) = Canvas::open(&element, width, height, window().device_pixel_ratio()) {
            // Nothing on a canvas can fail.
            let _ = paint(
                &canvas.into_drawing_area(),
                &picture,
                &frame,
                &paper.inks.get_untracked(),
                (&offset, &w.charts.reason),
            );
        }
    };
    // At most once a frame, and not at all while the tab is hidden: browsers keep animation frames back then.
    effect(move || {
        frame.track();
        picture.track();
        paper.inks.track();
        let _ = prefs.clock_here();
        canvas.track();
        if !asked.get_value() {
            asked.set_value(true);
            request_animation_frame(draw);
        }
    });

    let under = move |event: &ev::PointerEvent| {
        let (frame, element) = (frame.get_untracked()?, place.get_untracked()?);
        let x = f64::from(event.client_x()) - element.get_bounding_client_rect().left();
        Some((frame, x))
    };
    let point_at = move |frame: &Frame, x: f64| {
        paper.mover.set(Some(title));
        paper.at.set(Some(frame.at(x)));
    };
    let moved = move |event: ev::PointerEvent| {
        if let Some((frame, x)) = under(&event) {
            point_at(&frame, x);
            drag.go_on(&frame, x);
        }
    };
    let pressed = move |event: ev::PointerEvent| {
        if let Some((frame, x)) = under(&event) {
            point_at(&frame, x);
            drag.begin(&event, &frame, x);
        }
    };
    let released = move |event: ev::PointerEvent| {
        if let Some((frame, x)) = under(&event) {
            drag.end(&frame, x);
        }
    };
    let left = move |event: ev::PointerEvent| {
        // A finger that was lifted still points at what it tapped.
        if event.pointer_type() != "touch" {
            paper.leave();
        }
    };
    let said = RwSignal::new(String::new());
    let key = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let Some(shown) = picture.get_untracked() else {
            return;
        };
        let at = paper.at.get_untracked();
        let (look, now) = (paper.look.get_untracked(), paper.now());
        match press(&event.key(), event.shift_key(), &shown, at) {
            None => return,
            Some(Move::Off) => {
                if !drag.cancel() {
                    paper.leave();
                    said.set(String::new());
                }
            }
            Some(Move::To(at)) => {
                paper.mover.set(Some(title));
                paper.at.set(Some(at));
                let hover = hover.get_untracked();
                said.set(
                    hover
                        .map(|hover| spoken(w, prefs, &plot, &shown, &hover))
                        .unwrap_or_default(),
                );
            }
            Some(Move::Pan(share)) => {
                #[expect(clippy::cast_possible_truncation, reason = "a share of five years")]
                let by = (shown.to.since(shown.from) as f64 * share) as i64;
                paper.go(&look.moved(by, now), true);
            }
            Some(Move::Zoom(factor)) => paper.go(&look.zoomed(factor, at, now), false),
            Some(Move::Live) => paper.go(&look.live(look.range(now)), false),
        }
        event.prevent_default();
        event.stop_propagation();
    };

    let summary = move || {
        let Some(picture) = picture.get() else {
            return title.to_owned();
        };
        let period = picture.period(&|at| prefs.offset_minutes(at));
        let mut text = (w.charts.summary)(title, &period);
        for (place, line) in plot.lines.get().into_iter().enumerate() {
            if let Some((mean, min, max)) = picture.extent(place) {
                let say = |value| picture.unit.text(value);
                if !paper.look.with(Look::is_live) {
                    let [mean, min, max] = [mean, min, max].map(say);
                    text += &(w.charts.summary_past)(&line.name, &mean, &min, &max);
                    continue;
                }
                let now = values.with(|values| values.get(place).cloned().flatten());
                text += &(w.charts.summary_part)(
                    &line.name,
                    now.as_deref(),
                    &say(mean),
                    &say(min),
                    &say(max),
                );
            }
        }
        text
    };
    let is_empty = memo(move || {
        picture
            .get()
            .is_some_and(|picture| picture.is_empty() && picture.gaps.is_empty())
    });
    let brush = memo(move || {
        let ((a, b), frame) = paper.brush.get().zip(frame.get())?;
        Some((frame.x(a.min(b)), frame.x(a.max(b))))
    });
    let brush_left = move || brush.get().map(|(a, _)| format!("{a:.1}px"));
    let brush_width = move || brush.get().map(|(a, b)| format!("{:.1}px", b - a));
    let height = move || {
        frame
            .get()
            .map(|frame| format!("{}px", frame.bottom - frame.top))
    };
    let pulled = move || drag.shift.get().map(|x| format!("translate({x}px, 0)"));

    view! {
        <section class="chart" aria-label=title>
            <header>
                <h2>{title}</h2>
                <div class="chart-now" class:many=follow(move || plot.lines.with(|lines| lines.len() > 3))>
                    {follow(move || legend(plot, values))}
                    <small class="chart-aside">{follow(move || aside.get())}</small>
                </div>
                <button
                    type="button"
                    class="chart-toggle"
                    aria-pressed=follow(move || as_table.get().to_string())
                    on:click=act(move |_| as_table.update(|table| *table = !*table))
                >
                    {follow(move || if as_table.get() { w.charts.as_chart } else { w.charts.as_table })}
                </button>
                <More plot />
            </header>
            <div class="plot-box" hidden=follow(move || as_table.get())>
            <div
                class="plot"
                class:loading=follow(move || picture.get().is_none())
                role="img"
                tabindex="0"
                aria-label=follow(summary)
                aria-description=w.charts.keys
                node_ref=place
                on:pointermove=act(moved)
                on:pointerdown=act(pressed)
                on:pointerup=act(released)
                on:pointercancel=act(move |_| { drag.cancel(); })
                on:pointerleave=act(left)
                on:keydown=act(key)
                on:blur=act(move |_| paper.leave())
            >
                <canvas node_ref=canvas aria-hidden="true" style:transform=follow(pulled)></canvas>
                <p class="plot-empty" hidden=follow(move || !is_empty.get())>
                    {follow(move || empty.get())}
                </p>
                <div class="brush" aria-hidden="true" hidden=follow(move || brush.get().is_none()) style:left=follow(brush_left) style:width=follow(brush_width) style:height=follow(height)></div>
                <Tip plot hover frame />
            </div>
            {follow(move || flags(picture.get(), frame.get()))}
            </div>
            {shown(move || as_table.get(), move || view! { <ChartTable plot /> }.into_any())}
            <p class="chart-foot">{follow(move || each(foot.get(), |line| view! { <span>{line}</span> }.into_any()))}</p>
            <p class="unseen" aria-live="polite">
                {said}
            </p>
        </section>
    }
}

/// The name and value of each line; where there are several, a name hides its line and draws it again.
fn legend(plot: Plot, values: Signal<Vec<Option<String>>>) -> Vec<AnyView> {
    let w = words();
    let paper = use_paper();
    let lines = plot.lines.get();
    let several = lines.len() > 1;
    each(lines.into_iter().enumerate(), move |(place, line)| {
        let value = move || values.with(|values| values.get(place).cloned().flatten());
        let value = move || value().unwrap_or_else(|| "–".to_owned());
        if !several {
            return view! { <span class="chart-value"><b>{follow(value)}</b></span> }.into_any();
        }
        let key = StoredValue::new(line.key);
        let is_shown = move || {
            paper
                .look
                .with(|look| key.with_value(|key| look.hidden.iter().all(|hidden| hidden != key)))
        };
        view! {
            <button
                type="button"
                class="chart-value"
                title=w.charts.toggle_line
                aria-pressed=follow(move || is_shown().to_string())
                on:click=act(move |_| paper.change(|look| key.with_value(|key| look.toggle_line(key))))
            >
                <i class=hue("swatch", place) aria-hidden="true"></i>
                <b>{follow(value)}</b>
                " "
                <small>{line.name}</small>
            </button>
        }
        .into_any()
    })
}

/// The redeploys, as links to the containers that took over.
fn flags(picture: Option<Arc<Picture>>, frame: Option<Frame>) -> Option<Vec<AnyView>> {
    let w = words();
    let (picture, frame) = picture.zip(frame)?;
    Some(each(picture.flags.clone(), |flag| {
        let place = format!("{:.1}px", frame.x(flag.at));
        let told = (w.charts.redeployed)(flag.before.as_deref(), &flag.image);
        view! { <a class="flag" style:left=place href=flag.url title=told.clone() aria-label=told></a> }
            .into_any()
    }))
}

/// A class with the hue of a line's place.
pub(super) fn hue(class: &str, place: usize) -> String {
    format!("{class} hue-{}", place.min(8))
}
