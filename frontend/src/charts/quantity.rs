//! The charts of a container and of a machine: which metrics each draws, and against which limit.

use super::{
    picture::{Flag, Limit, Mark, Picture, is_drawn},
    trail::{Gap, Trail},
    unit::Unit,
};
use crate::state::sorting::sort;
use plimsoll_shared::{
    ContainerEvent, Limits, UnixMs,
    lines::Begin,
    series::{self, Buckets, GapReason, Metric},
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
    /// Load average.
    Load,
    /// Share of the time in which tasks waited for a processor, memory or a block device.
    Pressure,
    /// Room taken on the disk with the engine's data.
    Disk,
}

/// Everything the charts of one container or machine are drawn from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene<'a> {
    /// The readings.
    pub(crate) buckets: &'a Buckets,
    /// Start and end of the time shown.
    pub(crate) bounds: (UnixMs, UnixMs),
    /// When the container was made, where that is known and nothing is known from before.
    pub(crate) made: Option<UnixMs>,
    /// The present.
    pub(crate) now: UnixMs,
    /// The limit in this chart's unit, where one is known.
    pub(crate) limit: Option<f64>,
    /// Why readings are missing, as far as the history knows.
    pub(crate) told: &'a [series::Gap],
    /// Readings to compare with, and how much earlier they were taken in milliseconds.
    pub(crate) before: Option<(&'a Buckets, i64)>,
    /// The metrics that are not drawn.
    pub(crate) hidden: &'a [Metric],
    /// Whether the scale is logarithmic.
    pub(crate) log: bool,
    /// What happened, in any order.
    pub(crate) events: &'a [ContainerEvent],
    /// Cores that make 100 % of CPU: one, or all of the host.
    pub(crate) cores: f64,
}

impl Quantity {
    /// The charts of a container, in the order of the page.
    pub(crate) const CONTAINER: [Self; 6] = [
        Self::Cpu,
        Self::Memory,
        Self::Network,
        Self::Block,
        Self::Throttled,
        Self::Pids,
    ];

    /// The charts of a machine, in the order of the page.
    pub(crate) const MACHINE: [Self; 7] = [
        Self::Cpu,
        Self::Memory,
        Self::Network,
        Self::Block,
        Self::Load,
        Self::Pressure,
        Self::Disk,
    ];

    /// Its word in URLs.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Network => "network",
            Self::Block => "block",
            Self::Throttled => "throttled",
            Self::Pids => "pids",
            Self::Load => "load",
            Self::Pressure => "pressure",
            Self::Disk => "disk",
        }
    }

    /// The metrics it draws, the first in the first hue.
    pub(crate) fn metrics(self) -> &'static [Metric] {
        match self {
            Self::Cpu => &[Metric::Cpu],
            Self::Memory => &[Metric::Memory, Metric::MemoryCache],
            Self::Network => &[Metric::NetReceived, Metric::NetSent],
            Self::Block => &[Metric::BlockRead, Metric::BlockWritten],
            Self::Throttled => &[Metric::Throttled],
            Self::Pids => &[Metric::Pids],
            Self::Load => &[Metric::Load],
            Self::Pressure => &[
                Metric::PressureCpu,
                Metric::PressureMemory,
                Metric::PressureIo,
            ],
            Self::Disk => &[Metric::DiskUsed],
        }
    }

    /// The unit of its values.
    pub(crate) fn unit(self) -> Unit {
        match self {
            Self::Cpu | Self::Throttled | Self::Pressure => Unit::Percent,
            Self::Memory | Self::Disk => Unit::Bytes,
            Self::Network | Self::Block => Unit::Rate,
            Self::Pids | Self::Load => Unit::Count,
        }
    }

    /// The container's own limit in this chart's unit.
    pub(crate) fn limit(self, limits: &Limits, cores: f64) -> Option<f64> {
        match self {
            Self::Cpu => limits.cpus.map(|cpus| cpus * 100.0 / cores),
            Self::Memory => limits.memory.map(|bytes| bytes as f64),
            Self::Pids => limits.pids.map(|most| most as f64),
            _ => None,
        }
    }

    /// The chart of a scene; `name_limit` puts a limit's value in words.
    pub(crate) fn picture(self, scene: &Scene, name_limit: impl Fn(&str) -> String) -> Picture {
        let unit = self.unit();
        let (from, to) = scene.bounds;
        let scale = if self == Self::Cpu {
            1.0 / scene.cores
        } else {
            1.0
        };
        let cut = |metric: Metric, scale: f64| {
            Trail::of(scene.buckets, metric, scene.now).cut(from, to, scale)
        };
        let drawn = |metric: &Metric| !scene.hidden.contains(metric);
        let trails: Vec<Trail> = self
            .metrics()
            .iter()
            .map(|metric| cut(*metric, scale))
            .collect();
        let ghosts = scene.before.map(|(buckets, earlier)| {
            let ghost = |metric: &Metric| match drawn(metric) {
                true => Trail::of(buckets, *metric, scene.now)
                    .later(earlier)
                    .cut(from, to, scale),
                false => Trail::default(),
            };
            self.metrics().iter().map(ghost).collect()
        });
        let held = match self {
            Self::Cpu => held(&cut(Metric::Throttled, 1.0)),
            _ => Vec::new(),
        };
        let not_yet = scene.made.filter(|made| *made > from).map(|made| Gap {
            from,
            to: made.min(to),
            why: GapReason::ContainerStopped,
        });
        let end = to.min(scene.now);
        let between = trails
            .first()
            .map(|trail| trail.gaps((from, end), scene.told, scene.events))
            .unwrap_or_default();
        let gaps = not_yet.into_iter().chain(between).collect();
        let shown = self.metrics().iter().zip(trails);
        let trails = shown
            .map(|(metric, trail)| {
                if drawn(metric) {
                    trail
                } else {
                    Trail::default()
                }
            })
            .collect();
        Picture {
            from,
            to,
            unit,
            trails,
            ghosts: ghosts.unwrap_or_default(),
            stacked: false,
            log: scene.log,
            limit: scene.limit.map(|value| Limit {
                value,
                label: name_limit(&unit.tick(value)),
            }),
            held,
            gaps,
            marks: marks(scene.events, from, to),
            flags: Vec::new(),
        }
    }
}

/// The events that get a line through the charts, oldest first.
pub(crate) fn marks(events: &[ContainerEvent], from: UnixMs, to: UnixMs) -> Vec<Mark> {
    let drawn = events
        .iter()
        .filter(|event| is_drawn(event.kind) && (from..=to).contains(&event.at));
    let mut marks: Vec<Mark> = drawn
        .map(|event| Mark {
            at: event.at,
            kind: event.kind,
            detail: event.detail.clone(),
        })
        .collect();
    sort(&mut marks, |a, b| a.at.cmp(&b.at));
    marks
}

/// The redeploys of a line, each with the image before and the page that `url` gives for the container from then on.
pub(crate) fn flags(
    begins: &[Begin],
    (from, to): (UnixMs, UnixMs),
    url: impl Fn(&Begin) -> String,
) -> Vec<Flag> {
    let befores = std::iter::once(None).chain(begins.iter().map(Some));
    begins
        .iter()
        .zip(befores)
        .filter(|(begin, _)| begin.redeployed && (from..=to).contains(&begin.at))
        .map(|(begin, before)| Flag {
            at: begin.at,
            before: before.map(|before| before.image.clone()),
            image: begin.image.clone(),
            url: url(begin),
        })
        .collect()
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
            bounds: (UnixMs(0), UnixMs(59_000)),
            made: None,
            now: UnixMs(59_000),
            limit: None,
            told: &[],
            before: None,
            hidden: &[],
            log: false,
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
            limit: Quantity::Cpu.limit(&limits, 4.0),
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
            limit: Quantity::Memory.limit(&limits, 1.0),
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
                why: GapReason::ContainerStopped
            }]
        );
    }

    #[test]
    fn the_time_before_lies_faintly_under_the_time_shown() {
        let buckets = window();
        let scene = Scene {
            bounds: (UnixMs(30_000), UnixMs(59_000)),
            before: Some((&buckets, 30_000)),
            hidden: &[Metric::MemoryCache],
            ..scene(&buckets)
        };
        let picture = Quantity::Memory.picture(&scene, str::to_owned);
        let first = |trail: &Trail| trail.points.first().map(|p| p.at.0);
        assert_eq!(first(&picture.trails[0]), Some(30_500));
        assert_eq!(first(&picture.ghosts[0]), Some(30_500));
        assert_eq!(picture.ghosts[0].points.len(), 29);
        assert_eq!(
            first(&picture.trails[1]),
            None,
            "a hidden line is not drawn"
        );
        assert_eq!(first(&picture.ghosts[1]), None);
    }

    #[test]
    fn a_redeploy_names_the_image_before_and_a_restart_is_none() {
        let begin = |at, image: &str, redeployed| Begin {
            at: UnixMs(at),
            container: "ab".repeat(32).parse().unwrap(),
            name: "web".to_owned(),
            image: image.to_owned(),
            redeployed,
        };
        let begins = [
            begin(1, "shop:1", false),
            begin(2, "shop:1", false),
            begin(3, "shop:2", true),
            begin(99, "shop:3", true),
        ];
        let flags = flags(&begins, (UnixMs(0), UnixMs(50)), |begin| begin.name.clone());
        assert_eq!(
            flags,
            [Flag {
                at: UnixMs(3),
                before: Some("shop:1".to_owned()),
                image: "shop:2".to_owned(),
                url: "web".to_owned(),
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
