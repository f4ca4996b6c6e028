//! Versions of Arch Linux packages, ordered as `vercmp` does.

use super::{Versioning, number};
use std::cmp::Ordering;

/// Epoch, version and package release; the release counts only where both have one.
#[derive(Debug, Clone)]
pub(super) struct Alpm<'a> {
    epoch: &'a str,
    version: &'a str,
    release: Option<&'a str>,
}

impl<'a> Versioning<'a> for Alpm<'a> {
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
        (!version.is_empty()).then_some(Self {
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
                _ => Ordering::Equal,
            })
    }
}

fn compare_segments(mut this: &str, mut that: &str) -> Ordering {
    loop {
        let (this_gap, this_text) = number::split_while(this, |byte| !byte.is_ascii_alphanumeric());
        let (that_gap, that_text) = number::split_while(that, |byte| !byte.is_ascii_alphanumeric());
        let (first, this_rest) = run(this_text);
        let (second, that_rest) = run(that_text);
        if first.is_empty() || second.is_empty() {
            return ended(first, second);
        }
        let ordering = this_gap
            .len()
            .cmp(&that_gap.len())
            .then_with(|| compare_runs(first, second));
        if ordering.is_ne() {
            return ordering;
        }
        (this, that) = (this_rest, that_rest);
    }
}

/// What is left once one side ended: more numbers are later, letters are a pre-release.
fn ended(first: &str, second: &str) -> Ordering {
    let left = |run: &str| match run.bytes().next() {
        None => 0,
        Some(byte) if byte.is_ascii_alphabetic() => -1,
        Some(_) => 1,
    };
    left(first).cmp(&left(second))
}

fn run(text: &str) -> (&str, &str) {
    match text.bytes().next() {
        Some(byte) if byte.is_ascii_digit() => {
            number::split_while(text, |byte| byte.is_ascii_digit())
        }
        Some(byte) if byte.is_ascii_alphabetic() => {
            number::split_while(text, |byte| byte.is_ascii_alphabetic())
        }
        _ => ("", ""),
    }
}

fn compare_runs(first: &str, second: &str) -> Ordering {
    match (number::is_number(first), number::is_number(second)) {
        (true, true) => number::compare(first, second),
        (false, false) => first.cmp(second),
        (this, that) => this.cmp(&that),
    }
}
