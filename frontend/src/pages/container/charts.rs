//! The six charts of a container.

use super::feed::Feed;
use crate::{
    charts::{Chart, Picture, Quantity, Scene},
    components::{each, follow, memo},
    prefs::{CpuShare, use_prefs},
    state::load::has_own_limit,
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::{Network, series::Metric, units};
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
            {follow(not_recording)} {each(Quantity::ALL, |quantity| view! { <One quantity feed /> }.into_any())}
        </div>
    }
}

#[component]
fn One(quantity: Quantity, feed: Feed) -> impl IntoView {
    let w = words();
    let prefs = use_prefs();
    // Cores that make 100 %.
    let cores = memo(move || match prefs.cpu.get() {
        CpuShare::Core => None,
        CpuShare::Host => feed.cores(),
    });
    let picture = memo(move || {
        feed.grain.track();
        let detail = feed.detail.get();
        let events = feed.events.get();
        feed.window.with_untracked(|window| {
            let scene = Scene {
                buckets: window.buckets()?,
                from: window.from(),
                made: feed
                    .row
                    .with_untracked(|row| row.as_ref().map(|row| row.created_at)),
                now: window.now(),
                limits: detail.as_ref().and_then(|detail| detail.limits.as_ref()),
                events: &events,
                cores: cores.get().map_or(1.0, |cores| cores as f64),
            };
            Some(Arc::new(quantity.picture(&scene, w.charts.limit)))
        })
    });
    let values = memo(move || {
        feed.tick.track();
        let scale = if quantity == Quantity::Cpu {
            cores.get().map_or(1.0, |cores| cores as f64)
        } else {
            1.0
        };
        let say = |value: f64| quantity.unit().text(value / scale);
        feed.window.with_untracked(|window| {
            quantity
                .metrics()
                .iter()
                .map(|metric| window.current(*metric).map(say))
                .collect()
        })
    });
    let aside = memo(move || {
        feed.tick.track();
        aside(quantity, feed, cores.get())
    });
    let empty = Signal::derive(move || {
        let network = feed
            .row
            .get()
            .map_or(Network::Own, |row| row.network.clone());
        match quantity {
            Quantity::Network => (w.container.no_network)(&network),
            Quantity::Cpu | Quantity::Memory => w.charts.nothing_yet,
            Quantity::Block | Quantity::Throttled | Quantity::Pids => w.container.not_counted,
        }
        .to_owned()
    });
    let names = quantity
        .metrics()
        .iter()
        .map(|metric| (w.charts.metric)(*metric))
        .collect();
    let picture: Memo<Option<Arc<Picture>>> = picture;
    view! { <Chart title=(w.container.quantity)(quantity) names picture values aside empty /> }
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
        Quantity::Network | Quantity::Block => String::new(),
    })
}
