//! The charts of a machine, and its containers' share of it.

use super::stack::Stack;
use crate::{
    api,
    board::use_board,
    charts::{Chart, Plot, Quantity, Scene, TimeBar, use_paper},
    components::{each, effect, memo, shown},
    live::use_live,
    pages::{
        drawing::{foot, is_hidden, names_of, values},
        readings::Readings,
    },
    prefs::{CpuShare, use_prefs},
    state::look::Span,
    words::words,
};
use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};
use plimsoll_shared::{
    Body, ContainerEvent, EventKind, HostId, HostRow, HostState, View, lines::Subject,
    series::Metric, units,
};
use std::sync::Arc;

/// A stream that says nothing for this long does not hold the history up.
const WAIT_FOR_STREAM_MS: u32 = 1500;
/// Events looked through for those that get a line.
const EVENTS: usize = 500;

/// What the charts of a machine draw.
const METRICS: [Metric; 12] = [
    Metric::Cpu,
    Metric::Memory,
    Metric::MemoryCache,
    Metric::NetReceived,
    Metric::NetSent,
    Metric::BlockRead,
    Metric::BlockWritten,
    Metric::Load,
    Metric::PressureCpu,
    Metric::PressureMemory,
    Metric::PressureIo,
    Metric::DiskUsed,
];

/// What is known of a machine over the time shown.
#[derive(Clone, Copy)]
struct Machine {
    readings: Readings,
    host: Memo<Option<HostRow>>,
    events: RwSignal<Vec<ContainerEvent>>,
}

/// The charts of a host.
#[component]
pub(super) fn Charts(id: HostId) -> impl IntoView {
    let w = words();
    let (board, live) = (use_board(), use_live());
    let readings = Readings::of(Subject::Host(id.clone()), &METRICS);
    let host = memo({
        let id = id.clone();
        move || board.host(&id)
    });
    let machine = Machine {
        readings,
        host,
        events: RwSignal::new(Vec::new()),
    };
    machine.ask_events(id.clone());
    let watched = id.clone();
    live.watch(View::Hosts, move |frame| {
        if let Body::Hosts { hosts, .. } = &frame.body {
            let reading = hosts.iter().find(|host| host.id == watched);
            let reading = reading.and_then(|host| host.machine.as_ref());
            readings.take(frame.at, reading, !readings.is_asked());
        }
    });
    let late = Timeout::new(WAIT_FOR_STREAM_MS, move || {
        if !readings.window.is_disposed() && !readings.is_asked() {
            readings.ask();
        }
    });
    let late = StoredValue::new_local(Some(late));
    on_cleanup(move || {
        let _ = late.try_update_value(Option::take);
    });
    let ghost = memo(move || readings.ghost_name());
    let unseen = memo(move || machine.is_unseen());
    let not_seen =
        move || view! { <p class="notice quiet">{w.hosts.machine_unseen}</p> }.into_any();
    let own = move || {
        let charts = each(Quantity::MACHINE, |quantity| {
            view! { <One quantity machine /> }.into_any()
        });
        view! { <div class="charts">{charts}</div> }.into_any()
    };
    view! {
        <section class="host-charts" aria-label=w.hosts.charts>
            <TimeBar ghost />
            <div class="charts">
                <Stack id=id.clone() quantity=Quantity::Cpu host />
                <Stack id quantity=Quantity::Memory host />
            </div>
            <h2>{w.hosts.machine}</h2>
            {shown(move || unseen.get(), not_seen)}
            {shown(move || !unseen.get(), own)}
        </section>
    }
}

impl Machine {
    /// Whether the machine cannot be seen from here, now and in the time shown.
    fn is_unseen(self) -> bool {
        self.readings.grain.track();
        let now = self.host.with(|host| {
            host.as_ref().is_some_and(|host| {
                matches!(host.state, HostState::Up { .. }) && host.machine.is_none()
            })
        });
        now && self.readings.window.with_untracked(|window| {
            let buckets = window.buckets();
            let has = |metric: &Metric| buckets.is_some_and(|b| b.points(*metric).next().is_some());
            buckets.is_some() && !METRICS.iter().any(has)
        })
    }

    /// Asks for the times at which the machine had no memory left, anew when another time is shown.
    fn ask_events(self, id: HostId) {
        let look = use_paper().look;
        let end = memo(move || match look.with(|look| look.span) {
            Span::Past(_, to) => Some(to),
            Span::Live(_) => None,
        });
        effect(move || {
            let before = end.get().map(|at| format!("{}.0", at.0 + 1));
            let id = id.clone();
            spawn_local(async move {
                // Without them the charts lack their event lines; the list of events says what failed.
                if let Ok(page) = api::host_events(&id, before.as_deref(), EVENTS).await
                    && !self.events.is_disposed()
                {
                    let mut events = page.items;
                    events.retain(|event| event.kind == EventKind::Oom);
                    self.events.set(events);
                }
            });
        });
    }

    /// The most there is of what a chart shows, where the machine tells.
    fn limit(self, quantity: Quantity, cores: f64) -> Option<f64> {
        let host = self.host.get()?;
        let machine = host.machine.as_ref();
        match quantity {
            Quantity::Cpu => Some(host.engine?.cpus as f64 * 100.0 / cores),
            Quantity::Memory => machine
                .and_then(|reading| reading.memory.limit)
                .or(host.engine.map(|engine| engine.memory))
                .map(|bytes| bytes as f64),
            Quantity::Load => Some(host.engine?.cpus as f64),
            Quantity::Disk => Some(machine?.machine?.disk?.total as f64),
            _ => None,
        }
    }
}

#[component]
fn One(quantity: Quantity, machine: Machine) -> impl IntoView {
    let w = words();
    let prefs = use_prefs();
    let paper = use_paper();
    let Machine {
        readings,
        host,
        events,
    } = machine;
    let cores = memo(move || cores_of_all(prefs.cpu.get(), host));
    let (lines, drawn) = names_of(quantity);
    let most = memo(move || machine.limit(quantity, cores.get()));
    let picture = memo(move || {
        readings.grain.track();
        let events = events.get();
        let ghost = readings.ghost.get();
        let (hidden, log) = drawn.get();
        readings.window.with_untracked(|window| {
            let scene = Scene {
                buckets: window.buckets()?,
                bounds: window.bounds(),
                made: None,
                now: window.now(),
                limit: most.get(),
                told: window.gaps(),
                before: ghost
                    .as_ref()
                    .map(|ghost| (&ghost.buckets, ghost.earlier_ms)),
                hidden: &hidden,
                log,
                events: &events,
                cores: cores.get(),
            };
            let name = |value: &str| (w.hosts.most)(quantity, value);
            Some(Arc::new(quantity.picture(&scene, name)))
        })
    });
    let scale = move || match quantity {
        Quantity::Cpu => cores.get(),
        _ => 1.0,
    };
    let values = memo(move || {
        readings.tick.track();
        values(quantity, readings, picture, scale())
    });
    let aside = memo(move || {
        readings.tick.track();
        if paper.look.with(|look| !look.is_live()) {
            return w.charts.on_average.to_owned();
        }
        share(quantity, readings, most.get()).unwrap_or_default()
    });
    let foot = memo(move || foot(quantity, readings, scale()));
    let empty = Signal::derive(move || {
        if is_hidden(picture, lines, drawn) {
            w.charts.all_hidden.to_owned()
        } else {
            (w.hosts.nothing)(quantity).to_owned()
        }
    });
    let plot = Plot {
        title: (w.container.quantity)(quantity),
        slug: quantity.slug(),
        lines,
        picture,
        ghost: memo(move || readings.ghost_name()),
        question: Signal::derive(move || Some(readings.question(quantity.metrics()))),
        may_stack: false,
    };
    view! { <Chart plot values aside foot empty /> }
}

/// Cores that make 100 %.
pub(super) fn cores_of_all(share: CpuShare, host: Memo<Option<HostRow>>) -> f64 {
    let cores = host.with(|host| {
        host.as_ref()
            .and_then(|host| Some(host.engine.as_ref()?.cpus))
    });
    match (share, cores) {
        (CpuShare::Host, Some(cores)) if cores > 0 => cores as f64,
        _ => 1.0,
    }
}

/// Of memory and disk, how much of all there is.
fn share(quantity: Quantity, readings: Readings, most: Option<f64>) -> Option<String> {
    let metric = match quantity {
        Quantity::Memory => Metric::Memory,
        Quantity::Disk => Metric::DiskUsed,
        _ => return None,
    };
    let used = readings
        .window
        .with_untracked(|window| window.current(metric))?;
    let most = most.filter(|most| *most > 0.0)?;
    Some((words().container.of_limit)(&units::percent(
        used / most * 100.0,
    )))
}
