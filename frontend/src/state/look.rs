//! What a page of charts shows, as its URL says it: which time, on whose clock, against what, and how it is drawn.

use super::{
    query::{encode, join, list},
    range::Range,
    time::{Clock, iso},
};
use crate::state::moment;
use plimsoll_shared::{UnixMs, lines::Subject};

/// Shortest stretch that one can zoom to.
const LEAST_MS: i64 = 10_000;

/// Which time is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Span {
    /// A length that ends now.
    Live(Range),
    /// From one instant to another.
    Past(UnixMs, UnixMs),
}

/// What the lines are compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Compare {
    /// Nothing.
    Nothing,
    /// The same length of time right before.
    Before,
    /// Another container, over the same time.
    With(Subject),
}

/// What a page of charts shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Look {
    /// Which time.
    pub(crate) span: Span,
    /// Where the crosshair stands when the page is opened.
    pub(crate) at: Option<UnixMs>,
    /// On whose clock; `None` for the one this person prefers.
    pub(crate) clock: Option<Clock>,
    /// Against what.
    pub(crate) compare: Compare,
    /// The charts with a logarithmic scale.
    pub(crate) log: Vec<String>,
    /// The lines that are not drawn.
    pub(crate) hidden: Vec<String>,
    /// Whether lines of several containers lie on one another.
    pub(crate) stack: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            span: Span::Live(Range::default()),
            at: None,
            clock: None,
            compare: Compare::Nothing,
            log: Vec::new(),
            hidden: Vec::new(),
            stack: true,
        }
    }
}

impl Look {
    /// Reads decoded parameters of a URL; what it does not understand, it leaves at the usual.
    pub(crate) fn read<'a>(parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut look = Self::default();
        let (mut from, mut to) = (None, None);
        let instant = |value: &str| moment::read(value, UnixMs(0), &|_| 0).ok();
        for (name, value) in parameters {
            match name {
                "range" => look.span = Span::Live(Range::of(value).unwrap_or_default()),
                "from" => from = instant(value),
                "to" => to = instant(value),
                "at" => look.at = instant(value),
                "tz" => {
                    look.clock = match value {
                        "utc" => Some(Clock::Utc),
                        "local" => Some(Clock::Local),
                        _ => None,
                    }
                }
                "compare" => {
                    look.compare = match value {
                        "before" => Compare::Before,
                        of => of.parse().map_or(Compare::Nothing, Compare::With),
                    }
                }
                "log" => look.log = list(value, word),
                "hidden" => look.hidden = list(value, word),
                "stack" => look.stack = value != "0",
                _ => {}
            }
        }
        if let (Some(from), Some(to)) = (from, to)
            && from < to
        {
            look.span = Span::Past(from, to);
        }
        look
    }

    /// The address that shows this at `path`; what is as usual is left out.
    pub(crate) fn url(&self, path: &str) -> String {
        let mut url = path.to_owned();
        for (at, (name, value)) in self.parameters().into_iter().enumerate() {
            url.push(if at == 0 { '?' } else { '&' });
            url.push_str(name);
            url.push('=');
            encode(&value, &mut url);
        }
        url
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut all = Vec::new();
        match self.span {
            Span::Live(range) if range == Range::default() => {}
            Span::Live(range) => all.push(("range", range.word())),
            Span::Past(from, to) => all.extend([("from", written(from)), ("to", written(to))]),
        }
        all.extend(self.at.map(|at| ("at", written(at))));
        all.extend(self.clock.map(|clock| {
            let word = if clock == Clock::Utc { "utc" } else { "local" };
            ("tz", word.to_owned())
        }));
        match &self.compare {
            Compare::Nothing => {}
            Compare::Before => all.push(("compare", "before".to_owned())),
            Compare::With(of) => all.push(("compare", of.to_string())),
        }
        for (name, words) in [("log", &self.log), ("hidden", &self.hidden)] {
            if !words.is_empty() {
                all.push((name, join(words.iter().cloned())));
            }
        }
        if !self.stack {
            all.push(("stack", "0".to_owned()));
        }
        all
    }

    /// Whether the end is now.
    pub(crate) fn is_live(&self) -> bool {
        matches!(self.span, Span::Live(_))
    }

    /// Start and end of the time shown when it is `now`.
    pub(crate) fn bounds(&self, now: UnixMs) -> (UnixMs, UnixMs) {
        match self.span {
            Span::Live(range) => (UnixMs(now.0 - range.ms()), now),
            Span::Past(from, to) => (from, to),
        }
    }

    /// The length of the time shown.
    pub(crate) fn range(&self, now: UnixMs) -> Range {
        let (from, to) = self.bounds(now);
        Range::of_ms(to.since(from))
    }

    /// The same from one instant to another, whichever is named first; what lies after `now` is left out.
    pub(crate) fn between(&self, one: UnixMs, other: UnixMs, now: UnixMs) -> Self {
        let (from, to) = (one.min(other), one.max(other).min(now));
        // Whole seconds: readings are no finer, and the URL reads better.
        let (from, to) = (
            from.0.div_euclid(1000) * 1000,
            (to.0 + 999).div_euclid(1000) * 1000,
        );
        let short = (LEAST_MS - (to - from)).max(0);
        let from = from - short / 2;
        let to = (to + short - short / 2).max(from + LEAST_MS);
        Self {
            span: Span::Past(UnixMs(from), UnixMs(to)),
            at: None,
            ..self.clone()
        }
    }

    /// The same length, moved by that many milliseconds; live again where that reaches the present.
    pub(crate) fn moved(&self, by_ms: i64, now: UnixMs) -> Self {
        let (from, to) = self.bounds(now);
        if to.0 + by_ms >= now.0 {
            return self.live(self.range(now));
        }
        self.between(UnixMs(from.0 + by_ms), UnixMs(to.0 + by_ms), now)
    }

    /// `factor` times as much time around `centre`, or around the middle; live where that reaches the present.
    pub(crate) fn zoomed(&self, factor: f64, centre: Option<UnixMs>, now: UnixMs) -> Self {
        let (from, to) = self.bounds(now);
        let length = to.since(from) as f64;
        #[expect(clippy::cast_possible_truncation, reason = "clamped to five years")]
        let wanted = Range::of_ms((length * factor).clamp(1.0, 1e15) as i64).ms();
        if self.is_live() && factor > 1.0 {
            return self.live(Range::of_ms(wanted));
        }
        // What is under the crosshair stays there.
        let centre = centre.unwrap_or(UnixMs(from.0 + to.since(from) / 2));
        let share = centre.since(from) as f64 / length;
        #[expect(clippy::cast_possible_truncation, reason = "a share of five years")]
        let begin = centre.0 - (wanted as f64 * share) as i64;
        if factor > 1.0 && begin + wanted >= now.0 {
            return self.live(Range::of_ms(wanted));
        }
        self.between(UnixMs(begin), UnixMs(begin + wanted), now)
    }

    /// The same length around one instant, or half an hour where that is shorter, with the crosshair on it.
    pub(crate) fn around(&self, at: UnixMs, now: UnixMs) -> Self {
        let (from, to) = self.bounds(now);
        let half = to.since(from).min(30 * 60_000) / 2;
        let mut look = self.between(UnixMs(at.0 - half), UnixMs(at.0 + half), now);
        look.at = Some(at);
        look
    }

    /// The address of the charts at `path` around one instant.
    pub(crate) fn link(path: &str, at: UnixMs, now: UnixMs) -> String {
        Self::default().around(at, now).url(path)
    }

    /// The same, up to now.
    pub(crate) fn live(&self, range: Range) -> Self {
        Self {
            span: Span::Live(range),
            at: None,
            ..self.clone()
        }
    }

    /// Hides a line, or draws it again.
    pub(crate) fn toggle_line(&mut self, key: &str) {
        toggle(&mut self.hidden, key);
    }

    /// Makes a chart's scale logarithmic, or even again.
    pub(crate) fn toggle_log(&mut self, chart: &str) {
        toggle(&mut self.log, chart);
    }
}

fn toggle(words: &mut Vec<String>, word: &str) {
    match words.iter().position(|other| other == word) {
        Some(at) => {
            words.remove(at);
        }
        None => words.push(word.to_owned()),
    }
}

fn word(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// RFC 3339 in UTC; milliseconds where there are any.
fn written(at: UnixMs) -> String {
    if at.0 % 1000 == 0 {
        iso(at, 0)
    } else {
        at.0.to_string()
    }
}

#[cfg(test)]
mod tests;
