//! The six charts of a container.

use super::feed::Feed;
use crate::{
    charts::{Chart, Plot, Quantity, Scene, flags, use_paper},
    components::{each, follow, memo},
    pages::drawing::{foot, is_hidden, names_of, values},
    prefs::{CpuShare, use_prefs},
    state::{lately::merge, load::has_own_limit, look::Look},
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::{Network, lines::Begin, series::Metric, units};
use std::sync::Arc;

/// The six charts of a container.
#[component]
pub(super) fn Charts(
    /// What is known of it.
    feed: Feed,
) -> impl IntoView {
    let w = words();
    let not_recording = move || {
        (!feed.recording.get())
            .then(|| view! { <p class="notice quiet">{w.container.not_recording}</p> }.into_any())
    };
    view! {
        <div class="charts">
            {follow(not_recording)} {each(Quantity::CONTAINER, |quantity| view! { <One quantity feed /> }.into_any())}
        </div>
    }
}

#[component]
fn One(quantity: Quantity, feed: Feed) -> impl IntoView {
    let w = words();
    let prefs = use_prefs();
    let paper = use_paper();
    let readings = feed.readings;
    // Cores that make 100 %.
    let cores = memo(move || match prefs.cpu.get() {
        CpuShare::Core => None,
        CpuShare::Host => feed.cores(),
    });
    let (lines, drawn) = names_of(quantity);
    let picture = memo(move || {
        readings.grain.track();
        let detail = feed.detail.get();
        let mut events = feed.events.get().as_ref().clone();
        merge(&mut events, feed.kin.get().iter().cloned());
        let cores = cores.get().map_or(1.0, |cores| cores as f64);
        let limits = detail.as_ref().and_then(|detail| detail.limits.as_ref());
        let ghost = readings.ghost.get();
        let made = feed
            .row
            .with_untracked(|row| row.as_ref().map(|row| row.created_at));
        let (hidden, log) = drawn.get();
        feed.window.with_untracked(|window| {
            let scene = Scene {
                buckets: window.buckets()?,
                bounds: window.bounds(),
                // One that took over from another has readings from before it was made.
                made: made.filter(|_| window.begins().iter().all(|begin| !begin.redeployed)),
                now: window.now(),
                limit: limits.and_then(|limits| quantity.limit(limits, cores)),
                told: window.gaps(),
                before: ghost
                    .as_ref()
                    .map(|ghost| (&ghost.buckets, ghost.earlier_ms)),
                hidden: &hidden,
                log,
                events: &events,
                cores,
            };
            let mut picture = quantity.picture(&scene, w.charts.limit);
            let (host, _) = feed.place();
            let url = |begin: &Begin| {
                let page = format!("/hosts/{host}/containers/{}/charts", begin.container);
                paper.look.with_untracked(|look| look.url(&page))
            };
            picture.flags = flags(window.begins(), scene.bounds, url);
            Some(Arc::new(picture))
        })
    });
    let scale = move || match quantity {
        Quantity::Cpu => cores.get().map_or(1.0, |cores| cores as f64),
        _ => 1.0,
    };
    let values = memo(move || {
        feed.tick.track();
        let scale = scale();
        values(quantity, readings, picture, scale)
    });
    let aside = memo(move || {
        feed.tick.track();
        if paper.look.with(Look::is_live) {
            aside(quantity, feed, cores.get())
        } else {
            w.charts.on_average.to_owned()
        }
    });
    let foot = memo(move || foot(quantity, readings, scale()));
    let empty = Signal::derive(move || {
        let network = feed
            .row
            .get()
            .map_or(Network::Own, |row| row.network.clone());
        match quantity {
            _ if is_hidden(picture, lines, drawn) => w.charts.all_hidden,
            Quantity::Network => (w.container.no_network)(&network),
            Quantity::Cpu | Quantity::Memory => w.charts.nothing_yet,
            _ => w.container.not_counted,
        }
        .to_owned()
    });
    let plot = Plot {
        title: (w.container.quantity)(quantity),
        slug: quantity.slug(),
        lines,
        picture,
        ghost: memo(move || feed.readings.ghost_name()),
        question: Signal::derive(move || Some(readings.question(quantity.metrics()))),
        may_stack: false,
    };
    view! { <Chart plot values aside foot empty /> }
}

/// What a chart's heading says after the values.
fn aside(quantity: Quantity, feed: Feed, cores: Option<u64>) -> String {
    let w = words();
    let limits = feed.detail.get().and_then(|detail| detail.limits.clone());
    let host_memory = feed.host.with(|host| {
        host.as_ref()
            .and_then(|host| host.engine.as_ref())
            .map(|engine| engine.memory)
    });
    feed.window.with_untracked(|window| match quantity {
        Quantity::Cpu => {
            let held = window
                .current(Metric::Throttled)
                .filter(|percent| *percent > 0.0);
            let of = (w.container.of_cores)(cores);
            match held {
                Some(percent) => format!(
                    "{of}, {}",
                    (w.container.held_back)(&units::percent(percent))
                ),
                None => of,
            }
        }
        Quantity::Memory => {
            let Some(memory) = window.reading().map(|reading| reading.memory) else {
                return String::new();
            };
            let Some(percent) = memory.percent().map(units::percent) else {
                return String::new();
            };
            match memory.limit {
                Some(limit) if !has_own_limit(Some(limit), host_memory) => {
                    (w.container.of_host)(&percent, &units::binary(limit))
                }
                _ => (w.container.of_limit)(&percent),
            }
        }
        Quantity::Throttled => match &limits {
            Some(limits) if limits.cpus.is_none() => w.container.no_cpu_limit.to_owned(),
            _ => w.container.of_periods.to_owned(),
        },
        Quantity::Pids => match limits.and_then(|limits| limits.pids) {
            Some(most) => (w.container.limit)(&most.to_string()),
            None => String::new(),
        },
        _ => String::new(),
    })
}
