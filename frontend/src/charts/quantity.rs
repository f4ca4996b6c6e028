//! The six charts of a container: which metrics each draws, and against which limit.

use super::{
    picture::{Limit, Mark, Picture, is_drawn},
    trail::{Gap, Point, Trail, Why},
    unit::Unit,
};
use crate::state::sorting::sort;
use plimsoll_shared::{
    ContainerEvent, Limits, UnixMs,
    series::{Buckets, Metric},
};

/// What one chart is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantity {
    /// CPU, with the stretches in which its quota held the container back.
    Cpu,
    /// Memory used, and page cache.
    Memory,
    /// Bytes received and sent.
    Network,
    /// Bytes read from and written to block devices.
    Block,
    /// Share of CPU periods in which the quota held the container back.
    Throttled,
    /// Processes and threads.
    Pids,
}

/// Everything the charts of one container are drawn from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene<'a> {
    /// The readings.
    pub(crate) buckets: &'a Buckets,
    /// Start of the time shown.
    pub(crate) from: UnixMs,
    /// When the container was made, where that is known.
    pub(crate) made: Option<UnixMs>,
    /// The present, its end.
    pub(crate) now: UnixMs,
    /// The container's own limits, where they are known.
    pub(crate) limits: Option<&'a Limits>,
    /// What happened, in any order.
    pub(crate) events: &'a [ContainerEvent],
    /// Cores that make 100 % of CPU: one, or all of the host.
    pub(crate) cores: f64,
}

impl Quantity {
    /// Every chart, in the order of the page.
    pub(crate) const ALL: [Self; 6] = [
        Self::Cpu,
        Self::Memory,
        Self::Network,
        Self::Block,
        Self::Throttled,
        Self::Pids,
    ];

    /// The metrics it draws, the first in the first hue.
    pub(crate) fn metrics(self) -> &'static [Metric] {
        match self {
            Self::Cpu => &[Metric::Cpu],
            Self::Memory => &[Metric::Memory, Metric::MemoryCache],
            Self::Network => &[Metric::NetReceived, Metric::NetSent],
            Self::Block => &[Metric::BlockRead, Metric::BlockWritten],
            Self::Throttled => &[Metric::Throttled],
            Self::Pids => &[Metric::Pids],
        }
    }

    /// The unit of its values.
    pub(crate) fn unit(self) -> Unit {
        match self {
            Self::Cpu | Self::Throttled => Unit::Percent,
            Self::Memory => Unit::Bytes,
            Self::Network | Self::Block => Unit::Rate,
            Self::Pids => Unit::Count,
        }
    }

    /// The container's own limit in this chart's unit.
    pub(crate) fn limit(self, limits: &Limits, cores: f64) -> Option<f64> {
        match self {
            Self::Cpu => limits.cpus.map(|cpus| cpus * 100.0 / cores),
            Self::Memory => limits.memory.map(|bytes| bytes as f64),
            Self::Pids => limits.pids.map(|most| most as f64),
            Self::Network | Self::Block | Self::Throttled => None,
        }
    }

    /// The chart of a scene; `name_limit` puts a limit's value in words.
    pub(crate) fn picture(self, scene: &Scene, name_limit: impl Fn(&str) -> String) -> Picture {
        let unit = self.unit();
        let scale = if self == Self::Cpu {
            1.0 / scene.cores
        } else {
            1.0
        };
        let trails: Vec<Trail> = self
            .metrics()
            .iter()
            .map(|metric| {
                shown(
                    Trail::of(scene.buckets, *metric, scene.now),
                    scene.from,
                    scale,
                )
            })
            .collect();
        let limit = scene
            .limits
            .and_then(|limits| self.limit(limits, scene.cores));
        let held = match self {
            Self::Cpu => held(&shown(
                Trail::of(scene.buckets, Metric::Throttled, scene.now),
                scene.from,
                1.0,
            )),
            _ => Vec::new(),
        };
        let not_yet = scene
            .made
            .filter(|made| *made > scene.from)
            .map(|made| Gap {
                from: scene.from,
                to: made,
                why: Why::Ended,
            });
        let between = trails
            .first()
            .map(|trail| trail.gaps(scene.now, scene.events))
            .unwrap_or_default();
        let gaps = not_yet.into_iter().chain(between).collect();
        let marks = scene
            .events
            .iter()
            .filter(|event| is_drawn(event.kind) && event.at >= scene.from);
        let mut marks: Vec<Mark> = marks
            .map(|event| Mark {
                at: event.at,
                kind: event.kind,
            })
            .collect();
        sort(&mut marks, |a, b| a.at.cmp(&b.at));
        Picture {
            from: scene.from,
            to: scene.now,
            unit,
            trails,
            limit: limit.map(|value| Limit {
                value,
                label: name_limit(&unit.tick(value)),
            }),
            held,
            gaps,
            marks,
        }
    }
}

/// The part of a trail from `from` on, its values times `scale`.
fn shown(trail: Trail, from: UnixMs, scale: f64) -> Trail {
    let points = trail.points.into_iter().filter(|p| p.at >= from);
    let points = points
        .map(|p| Point {
            at: p.at,
            mean: p.mean * scale,
            min: p.min * scale,
            max: p.max * scale,
        })
        .collect();
    Trail {
        points,
        step_ms: trail.step_ms,
    }
}

/// The stretches in which a throttling trail is above zero, neighbours joined.
fn held(throttled: &Trail) -> Vec<(UnixMs, UnixMs)> {
    let half = throttled.step_ms / 2;
    let mut stretches: Vec<(UnixMs, UnixMs)> = Vec::new();
    for point in throttled.points.iter().filter(|p| p.max > 0.0) {
        let (from, to) = (UnixMs(point.at.0 - half), UnixMs(point.at.0 + half));
        match stretches.last_mut() {
            Some(last) if from.since(last.1) <= half => last.1 = to,
            _ => stretches.push((from, to)),
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_shared::{EventKind, Memory, Reading, Throttling};

    fn reading(second: i64, throttled_periods: u64) -> Reading {
        Reading {
            at: UnixMs(second * 1000),
            cpu_percent: Some(150.0),
            cpu_total_ns: 0,
            throttling: Some(Throttling {
                periods: second.unsigned_abs() * 10,
                throttled_periods,
                throttled_ns: 0,
            }),
            memory: Memory {
                used: 1 << 30,
                raw: 1 << 30,
                limit: Some(2 << 30),
                rss: None,
                cache: Some(1 << 20),
            },
            network: None,
            block: None,
            pids: Some(3),
            pids_limit: None,
            machine: None,
        }
    }

    fn scene(buckets: &Buckets) -> Scene<'_> {
        Scene {
            buckets,
            from: UnixMs(0),
            made: None,
            now: UnixMs(59_000),
            limits: None,
            events: &[],
            cores: 1.0,
        }
    }

    fn window() -> Buckets {
        let mut buckets = Buckets::new(UnixMs(0), UnixMs(59_999), 60, 3000);
        for second in 0..60 {
            buckets.push(&reading(
                second,
                if second < 20 {
                    0
                } else {
                    second.unsigned_abs().min(30) - 19
                },
            ));
        }
        buckets
    }

    #[test]
    fn cpu_shows_when_its_quota_held_the_container_back() {
        let buckets = window();
        let picture = Quantity::Cpu.picture(&scene(&buckets), str::to_owned);
        assert_eq!(picture.held, [(UnixMs(20_000), UnixMs(31_000))]);
        assert_eq!(picture.trails[0].most(), Some(150.0));
    }

    #[test]
    fn cpu_may_be_told_as_a_share_of_the_host_with_its_limit() {
        let buckets = window();
        let limits = Limits {
            cpus: Some(2.0),
            ..Limits::default()
        };
        let scene = Scene {
            cores: 4.0,
            limits: Some(&limits),
            ..scene(&buckets)
        };
        let picture = Quantity::Cpu.picture(&scene, |value| format!("limit {value}"));
        assert_eq!(picture.trails[0].most(), Some(37.5));
        assert_eq!(
            picture.limit,
            Some(Limit {
                value: 50.0,
                label: "limit 50%".to_owned()
            })
        );
    }

    #[test]
    fn memory_has_a_limit_only_where_the_container_has_its_own() {
        let buckets = window();
        assert_eq!(
            Quantity::Memory
                .picture(&scene(&buckets), str::to_owned)
                .limit,
            None
        );
        let limits = Limits {
            memory: Some(2 << 30),
            ..Limits::default()
        };
        let scene = Scene {
            limits: Some(&limits),
            ..scene(&buckets)
        };
        let picture = Quantity::Memory.picture(&scene, str::to_owned);
        assert_eq!(picture.limit.map(|l| l.label), Some("2GiB".to_owned()));
        assert_eq!(picture.trails.len(), 2);
    }

    #[test]
    fn what_the_engine_does_not_count_gives_an_empty_chart_not_zero() {
        let buckets = window();
        assert!(
            Quantity::Network
                .picture(&scene(&buckets), str::to_owned)
                .is_empty()
        );
    }

    #[test]
    fn before_a_container_was_made_it_was_not_running() {
        let buckets = window();
        let scene = Scene {
            made: Some(UnixMs(40_000)),
            ..scene(&buckets)
        };
        let gaps = Quantity::Cpu.picture(&scene, str::to_owned).gaps;
        assert_eq!(
            gaps,
            [Gap {
                from: UnixMs(0),
                to: UnixMs(40_000),
                why: Why::Ended
            }]
        );
    }

    #[test]
    fn events_before_the_time_shown_are_left_out() {
        let buckets = window();
        let event = |at, kind| ContainerEvent {
            at: UnixMs(at),
            host: "local".parse().unwrap(),
            container: "ab".repeat(32).parse().unwrap(),
            name: String::new(),
            kind,
            detail: None,
        };
        let events = [
            event(30_000, EventKind::Start),
            event(20_000, EventKind::Die),
            event(40_000, EventKind::Rename),
            event(-5, EventKind::Oom),
        ];
        let picture = Quantity::Pids.picture(
            &Scene {
                events: &events,
                ..scene(&buckets)
            },
            str::to_owned,
        );
        let kinds: Vec<_> = picture.marks.iter().map(|m| m.kind).collect();
        assert_eq!(kinds, [EventKind::Die, EventKind::Start]);
    }
}
