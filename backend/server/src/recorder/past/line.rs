//! One line's answer out of its decoded pieces.

use super::{
    Range,
    fetch::{Pieces, Unpacked},
    strand::Strand,
};
use plimsoll_history::{
    Life,
    gap::{self, Reason},
    query::{self, Piece, Selection, Value},
    rollup::Bucket,
    tier::Plan,
};
use plimsoll_shared::{
    lines::{Line, Subject, Whole},
    series::{self, GapReason, Metric},
};
use plimsoll_store::LifeId;

/// What a line's answer shall hold.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wish {
    /// Which metrics; none stands for all that the subject has.
    pub(crate) metrics: Vec<Metric>,
    /// Which percentiles over the whole range.
    pub(crate) percentiles: Vec<f64>,
    /// Whether to sum up the whole range.
    pub(crate) whole: bool,
}

impl Wish {
    /// The metrics of a subject's line.
    pub(crate) fn metrics(&self, of: &Subject) -> &[Metric] {
        match (self.metrics.is_empty(), of) {
            (false, _) => &self.metrics,
            (true, Subject::Host(_)) => &Metric::ALL,
            (true, Subject::Container(..)) => &Metric::OF_CONTAINERS,
        }
    }

    /// What is unpacked for these lines. Percentiles are those of the tier's own buckets.
    pub(super) fn unpacked(&self, strands: &[Strand], plan: &Plan) -> Unpacked {
        let metrics = strands.iter().flat_map(|strand| self.metrics(&strand.of));
        Unpacked {
            selection: Selection::of(metrics),
            width_ms: match self.percentiles.is_empty() {
                true => plan.step_ms,
                false => 1,
            },
        }
    }
}

/// The pieces of a line in time order, as queries take them.
pub(super) fn pieces(decoded: &[(LifeId, Pieces)]) -> Vec<(Life, Piece<'_>)> {
    let mut line = Vec::new();
    for (life, pieces) in decoded {
        let life = Life(life.number());
        let coarse = pieces.buckets.iter();
        line.extend(coarse.map(|(end, buckets)| (life, Piece::Buckets(*end, buckets))));
        line.push((life, Piece::Readings(&pieces.readings)));
    }
    line
}

/// A line's answer.
pub(super) fn line(
    strand: &Strand,
    pieces: &[(Life, Piece<'_>)],
    of_host: &[gap::Gap],
    range: &Range,
    wish: &Wish,
) -> Line {
    let metrics = wish.metrics(&strand.of);
    let gaps: Vec<gap::Gap> = strand.stopped.iter().chain(of_host).copied().collect();
    let answer = query::assemble(&range.plan, metrics, pieces, &gaps, range.max_gap_ms);
    let whole = match wish.whole {
        true => whole(metrics, pieces, range, &wish.percentiles),
        false => Vec::new(),
    };
    Line {
        of: strand.of.clone(),
        name: strand.name.clone(),
        columns: answer.series.columns,
        gaps: answer.gaps.into_iter().map(told).collect(),
        begins: strand.begins.clone(),
        whole,
    }
}

/// Everything of a line in the range, as one bucket.
pub(super) fn total(pieces: &[(Life, Piece<'_>)], range: &Range) -> Bucket {
    query::total(range.plan.from, range.plan.to(), pieces, range.max_gap_ms)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a sum on a page needs no more than 52 bits"
)]
fn whole(
    metrics: &[Metric],
    pieces: &[(Life, Piece<'_>)],
    range: &Range,
    percentiles: &[f64],
) -> Vec<Whole> {
    let all = total(pieces, range);
    let (from, to) = (range.plan.from, range.plan.to());
    // As columns are: in hundredths.
    let round = |value: f64| (value * 100.0).round() / 100.0;
    let of = |metric: &Metric| {
        let value = Value::of(&all, *metric);
        let found = query::percentiles(*metric, percentiles, from, to, pieces, range.max_gap_ms);
        Whole {
            metric: *metric,
            mean: value.map(|value| round(value.mean)),
            min: value.map(|value| round(value.min)),
            max: value.map(|value| round(value.max)),
            total: value.and_then(|value| value.total).map(|n| n as f64),
            percentiles: found
                .values
                .into_iter()
                .map(|value| value.map(round))
                .collect(),
            exact: found.exact,
        }
    };
    metrics.iter().map(of).collect()
}

fn told(gap: gap::Gap) -> series::Gap {
    series::Gap {
        from: gap.from,
        to: gap.to,
        reason: match gap.reason {
            Reason::Unknown => GapReason::Unknown,
            Reason::HostDown => GapReason::HostDown,
            Reason::ContainerStopped => GapReason::ContainerStopped,
            Reason::HubStopped => GapReason::HubStopped,
            Reason::BufferOverflow => GapReason::BufferOverflow,
        },
    }
}
