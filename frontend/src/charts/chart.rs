//! One chart on the page: heading, still canvas, and the crosshair and words that move over it.

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
    words::words,
};
use leptos::{ev, html, prelude::*};
use plotters::drawing::IntoDrawingArea as _;
use std::sync::Arc;
use wasm_bindgen::{JsCast as _, prelude::Closure};
use web_sys::{HtmlElement, ResizeObserver};

/// A chart with its heading.
#[component]
pub(crate) fn Chart(
    /// Its title.
    title: &'static str,
    /// What its lines draw, in the picture's order.
    names: Vec<&'static str>,
    /// What it shows; `None` while that is being asked for.
    picture: Memo<Option<Arc<Picture>>>,
    /// The current value of each line in words; `None` where there is none.
    #[prop(into)]
    values: Signal<Vec<Option<String>>>,
    /// What the heading says after the values.
    #[prop(into)]
    aside: Signal<String>,
    /// What to say when there is nothing to show.
    #[prop(into)]
    empty: Signal<String>,
) -> impl IntoView {
    let w = words();
    let paper = use_paper();
    let prefs = use_prefs();
    let as_table = RwSignal::new(false);
    let size = RwSignal::new((0.0, 0.0));
    let plot = NodeRef::<html::Div>::new();
    let canvas = NodeRef::<html::Canvas>::new();
    let names = StoredValue::new(names);
    watch_size(plot, size);

    let frame = memo(move || {
        let (width, height) = size.get();
        let picture = picture.get()?;
        let top = picture.ticks().last().copied().unwrap_or(1.0);
        (width > 0.0).then(|| Frame::new(width, height, picture.from, picture.to, top))
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
                &offset,
            );
        }
    };
    // At most once a frame, and not at all while the tab is hidden: browsers keep animation frames back then.
    effect(move || {
        frame.track();
        picture.track();
        paper.inks.track();
        prefs.clock.track();
        canvas.track();
        if !asked.get_value() {
            asked.set_value(true);
            request_animation_frame(draw);
        }
    });

    let point_at = move |event: ev::PointerEvent| {
        let (Some(frame), Some(element)) = (frame.get_untracked(), plot.get_untracked()) else {
            return;
        };
        let x = f64::from(event.client_x()) - element.get_bounding_client_rect().left();
        paper.mover.set(Some(title));
        paper.at.set(Some(frame.at(x)));
    };
    let said = RwSignal::new(String::new());
    let key = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let Some(shown) = picture.get_untracked() else {
            return;
        };
        match press(&event.key(), &shown, paper.at.get_untracked()) {
            None => return,
            Some(Move::Off) => {
                paper.leave();
                said.set(String::new());
            }
            Some(Move::To(at)) => {
                paper.mover.set(Some(title));
                paper.at.set(Some(at));
                let hover = hover.get_untracked();
                said.set(
                    hover
                        .map(|hover| spoken(w, prefs, &shown, &names.get_value(), &hover))
                        .unwrap_or_default(),
                );
            }
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
        for (place, name) in names.get_value().into_iter().enumerate() {
            if let Some((mean, min, max)) = picture.extent(place) {
                let say = |value| picture.unit.text(value);
                let now = values.with(|values| values.get(place).cloned().flatten());
                text += &(w.charts.summary_part)(
                    name,
                    now.as_deref(),
                    &say(mean),
                    &say(min),
                    &say(max),
                );
            }
        }
        text
    };
    let is_empty = move || picture.get().is_some_and(|picture| picture.is_empty());
    let several = names.with_value(|names| names.len() > 1);

    view! {
        <section class="chart" aria-label=title>
            <header>
                <h2>{title}</h2>
                <p class="chart-now">
                    {each(names.get_value().into_iter().enumerate(), |(place, name)| {
                            let value = move || values.with(|values| values.get(place).cloned().flatten()).unwrap_or_else(|| "–".to_owned());
                            view! {
                                <span class="chart-value">
                                    {several.then(|| view! { <i class="swatch" class:second=place == 1 aria-hidden="true"></i> })}
                                    <b>{follow(value)}</b>
                                    {several.then(|| view! { " " <small>{name}</small> })}
                                </span>
                            }
                            .into_any()
                        })} <small class="chart-aside">{follow(move || aside.get())}</small>
                </p>
                <button
                    type="button"
                    class="chart-toggle"
                    aria-pressed=follow(move || as_table.get().to_string())
                    on:click=act(move |_| as_table.update(|table| *table = !*table))
                >
                    {follow(move || if as_table.get() { w.charts.as_chart } else { w.charts.as_table })}
                </button>
            </header>
            <div
                class="plot"
                class:loading=follow(move || picture.get().is_none())
                hidden=follow(move || as_table.get())
                role="img"
                tabindex="0"
                aria-label=follow(summary)
                aria-description=w.charts.keys
                node_ref=plot
                on:pointermove=act(point_at)
                on:pointerdown=act(point_at)
                on:pointerleave=act(move |_| paper.leave())
                on:keydown=act(key)
                on:blur=act(move |_| paper.leave())
            >
                <canvas node_ref=canvas aria-hidden="true"></canvas>
                <p class="plot-empty" hidden=follow(move || !is_empty())>
                    {follow(move || empty.get())}
                </p>
                <Tip title names picture hover frame />
            </div>
            {shown(move || as_table.get(), move || view! { <ChartTable title names picture /> }.into_any())}
            <p class="unseen" aria-live="polite">
                {said}
            </p>
        </section>
    }
}

/// Keeps `size` equal to the element's inner size in CSS pixels.
fn watch_size(element: NodeRef<html::Div>, size: RwSignal<(f64, f64)>) {
    let measure = move || {
        if let Some(element) = element.try_get_untracked().flatten() {
            let element: &HtmlElement = element.unchecked_ref();
            let now = (
                f64::from(element.client_width()),
                f64::from(element.client_height()),
            );
            if size.try_get_untracked().is_some_and(|before| before != now) {
                size.set(now);
            }
        }
    };
    let resized = Closure::<dyn Fn()>::new(measure);
    let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
    let kept = StoredValue::new_local((observer, resized));
    effect(move || {
        if let Some(element) = element.get() {
            kept.with_value(|(observer, _)| {
                if let Some(observer) = observer {
                    observer.observe(&element);
                }
            });
            measure();
        }
    });
    on_cleanup(move || {
        let _ =
            kept.try_with_value(|(observer, _)| observer.as_ref().map(ResizeObserver::disconnect));
    });
}
