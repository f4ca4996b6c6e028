//! What the charts of containers and of machines have in common: their lines' names, the values beside the heading, and the percentiles below.

use super::readings::Readings;
use crate::{
    charts::{Named, Picture, Quantity, use_paper},
    components::memo,
    state::{
        look::Look,
        question::{PERCENTILES, word},
    },
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::series::Metric;
use std::sync::Arc;

/// Which metrics of a chart are hidden, and whether its scale is logarithmic.
type Manner = Memo<(Vec<Metric>, bool)>;

/// The lines of a chart, and of its metrics those that are hidden with whether its scale is logarithmic.
pub(crate) fn names_of(quantity: Quantity) -> (Memo<Vec<Named>>, Manner) {
    let w = words();
    let paper = use_paper();
    let named = |metric: &Metric| Named {
        key: word(*metric),
        name: (w.charts.metric)(*metric).to_owned(),
    };
    let lines = memo(move || quantity.metrics().iter().map(named).collect());
    let drawn = memo(move || {
        paper.look.with(|look| {
            let metrics = quantity.metrics().iter().copied();
            let hidden = metrics.filter(|metric| look.hidden.contains(&word(*metric)));
            let log = look.log.iter().any(|chart| chart == quantity.slug());
            (hidden.collect(), log)
        })
    });
    (lines, drawn)
}

/// Whether a chart is empty because all its lines are hidden.
pub(crate) fn is_hidden(
    picture: Memo<Option<Arc<Picture>>>,
    lines: Memo<Vec<Named>>,
    drawn: Manner,
) -> bool {
    picture.get().is_some() && drawn.with(|(hidden, _)| hidden.len() == lines.with(Vec::len))
}

/// The values beside a chart's heading: those of this second, or the mean over a time that is past. `scale` values make one of the chart's.
pub(crate) fn values(
    quantity: Quantity,
    readings: Readings,
    picture: Memo<Option<Arc<Picture>>>,
    scale: f64,
) -> Vec<Option<String>> {
    let say = |value: f64| quantity.unit().text(value);
    let metrics = quantity.metrics().iter();
    if use_paper().look.with(Look::is_live) {
        let now = |metric: &Metric| readings.window.with_untracked(|w| w.current(*metric));
        return metrics
            .map(|metric| now(metric).map(|v| say(v / scale)))
            .collect();
    }
    let shown = picture.get();
    let mean = |place| shown.as_ref()?.extent(place).map(|(mean, ..)| say(mean));
    (0..metrics.len()).map(mean).collect()
}

/// The percentiles of a chart's lines over the time shown, as of the last answer.
pub(crate) fn foot(quantity: Quantity, readings: Readings, scale: f64) -> Vec<String> {
    let w = words();
    readings.grain.track();
    let metrics = quantity.metrics();
    let say = |metric: &Metric| {
        let name = (metrics.len() > 1).then(|| (w.charts.metric)(*metric));
        readings.window.with_untracked(|window| {
            let whole = window.whole(*metric)?;
            let values = PERCENTILES.iter().zip(&whole.percentiles);
            let values: Vec<(u8, String)> = values
                .filter_map(|(p, value)| Some((*p, quantity.unit().text((*value)? / scale))))
                .collect();
            (!values.is_empty()).then(|| (w.charts.percentiles)(name, &values, whole.exact))
        })
    };
    metrics.iter().filter_map(say).collect()
}
