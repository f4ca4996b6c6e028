//! Who uses most: numbers, curves and bars of the greatest consumers.

use crate::state::{
    cells::cpu_text,
    columns::Column,
    query::{Query, Sort},
    spark::{Spark, curve},
};
use plimsoll_shared::{HostId, overview::TopItem, series::Metric, units};

/// The table of containers sorted by that metric.
pub(crate) fn table_url(metric: Metric, host: Option<HostId>) -> String {
    let by = match metric {
        Metric::Memory => Column::Memory,
        Metric::NetReceived | Metric::NetSent => Column::Net,
        Metric::BlockRead | Metric::BlockWritten => Column::Block,
        _ => Column::Cpu,
    };
    let sort = vec![Sort { by, down: true }];
    Query {
        sort,
        host,
        ..Query::default()
    }
    .url()
}

/// A value as it is written; CPU as a share of `cores` where they are given.
pub(crate) fn value_text(metric: Metric, value: f64, cores: Option<u64>) -> String {
    match metric {
        Metric::Cpu => cpu_text(value, cores),
        Metric::Memory => units::binary(whole(value)),
        _ => format!("{}/s", units::decimal_rounded(whole(value))),
    }
}

/// Below this a bar does not fill its track and a curve does not reach the top, so that an idle fleet looks idle.
fn quiet(metric: Metric) -> f64 {
    match metric {
        Metric::Cpu => 20.0,
        Metric::Memory => 64.0 * 1024.0 * 1024.0,
        _ => 10_000.0,
    }
}

/// Length of an item's bar from 0 to 1, the greatest of `items` being the longest.
pub(crate) fn share(metric: Metric, item: &TopItem, items: &[TopItem]) -> f64 {
    let greatest = items.iter().map(|item| item.mean).fold(0.0, f64::max);
    (item.mean / greatest.max(quiet(metric))).clamp(0.0, 1.0)
}

/// An item's curve over the stretch that it is ranked over.
pub(crate) fn drawn(metric: Metric, item: &TopItem) -> Spark {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a curve is a few pixels high"
    )]
    let narrow = |value: f64| value as f32;
    let ticks: Vec<Option<f32>> = item.spark.iter().map(|tick| tick.map(narrow)).collect();
    curve(ticks.iter().copied(), ticks.len(), narrow(quiet(metric)))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is what a label needs"
)]
pub(crate) fn whole(value: f64) -> u64 {
    value.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(mean: f64) -> TopItem {
        TopItem {
            of: "local".parse().unwrap(),
            name: "a".to_owned(),
            mean,
            max: mean,
            spark: vec![Some(mean), None, Some(mean)],
        }
    }

    #[test]
    fn numbers_read_as_docker_prints_them() {
        for (metric, value, cores, text) in [
            (Metric::Cpu, 84.213, None, "84.21%"),
            (Metric::Cpu, 84.0, Some(8), "10.50%"),
            (Metric::Memory, 67_108_864.0, None, "64MiB"),
            (Metric::NetReceived, 1_234.4, None, "1.23kB/s"),
            (Metric::BlockRead, 0.0, None, "0B/s"),
        ] {
            assert_eq!(value_text(metric, value, cores), text);
        }
    }

    #[test]
    fn the_greatest_fills_its_bar_unless_all_are_idle() {
        let busy = [item(200.0), item(50.0)];
        let bar = |items: &[TopItem], at: usize| share(Metric::Cpu, &items[at], items);
        assert_eq!((bar(&busy, 0), bar(&busy, 1)), (1.0, 0.25));
        let idle = [item(1.0), item(0.0)];
        assert_eq!((bar(&idle, 0), bar(&idle, 1)), (0.05, 0.0));
    }

    #[test]
    fn a_gap_breaks_the_curve_and_the_curve_spans_the_stretch() {
        let line = drawn(Metric::Cpu, &item(40.0)).line;
        assert_eq!(line, "M0.0 2.0h0M72.0 2.0h0");
    }

    #[test]
    fn a_heading_leads_to_the_sorted_table_of_the_same_host() {
        let host: HostId = "edge-1".parse().unwrap();
        assert_eq!(table_url(Metric::Cpu, None), "/containers");
        assert_eq!(
            table_url(Metric::NetReceived, Some(host)),
            "/containers?host=edge-1&sort=-net"
        );
    }
}
