//! Versions of Alpine packages, ordered as apk-tools 3 does: `1.2.3b_rc1~c0ffee-r4`.

use super::{Versioning, number};
use std::cmp::Ordering;

/// One part of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'a> {
    First(&'a str),
    Digits(&'a str),
    Letter(u8),
    /// Place in [`SUFFIXES`].
    Suffix(usize),
    SuffixNumber(&'a str),
    Commit(&'a str),
    Revision(&'a str),
    End,
    /// Here the text stops following the grammar; what comes after does not count.
    Broken,
}

/// Suffixes in their order; those before [`RELEASE`] come before the version without a suffix.
const SUFFIXES: [&str; 9] = ["alpha", "beta", "pre", "rc", "cvs", "svn", "git", "hg", "p"];
const RELEASE: usize = 4;

/// The parts, of which the last is always [`Part::End`] or [`Part::Broken`].
#[derive(Debug, Clone)]
pub(super) struct Apk<'a>(Vec<Part<'a>>);

impl<'a> Versioning<'a> for Apk<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = Vec::with_capacity(8);
        let (digits, mut rest) = number::split_while(text, |byte| byte.is_ascii_digit());
        parts.push(if digits.is_empty() {
            Part::Broken
        } else {
            Part::First(digits)
        });
        while let Some(last) = parts.last().filter(|last| !last.is_last()) {
            let (part, after) = next(last, rest);
            parts.push(part);
            rest = after;
        }
        Some(Self(parts))
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.0
            .iter()
            .zip(&other.0)
            .map(|(this, that)| this.compare(that))
            .find(|ordering| ordering.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    fn accepts(text: &'a str) -> bool {
        Self::parse(text).is_some_and(|version| version.0.last() == Some(&Part::End))
    }
}

fn next<'a>(last: &Part<'a>, text: &'a str) -> (Part<'a>, &'a str) {
    let broken = (Part::Broken, "");
    let Some(first) = text.bytes().next() else {
        return (Part::End, "");
    };
    let rank = last.rank();
    match first {
        b'a'..=b'z' if rank <= Part::Digits("").rank() => (Part::Letter(first), &text[1..]),
        b'.' if rank <= Part::Digits("").rank() => number_after(&text[1..], Part::Digits),
        b'0'..=b'9' if matches!(last, Part::Suffix(_)) => number_after(text, Part::SuffixNumber),
        b'_' if rank <= Part::SuffixNumber("").rank() => {
            let (word, rest) = number::split_while(&text[1..], |byte| byte.is_ascii_lowercase());
            SUFFIXES
                .iter()
                .position(|suffix| *suffix == word)
                .map_or(broken, |suffix| (Part::Suffix(suffix), rest))
        }
        b'~' if rank < Part::Commit("").rank() => {
            let hex = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
            let (commit, rest) = number::split_while(&text[1..], hex);
            if commit.is_empty() {
                broken
            } else {
                (Part::Commit(commit), rest)
            }
        }
        b'-' if rank < Part::Revision("").rank() => match text.strip_prefix("-r") {
            Some(rest) => number_after(rest, Part::Revision),
            None => broken,
        },
        _ => broken,
    }
}

fn number_after<'a>(text: &'a str, part: fn(&'a str) -> Part<'a>) -> (Part<'a>, &'a str) {
    let (digits, rest) = number::split_while(text, |byte| byte.is_ascii_digit());
    if digits.is_empty() {
        (Part::Broken, "")
    } else {
        (part(digits), rest)
    }
}

impl Part<'_> {
    fn is_last(&self) -> bool {
        matches!(self, Self::End | Self::Broken)
    }

    /// The earlier a part may stand, the later is the version that has it where another has a different one.
    fn rank(&self) -> u8 {
        match self {
            Self::First(_) => 0,
            Self::Digits(_) => 1,
            Self::Letter(_) => 2,
            Self::Suffix(_) => 3,
            Self::SuffixNumber(_) => 4,
            Self::Commit(_) => 5,
            Self::Revision(_) => 6,
            Self::End => 7,
            Self::Broken => 8,
        }
    }

    fn is_before_release(&self) -> bool {
        matches!(self, Self::Suffix(suffix) if *suffix < RELEASE)
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::First(this), Self::First(that))
            | (Self::SuffixNumber(this), Self::SuffixNumber(that))
            | (Self::Revision(this), Self::Revision(that)) => number::compare(this, that),
            (Self::Digits(this), Self::Digits(that)) => {
                if this.starts_with('0') || that.starts_with('0') {
                    this.cmp(that)
                } else {
                    number::compare(this, that)
                }
            }
            (Self::Letter(this), Self::Letter(that)) => this.cmp(that),
            (Self::Suffix(this), Self::Suffix(that)) => this.cmp(that),
            (Self::Commit(this), Self::Commit(that)) => this.cmp(that),
            _ => other
                .is_before_release()
                .cmp(&self.is_before_release())
                .then_with(|| other.rank().cmp(&self.rank())),
        }
    }
}
