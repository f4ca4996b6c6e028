//! What one chart shows, before it is drawn: lines, limit, gaps, events and the words that say the same.

use super::{
    clock::month_day,
    frame::Axis,
    trail::{Gap, Point, Trail},
    unit::Unit,
};
use crate::state::time::{Offset, hour_minute};
use plimsoll_shared::{EventKind, UnixMs};

/// A limit further above the data than this is named at the top edge, so that it does not flatten the line.
const LIMIT_IN_SIGHT: f64 = 4.0;

/// The content of a chart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Picture {
    /// Start of the time shown.
    pub(crate) from: UnixMs,
    /// End of the time shown.
    pub(crate) to: UnixMs,
    /// What is counted.
    pub(crate) unit: Unit,
    /// The lines, each in the hue of its place; one that is hidden has no points.
    pub(crate) trails: Vec<Trail>,
    /// What they are compared with, in the same order, laid over the same time.
    pub(crate) ghosts: Vec<Trail>,
    /// Whether the lines are areas that lie on one another: a point's `min` and `max` are then its lower and upper edge.
    pub(crate) stacked: bool,
    /// Whether the scale is logarithmic.
    pub(crate) log: bool,
    /// A limit in force now.
    pub(crate) limit: Option<Limit>,
    /// Stretches in which the limit held the container back.
    pub(crate) held: Vec<(UnixMs, UnixMs)>,
    /// Stretches without values.
    pub(crate) gaps: Vec<Gap>,
    /// Events.
    pub(crate) marks: Vec<Mark>,
    /// Where another container takes over.
    pub(crate) flags: Vec<Flag>,
}

/// A limit with its words.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Limit {
    /// Its value in the chart's unit.
    pub(crate) value: f64,
    /// `limit 2GiB`.
    pub(crate) label: String,
}

/// An event's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// When.
    pub(crate) at: UnixMs,
    /// What.
    pub(crate) kind: EventKind,
    /// More in a few words, as the engine wrote it.
    pub(crate) detail: Option<String>,
}

/// Where another container takes over: a redeploy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flag {
    /// When.
    pub(crate) at: UnixMs,
    /// The image before; `None` where that lies before the time shown.
    pub(crate) before: Option<String>,
    /// The image from then on.
    pub(crate) image: String,
    /// Page of the container that takes over.
    pub(crate) url: String,
}

/// One line of the table that says what a chart shows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// Start of the stretch.
    pub(crate) at: UnixMs,
    /// Mean, minimum and maximum of each trail; `None` where nothing was measured.
    pub(crate) cells: Vec<Option<(f64, f64, f64)>>,
    /// Mean of each trail that these are compared with.
    pub(crate) ghosts: Vec<Option<f64>>,
}

impl Picture {
    /// Value ticks; the last one is the top of the chart.
    pub(crate) fn ticks(&self) -> Vec<f64> {
        let data = self.highest();
        let most = match &self.limit {
            Some(limit) if limit.value <= data * LIMIT_IN_SIGHT => data.max(limit.value * 1.08),
            _ => data,
        };
        if self.log {
            self.unit.log_ticks(self.lowest().unwrap_or(0.0), most)
        } else {
            self.unit.ticks(most * 1.04)
        }
    }

    /// The values the chart reaches over.
    pub(crate) fn axis(&self) -> Axis {
        let ticks = self.ticks();
        let high = ticks.last().copied().unwrap_or(1.0);
        match ticks.first().filter(|low| self.log && **low > 0.0) {
            Some(low) => Axis {
                low: *low,
                high,
                log: true,
            },
            None => Axis::even(high),
        }
    }

    /// Whether the limit lies on the chart; otherwise it lies above.
    pub(crate) fn limit_in_sight(&self) -> bool {
        self.limit
            .as_ref()
            .is_some_and(|limit| limit.value <= self.highest() * LIMIT_IN_SIGHT)
    }

    fn highest(&self) -> f64 {
        let lines = self.trails.iter().filter_map(Trail::most);
        // Of what is compared only the line is drawn, not how far it jumped.
        let ghosts = self.ghosts.iter().flat_map(|trail| &trail.points);
        lines.chain(ghosts.map(|p| p.mean)).fold(0.0, f64::max)
    }

    fn lowest(&self) -> Option<f64> {
        let points = self
            .trails
            .iter()
            .chain(&self.ghosts)
            .flat_map(|t| &t.points);
        points.map(|p| p.mean).filter(|v| *v > 0.0).reduce(f64::min)
    }

    /// Whether there is anything to draw.
    pub(crate) fn is_empty(&self) -> bool {
        let mut all = self.trails.iter().chain(&self.ghosts);
        all.all(|trail| trail.points.is_empty())
    }

    /// Events within `reach` of an instant, oldest first.
    pub(crate) fn marks_near(&self, at: UnixMs, reach: i64) -> impl Iterator<Item = &Mark> {
        self.marks
            .iter()
            .filter(move |mark| mark.at.since(at).abs() <= reach)
    }

    /// One event for each cluster of events less than `room` milliseconds apart, the gravest of it, so that lines do not run into
    /// one another.
    pub(crate) fn landmarks(&self, room: i64) -> Vec<Mark> {
        let mut landmarks: Vec<(UnixMs, Mark)> = Vec::new();
        for mark in &self.marks {
            match landmarks.last_mut() {
                Some((begins, last)) if mark.at.since(*begins) < room => {
                    if gravity(mark.kind) > gravity(last.kind) {
                        *last = mark.clone();
                    }
                }
                _ => landmarks.push((mark.at, mark.clone())),
            }
        }
        landmarks.into_iter().map(|(_, mark)| mark).collect()
    }

    /// Redeploys within `reach` of an instant, oldest first.
    pub(crate) fn flags_near(&self, at: UnixMs, reach: i64) -> impl Iterator<Item = &Flag> {
        self.flags
            .iter()
            .filter(move |flag| flag.at.since(at).abs() <= reach)
    }

    /// The gap an instant lies in.
    pub(crate) fn gap_at(&self, at: UnixMs) -> Option<&Gap> {
        self.gaps.iter().find(|gap| gap.from < at && at < gap.to)
    }

    /// Mean over the time shown, smallest and largest value of one trail.
    pub(crate) fn extent(&self, trail: usize) -> Option<(f64, f64, f64)> {
        gather(&self.trails.get(trail)?.points)
    }

    /// Mean over the time shown of one trail.
    pub(crate) fn mean(&self, trail: usize) -> Option<f64> {
        self.extent(trail).map(|(mean, ..)| mean)
    }

    /// The chart as a table of at most `rows` equal stretches, newest first.
    pub(crate) fn table(&self, rows: i64) -> Vec<Row> {
        let step = self.to.since(self.from).max(1).div_euclid(rows.max(1)) + 1;
        let step = (step + 999) / 1000 * 1000;
        let last = (self.to.0 - self.from.0).max(0) / step;
        (0..=last)
            .rev()
            .take(usize::try_from(rows).unwrap_or(usize::MAX))
            .map(|i| {
                let at = UnixMs(self.from.0 + i * step);
                let to = UnixMs(at.0 + step);
                let of = |trail| gather(within(trail, at, to));
                let ghosts = self
                    .ghosts
                    .iter()
                    .map(|ghost| of(ghost).map(|(mean, ..)| mean));
                Row {
                    at,
                    cells: self.trails.iter().map(of).collect(),
                    ghosts: ghosts.collect(),
                }
            })
            .collect()
    }

    /// The time shown in words, `13:30 – 14:30`, with dates where it is longer than twelve hours.
    pub(crate) fn period(&self, offset: Offset) -> String {
        let words = |at| match self.to.since(self.from) > 12 * 3_600_000 {
            true => format!(
                "{} {}",
                month_day(at, offset(at)),
                hour_minute(at, offset(at))
            ),
            false => hour_minute(at, offset(at)),
        };
        format!("{} – {}", words(self.from), words(self.to))
    }
}

fn within(trail: &Trail, from: UnixMs, to: UnixMs) -> &[Point] {
    let place = |at| trail.points.partition_point(|p| p.at < at);
    &trail.points[place(from)..place(to)]
}

fn gather(points: &[Point]) -> Option<(f64, f64, f64)> {
    let first = points.first()?;
    let sum: f64 = points.iter().map(|p| p.mean).sum();
    let (min, max) = points.iter().fold((first.min, first.max), |(min, max), p| {
        (min.min(p.min), max.max(p.max))
    });
    Some((sum / points.len() as f64, min, max))
}

/// The sign of a redeploy.
pub(crate) const FLAG: &str = "⇄";

/// The sign that stands for a kind of event on charts and in lists; its word always stands with it.
pub(crate) fn sign(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Create => "+",
        EventKind::Start | EventKind::Unpause => "▸",
        EventKind::Die | EventKind::Stop => "■",
        EventKind::Oom => "▲",
        EventKind::Kill => "✕",
        EventKind::Restart => "↻",
        EventKind::Pause => "‖",
        EventKind::Rename | EventKind::Update => "✎",
        EventKind::Health => "♥",
        EventKind::Destroy => "−",
    }
}

fn gravity(kind: EventKind) -> u8 {
    match kind {
        EventKind::Oom => 3,
        EventKind::Die => 2,
        EventKind::Health | EventKind::Restart => 1,
        _ => 0,
    }
}

/// Whether a kind of event gets a line through the charts; the others only stand in lists.
pub(crate) fn is_drawn(kind: EventKind) -> bool {
    use EventKind::{Die, Health, Oom, Pause, Restart, Start, Unpause, Update};
    matches!(
        kind,
        Start | Die | Oom | Restart | Health | Pause | Unpause | Update
    )
}

#[cfg(test)]
mod tests;
