//! One line of a chart: its points, the pieces they make, and the gaps between the pieces.

use plimsoll_shared::{
    ContainerEvent, EventKind, UnixMs,
    series::{self, Buckets, Column, GapReason, Metric},
};

/// One bucket that has a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    /// The bucket's middle, or now where the bucket is not over yet.
    pub(crate) at: UnixMs,
    /// Mean of the bucket.
    pub(crate) mean: f64,
    /// Smallest value in it.
    pub(crate) min: f64,
    /// Largest value in it.
    pub(crate) max: f64,
}

/// The points of one quantity in time order.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Trail {
    /// The points.
    pub(crate) points: Vec<Point>,
    /// Width of a bucket in milliseconds.
    pub(crate) step_ms: i64,
}

/// A stretch without values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gap {
    /// Its last value before.
    pub(crate) from: UnixMs,
    /// The first value after, or now.
    pub(crate) to: UnixMs,
    /// Why there are none.
    pub(crate) why: GapReason,
}

/// Two points further apart than this are not joined.
pub(crate) fn bridge_ms(step_ms: i64) -> i64 {
    (step_ms * 5 / 2).max(3000)
}

impl Trail {
    /// The trail of one metric in a window whose present is `now`.
    pub(crate) fn of(buckets: &Buckets, metric: Metric, now: UnixMs) -> Self {
        let step_ms = buckets.step_ms();
        let points = buckets
            .points(metric)
            .map(|(start, mean, min, max)| {
                let middle = UnixMs(start.0 + step_ms / 2);
                Point {
                    at: middle.min(now).max(start),
                    mean,
                    min,
                    max,
                }
            })
            .collect();
        Self { points, step_ms }
    }

    /// The trail of one column of an answer whose first bucket begins at `from` and whose present is `now`.
    pub(crate) fn of_column(column: &Column, from: UnixMs, step_ms: i64, now: UnixMs) -> Self {
        let bounds = column.min.iter().zip(&column.max);
        let buckets = column.mean.iter().zip(bounds).zip(0..);
        let points = buckets
            .filter_map(|((mean, (min, max)), place)| {
                let start = UnixMs(from.0 + place * step_ms);
                Some(Point {
                    at: UnixMs(start.0 + step_ms / 2).min(now).max(start),
                    mean: (*mean)?,
                    min: (*min)?,
                    max: (*max)?,
                })
            })
            .collect();
        Self { points, step_ms }
    }

    /// The same, `by_ms` later.
    pub(crate) fn later(mut self, by_ms: i64) -> Self {
        for point in &mut self.points {
            point.at.0 += by_ms;
        }
        self
    }

    /// The part from one instant to another, its values times `scale`.
    pub(crate) fn cut(self, from: UnixMs, to: UnixMs, scale: f64) -> Self {
        let points = self
            .points
            .into_iter()
            .filter(|p| (from..=to).contains(&p.at));
        let points = points
            .map(|p| Point {
                at: p.at,
                mean: p.mean * scale,
                min: p.min * scale,
                max: p.max * scale,
            })
            .collect();
        Self {
            points,
            step_ms: self.step_ms,
        }
    }

    /// The stretches that are drawn as one line each.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = &[Point]> {
        let bridge = bridge_ms(self.step_ms);
        self.points.chunk_by(move |a, b| b.at.since(a.at) <= bridge)
    }

    /// The stretches without values from `from` to `to`: those that history gave a reason for in `told`, and those after the first point, of
    /// which `events` tell whether the container had ended.
    pub(crate) fn gaps(
        &self,
        (from, to): (UnixMs, UnixMs),
        told: &[series::Gap],
        events: &[ContainerEvent],
    ) -> Vec<Gap> {
        let bridge = bridge_ms(self.step_ms);
        let mut gaps = Vec::new();
        let first = self.points.first().map_or(to, |p| p.at);
        if first.since(from) > bridge {
            // Before the first point nobody need have been there to measure.
            fill(&mut gaps, from, first, None, told);
        }
        let ends = self.points.iter().map(|p| p.at);
        let begins = ends.clone().skip(1).chain([to]);
        for (from, to) in ends.zip(begins).filter(|(a, b)| b.since(*a) > bridge) {
            let ended = events.iter().any(|event| {
                event.kind == EventKind::Die
                    && event.at.0 >= from.0 - bridge
                    && event.at.0 <= (from.0 + bridge).min(to.0)
            });
            let why = if ended {
                GapReason::ContainerStopped
            } else {
                GapReason::Unknown
            };
            fill(&mut gaps, from, to, Some(why), told);
        }
        gaps
    }

    /// The largest value.
    pub(crate) fn most(&self) -> Option<f64> {
        self.points.iter().map(|p| p.max).reduce(f64::max)
    }

    /// The point nearest to `at`, if one is near enough to be joined to it.
    pub(crate) fn nearest(&self, at: UnixMs) -> Option<&Point> {
        let after = self.points.partition_point(|p| p.at < at);
        let candidates = [after.checked_sub(1), Some(after)];
        candidates
            .into_iter()
            .flatten()
            .filter_map(|i| self.points.get(i))
            .min_by_key(|p| p.at.since(at).abs())
            .filter(|p| p.at.since(at).abs() <= bridge_ms(self.step_ms))
    }

    /// The next point in time after `at`, or before it where `back`; the first or last one when there is no `at`.
    pub(crate) fn step(&self, at: Option<UnixMs>, back: bool) -> Option<&Point> {
        match (at, back) {
            (None, _) => self.points.last(),
            (Some(at), false) => self
                .points
                .iter()
                .find(|p| p.at > at)
                .or(self.points.last()),
            (Some(at), true) => self
                .points
                .iter()
                .rfind(|p| p.at < at)
                .or(self.points.first()),
        }
    }
}

/// Adds the stretch from `from` to `to`, cut where `told` knows a reason; elsewhere the reason is `why`, or there is no gap.
fn fill(
    gaps: &mut Vec<Gap>,
    from: UnixMs,
    to: UnixMs,
    why: Option<GapReason>,
    told: &[series::Gap],
) {
    // Shorter rests belong to what is beside them: a reading is never exactly where a gap begins.
    let least = (to.since(from) / 20).max(5000);
    let mut at = from;
    let mut add = |from: UnixMs, to: UnixMs, why: GapReason| match gaps.last_mut() {
        Some(last) if last.to == from && last.why == why => last.to = to,
        _ => gaps.push(Gap { from, to, why }),
    };
    for gap in told.iter().filter(|gap| gap.reason != GapReason::Unknown) {
        let (mut begin, mut end) = (gap.from.max(at), gap.to.min(to));
        if begin >= end {
            continue;
        }
        if begin.since(at) < least {
            begin = at;
        } else if let Some(why) = why {
            add(at, begin, why);
        }
        if to.since(end) < least {
            end = to;
        }
        add(begin, end, gap.reason);
        at = end;
    }
    if let Some(why) = why.filter(|_| at < to) {
        add(at, to, why);
    }
}

#[cfg(test)]
mod tests;
