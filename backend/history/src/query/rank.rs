//! Percentiles over a range, and the greatest consumers.

use super::{Piece, Reached, Value};
use crate::{Life, rollup::Bucket};
use plimsoll_shared::{
    Reading, UnixMs,
    series::{Metric, sample},
};

/// Percentiles over a range.
#[derive(Debug, Clone, PartialEq)]
pub struct Percentiles {
    /// One a wish, in order; `None` when nothing was measured.
    pub values: Vec<Option<f64>>,
    /// Whether every single measurement was looked at. If not, they are percentiles of the buckets' means, each counted as often as it
    /// has measurements: short peaks are flattened, and the true value lies between the neighbouring buckets' extremes.
    pub exact: bool,
}

/// Percentiles (0 to 100) of a quantity from `from` up to `to`, by nearest rank: the smallest value that at least that share of the
/// measurements does not exceed. 0 and 100 are the true extremes in every tier.
#[must_use]
pub fn percentiles(
    metric: Metric,
    wishes: &[f64],
    from: UnixMs,
    to: UnixMs,
    pieces: &[(Life, Piece<'_>)],
    max_gap_ms: i64,
) -> Percentiles {
    let inside = |at: UnixMs| at >= from && at < to;
    let mut weighed: Vec<(f64, u64)> = Vec::new();
    let mut extremes: Option<(f64, f64)> = None;
    let mut exact = true;
    let mut saw = |value: f64, n: u64, min: f64, max: f64| {
        weighed.push((value, n));
        extremes = Some(extremes.map_or((min, max), |(a, b)| (a.min(min), b.max(max))));
    };
    for of_one in pieces.chunk_by(|a, b| a.0 == b.0) {
        let mut before: Option<&Reading> = None;
        let mut reached = Reached(None);
        for (_, piece) in of_one {
            match piece {
                Piece::Readings(readings) => {
                    let (known, new) = reached.split(readings);
                    before = known.last().or(before);
                    for reading in new {
                        let values = sample(before, reading, max_gap_ms);
                        before = Some(reading);
                        if let Some(value) = values[metric as usize].filter(|_| inside(reading.at))
                        {
                            saw(value, 1, value, value);
                        }
                    }
                }
                Piece::Buckets(end, buckets) => {
                    exact = false;
                    reached.whole_buckets(*end);
                    for (_, bucket) in buckets.iter().filter(|(at, _)| inside(*at)) {
                        if let Some(value) = Value::of(bucket, metric) {
                            saw(value.mean, value.n, value.min, value.max);
                        }
                    }
                }
            }
        }
    }
    weighed.sort_by(|a, b| a.0.total_cmp(&b.0));
    let values = wishes
        .iter()
        .map(|wish| match wish {
            wish if *wish <= 0.0 => extremes.map(|(min, _)| min),
            wish if *wish >= 100.0 => extremes.map(|(_, max)| max),
            wish => nearest_rank(&weighed, *wish),
        })
        .collect();
    Percentiles { values, exact }
}

/// The value at a percentile of weighed values in order.
#[expect(
    clippy::cast_precision_loss,
    reason = "ranks stay far below 52 bits: 5 years of seconds are 28"
)]
fn nearest_rank(weighed: &[(f64, u64)], percentile: f64) -> Option<f64> {
    let total: u64 = weighed.iter().map(|(_, n)| *n).sum();
    let rank = (percentile * total as f64 / 100.0).ceil();
    let mut passed = 0;
    weighed.iter().find_map(|(value, n)| {
        passed += n;
        (passed as f64 >= rank).then_some(*value)
    })
}

/// What makes a consumer great.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Its mean while it ran.
    Mean,
    /// Its highest second.
    Max,
    /// All it counted; of a quantity without a total, its mean times its measurements.
    Total,
}

/// The `count` greatest of `all` by a quantity, greatest first, equal ones by key; one that was not measured is left out.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    reason = "an order by size needs no more than 52 bits"
)]
pub fn top<'b, K: Ord>(
    count: usize,
    metric: Metric,
    by: By,
    all: impl IntoIterator<Item = (K, &'b Bucket)>,
) -> Vec<(K, f64)> {
    let mut found: Vec<(K, f64)> = all
        .into_iter()
        .filter_map(|(key, bucket)| {
            let value = Value::of(bucket, metric)?;
            let size = match by {
                By::Mean => value.mean,
                By::Max => value.max,
                By::Total => value
                    .total
                    .map_or(value.mean * value.n as f64, |total| total as f64),
            };
            Some((key, size))
        })
        .collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found.truncate(count);
    found
}
