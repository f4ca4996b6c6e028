//! Who uses most, by CPU, memory, network and block devices.

use super::feed::Feed;
use crate::{
    board::use_board,
    components::{each, follow, memo},
    prefs::{CpuShare, use_prefs},
    state::{
        overview::{
            consumers::{drawn, share, table_url, value_text},
            host_of, url_of,
        },
        spark::{HEIGHT, WIDTH},
        text::visible,
        time::Span,
    },
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::{
    HostId,
    overview::{Top, TopItem},
    series::Metric,
};
use std::collections::HashMap;

/// What is ranked, in the order of the page.
const METRICS: [Metric; 4] = [
    Metric::Cpu,
    Metric::Memory,
    Metric::NetReceived,
    Metric::BlockRead,
];
/// Lines of a list, and of its outline.
const LINES: usize = 5;

/// Who uses most.
#[component]
pub(super) fn Consumers(feed: Feed) -> impl IntoView {
    let w = words();
    let span = memo(move || feed.read(|overview| overview.at.since(overview.ranked_from)));
    let heading = move || match span.get() {
        Some(ms) => (w.overview.top)(&(w.time.span)(Span::of(ms))),
        None => w.overview.top_plain.to_owned(),
    };
    view! {
        <section class="top-lists">
            <h2>{follow(heading)}</h2>
            <div class="quarters">
                {each(METRICS, |metric| view! { <List feed metric /> }.into_any())}
            </div>
        </section>
    }
}

#[component]
fn List(feed: Feed, metric: Metric) -> impl IntoView {
    let w = words();
    let name = (w.overview.metric)(metric);
    let top = memo(move || {
        feed.read(|overview| {
            let top = overview.top.iter().find(|top| top.metric == metric);
            top.cloned().unwrap_or_else(|| Top {
                metric,
                items: Vec::new(),
            })
        })
    });
    let telling = Telling::new();
    let lines = move || {
        let items = top.get().map(|top| top.items).unwrap_or_default();
        let telling = telling.now();
        each(&items, |item| line(metric, item, &items, &telling))
    };
    let outline = move || {
        let missing = if top.with(Option::is_none) { LINES } else { 0 };
        each(0..missing, |_| {
            view! { <li class="outline" aria-hidden="true"></li> }.into_any()
        })
    };
    let none = move || {
        let empty = top.with(|top| top.as_ref().is_some_and(|top| top.items.is_empty()));
        empty.then(|| view! { <p class="dim">{w.overview.top_none}</p> }.into_any())
    };
    view! {
        <section class="sheet panel" aria-busy=follow(move || top.with(Option::is_none).to_string())>
            <h3>
                <a href=follow(move || table_url(metric, feed.host.get())) title=(w.overview.sorted)(name)>{name}</a>
            </h3>
            <ol class="consumers">{follow(lines)}{follow(outline)}</ol>
            {follow(none)}
        </section>
    }
}

/// What the lines need besides their items.
#[derive(Clone, Copy)]
struct Telling {
    cores: Memo<HashMap<HostId, u64>>,
    several: Memo<bool>,
}

impl Telling {
    fn new() -> Self {
        let (board, prefs) = (use_board(), use_prefs());
        Self {
            cores: memo(move || match prefs.cpu.get() {
                CpuShare::Core => HashMap::new(),
                CpuShare::Host => board.host_cores(),
            }),
            several: memo(move || {
                let heartbeat = board.heartbeat.get();
                heartbeat.is_some_and(|heartbeat| heartbeat.hosts.len() > 1)
            }),
        }
    }

    fn now(self) -> (HashMap<HostId, u64>, bool) {
        (self.cores.get(), self.several.get())
    }
}

fn line(
    metric: Metric,
    item: &TopItem,
    items: &[TopItem],
    (cores, several): &(HashMap<HostId, u64>, bool),
) -> AnyView {
    let w = words();
    let host = host_of(&item.of);
    let text = |value: f64| value_text(metric, value, cores.get(host).copied());
    let mean = text(item.mean);
    let title = (w.overview.mean_max)(&mean, &text(item.max));
    let spark = drawn(metric, item);
    let width = format!("{:.1}%", share(metric, item, items) * 100.0);
    let host = several.then(|| host.to_string());
    view! {
        <li>
            <a href=url_of(&item.of) title=title>
                <span class="who"><b translate="no">{visible(&item.name).into_owned()}</b> " " <span class="dim" translate="no">{host}</span></span>
                <svg class="spark" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
                    <path class="spark-area" d=spark.area />
                    <path class="spark-line" d=spark.line />
                </svg>
                <span class="much">{mean}</span>
                <span class="bar" aria-hidden="true"><i style:width=width></i></span>
            </a>
        </li>
    }
    .into_any()
}
