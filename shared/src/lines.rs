//! Several lines over one stretch of time, as `GET /api/v1/series` answers them.

use crate::{
    ContainerId, HostId, UnixMs,
    series::{Column, Gap, Metric},
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

mod wire;

pub use wire::{MEDIA_TYPE, WireError};

/// Whose readings a line is made of, written `HOST` or `HOST/ID`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Subject {
    /// A whole machine.
    Host(HostId),
    /// A container, and those that it took over from.
    Container(HostId, ContainerId),
}

impl Subject {
    /// The host it is on, or is.
    #[must_use]
    pub fn host(&self) -> &HostId {
        match self {
            Self::Host(host) | Self::Container(host, _) => host,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(host) => write!(f, "{host}"),
            Self::Container(host, id) => write!(f, "{host}/{id}"),
        }
    }
}

impl FromStr for Subject {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('/') {
            None => text.parse().map(Self::Host),
            Some((host, id)) => host
                .parse()
                .and_then(|host| Ok(Self::Container(host, id.parse()?))),
        }
        .map_err(|error| error.to_string())
    }
}

impl TryFrom<String> for Subject {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> String {
        subject.to_string()
    }
}

/// Several lines in the same equal buckets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lines {
    /// Start of the first bucket, a multiple of `step_ms`.
    pub from: UnixMs,
    /// Width of a bucket in milliseconds.
    pub step_ms: i64,
    /// How many buckets every column has.
    pub points: usize,
    /// Width of the stored buckets that they were made of, in milliseconds: 1000 for single readings.
    pub tier_ms: i64,
    /// The lines: in the order asked for, or the greatest first.
    pub lines: Vec<Line>,
}

/// One subject's line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Line {
    /// Whose.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub of: Subject,
    /// Its name: the container's, or the host's.
    pub name: String,
    /// One column a metric, in the order asked for.
    pub columns: Vec<Column>,
    /// Why readings are missing, as far as it is known, oldest first.
    pub gaps: Vec<Gap>,
    /// Where another life takes over: a restart or a redeploy.
    pub begins: Vec<Begin>,
    /// Percentiles and sums over the whole range, one a metric, where they were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub whole: Vec<Whole>,
}

/// Where another life takes over in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Begin {
    /// When.
    pub at: UnixMs,
    /// The container whose life it is.
    pub container: ContainerId,
    /// Its name.
    pub name: String,
    /// Its image as its maker wrote it.
    pub image: String,
    /// Whether it is another container than before: a redeploy, not a restart.
    pub redeployed: bool,
}

/// What one metric was over a whole range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Whole {
    /// Which.
    pub metric: Metric,
    /// Mean over the measurements; `None` when nothing was measured, as with the others.
    pub mean: Option<f64>,
    /// Smallest.
    pub min: Option<f64>,
    /// Largest.
    pub max: Option<f64>,
    /// All that a counter grew by, in the counter's own unit; `None` for what is no counter.
    pub total: Option<f64>,
    /// One value a percentile asked for, in that order.
    pub percentiles: Vec<Option<f64>>,
    /// Whether the percentiles looked at every single measurement; if not, they are of buckets' means.
    pub exact: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_written_as_one_word_and_read_back() {
        let id = "ab".repeat(32);
        for text in ["local".to_owned(), format!("local/{id}")] {
            assert_eq!(text.parse::<Subject>().unwrap().to_string(), text);
        }
        for bad in ["", "/", "local/", "local/xyz", "/ab", "local/../x"] {
            assert!(bad.parse::<Subject>().is_err(), "{bad:?} was taken");
        }
    }
}
