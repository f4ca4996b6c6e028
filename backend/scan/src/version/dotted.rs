//! Versions that are numbers and nothing else: Hackage, and CRAN, whose hyphen separates like a dot.

use super::{Versioning, number};
use std::cmp::Ordering;

/// Numbers, compared in turn; where all are equal the longer is later.
#[derive(Debug, Clone)]
pub(super) struct Dotted<'a>(Vec<&'a str>);

impl<'a> Versioning<'a> for Dotted<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let parts: Vec<_> = text.trim().split(['.', '-']).collect();
        parts
            .iter()
            .all(|part| number::is_number(part))
            .then_some(Self(parts))
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.0
            .iter()
            .zip(&other.0)
            .map(|(this, that)| number::compare(this, that))
            .find(|ordering| ordering.is_ne())
            .unwrap_or_else(|| self.0.len().cmp(&other.0.len()))
    }
}
