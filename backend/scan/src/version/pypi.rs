//! Versions of Python packages: PEP 440, by the crate that passes every vector.

use super::Versioning;
use std::{cmp::Ordering, str::FromStr as _};

/// A PEP 440 version. Versions from before that standard have no order.
#[derive(Debug, Clone)]
pub(super) struct Pypi(pep440_rs::Version);

impl Versioning<'_> for Pypi {
    fn parse(text: &str) -> Option<Self> {
        pep440_rs::Version::from_str(text.trim()).ok().map(Self)
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
