//! One line of a chart: its points, the pieces they make, and the gaps between the pieces.

use plimsoll_shared::{
    ContainerEvent, EventKind, UnixMs,
    series::{Buckets, Metric},
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
#[derive(Debug, Clone, PartialEq)]
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
    pub(crate) why: Why,
}

/// Why a stretch has no values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// The container had ended: there was nothing to measure.
    Ended,
    /// Nobody measured: the engine or the server was away.
    Unmeasured,
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

    /// The stretches that are drawn as one line each.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = &[Point]> {
        let bridge = bridge_ms(self.step_ms);
        self.points.chunk_by(move |a, b| b.at.since(a.at) <= bridge)
    }

    /// The stretches without values after the first point and until `now`; `events` tell which of them are no one's fault.
    pub(crate) fn gaps(&self, now: UnixMs, events: &[ContainerEvent]) -> Vec<Gap> {
        let bridge = bridge_ms(self.step_ms);
        let ends = self.points.iter().map(|p| p.at);
        let begins = ends.clone().skip(1).chain([now]);
        let why = |from: UnixMs, to: UnixMs| {
            let ended = events.iter().any(|event| {
                event.kind == EventKind::Die
                    && event.at.0 >= from.0 - bridge
                    && event.at.0 <= (from.0 + bridge).min(to.0)
            });
            if ended { Why::Ended } else { Why::Unmeasured }
        };
        ends.zip(begins)
            .filter(|(from, to)| to.since(*from) > bridge)
            .map(|(from, to)| Gap {
                from,
                to,
                why: why(from, to),
            })
            .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn trail(step_ms: i64, at: &[i64]) -> Trail {
        let points = at
            .iter()
            .map(|at| Point {
                at: UnixMs(*at),
                mean: 1.0,
                min: 0.5,
                max: 2.0,
            })
            .collect();
        Trail { points, step_ms }
    }

    fn event(at: i64, kind: EventKind) -> ContainerEvent {
        ContainerEvent {
            at: UnixMs(at),
            host: "local".parse().unwrap(),
            container: "ab".repeat(32).parse().unwrap(),
            name: "web".to_owned(),
            kind,
            detail: None,
        }
    }

    #[test]
    fn points_up_to_three_seconds_apart_are_one_piece() {
        let trail = trail(1000, &[500, 1500, 4500, 8500]);
        let lengths: Vec<_> = trail.pieces().map(<[Point]>::len).collect();
        assert_eq!(lengths, [3, 1]);
    }

    #[test]
    fn wide_buckets_are_joined_over_two_and_a_half_steps() {
        let trail = trail(10_000, &[5000, 30_000, 60_000]);
        let lengths: Vec<_> = trail.pieces().map(<[Point]>::len).collect();
        assert_eq!(lengths, [2, 1]);
    }

    #[test]
    fn a_gap_that_begins_with_an_end_was_nothing_to_measure() {
        let trail = trail(1000, &[1000, 20_000, 40_000]);
        let gaps = trail.gaps(
            UnixMs(41_000),
            &[event(2000, EventKind::Die), event(19_000, EventKind::Start)],
        );
        assert_eq!(
            gaps,
            [
                Gap {
                    from: UnixMs(1000),
                    to: UnixMs(20_000),
                    why: Why::Ended
                },
                Gap {
                    from: UnixMs(20_000),
                    to: UnixMs(40_000),
                    why: Why::Unmeasured
                },
            ]
        );
    }

    #[test]
    fn silence_until_now_is_a_gap_too() {
        let gaps = trail(1000, &[1000]).gaps(UnixMs(61_000), &[]);
        assert_eq!(
            gaps,
            [Gap {
                from: UnixMs(1000),
                to: UnixMs(61_000),
                why: Why::Unmeasured
            }]
        );
        assert!(trail(1000, &[]).gaps(UnixMs(61_000), &[]).is_empty());
    }

    #[test]
    fn the_nearest_point_is_none_inside_a_gap() {
        let trail = trail(1000, &[1000, 2000, 30_000]);
        assert_eq!(trail.nearest(UnixMs(1400)).map(|p| p.at.0), Some(1000));
        assert_eq!(trail.nearest(UnixMs(1600)).map(|p| p.at.0), Some(2000));
        assert_eq!(trail.nearest(UnixMs(15_000)), None);
        assert_eq!(trail.nearest(UnixMs(29_500)).map(|p| p.at.0), Some(30_000));
    }

    #[test]
    fn arrow_keys_step_from_point_to_point_and_stay_at_the_ends() {
        let trail = trail(1000, &[1000, 2000, 30_000]);
        let step = |at: Option<i64>, back| trail.step(at.map(UnixMs), back).map(|p| p.at.0);
        assert_eq!(step(None, true), Some(30_000));
        assert_eq!(step(Some(2000), false), Some(30_000));
        assert_eq!(step(Some(30_000), false), Some(30_000));
        assert_eq!(step(Some(30_000), true), Some(2000));
        assert_eq!(step(Some(1000), true), Some(1000));
    }

    #[test]
    fn a_point_stands_in_the_middle_of_its_bucket_but_never_in_the_future() {
        let mut buckets = Buckets::new(UnixMs(0), UnixMs(59_999), 6, 3000);
        let reading = plimsoll_shared::Reading {
            at: UnixMs(51_000),
            cpu_percent: Some(7.0),
            cpu_total_ns: 0,
            throttling: None,
            memory: plimsoll_shared::Memory {
                used: 1,
                raw: 1,
                limit: None,
                rss: None,
                cache: None,
            },
            network: None,
            block: None,
            pids: None,
            pids_limit: None,
            machine: None,
        };
        buckets.push(&plimsoll_shared::Reading {
            at: UnixMs(1000),
            ..reading
        });
        buckets.push(&reading);
        let at: Vec<_> = Trail::of(&buckets, Metric::Cpu, UnixMs(51_000))
            .points
            .iter()
            .map(|p| p.at.0)
            .collect();
        assert_eq!(at, [5000, 51_000]);
    }
}
