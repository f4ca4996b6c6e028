//! One line of the table. A tick changes the text of the cells whose numbers changed, and nothing else.

use super::view::TableView;
use crate::{
    board::Cell,
    components::{Mark, act, each, follow, memo},
    live::use_live,
    state::{
        cells::{NOTHING, Telling, cpu_text, io_text, text, title},
        columns::Column,
        fleet::Numbers,
        load::{Load, has_own_limit},
        query::Group,
        spark::{HEIGHT, Spark, WIDTH},
        sums::Sums,
        text::visible,
    },
    words::states::{health_sign, state_sign},
};
use leptos::prelude::*;
use plimsoll_shared::{ContainerRow, ContainerState, Health, RowKey, units};
use std::sync::Arc;

/// From this share of its own limit on, a memory bar is in the colour of limits.
const HOT_PERCENT: f64 = 90.0;

/// What the cells of a row draw.
#[derive(Clone, Copy)]
struct Drawn {
    view: TableView,
    row: RwSignal<Arc<ContainerRow>>,
    numbers: RwSignal<Option<Numbers>>,
    spark: RwSignal<Arc<Spark>>,
}

/// A container.
#[component]
pub(super) fn Row(
    view: TableView,
    key: RowKey,
    /// Its line in the whole table, from 0.
    #[prop(into)]
    at: Signal<usize>,
) -> impl IntoView {
    let Some(Cell {
        row,
        numbers,
        spark,
    }) = view.board.cell(key)
    else {
        return ().into_any();
    };
    let drawn = Drawn {
        view,
        row: row.into(),
        numbers: numbers.into(),
        spark: spark.into(),
    };
    let row = drawn.row;
    let aged = move || row.with(|row| view.aged.with(|aged| aged.contains(&row.host)));
    let selected =
        move || row.with(|row| view.selected.with(|selected| selected.contains(&row.id)));
    let alive = move || row.with(|row| row.state.is_alive());
    view! {
        <tr
            id=format!("row-{}", key.0)
            class="row"
            class:aged=follow(aged)
            class:idle=follow(move || !alive())
            class:cursor=follow(move || view.cursor.get() == Some(key))
            aria-selected=follow(move || selected().to_string())
            aria-rowindex=follow(move || (at.get() + 2).to_string())
            on:click=act(move |_| view.cursor.set(Some(key)))
        >
            {follow(move || each(view.columns.get(), |column| cell(drawn, column)))}
        </tr>
    }
    .into_any()
}

fn cell(drawn: Drawn, column: Column) -> AnyView {
    match column {
        Column::Mark => mark(drawn),
        Column::Name => name(drawn),
        Column::State => state(drawn),
        Column::Health => health(drawn),
        Column::Spark => spark(drawn),
        Column::MemoryPercent => memory(drawn),
        Column::Up => up(drawn),
        Column::Cpu | Column::Memory | Column::Net | Column::Block | Column::Pids => {
            number(drawn, column)
        }
        Column::Image
        | Column::Host
        | Column::Restarts
        | Column::Id
        | Column::Ports
        | Column::Project => word(drawn, column),
    }
}

impl Drawn {
    /// What cells need besides the row; `now` only where a cell tells a time.
    fn telling(self, now: plimsoll_shared::UnixMs) -> Telling {
        let cores = self
            .row
            .with(|row| self.view.cores.with(|cores| cores.get(&row.host).copied()));
        Telling {
            words: self.view.words,
            now,
            cores,
        }
    }

    fn text(self, column: Column) -> String {
        if column == Column::Memory && self.view.narrow.get() {
            return self.numbers.get().map_or_else(
                || NOTHING.to_owned(),
                |numbers| units::binary(numbers.memory),
            );
        }
        let telling = self.telling(plimsoll_shared::UnixMs(0));
        self.row
            .with(|row| text(column, row, self.numbers.get(), telling))
    }

    fn title(self, column: Column) -> Option<String> {
        let telling = self.telling(plimsoll_shared::UnixMs(0));
        let title = self.row.with(|row| title(column, row, telling));
        (!title.is_empty()).then_some(title)
    }

    fn host_memory(self) -> Option<u64> {
        self.row.with(|row| {
            self.view
                .host_memory
                .with(|memory| memory.get(&row.host).copied())
        })
    }
}

fn mark(drawn: Drawn) -> AnyView {
    let load = memo(move || Load::of(drawn.numbers.get(), drawn.host_memory()));
    let hint = move || {
        format!(
            "{}\n\n{}",
            (drawn.view.words.table.mark)(load.get()),
            drawn.view.words.table.mark_hint
        )
    };
    view! { <td class="c-mark" title=follow(hint)><Mark load /></td> }.into_any()
}

fn name(drawn: Drawn) -> AnyView {
    let url = move || {
        drawn
            .row
            .with(|row| format!("/hosts/{}/containers/{}", row.host, row.id))
    };
    view! {
        <th scope="row" class="c-name">
            <a href=follow(url) translate="no" title=follow(move || drawn.title(Column::Name))>{follow(move || drawn.text(Column::Name))}</a>
        </th>
    }
    .into_any()
}

fn state(drawn: Drawn) -> AnyView {
    let state = memo(move || drawn.row.with(|row| row.state));
    let class = move || match state.get() {
        ContainerState::Running => "sign ok",
        ContainerState::Paused | ContainerState::Removing => "sign warn",
        ContainerState::Restarting | ContainerState::Dead => "sign bad",
        ContainerState::Created | ContainerState::Exited | ContainerState::Unknown => "sign",
    };
    view! {
        <td class="c-state"><span class=follow(class)><i aria-hidden="true">{follow(move || state_sign(state.get()))}</i>" "{follow(move || drawn.text(Column::State))}</span></td>
    }
    .into_any()
}

fn health(drawn: Drawn) -> AnyView {
    let health = memo(move || drawn.row.with(|row| row.health));
    let class = move || match health.get() {
        Health::Healthy => "sign ok",
        Health::Unhealthy => "sign bad",
        Health::Starting | Health::Unknown => "sign",
        Health::None => "dim",
    };
    view! {
        <td class="c-health"><span class=follow(class)><i aria-hidden="true">{follow(move || health_sign(health.get()))}</i>" "{follow(move || drawn.text(Column::Health))}</span></td>
    }
    .into_any()
}

fn spark(drawn: Drawn) -> AnyView {
    let line = move || drawn.spark.with(|spark| spark.line.clone());
    let area = move || drawn.spark.with(|spark| spark.area.clone());
    view! {
        <td class="c-spark">
            <svg class="spark" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
                <path class="spark-area" d=follow(area) />
                <path class="spark-line" d=follow(line) />
            </svg>
        </td>
    }
    .into_any()
}

fn memory(drawn: Drawn) -> AnyView {
    let percent = memo(move || {
        drawn
            .numbers
            .get()
            .and_then(|numbers| numbers.memory_percent())
    });
    let hot = move || {
        let own = has_own_limit(
            drawn.numbers.get().and_then(|numbers| numbers.limit),
            drawn.host_memory(),
        );
        own && percent.get().is_some_and(|percent| percent >= HOT_PERCENT)
    };
    let width = move || {
        format!(
            "{:.1}%",
            percent.get().unwrap_or_default().clamp(0.0, 100.0)
        )
    };
    view! {
        <td class="c-mem-percent">
            {follow(move || drawn.text(Column::MemoryPercent))}
            <span class="bar" class:hot=follow(hot) aria-hidden="true"><i style:width=follow(width)></i></span>
        </td>
    }
    .into_any()
}

fn up(drawn: Drawn) -> AnyView {
    let live = use_live();
    let text = memo(move || {
        let telling = drawn.telling(live.now.get());
        drawn.row.with(|row| text(Column::Up, row, None, telling))
    });
    let title = move || {
        let started = drawn.row.with(|row| row.started_at)?;
        Some(crate::state::time::iso(
            started,
            drawn.view.prefs.offset_minutes(started),
        ))
    };
    view! { <td class="c-up" title=follow(title)>{text}</td> }.into_any()
}

fn number(drawn: Drawn, column: Column) -> AnyView {
    view! { <td class=format!("c-{}", column.slug()) title=follow(move || drawn.title(column))>{follow(move || drawn.text(column))}</td> }.into_any()
}

fn word(drawn: Drawn, column: Column) -> AnyView {
    let digest = move || {
        let digest = (column == Column::Image).then(|| {
            drawn
                .row
                .with(|row| row.image.digest.as_ref().map(|d| d.short().to_owned()))
        });
        digest
            .flatten()
            .map(|digest| view! { <span class="digest">{format!("@{digest}")}</span> }.into_any())
    };
    view! {
        <td class=format!("c-{}", column.slug()) title=follow(move || drawn.title(column)) translate="no">
            {follow(move || drawn.text(column))}{follow(digest)}
        </td>
    }
    .into_any()
}

/// The heading of a group with its sums.
#[component]
pub(super) fn GroupRow(
    view: TableView,
    name: Option<String>,
    /// Its line in the whole table, from 0.
    #[prop(into)]
    at: Signal<usize>,
) -> impl IntoView {
    let w = view.words;
    let group = view
        .query
        .with_untracked(|query| query.group)
        .unwrap_or(Group::Compose);
    let label = match &name {
        Some(name) => visible(name).into_owned(),
        None => (w.table.ungrouped)(group).to_owned(),
    };
    let (member, fold, folded) = (name.clone(), name.clone(), name);
    let sums = memo(move || {
        let keys = view
            .lines
            .with(|lines| lines.groups.get(&member).cloned().unwrap_or_default());
        view.board
            .containers(|fleet| Sums::of(keys.iter().filter_map(|key| fleet.get(*key))))
    });
    let open = memo(move || !view.folded.with(|set| set.contains(&folded)));
    let toggle = move |_| {
        view.folded.update(|set| {
            if !set.remove(&fold) {
                set.insert(fold.clone());
            }
        });
    };
    let heading = move || {
        let toggle = toggle.clone();
        view! {
            <button class="fold" aria-expanded=follow(move || open.get().to_string()) on:click=act(toggle)>
                <i aria-hidden="true">{follow(move || if open.get() { "▾" } else { "▸" })}</i>
                <b translate="no">{label.clone()}</b>
                <span class="dim">{follow(move || (w.table.group_kinds)(sums.get().kinds))}</span>
            </button>
        }
    };
    let cells = move || {
        let columns = view.columns.get();
        let lead = columns
            .iter()
            .take_while(|column| sum_text(view, sums, **column).is_none())
            .count()
            .max(1);
        let rest = each(columns.into_iter().skip(lead), move |column| {
            view! { <td class=format!("c-{}", column.slug())>{follow(move || sum_text(view, sums, column).map(|text| text()))}</td> }.into_any()
        });
        view! {
            <th scope="rowgroup" colspan=lead.to_string()>{heading()}</th>
            {rest}
        }
        .into_any()
    };
    view! {
        <tr class="group" aria-rowindex=follow(move || (at.get() + 2).to_string())>{follow(cells)}</tr>
    }
}

/// What a group's heading says in that column; `None` where there is no sum.
fn sum_text(view: TableView, sums: Memo<Sums>, column: Column) -> Option<Box<dyn Fn() -> String>> {
    let or_nothing = |text: Option<String>| text.unwrap_or_else(|| NOTHING.to_owned());
    match column {
        Column::Cpu => Some(Box::new(move || {
            let cores = view.cores.with(|cores| {
                if cores.len() == 1 {
                    cores.values().next().copied()
                } else {
                    None
                }
            });
            or_nothing(sums.get().cpu.map(|cpu| cpu_text(cpu, cores)))
        })),
        Column::Memory => Some(Box::new(move || {
            or_nothing(sums.get().memory.map(units::binary))
        })),
        Column::Net => Some(Box::new(move || or_nothing(sums.get().net.map(io_text)))),
        Column::Block => Some(Box::new(move || or_nothing(sums.get().block.map(io_text)))),
        Column::Pids => Some(Box::new(move || {
            or_nothing(sums.get().pids.map(|pids| pids.to_string()))
        })),
        _ => None,
    }
}

/// The heading of the stopped containers.
#[component]
pub(super) fn StoppedRow(
    view: TableView,
    /// Its line in the whole table, from 0.
    #[prop(into)]
    at: Signal<usize>,
) -> impl IntoView {
    let w = view.words;
    let open = memo(move || view.query.with(|query| query.stopped));
    let count = memo(move || view.lines.with(|lines| lines.stopped));
    view! {
        <tr class="group" aria-rowindex=follow(move || (at.get() + 2).to_string())>
            <th scope="rowgroup" colspan=follow(move || view.columns.with(Vec::len).to_string())>
                <button
                    class="fold"
                    aria-expanded=follow(move || open.get().to_string())
                    on:click=act(move |_| view.change(|query| query.stopped = !query.stopped))
                >
                    <i aria-hidden="true">{follow(move || if open.get() { "▾" } else { "▸" })}</i>
                    <b>{follow(move || (w.table.stopped)(count.get()))}</b>
                </button>
            </th>
        </tr>
    }
}
