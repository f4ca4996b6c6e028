//! What else can be done with a chart: its scale, and taking it along as CSV, SVG, PNG or a link.

use super::{super::paper::use_paper, Plot};
use crate::{
    components::{Menu, act, follow},
    prefs::{is_dark, use_prefs},
    state::question::Dress,
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::routes;

/// The menu of a chart.
#[component]
pub(super) fn More(plot: Plot) -> impl IntoView {
    let w = words();
    let open = RwSignal::new(false);
    let title = (w.charts.more)(plot.title);
    view! {
        <Menu
            class="chart-more"
            button="chart-toggle"
            title=title
            open
            face=view! { <span aria-hidden="true">"⋯"</span> }.into_any()
            content=move || view! { <Choices plot open /> }
        />
    }
}

#[component]
fn Choices(plot: Plot, open: RwSignal<bool>) -> impl IntoView {
    let w = words();
    let (paper, prefs) = (use_paper(), use_prefs());
    let is_log = move || {
        paper
            .look
            .with(|look| look.log.iter().any(|chart| chart == plot.slug))
    };
    let question = move || plot.question.get().map(|question| question.parameters());
    let picture = move |route: &'static str| {
        let (question, shown) = plot.question.get().zip(plot.picture.get())?;
        let dress = Dress {
            title: plot.title.to_owned(),
            dark: is_dark(prefs.theme.get()),
            log: shown.log,
            stacked: shown.stacked,
            offset_minutes: prefs.offset_minutes(shown.to),
        };
        Some(format!(
            "{route}?{}{}",
            question.parameters(),
            dress.parameters()
        ))
    };
    let csv = move || Some(format!("{}?{}&format=csv", routes::SERIES, question()?));
    let copied = RwSignal::new(false);
    let copy = move |_| {
        // Refused where the page may not write to the clipboard; then the address bar has it.
        if let Ok(href) = window().location().href() {
            let _ = window().navigator().clipboard().write_text(&href);
            copied.set(true);
        }
    };
    let close = move |_| open.set(false);
    let stacked = plot.may_stack.then(|| {
        let is_on = move || paper.look.with(|look| look.stack);
        view! {
            <label>
                <input
                    type="checkbox"
                    prop:checked=follow(is_on)
                    on:change=act(move |_| paper.change(|look| look.stack = !look.stack))
                />
                {w.charts.stacked}
            </label>
        }
    });
    view! {
        {stacked}
        <label>
            <input
                type="checkbox"
                prop:checked=follow(is_log)
                on:change=act(move |_| paper.change(|look| look.toggle_log(plot.slug)))
            />
            {w.charts.log_scale}
        </label>
        <a class="menu-item" href=follow(csv) download="" on:click=act(close)>{w.charts.as_csv}</a>
        <a class="menu-item" href=follow(move || picture(routes::CHART_SVG)) download="" on:click=act(close)>{w.charts.as_svg}</a>
        <a class="menu-item" href=follow(move || picture(routes::CHART_PNG)) download="" on:click=act(close)>{w.charts.as_png}</a>
        <button type="button" class="menu-item" on:click=act(copy)>
            {w.charts.copy_link}
            <small aria-live="polite">{follow(move || copied.get().then_some(w.shell.copied))}</small>
        </button>
    }
}
