//! What a request for lines asks, out of its query.

use super::moment::moment;
use axum::http::{HeaderMap, header};
use plimsoll_history::{
    query::By,
    tier::{self, MOST_POINTS, Plan, Retention, Tier},
};
use plimsoll_shared::{
    HostId, UnixMs,
    lines::{MEDIA_TYPE, Subject},
    series::Metric,
};
use utoipa::IntoParams;

/// Buckets of a line unless told.
const USUAL_POINTS: usize = 900;
/// Most lines of one answer.
pub(super) const MOST_LINES: usize = 200;
/// Most buckets of one answer, over all lines and metrics.
const MOST_BUCKETS: usize = 400_000;
/// Most percentiles.
const MOST_PERCENTILES: usize = 10;
/// Longest stretch of one answer: 5 years and a day, as long as anything is kept.
const LONGEST_MS: i64 = (5 * 365 + 2) * 24 * HOUR_MS;
const HOUR_MS: i64 = 3_600_000;
/// Parts of the range that the greatest consumers are ranked by.
const RANKED_POINTS: usize = 60;
/// Readings that are looked at one by one for percentiles.
const READ_ONE_BY_ONE: i64 = 700_000;

/// Which lines, which stretch of time, and how fine. Lists are written with commas or by naming the parameter again.
#[derive(Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Whose lines: `HOST` or `HOST/ID`; at most 200. A container's line goes on in those that it took over from.
    pub(super) of: Vec<String>,
    /// Instead of `of`: the containers that used most of the first `metric`, so many, at most 200.
    pub(super) top: Option<String>,
    /// With `top`: what is compared, `mean` (unless told), `max` or `total`.
    pub(super) by: Option<String>,
    /// With `top`: only containers of this host.
    pub(super) host: Option<String>,
    /// Which metrics (`cpu`, `memory`, …); everything that is measured of the subject unless told.
    pub(super) metric: Vec<String>,
    /// Start: Unix milliseconds, RFC 3339, `now-1h` or `-1h`; an hour before `to` unless told.
    pub(super) from: Option<String>,
    /// End, written likewise; now unless told.
    pub(super) to: Option<String>,
    /// At most this many buckets a line, up to 2000; 900 unless told. Lines × metrics × points is at most 400,000.
    pub(super) points: Option<String>,
    /// Percentiles over the whole range (`50,95,99`), at most ten; the answer's `whole` then tells of them and of mean, extremes
    /// and total.
    pub(super) percentiles: Vec<String>,
    /// `off` leaves out the containers that a container took over from; `on` unless told.
    pub(super) line: Option<String>,
    /// `json` (unless told), `csv` or `bin`; the Accept header is heard too.
    pub(super) format: Option<String>,
}

/// Whose lines are asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Whose {
    /// Of these.
    Named(Vec<Subject>),
    /// Of those that used most.
    Top {
        /// How many.
        count: usize,
        /// By what.
        by: By,
        /// On which host, or on all.
        host: Option<HostId>,
    },
}

/// What is asked, checked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) whose: Whose,
    pub(crate) metrics: Vec<Metric>,
    pub(crate) from: UnixMs,
    pub(crate) to: UnixMs,
    pub(crate) points: usize,
    pub(crate) percentiles: Vec<f64>,
    /// Whether a line goes on in the containers that its container took over from.
    pub(crate) linked: bool,
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Csv,
    Binary,
}

impl Query {
    /// How the answer shall be written: `format`, or else the first form in the Accept header that there is, or else JSON.
    pub(super) fn format(&self, headers: &HeaderMap) -> Result<Format, String> {
        match self.format.as_deref() {
            Some("json") => return Ok(Format::Json),
            Some("csv") => return Ok(Format::Csv),
            Some("bin") => return Ok(Format::Binary),
            Some(other) => {
                return Err(format!(
                    "format is {}; it is json, csv or bin.",
                    quoted(other)
                ));
            }
            None => {}
        }
        let accepted = headers.get_all(header::ACCEPT).into_iter();
        let accepted = accepted.filter_map(|value| value.to_str().ok());
        let mut kinds = accepted
            .flat_map(|value| value.split(','))
            .filter_map(|kind| kind.split(';').next().map(str::trim));
        let known = kinds.find_map(|kind| match kind {
            "application/json" => Some(Format::Json),
            "text/csv" => Some(Format::Csv),
            MEDIA_TYPE => Some(Format::Binary),
            _ => None,
        });
        Ok(known.unwrap_or(Format::Json))
    }

    /// The query's parameters; what `other` takes is not looked at.
    pub(crate) fn of(
        query: &str,
        mut other: impl FnMut(&str, &str) -> bool,
    ) -> Result<Self, String> {
        let mut found = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let list = |list: &mut Vec<String>| {
                let items = value.split(',').map(str::trim);
                list.extend(items.filter(|item| !item.is_empty()).map(str::to_owned));
            };
            let once = match &*name {
                "of" => {
                    list(&mut found.of);
                    continue;
                }
                "metric" => {
                    list(&mut found.metric);
                    continue;
                }
                "percentiles" => {
                    list(&mut found.percentiles);
                    continue;
                }
                "top" => &mut found.top,
                "by" => &mut found.by,
                "host" => &mut found.host,
                "from" => &mut found.from,
                "to" => &mut found.to,
                "points" => &mut found.points,
                "line" => &mut found.line,
                "format" => &mut found.format,
                name if other(name, &value) => continue,
                name => {
                    return Err(format!(
                        "There is no parameter {}; /api/v1/openapi.json lists them.",
                        quoted(name)
                    ));
                }
            };
            if once.is_some() {
                return Err(format!("{name} is given twice; give it once."));
            }
            *once = Some(value.into_owned());
        }
        Ok(found)
    }

    /// Asks for one bucket a pixel unless told otherwise, for CPU unless a metric is named, and refuses another form.
    pub(crate) fn for_a_picture(&mut self, width: Option<&str>) -> Result<(), String> {
        if self.format.is_some() {
            return Err("format has no place here: the picture's form is in its path.".to_owned());
        }
        let width = width.and_then(|width| width.parse::<usize>().ok());
        let points = width.unwrap_or(USUAL_POINTS).clamp(100, MOST_POINTS);
        self.points.get_or_insert(points.to_string());
        if self.metric.is_empty() {
            self.metric.push(Metric::Cpu.as_str().to_owned());
        }
        Ok(())
    }

    /// What is asked at `now`.
    pub(crate) fn wanted(&self, now: UnixMs) -> Result<Wanted, String> {
        let (from, to) = self.range(now)?;
        let metrics = self.metrics()?;
        let whose = self.whose(&metrics)?;
        let points = match &self.points {
            None => USUAL_POINTS,
            Some(text) => number(text, MOST_POINTS).ok_or_else(|| {
                format!(
                    "points is {}; it is a number from 1 to {MOST_POINTS}.",
                    quoted(text)
                )
            })?,
        };
        let lines = match &whose {
            Whose::Named(of) => of.len(),
            Whose::Top { count, .. } => *count,
        };
        let columns = match metrics.len() {
            0 => Metric::ALL.len(),
            some => some,
        };
        if lines.saturating_mul(columns).saturating_mul(points) > MOST_BUCKETS {
            return Err(format!(
                "{lines} lines of {columns} metrics in {points} points are more than {MOST_BUCKETS} values at once; ask for fewer lines, name the \
                 metrics, or ask for fewer points ({} would do).",
                (MOST_BUCKETS / (lines * columns)).max(1)
            ));
        }
        Ok(Wanted {
            whose,
            metrics,
            from,
            to,
            points,
            percentiles: self.percentiles()?,
            linked: match self.line.as_deref() {
                None | Some("on") => true,
                Some("off") => false,
                Some(other) => {
                    return Err(format!("line is {}; it is on or off.", quoted(other)));
                }
            },
        })
    }

    fn range(&self, now: UnixMs) -> Result<(UnixMs, UnixMs), String> {
        let read = |name: &str, text: &Option<String>, usual: UnixMs| match text {
            None => Ok(usual),
            Some(text) => moment(text, now).map_err(|e| format!("{name}: {e}")),
        };
        let to = read("to", &self.to, now)?;
        let from = read("from", &self.from, UnixMs(to.0.saturating_sub(HOUR_MS)))?;
        if from >= to {
            return Err(format!(
                "The range ends ({}) before it begins ({}).",
                written(to),
                written(from)
            ));
        }
        if from.0 < 0 || to.since(from) > LONGEST_MS {
            return Err(format!(
                "The range from {} to {} is longer than 5 years or before 1970; ask for a part of it.",
                written(from),
                written(to)
            ));
        }
        Ok((from, to))
    }

    fn metrics(&self) -> Result<Vec<Metric>, String> {
        let mut metrics = Vec::new();
        for word in &self.metric {
            let metric = Metric::from_word(word).ok_or_else(|| {
                let known: Vec<&str> = Metric::ALL.into_iter().map(Metric::as_str).collect();
                format!(
                    "There is no metric {}; there are {}.",
                    quoted(word),
                    known.join(", ")
                )
            })?;
            if !metrics.contains(&metric) {
                metrics.push(metric);
            }
        }
        Ok(metrics)
    }

    fn whose(&self, metrics: &[Metric]) -> Result<Whose, String> {
        let Some(top) = &self.top else {
            for (name, given) in [("by", &self.by), ("host", &self.host)] {
                if given.is_some() {
                    return Err(format!(
                        "{name} belongs to top; give top too, or leave it out."
                    ));
                }
            }
            return self.named();
        };
        if !self.of.is_empty() {
            return Err("of and top exclude each other; give one of them.".to_owned());
        }
        if metrics.is_empty() {
            return Err("top needs a metric to compare by, such as metric=cpu.".to_owned());
        }
        let count = number(top, MOST_LINES).ok_or_else(|| {
            format!(
                "top is {}; it is a number from 1 to {MOST_LINES}.",
                quoted(top)
            )
        })?;
        let by = match self.by.as_deref() {
            None | Some("mean") => By::Mean,
            Some("max") => By::Max,
            Some("total") => By::Total,
            Some(other) => {
                return Err(format!(
                    "by is {}; it is mean, max or total.",
                    quoted(other)
                ));
            }
        };
        let host = self.host.as_deref().map(str::parse).transpose();
        let host = host.map_err(|e| format!("host: {e}."))?;
        Ok(Whose::Top { count, by, host })
    }

    fn named(&self) -> Result<Whose, String> {
        let mut named: Vec<Subject> = Vec::new();
        for text in &self.of {
            let subject = text.parse().map_err(|e| format!("of: {e}."))?;
            if !named.contains(&subject) {
                named.push(subject);
            }
        }
        match named.len() {
            0 => Err(
                "Say whose lines: of=HOST, of=HOST/ID, or top=N for the greatest consumers."
                    .to_owned(),
            ),
            count if count > MOST_LINES => Err(format!(
                "{count} lines are asked for; one answer holds at most {MOST_LINES}."
            )),
            _ => Ok(Whose::Named(named)),
        }
    }

    fn percentiles(&self) -> Result<Vec<f64>, String> {
        let mut wishes = Vec::new();
        for text in &self.percentiles {
            let wish = text.parse().ok().filter(|p| (0.0..=100.0).contains(p));
            wishes.push(wish.ok_or_else(|| {
                format!(
                    "{} is no percentile; it is a number from 0 to 100.",
                    quoted(text)
                )
            })?);
        }
        if wishes.len() > MOST_PERCENTILES {
            return Err(format!(
                "{} percentiles are asked for; at most {MOST_PERCENTILES} are answered at once.",
                wishes.len()
            ));
        }
        Ok(wishes)
    }
}

impl Wanted {
    /// How the lines are read. Percentiles are taken of single readings where these are still kept and not too many.
    pub(crate) fn plan(&self, now: UnixMs, retention: &Retention) -> Option<Plan> {
        let mut plan = tier::plan(self.from, self.to, self.points, now, retention)?;
        let lines = match &self.whose {
            Whose::Named(of) => of.len(),
            Whose::Top { count, .. } => *count,
        };
        let seconds = self.to.since(self.from) / Tier::Second.width_ms();
        let few = i64::try_from(lines)
            .is_ok_and(|lines| seconds.saturating_mul(lines) <= READ_ONE_BY_ONE);
        let kept = self.from.0 >= now.0.saturating_sub(retention.of(Tier::Second));
        if !self.percentiles.is_empty() && few && kept {
            plan.tier = Tier::Second;
        }
        Some(plan)
    }

    /// How the greatest consumers are looked for: as coarse as does not matter for an order.
    pub(crate) fn ranking(&self, now: UnixMs, retention: &Retention) -> Option<Plan> {
        tier::plan(self.from, self.to, RANKED_POINTS, now, retention)
    }
}

fn number(text: &str, most: usize) -> Option<usize> {
    text.parse().ok().filter(|n| (1..=most).contains(n))
}

/// A word of a request, short enough to be shown.
pub(crate) fn quoted(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    format!("{short:?}")
}

/// An instant as a person reads it.
pub(crate) fn written(at: UnixMs) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(|_| at.0.to_string(), |at| at.to_string())
}

#[cfg(test)]
mod tests;
