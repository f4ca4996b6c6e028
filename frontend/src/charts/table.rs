//! A chart's numbers as a table.

use super::chart::Plot;
use crate::{
    components::{each, follow, memo},
    prefs::use_prefs,
    state::time::{date_time, hour_minute_second, iso},
    words::words,
};
use leptos::prelude::*;

/// Rows of the table: a quarter of a minute each for 15 minutes, a minute each for an hour.
const ROWS: i64 = 60;

/// The numbers of a chart in stretches of equal length, newest first.
#[component]
pub(super) fn ChartTable(
    /// Its content.
    plot: Plot,
) -> impl IntoView {
    let w = words();
    let prefs = use_prefs();
    let Plot { title, picture, .. } = plot;
    let caption = move || {
        let period = picture
            .get()
            .map(|picture| picture.period(&|at| prefs.offset_minutes(at)));
        (w.charts.table_of)(title, &period.unwrap_or_default())
    };
    let stacked = memo(move || picture.get().is_some_and(|picture| picture.stacked));
    let head = move || {
        let lines = plot.lines.get();
        let several = lines.len() > 1;
        let mut headings: Vec<String> = Vec::new();
        let whats = [w.charts.mean, w.charts.min, w.charts.max];
        for line in &lines {
            for what in &whats[..if stacked.get() { 1 } else { 3 }] {
                headings.push(if several {
                    format!("{} {what}", line.name)
                } else {
                    (*what).to_owned()
                });
            }
        }
        if let Some(ghost) = plot.ghost.get() {
            headings.extend(lines.iter().map(|line| match several {
                true => format!("{} {ghost}", line.name),
                false => ghost.clone(),
            }));
        }
        each(headings, |heading| {
            view! { <th scope="col">{heading}</th> }.into_any()
        })
    };
    let rows = move || {
        let picture = picture.get()?;
        let long = picture.to.since(picture.from) > 12 * 3_600_000;
        let rows = each(picture.table(ROWS), |row| {
            let offset = prefs.offset_minutes(row.at);
            let text = |value: Option<f64>| {
                value.map_or_else(|| "–".to_owned(), |value| picture.unit.text(value))
            };
            let mut cells = Vec::new();
            for cell in row.cells {
                cells.push(cell.map(|c| c.0));
                if !picture.stacked {
                    cells.extend([cell.map(|c| c.1), cell.map(|c| c.2)]);
                }
            }
            cells.extend(row.ghosts);
            let cells = each(cells, |value| view! { <td>{text(value)}</td> }.into_any());
            view! {
                <tr>
                    <th scope="row">
                        <time datetime=iso(row.at, offset)>{if long { date_time(row.at, offset) } else { hour_minute_second(row.at, offset) }}</time>
                    </th>
                    {cells}
                </tr>
            }
            .into_any()
        });
        Some(rows)
    };
    view! {
        <div class="chart-table" role="region" aria-label=follow(caption) tabindex="0">
            <table>
                <caption>{follow(caption)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{w.charts.time}</th>
                        {follow(head)}
                    </tr>
                </thead>
                <tbody>{follow(rows)}</tbody>
            </table>
        </div>
    }
}
