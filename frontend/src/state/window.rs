//! The stretch of time that the charts of a container or a machine show, filled from history and then second by second from the live stream.

use super::look::Span;
use plimsoll_shared::{
    Reading, UnixMs,
    lines::{Begin, Lines, Whole},
    series::{Buckets, Gap, Metric, Series, sample},
};

/// Live charts longer than this are asked for anew from time to time instead of following every reading.
const FOLLOWED_MS: i64 = 3_600_000;
/// What the history says of the whole range is asked for again after this, and so are longer live charts at the latest.
const SLOWEST_MS: i64 = 60_000;
/// Longer live charts are not asked for more often than this.
const QUICKEST_MS: i64 = 10_000;
/// A time that ended this long ago is written whole, and one that did not is asked for again after that.
const SETTLED_MS: i64 = 10_000;
const AGAIN_MS: i64 = 2000;
/// Readings further apart than this were not taken one after the other.
const LEAST_GAP_MS: i64 = 3000;
/// Most readings that wait for an answer; older ones are in the history by then.
const MOST_WAITING: usize = 600;

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

/// What the history says of one line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Past {
    /// The readings in buckets, and why some are missing.
    pub(crate) series: Series,
    /// Where another life takes over.
    pub(crate) begins: Vec<Begin>,
    /// What each metric was over the whole range.
    pub(crate) whole: Vec<Whole>,
}

impl Past {
    /// The first line of an answer; `None` where it has none.
    pub(crate) fn of(lines: Lines) -> Option<Self> {
        let line = lines.lines.into_iter().next()?;
        Some(Self {
            series: Series {
                from: lines.from,
                step_ms: lines.step_ms,
                columns: line.columns,
                gaps: line.gaps,
            },
            begins: line.begins,
            whole: line.whole,
        })
    }
}

/// Readings of one container or machine over a stretch of time.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Window {
    span: Span,
    /// The stretch that was last asked for.
    shown: Option<(UnixMs, UnixMs)>,
    asked_at: UnixMs,
    gaps: Vec<Gap>,
    begins: Vec<Begin>,
    whole: Vec<Whole>,
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
    pub(crate) fn new(span: Span, points: usize, interval_ms: i64) -> Self {
        Self {
            span,
            shown: None,
            asked_at: UnixMs(0),
            gaps: Vec::new(),
            begins: Vec::new(),
            whole: Vec::new(),
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

    /// Shows another stretch from now on; what is known of it must be asked for.
    pub(crate) fn change(&mut self, span: Span, points: usize) {
        self.span = span;
        self.points = points;
        self.shown = None;
        self.buckets = None;
        self.asked = None;
        self.gaps.clear();
        self.begins.clear();
        self.whole.clear();
    }

    /// Whether every reading of the live stream is drawn as it comes.
    fn follows(&self) -> bool {
        matches!(self.span, Span::Live(range) if range.ms() <= FOLLOWED_MS)
    }

    /// Whether it is time to ask the history again.
    pub(crate) fn is_due(&self) -> bool {
        if self.shown.is_none() || self.asked.is_some() {
            return false;
        }
        let step_ms = self.buckets.as_ref().map_or(0, Buckets::step_ms);
        let pace = match self.span {
            // What was measured right before its end may not have been written when it was asked for.
            Span::Past(_, to) if self.asked_at.since(to) < SETTLED_MS => AGAIN_MS,
            Span::Past(..) => return false,
            Span::Live(_) if self.follows() => SLOWEST_MS,
            Span::Live(_) => (step_ms / 2).clamp(QUICKEST_MS, SLOWEST_MS),
        };
        self.now.since(self.asked_at) >= pace
    }

    /// Changes whenever the charts should be drawn anew: with every reading while a reading moves them by a visible amount, otherwise
    /// a few times for each bucket.
    pub(crate) fn grain(&self) -> i64 {
        if !self.follows() {
            return 0;
        }
        let step_ms = self.buckets.as_ref().map_or(0, Buckets::step_ms);
        self.now.0 / (step_ms / 4).max(1000)
    }

    /// Asks for everything shown, anew. What comes in from now on waits for the answer as well.
    pub(crate) fn ask(&mut self, now: UnixMs) -> Ask {
        self.now = self.now.max(now);
        // The newest reading may not be written yet, so the question ends right before it and it is put back from here.
        let newest = self
            .last
            .filter(|reading| self.follows() && self.now.since(reading.at) <= self.max_gap_ms);
        let (from, end) = match self.span {
            Span::Live(range) => (UnixMs(self.now.0 - range.ms()), self.now),
            Span::Past(from, to) => (from, to),
        };
        let to = newest.map_or(end, |reading| UnixMs(reading.at.0 - 1));
        self.waiting = newest.into_iter().collect();
        self.numbers += 1;
        let ask = Ask {
            number: self.numbers,
            from,
            to,
            points: self.points,
        };
        self.shown = Some((from, end));
        self.asked_at = self.now;
        self.asked = Some(ask);
        ask
    }

    /// Takes in the answer to question `number`; an answer to an older question changes nothing.
    pub(crate) fn answer(&mut self, number: u32, past: Past) {
        if self.asked.take_if(|ask| ask.number == number).is_none() {
            return;
        }
        self.fill(Buckets::of(&past.series, self.max_gap_ms));
        self.gaps = past.series.gaps;
        self.begins = past.begins;
        self.whole = past.whole;
    }

    /// Goes on without history: what was shown stays, and what comes in live is shown.
    pub(crate) fn no_answer(&mut self, number: u32) {
        let Some(ask) = self.asked.take_if(|ask| ask.number == number) else {
            return;
        };
        if self.buckets.is_none() {
            let to = if self.follows() { self.now } else { ask.to };
            self.fill(Buckets::new(ask.from, to, self.points, self.max_gap_ms));
        }
    }

    fn fill(&mut self, mut buckets: Buckets) {
        let waiting = std::mem::take(&mut self.waiting);
        if self.follows() {
            for reading in waiting {
                buckets.push(&reading);
            }
            buckets.slide_to(self.now);
        }
        self.buckets = Some(buckets);
    }

    /// Takes in one tick of the live stream, made at `now`: what was measured, if anything was. Whether readings are missing before it,
    /// so that the history must be asked again.
    pub(crate) fn tick(&mut self, now: UnixMs, reading: Option<&Reading>) -> bool {
        self.now = self.now.max(now);
        let follows = self.follows();
        let before = self.last;
        let reading = reading.filter(|reading| before.is_none_or(|before| reading.at > before.at));
        if let Some(reading) = reading {
            self.current = Some(sample(before.as_ref(), reading, self.max_gap_ms));
            self.last = Some(*reading);
            if self.asked.is_some() && self.waiting.len() < MOST_WAITING {
                self.waiting.push(*reading);
            }
            if let Some(buckets) = self.buckets.as_mut().filter(|_| follows) {
                buckets.push(reading);
            }
        } else if self
            .last
            .is_none_or(|last| self.now.since(last.at) > self.max_gap_ms)
        {
            self.current = None;
        }
        if let Some(buckets) = self.buckets.as_mut().filter(|_| follows) {
            buckets.slide_to(self.now);
        }
        match (before, reading) {
            (Some(before), Some(reading)) if follows => {
                reading.at.since(before.at) > self.max_gap_ms
            }
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

    /// Start and end of the time shown.
    pub(crate) fn bounds(&self) -> (UnixMs, UnixMs) {
        match (self.span, self.shown) {
            (Span::Past(from, to), _) => (from, to),
            (Span::Live(_), Some(shown)) if !self.follows() => shown,
            (Span::Live(range), _) => (UnixMs(self.now.0 - range.ms()), self.now),
        }
    }

    /// Why readings are missing, as far as the history knows.
    pub(crate) fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// Where another life takes over.
    pub(crate) fn begins(&self) -> &[Begin] {
        &self.begins
    }

    /// What a metric was over the whole range, as of the last answer.
    pub(crate) fn whole(&self, metric: Metric) -> Option<&Whole> {
        self.whole.iter().find(|whole| whole.metric == metric)
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
