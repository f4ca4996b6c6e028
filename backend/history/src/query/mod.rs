//! Answers out of decoded pieces: a chart's series with their gaps, percentiles, and the greatest consumers.

use crate::{
    Life,
    gap::{self, Gap},
    rollup::Bucket,
    tier::{Plan, Tier},
};
use plimsoll_shared::{
    Reading, UnixMs,
    series::{Buckets, Column, Metric, Series},
};

mod rank;
mod selection;
mod sum;

pub use rank::{By, Percentiles, percentiles, top};
pub use selection::Selection;
pub use sum::total;

use selection::Source;
use sum::rolled;

/// Decoded history of one life.
#[derive(Debug, Clone, Copy)]
pub enum Piece<'a> {
    /// Readings, oldest first; those before the range, or before the end of the buckets that came first, only give the first rate.
    Readings(&'a [Reading]),
    /// Whole buckets, oldest first, that tell of everything before an instant.
    Buckets(UnixMs, &'a [(UnixMs, Bucket)]),
}

/// How far a life's pieces have come, so that nothing counts twice where pieces overlap.
struct Reached(Option<UnixMs>);

impl Reached {
    /// The readings that were there before, and those that are new.
    fn split<'r>(&mut self, readings: &'r [Reading]) -> (&'r [Reading], &'r [Reading]) {
        let reached = self.0;
        let known = readings.partition_point(|r| reached.is_some_and(|reached| r.at < reached));
        if let Some(last) = readings.last() {
            self.0 = self.0.max(Some(UnixMs(last.at.0.saturating_add(1))));
        }
        readings.split_at(known)
    }

    fn whole_buckets(&mut self, end: UnixMs) {
        self.0 = self.0.max(Some(end));
    }
}

/// A chart's answer for one line, which may be several lives one after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Mean, smallest and largest per bucket; what was not measured is absent.
    pub series: Series,
    /// Why readings are missing, as far as it is known, within the range, in order.
    pub gaps: Vec<Gap>,
    /// Where another life takes over within the range: a redeploy or a restart.
    pub begins: Vec<(UnixMs, Life)>,
}

/// Assembles what `plan` asks for out of one line's pieces, which come in time order.
///
/// Answers of single seconds are filled the way the browser fills its live window, to the same digits. Where a coarser tier is asked
/// for, pieces that are readings still (the newest, not rolled up yet) are rolled up on the way. `gaps` may be those of the whole host.
#[must_use]
pub fn assemble(
    plan: &Plan,
    metrics: &[Metric],
    pieces: &[(Life, Piece<'_>)],
    gaps: &[Gap],
    max_gap_ms: i64,
) -> Answer {
    let only_readings = pieces
        .iter()
        .all(|(_, piece)| matches!(piece, Piece::Readings(_)));
    let series = if plan.tier == Tier::Second && only_readings {
        of_readings(plan, metrics, pieces, max_gap_ms)
    } else {
        let buckets = rolled(plan.from, plan.to(), plan.step_ms, pieces, max_gap_ms);
        of_buckets(plan, metrics, &buckets)
    };
    Answer {
        series,
        gaps: within(plan, pieces, gaps),
        begins: begins(plan, pieces),
    }
}

fn of_readings(
    plan: &Plan,
    metrics: &[Metric],
    pieces: &[(Life, Piece<'_>)],
    max_gap_ms: i64,
) -> Series {
    let mut window = Buckets::of(&blank(plan, &Metric::ALL), max_gap_ms);
    for of_one in pieces.chunk_by(|a, b| a.0 == b.0) {
        window.begin_life();
        let mut reached = Reached(None);
        for (_, piece) in of_one {
            let Piece::Readings(readings) = piece else {
                continue;
            };
            let (_, new) = reached.split(readings);
            for reading in new.iter().take_while(|r| r.at < plan.to()) {
                window.push(reading);
            }
        }
    }
    let mut series = window.series();
    series.columns.retain(|c| metrics.contains(&c.metric));
    series
        .columns
        .sort_by_key(|c| metrics.iter().position(|metric| *metric == c.metric));
    series
}

fn blank(plan: &Plan, metrics: &[Metric]) -> Series {
    let column = |metric: &Metric| Column {
        metric: *metric,
        mean: vec![None; plan.points],
        min: vec![None; plan.points],
        max: vec![None; plan.points],
        last_n: 0,
    };
    Series {
        from: plan.from,
        step_ms: plan.step_ms,
        columns: metrics.iter().map(column).collect(),
        gaps: Vec::new(),
    }
}

fn of_buckets(plan: &Plan, metrics: &[Metric], buckets: &[(UnixMs, Bucket)]) -> Series {
    let round = |value: f64| Some((value * 100.0).round() / 100.0);
    let mut series = blank(plan, metrics);
    for column in &mut series.columns {
        for (at, bucket) in buckets {
            let place = at.since(plan.from) / plan.step_ms;
            let place = usize::try_from(place).ok().filter(|p| *p < plan.points);
            if let (Some(place), Some(value)) = (place, Value::of(bucket, column.metric)) {
                column.mean[place] = round(value.mean);
                column.min[place] = round(value.min);
                column.max[place] = round(value.max);
                column.last_n = u32::try_from(value.n).unwrap_or(u32::MAX);
            }
        }
    }
    series
}

fn within(plan: &Plan, pieces: &[(Life, Piece<'_>)], gaps: &[Gap]) -> Vec<Gap> {
    let ours = |gap: &&Gap| {
        gap.life
            .is_none_or(|life| pieces.iter().any(|(other, _)| *other == life))
    };
    let clipped: Vec<Gap> = gaps
        .iter()
        .filter(ours)
        .map(|gap| Gap {
            life: None,
            from: gap.from.max(plan.from),
            to: gap.to.min(plan.to()),
            ..*gap
        })
        .collect();
    gap::merge(&clipped)
}

fn begins(plan: &Plan, pieces: &[(Life, Piece<'_>)]) -> Vec<(UnixMs, Life)> {
    let first = |piece: &Piece<'_>| match piece {
        Piece::Readings(readings) => readings.first().map(|reading| reading.at),
        Piece::Buckets(_, buckets) => buckets.first().map(|(at, _)| *at),
    };
    pieces
        .chunk_by(|a, b| a.0 == b.0)
        .skip(1)
        .filter_map(|of_one| {
            let at = of_one.iter().find_map(|(_, piece)| first(piece))?;
            (at >= plan.from && at < plan.to()).then_some((at, of_one[0].0))
        })
        .collect()
}

/// What a bucket says of a charted quantity, in the quantity's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Value {
    /// Measurements.
    pub n: u64,
    /// Mean; of a rate, over the time that was covered.
    pub mean: f64,
    /// Smallest.
    pub min: f64,
    /// Largest.
    pub max: f64,
    /// Of a rate, all that was counted, gaps included.
    pub total: Option<u64>,
}

impl Value {
    /// What `bucket` says of `metric`; `None` if it was not measured.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "a chart needs no more than 52 bits"
    )]
    pub fn of(bucket: &Bucket, metric: Metric) -> Option<Self> {
        match Source::of(metric) {
            (Source::Level(gauge), unit) => {
                let level = bucket.level(gauge)?;
                Some(Self {
                    n: level.n,
                    mean: level.mean() / unit,
                    min: level.min as f64 / unit,
                    max: level.max as f64 / unit,
                    total: None,
                })
            }
            (Source::Rate(counter), unit) => {
                let growth = bucket.growth(counter)?;
                Some(Self {
                    n: growth.n,
                    mean: growth.rate()? / unit,
                    min: growth.min as f64 / unit,
                    max: growth.max as f64 / unit,
                    total: Some(growth.increment),
                })
            }
        }
    }
}
