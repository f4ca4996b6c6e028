//! Epoch, version and release of RPM packages, ordered as `rpmverCmp` and `rpmvercmp` do.

use super::{Versioning, number};
use std::cmp::Ordering;

/// An EVR; an absent epoch is zero, an absent release is before every release.
#[derive(Debug, Clone)]
pub(super) struct Rpm<'a> {
    epoch: &'a str,
    version: &'a str,
    release: Option<&'a str>,
}

impl<'a> Versioning<'a> for Rpm<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let (digits, rest) = number::split_while(text, |byte| byte.is_ascii_digit());
        let (epoch, rest) = match rest.strip_prefix(':') {
            Some(rest) => (digits, rest),
            None => ("", text),
        };
        let (version, release) = match rest.rsplit_once('-') {
            Some((version, release)) => (version, Some(release)),
            None => (rest, None),
        };
        Some(Self {
            epoch,
            version,
            release,
        })
    }

    fn compare(&self, other: &Self) -> Ordering {
        number::compare(self.epoch, other.epoch)
            .then_with(|| compare_segments(self.version, other.version))
            .then_with(|| match (self.release, other.release) {
                (Some(this), Some(that)) => compare_segments(this, that),
                (this, that) => this.is_some().cmp(&that.is_some()),
            })
    }
}

/// One segment of a version or release, from what is before the end to what is furthest after it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Segment<'a> {
    /// `~`, before the end.
    Before,
    End,
    /// `^`, after the end and before any further segment.
    After,
    Letters(&'a str),
    /// Length without leading zeros, then the digits.
    Number(usize, &'a str),
}

/// Orders two versions, or two releases, by their segments; separators only split.
#[must_use]
pub fn compare_segments(mut this: &str, mut that: &str) -> Ordering {
    loop {
        let (first, this_rest) = segment(this);
        let (second, that_rest) = segment(that);
        let ordering = first.cmp(&second);
        if ordering.is_ne() || first == Segment::End {
            return ordering;
        }
        (this, that) = (this_rest, that_rest);
    }
}

fn segment(text: &str) -> (Segment<'_>, &str) {
    let text = text.trim_start_matches(|next: char| {
        !next.is_ascii_alphanumeric() && next != '~' && next != '^'
    });
    match text.as_bytes().first() {
        None => (Segment::End, text),
        Some(b'~') => (Segment::Before, &text[1..]),
        Some(b'^') => (Segment::After, &text[1..]),
        Some(first) if first.is_ascii_digit() => {
            let (digits, rest) = number::split_while(text, |byte| byte.is_ascii_digit());
            let digits = number::trim(digits);
            (Segment::Number(digits.len(), digits), rest)
        }
        Some(_) => {
            let (letters, rest) = number::split_while(text, |byte| byte.is_ascii_alphabetic());
            (Segment::Letters(letters), rest)
        }
    }
}
