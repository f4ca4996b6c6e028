//! Versions of Ruby gems, ordered as `Gem::Version` does.

use super::{Versioning, number};
use std::cmp::Ordering;

/// Segments of digits or letters, without the zeros that end the numbers before the first letters, or end the version.
///
/// The platform of a gem (`-x86_64-linux`) is no part of its version; whoever reads a lock file takes it off.
#[derive(Debug, Clone)]
pub(super) struct Gem<'a>(Vec<&'a str>);

impl<'a> Versioning<'a> for Gem<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let starts = text.is_empty() || text.starts_with(|first: char| first.is_ascii_digit());
        let (main, pre) = parts(text);
        if !starts
            || !(text.is_empty() || words(main, false))
            || !pre.is_none_or(|pre| words(pre, true))
        {
            return None;
        }
        let mut segments = Vec::new();
        for (nth, part) in text.split('-').enumerate() {
            if nth > 0 {
                segments.push("pre");
            }
            let mut rest = part;
            while let Some(first) = rest.bytes().next() {
                let digits = first.is_ascii_digit();
                let belongs = |byte: u8| byte != b'.' && byte.is_ascii_digit() == digits;
                let (segment, after) = number::split_while(rest, belongs);
                if !segment.is_empty() {
                    segments.push(segment);
                }
                rest = after.strip_prefix('.').unwrap_or(after);
            }
        }
        let letters = segments
            .iter()
            .position(|segment| !number::is_number(segment))
            .unwrap_or(segments.len());
        let mut tail = segments.split_off(letters);
        drop_zeros(&mut segments);
        drop_zeros(&mut tail);
        segments.append(&mut tail);
        Some(Self(segments))
    }

    fn compare(&self, other: &Self) -> Ordering {
        let segment = |version: &Self, at: usize| version.0.get(at).copied().unwrap_or("0");
        (0..self.0.len().max(other.0.len()))
            .map(|at| compare_segments(segment(self, at), segment(other, at)))
            .find(|ordering| ordering.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    /// The first word must be a number alone; older gems exist where it is not, as `1beta`.
    fn accepts(text: &'a str) -> bool {
        let first = parts(text.trim()).0.split('.').next().unwrap_or_default();
        Self::parse(text).is_some() && first.bytes().all(|byte| byte.is_ascii_digit())
    }
}

fn parts(text: &str) -> (&str, Option<&str>) {
    match text.split_once('-') {
        Some((main, pre)) => (main, Some(pre)),
        None => (text, None),
    }
}

/// Dotted words, none empty, of letters and digits.
fn words(text: &str, hyphens: bool) -> bool {
    text.split('.').all(|word| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || (hyphens && byte == b'-'))
    })
}

fn drop_zeros(segments: &mut Vec<&str>) {
    while segments
        .last()
        .is_some_and(|last| number::is_number(last) && number::trim(last).is_empty())
    {
        segments.pop();
    }
}

fn compare_segments(this: &str, that: &str) -> Ordering {
    match (number::is_number(this), number::is_number(that)) {
        (true, true) => number::compare(this, that),
        (false, false) => this.cmp(that),
        (this, that) => this.cmp(&that),
    }
}
