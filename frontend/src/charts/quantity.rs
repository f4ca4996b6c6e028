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
mod tests;
