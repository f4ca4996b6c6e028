//! A chart's numbers as a table.

use super::picture::Picture;
use crate::{
    components::{each, follow},
    prefs::use_prefs,
    state::time::{hour_minute_second, iso},
    words::words,
};
use leptos::prelude::*;
use std::sync::Arc;

/// Rows of the table: a quarter of a minute each for 15 minutes, a minute each for an hour.
const ROWS: i64 = 60;

/// The numbers of a chart in stretches of equal length, newest first.
#[component]
pub(super) fn ChartTable(
    /// Title of the chart.
    title: &'static str,
    /// What its lines draw.
    names: StoredValue<Vec<&'static str>>,
    /// What it shows.
    picture: Memo<Option<Arc<Picture>>>,
) -> impl IntoView {
    let w = words();
    let prefs = use_prefs();
    let caption = move || {
        let period = picture
            .get()
            .map(|picture| picture.period(&|at| prefs.offset_minutes(at)));
        (w.charts.table_of)(title, &period.unwrap_or_default())
    };
    let several = names.with_value(|names| names.len() > 1);
    let head = names.get_value().into_iter().flat_map(|name| {
        [w.charts.mean, w.charts.min, w.charts.max].map(|what| {
            let heading = if several {
                format!("{name} {what}")
            } else {
                what.to_owned()
            };
            view! { <th scope="col">{heading}</th> }.into_any()
        })
    });
    let rows = move || {
        let picture = picture.get()?;
        let rows = each(picture.table(ROWS), |row| {
            let offset = prefs.offset_minutes(row.at);
            let cells = row.cells.into_iter().flat_map(|cell| {
                let text = |value: Option<f64>| {
                    value.map_or_else(|| "–".to_owned(), |value| picture.unit.text(value))
                };
                [cell.map(|c| c.0), cell.map(|c| c.1), cell.map(|c| c.2)]
                    .map(|value| view! { <td>{text(value)}</td> }.into_any())
            });
            view! {
                <tr>
                    <th scope="row">
                        <time datetime=iso(row.at, offset)>{hour_minute_second(row.at, offset)}</time>
                    </th>
                    {cells.collect::<Vec<_>>()}
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
                        {head.collect::<Vec<_>>()}
                    </tr>
                </thead>
                <tbody>{follow(rows)}</tbody>
            </table>
        </div>
    }
}
