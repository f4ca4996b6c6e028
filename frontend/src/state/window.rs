//! The stretch of time that one container's charts show, filled from history and then second by second from the live stream.

use plimsoll_shared::{
    Reading, UnixMs,
    series::{Buckets, Metric, Series, sample},
};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// Readings further apart than this were not taken one after the other.
const LEAST_GAP_MS: i64 = 3000;
/// Most readings that wait for an answer; older ones are in the history by then.
const MOST_WAITING: usize = 600;

/// How much time the charts show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Range {
    /// 15 minutes.
    Quarter,
    /// An hour.
    #[default]
    Hour,
    /// Six hours.
    SixHours,
    /// A day.
    Day,
}

impl Range {
    /// Every range, shortest first.
    pub(crate) const ALL: [Self; 4] = [Self::Quarter, Self::Hour, Self::SixHours, Self::Day];

    /// The word that stands for it in URLs.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Quarter => "15m",
            Self::Hour => "1h",
            Self::SixHours => "6h",
            Self::Day => "24h",
        }
    }

    /// The range a URL names; an hour where it names none.
    pub(crate) fn of(word: Option<&str>) -> Self {
        Self::ALL
            .into_iter()
            .find(|range| Some(range.word()) == word)
            .unwrap_or_default()
    }

    /// Its length in milliseconds.
    pub(crate) fn ms(self) -> i64 {
        match self {
            Self::Quarter => 15 * MINUTE,
            Self::Hour => HOUR,
            Self::SixHours => 6 * HOUR,
            Self::Day => 24 * HOUR,
        }
    }
}

/// A question for the history; its answer goes to [`Window::answer`] with the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ask {
    /// Tells this question from earlier ones.
    pub(crate) number: u32,
    /// Start of the stretch.
    pub(crate) from: UnixMs,
    /// End of it, this instant included.
    pub(crate) to: UnixMs,
    /// Most buckets of the answer.
    pub(crate) points: usize,
}

/// Readings of one container over a range that ends now.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Window {
    range: Range,
    points: usize,
    max_gap_ms: i64,
    now: UnixMs,
    buckets: Option<Buckets>,
    asked: Option<Ask>,
    numbers: u32,
    waiting: Vec<Reading>,
    last: Option<Reading>,
    current: Option<[Option<f64>; Metric::ALL.len()]>,
}

impl Window {
    /// An empty window of at most `points` buckets over readings that come every `interval_ms`.
    pub(crate) fn new(range: Range, points: usize, interval_ms: i64) -> Self {
        Self {
            range,
            points,
            max_gap_ms: (interval_ms * 5 / 2).max(LEAST_GAP_MS),
            now: UnixMs(0),
            buckets: None,
            asked: None,
            numbers: 0,
            waiting: Vec::new(),
            last: None,
            current: None,
        }
    }

    /// Shows another range from now on; what is known of it must be asked for.
    pub(crate) fn change(&mut self, range: Range, points: usize) {
        self.range = range;
        self.points = points;
        self.buckets = None;
        self.asked = None;
    }

    /// Changes whenever the charts should be drawn anew: with every reading while a reading moves them by a visible amount, otherwise
    /// a few times for each bucket.
    pub(crate) fn grain(&self) -> i64 {
        let step_ms = self.buckets.as_ref().map_or(0, Buckets::step_ms);
        self.now.0 / (step_ms / 4).max(1000)
    }

    /// Asks for everything up to the present, anew. What comes in from now on waits for the answer as well.
    pub(crate) fn ask(&mut self, now: UnixMs) -> Ask {
        self.now = self.now.max(now);
        // The newest reading may not be written yet, so the question ends right before it and it is put back from here.
        let newest = self
            .last
            .filter(|reading| self.now.since(reading.at) <= self.max_gap_ms);
        let to = newest.map_or(self.now, |reading| UnixMs(reading.at.0 - 1));
        self.waiting = newest.into_iter().collect();
        self.numbers += 1;
        let from = UnixMs(self.now.0 - self.range.ms());
        let ask = Ask {
            number: self.numbers,
            from,
            to,
            points: self.points,
        };
        self.asked = Some(ask);
        ask
    }

    /// Takes in the answer to question `number`; an answer to an older question changes nothing.
    pub(crate) fn answer(&mut self, number: u32, series: &Series) {
        if self.asked.take_if(|ask| ask.number == number).is_none() {
            return;
        }
        self.fill(Buckets::of(series, self.max_gap_ms));
    }

    /// Goes on without history: what was shown stays, and what comes in live is shown.
    pub(crate) fn no_answer(&mut self, number: u32) {
        let Some(ask) = self.asked.take_if(|ask| ask.number == number) else {
            return;
        };
        if self.buckets.is_none() {
            self.fill(Buckets::new(
                ask.from,
                self.now,
                self.points,
                self.max_gap_ms,
            ));
        }
    }

    fn fill(&mut self, mut buckets: Buckets) {
        for reading in std::mem::take(&mut self.waiting) {
            buckets.push(&reading);
        }
        buckets.slide_to(self.now);
        self.buckets = Some(buckets);
    }

    /// Takes in one tick of the live stream, made at `now`: what was measured, if anything was. Whether readings are missing before it,
    /// so that the history must be asked again.
    pub(crate) fn tick(&mut self, now: UnixMs, reading: Option<&Reading>) -> bool {
        self.now = self.now.max(now);
        let before = self.last;
        let reading = reading.filter(|reading| before.is_none_or(|before| reading.at > before.at));
        if let Some(reading) = reading {
            self.current = Some(sample(before.as_ref(), reading, self.max_gap_ms));
            self.last = Some(*reading);
            if self.asked.is_some() && self.waiting.len() < MOST_WAITING {
                self.waiting.push(*reading);
            }
            if let Some(buckets) = &mut self.buckets {
                buckets.push(reading);
            }
        } else if self
            .last
            .is_none_or(|last| self.now.since(last.at) > self.max_gap_ms)
        {
            self.current = None;
        }
        if let Some(buckets) = &mut self.buckets {
            buckets.slide_to(self.now);
        }
        match (before, reading) {
            (Some(before), Some(reading)) => reading.at.since(before.at) > self.max_gap_ms,
            _ => false,
        }
    }

    /// The readings in buckets; `None` until the first answer.
    pub(crate) fn buckets(&self) -> Option<&Buckets> {
        self.buckets.as_ref()
    }

    /// The present, by the server's clock.
    pub(crate) fn now(&self) -> UnixMs {
        self.now
    }

    /// Start of the time shown.
    pub(crate) fn from(&self) -> UnixMs {
        UnixMs(self.now.0 - self.range.ms())
    }

    /// What the newest reading says of a metric; `None` when nothing is being measured.
    pub(crate) fn current(&self, metric: Metric) -> Option<f64> {
        let place = Metric::ALL.iter().position(|m| *m == metric)?;
        self.current?.get(place).copied().flatten()
    }

    /// The newest reading, while it is current.
    pub(crate) fn reading(&self) -> Option<&Reading> {
        self.current.and(self.last.as_ref())
    }
}

/// Buckets that a console `width` CSS pixels wide has use for: its charts are about a third as wide, and one bucket a pixel leaves the
/// line readable where values jump; the band shows how far.
pub(crate) fn points_for(width: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to a small positive number"
    )]
    let points = (width / 3.0).clamp(240.0, 900.0) as usize;
    points
}

#[cfg(test)]
mod tests;
