//! The table: a heading that stays, and of its lines those that can be seen.

use super::{
    keys::sort,
    row::{GroupRow, Row, StoppedRow},
    view::TableView,
};
use crate::{
    components::{act, each, effect, follow, memo},
    live::use_live,
    state::{
        columns::{Column, least_width},
        link::Link,
        order::Line,
        virtual_rows::{Slice, reveal, slice},
    },
};
use leptos::{ev, html, prelude::*};
use wasm_bindgen::prelude::Closure;
use web_sys::ResizeObserver;

/// Height of the heading in CSS pixels; the style sheet says the same.
const HEADING: f64 = 31.0;

/// The table.
#[component]
pub(super) fn Sheet(view: TableView) -> impl IntoView {
    let w = view.words;
    let live = use_live();
    let sheet = NodeRef::<html::Div>::new();
    let height = RwSignal::new(900.0);
    measure(sheet, height);
    restore(sheet, view);
    follow_cursor(sheet, view, height);
    let total = memo(move || view.lines.with(|lines| lines.lines.len()));
    let there = memo(move || {
        slice(
            total.get(),
            view.row_height(),
            view.scrolled.get(),
            height.get(),
        )
    });
    let in_sight = move || {
        let Slice { lines: range, .. } = there.get();
        view.lines.with(|lines| {
            lines
                .lines
                .get(range)
                .map(<[Line]>::to_vec)
                .unwrap_or_default()
        })
    };
    let first = memo(move || there.with(|slice| slice.lines.start));
    let scrolled = move |_: ev::Event| {
        if let Some(sheet) = sheet.get_untracked() {
            view.scrolled.set(f64::from(sheet.scroll_top()));
        }
    };
    let aged = move || matches!(live.link.get(), Link::Stale { .. });
    let active = move || view.cursor.get().map(|key| format!("row-{}", key.0));
    view! {
        <div class=follow(move || format!("sheet table-sheet {}", view.density().slug())) class:aged=follow(aged) node_ref=sheet on:scroll=act(scrolled)>
            <table
                class="containers"
                style:min-width=follow(move || px(view.columns.with(|columns| least_width(columns, view.narrow.get()))))
                role="grid"
                tabindex="0"
                aria-label=w.table.caption
                aria-rowcount=follow(move || (total.get() + 1).to_string())
                aria-activedescendant=follow(active)
            >
                <Columns view />
                <thead>
                    <tr aria-rowindex="1">{follow(move || each(view.columns.get(), |column| view! { <Heading view column /> }.into_any()))}</tr>
                </thead>
                <tbody aria-hidden="true"><tr style:height=follow(move || px(there.with(|slice| slice.above)))></tr></tbody>
                <tbody>
                    <ForEnumerate each=in_sight key=Clone::clone children=move |index, line| {
                        let at = Signal::derive(move || index.get() + first.get());
                        match line {
                            Line::Row(key) => view! { <Row view key at /> }.into_any(),
                            Line::Group(name) => view! { <GroupRow view name at /> }.into_any(),
                            Line::Stopped => view! { <StoppedRow view at /> }.into_any(),
                        }
                    } />
                </tbody>
                <tbody aria-hidden="true"><tr style:height=follow(move || px(there.with(|slice| slice.below)))></tr></tbody>
            </table>
        </div>
    }
}

/// The widths of the columns, which no content changes.
#[component]
fn Columns(view: TableView) -> impl IntoView {
    view! {
        <colgroup>
            {follow(move || {
                let narrow = view.narrow.get();
                let width = move |column: Column| if narrow { column.narrow_width() } else { column.width() };
                each(view.columns.get(), |column| view! { <col style:width=width(column).map(px) /> }.into_any())
            })}
        </colgroup>
    }
}

#[component]
fn Heading(view: TableView, column: Column) -> impl IntoView {
    let w = view.words;
    let place = memo(move || {
        view.query.with(|query| {
            let at = query.sort.iter().position(|sort| sort.by == column)?;
            Some((at, query.sort[at].down, query.sort.len() > 1))
        })
    });
    let order = move || match place.get() {
        Some((0, true, _)) => Some("descending"),
        Some((0, false, _)) => Some("ascending"),
        _ => None,
    };
    let sign = move || {
        place.get().map(|(at, down, several)| {
            let arrow = if down { "↓" } else { "↑" };
            if several {
                format!(" {arrow}{}", at + 1)
            } else {
                format!(" {arrow}")
            }
        })
    };
    let name = match column {
        Column::Memory if view.narrow.get_untracked() => w.table.memory,
        column => (w.table.column)(column),
    };
    let inside = if column.is_sortable() {
        view! {
            <button class:sorted=follow(move || place.get().is_some()) on:click=act(move |event| sort(view, column, &event))>
                {name}<span aria-hidden="true">{follow(sign)}</span>
            </button>
        }
        .into_any()
    } else if column == Column::Mark {
        view! { <span class="unseen">{name}</span> }.into_any()
    } else {
        view! { <span>{name}</span> }.into_any()
    };
    view! {
        <th scope="col" class=format!("c-{}", column.slug()) aria-sort=follow(order) title=(column == Column::Mark).then_some(w.table.mark_hint)>
            {inside}
        </th>
    }
}

fn px(length: f64) -> String {
    format!("{length}px")
}

/// Knows how much of the table can be seen.
fn measure(sheet: NodeRef<html::Div>, height: RwSignal<f64>) {
    let observer = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn FnMut()>)>);
    effect(move || {
        let Some(element) = sheet.get() else { return };
        let changed = Closure::<dyn FnMut()>::new(move || {
            if let Some(element) = sheet.get_untracked() {
                height.set(f64::from(element.client_height()));
            }
        });
        if let Ok(watching) =
            ResizeObserver::new(wasm_bindgen::JsCast::unchecked_ref(changed.as_ref()))
        {
            watching.observe(&element);
            observer.set_value(Some((watching, changed)));
        }
    });
    on_cleanup(move || {
        let _ = observer.try_update_value(|observer| {
            if let Some((watching, _)) = observer.take() {
                watching.disconnect();
            }
        });
    });
}

/// Scrolls to where the table was left.
fn restore(sheet: NodeRef<html::Div>, view: TableView) {
    let left = view.scrolled.get_untracked();
    effect(move || {
        if let Some(element) = sheet.get() {
            request_animation_frame(move || scroll(&element, left));
        }
    });
}

/// Keeps the row that keys act on in sight.
fn follow_cursor(sheet: NodeRef<html::Div>, view: TableView, height: RwSignal<f64>) {
    Effect::new(move |before: Option<()>| {
        let cursor = view.cursor.get();
        let (Some(()), Some(key), Some(element)) = (before, cursor, sheet.get_untracked()) else {
            return;
        };
        let at = view
            .lines
            .with_untracked(|lines| lines.lines.iter().position(|line| *line == Line::Row(key)));
        let line = untrack(|| view.row_height());
        let to = at.and_then(|at| {
            reveal(
                at,
                line,
                view.scrolled.get_untracked(),
                height.get_untracked(),
                HEADING,
            )
        });
        if let Some(to) = to {
            scroll(&element, to);
        }
    });
}

#[expect(clippy::cast_possible_truncation, reason = "pixels of a table")]
fn scroll(element: &web_sys::HtmlDivElement, to: f64) {
    element.set_scroll_top(to as i32);
}
