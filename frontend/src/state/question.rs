//! What is asked of `GET /api/v1/series`, and of the pictures of the same lines, as their URLs say it.

use super::query::encode;
use plimsoll_shared::{HostId, UnixMs, lines::Subject, series::Metric};

/// Whose lines are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Whose {
    /// Of these, in this order.
    These(Vec<Subject>),
    /// Of so many containers of a host, the greatest first by the first metric's mean.
    Top(HostId, usize),
}

/// Lines over a stretch of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    /// Whose.
    pub(crate) whose: Whose,
    /// Of what.
    pub(crate) metrics: Vec<Metric>,
    /// Start.
    pub(crate) from: UnixMs,
    /// End, this instant included.
    pub(crate) to: UnixMs,
    /// Most buckets a line.
    pub(crate) points: usize,
    /// Whether percentiles over the whole stretch are asked for.
    pub(crate) whole: bool,
}

/// The percentiles that are asked for.
pub(crate) const PERCENTILES: [u8; 3] = [50, 95, 99];

/// How a picture of the lines looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dress {
    /// Its title.
    pub(crate) title: String,
    /// Whether it is for a dark page.
    pub(crate) dark: bool,
    /// Whether its scale is logarithmic.
    pub(crate) log: bool,
    /// Whether its lines lie on one another.
    pub(crate) stacked: bool,
    /// How many minutes its clock is ahead of UTC.
    pub(crate) offset_minutes: i64,
}

impl Question {
    /// The parameters that say it, without a question mark.
    pub(crate) fn parameters(&self) -> String {
        let mut all = String::new();
        match &self.whose {
            Whose::These(subjects) => {
                let words: Vec<String> = subjects.iter().map(ToString::to_string).collect();
                add(&mut all, "of", &words.join(","));
            }
            Whose::Top(host, most) => {
                add(&mut all, "top", &most.to_string());
                add(&mut all, "by", "mean");
                add(&mut all, "host", &host.to_string());
            }
        }
        let metrics: Vec<String> = self.metrics.iter().map(|m| word(*m)).collect();
        add(&mut all, "metric", &metrics.join(","));
        add(&mut all, "from", &self.from.0.to_string());
        add(&mut all, "to", &self.to.0.to_string());
        add(&mut all, "points", &self.points.to_string());
        if self.whole {
            let words = PERCENTILES.map(|p| p.to_string());
            add(&mut all, "percentiles", &words.join(","));
        }
        all
    }
}

impl Dress {
    /// The parameters that say it, to be added to those of a question.
    pub(crate) fn parameters(&self) -> String {
        let mut all = "&".to_owned();
        add(&mut all, "title", &self.title);
        for (name, value, when) in [
            ("theme", "dark", self.dark),
            ("scale", "log", self.log),
            ("stacked", "on", self.stacked),
        ] {
            if when {
                add(&mut all, name, value);
            }
        }
        if self.offset_minutes != 0 {
            add(&mut all, "offset", &self.offset_minutes.to_string());
        }
        all
    }
}

/// A metric's word in URLs.
pub(crate) fn word(metric: Metric) -> String {
    let word = serde_json::to_string(&metric).unwrap_or_default();
    word.trim_matches('"').to_owned()
}

fn add(all: &mut String, name: &str, value: &str) {
    if !all.is_empty() && !all.ends_with('&') {
        all.push('&');
    }
    all.push_str(name);
    all.push('=');
    encode(value, all);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_written_as_the_server_reads_it() {
        let of = format!("local/{}", "ab".repeat(32));
        let mut question = Question {
            whose: Whose::These(vec![of.parse().unwrap()]),
            metrics: vec![Metric::Cpu, Metric::MemoryCache],
            from: UnixMs(1),
            to: UnixMs(2),
            points: 300,
            whole: true,
        };
        assert_eq!(
            question.parameters(),
            format!("of={of}&metric=cpu,memory_cache&from=1&to=2&points=300&percentiles=50,95,99")
        );
        question.whose = Whose::Top("local".parse().unwrap(), 8);
        question.whole = false;
        assert!(
            question
                .parameters()
                .starts_with("top=8&by=mean&host=local&metric=")
        );
        let dress = Dress {
            title: "CPU & more".to_owned(),
            dark: true,
            log: false,
            stacked: true,
            offset_minutes: -210,
        };
        assert_eq!(
            dress.parameters(),
            "&title=CPU%20%26%20more&theme=dark&stacked=on&offset=-210"
        );
    }
}
