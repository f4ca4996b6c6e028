//! Semantic Versioning 2.0 and the families that bend it: npm, Go, `NuGet` and Pub.
//!
//! Numbers may be of any length and any count, since advisories write `1.2` and packages of old date have four numbers; missing ones
//! are zero. What a family's own tool would refuse is placed all the same where its place is beyond doubt,
//! except in npm, where advisories with short versions are known to be slips.

use super::{Versioning, number};
use std::cmp::Ordering;

/// `1.2.3-rc.1+build`.
#[derive(Debug, Clone, Copy)]
struct Semantic<'a> {
    numbers: &'a str,
    pre: Option<&'a str>,
    build: Option<&'a str>,
}

impl<'a> Semantic<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V', '=']).unwrap_or(text);
        let (rest, build) = match text.split_once('+') {
            Some((rest, build)) => (rest, Some(build)),
            None => (text, None),
        };
        let (numbers, pre) = match rest.split_once('-') {
            Some((numbers, pre)) => (numbers, Some(pre)),
            None => (rest, None),
        };
        let words = |part: Option<&str>| {
            part.is_none_or(|part| {
                part.split('.').all(|word| {
                    !word.is_empty()
                        && word
                            .bytes()
                            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                })
            })
        };
        (numbers.split('.').all(number::is_number) && words(pre) && words(build)).then_some(Self {
            numbers,
            pre,
            build,
        })
    }

    fn count(&self) -> usize {
        self.numbers.split('.').count()
    }

    fn compare(&self, other: &Self, fold: bool) -> Ordering {
        let (mut these, mut those) = (self.numbers.split('.'), other.numbers.split('.'));
        loop {
            let ordering = match (these.next(), those.next()) {
                (None, None) => break,
                (this, that) => number::compare(this.unwrap_or("0"), that.unwrap_or("0")),
            };
            if ordering.is_ne() {
                return ordering;
            }
        }
        match (self.pre, other.pre) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(this), Some(that)) => compare_words(this, that, fold),
        }
    }
}

/// Dotted words in turn: numbers before letters, numbers by value, the shorter list first.
fn compare_words(this: &str, that: &str, fold: bool) -> Ordering {
    let (mut these, mut those) = (this.split('.'), that.split('.'));
    loop {
        let ordering = match (these.next(), those.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(this), Some(that)) => match (number::is_number(this), number::is_number(that)) {
                (true, true) => number::compare(this, that),
                (false, false) if fold => this.to_ascii_lowercase().cmp(&that.to_ascii_lowercase()),
                (false, false) => this.cmp(that),
                (this, that) => that.cmp(&this),
            },
        };
        if ordering.is_ne() {
            return ordering;
        }
    }
}

/// crates.io.
#[derive(Debug, Clone)]
pub(super) struct Semver<'a>(Semantic<'a>);

impl<'a> Versioning<'a> for Semver<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        Semantic::parse(text).map(Self)
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.0.compare(&other.0, false)
    }
}

/// npm, which refuses what has not exactly three numbers.
#[derive(Debug, Clone)]
pub(super) struct Npm<'a>(Semantic<'a>);

impl<'a> Versioning<'a> for Npm<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let version = Semantic::parse(text)?;
        (version.count() == 3).then_some(Self(version))
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.0.compare(&other.0, false)
    }
}

/// Go, which takes short forms only bare: `v1`, `v1.2`; a toolchain says `go1.24`.
#[derive(Debug, Clone)]
pub(super) struct Go<'a>(Semantic<'a>);

impl<'a> Versioning<'a> for Go<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        Semantic::parse(text.strip_prefix("go").unwrap_or(text)).map(Self)
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.0.compare(&other.0, false)
    }

    fn accepts(text: &'a str) -> bool {
        let bare = |version: &Semantic| version.pre.is_none() && version.build.is_none();
        Semantic::parse(text).is_some_and(|version| match version.count() {
            1 | 2 => bare(&version),
            count => count == 3,
        })
    }
}

/// `NuGet`.
#[derive(Debug, Clone)]
pub(super) struct Nuget<'a>(Semantic<'a>);

impl<'a> Versioning<'a> for Nuget<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        Semantic::parse(text).map(Self)
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.0.compare(&other.0, true)
    }

    fn accepts(text: &'a str) -> bool {
        Semantic::parse(text).is_some_and(|version| version.count() <= 4)
    }
}

/// Pub, where a build comes after the same version without one.
#[derive(Debug, Clone)]
pub(super) struct Pub<'a>(Semantic<'a>);

impl<'a> Versioning<'a> for Pub<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        Semantic::parse(text).map(Self)
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.0
            .compare(&other.0, false)
            .then_with(|| match (self.0.build, other.0.build) {
                (Some(this), Some(that)) => compare_words(this, that, false),
                (this, that) => this.is_some().cmp(&that.is_some()),
            })
    }
}
