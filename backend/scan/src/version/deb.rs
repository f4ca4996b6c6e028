//! Versions of Debian packages: deb-version(7).
//!
//! Read in place, without a regular expression per version: a scan of a full system compares hundreds of thousands.

use super::{Versioning, number};
use std::cmp::Ordering;

/// Epoch, upstream version and revision.
#[derive(Debug, Clone)]
pub(super) struct Deb<'a> {
    epoch: u32,
    upstream: &'a str,
    revision: &'a str,
}

impl<'a> Versioning<'a> for Deb<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let (epoch, rest) = match text.split_once(':') {
            Some((epoch, rest)) if number::is_number(epoch) => (epoch.parse().ok()?, rest),
            Some(_) => return None,
            None => (0, text),
        };
        let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, ""));
        let printable = rest.bytes().all(|byte| byte.is_ascii_graphic());
        (!upstream.is_empty() && printable).then_some(Self {
            epoch,
            upstream,
            revision,
        })
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.epoch
            .cmp(&other.epoch)
            .then_with(|| compare_part(self.upstream, other.upstream))
            .then_with(|| compare_part(self.revision, other.revision))
    }

    fn accepts(text: &'a str) -> bool {
        let allowed = |part: &str, more: &[u8]| {
            part.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte))
        };
        Self::parse(text).is_some_and(|version| {
            version
                .upstream
                .starts_with(|first: char| first.is_ascii_digit())
                && allowed(version.upstream, b".+-:~_")
                && allowed(version.revision, b".+~_")
        })
    }
}

/// Runs of other characters and runs of digits in turn, the first difference decides.
fn compare_part(mut this: &str, mut that: &str) -> Ordering {
    while !this.is_empty() || !that.is_empty() {
        let (these, this_rest) = number::split_while(this, |byte| !byte.is_ascii_digit());
        let (those, that_rest) = number::split_while(that, |byte| !byte.is_ascii_digit());
        let longest = these.len().max(those.len());
        let weight = |run: &str, at: usize| run.as_bytes().get(at).map_or(0, |byte| weight(*byte));
        let (digits, this_rest) = number::split_while(this_rest, |byte| byte.is_ascii_digit());
        let (others, that_rest) = number::split_while(that_rest, |byte| byte.is_ascii_digit());
        let ordering = (0..longest)
            .map(|at| weight(these, at).cmp(&weight(those, at)))
            .find(|ordering| ordering.is_ne())
            .unwrap_or_else(|| number::compare(digits, others));
        if ordering.is_ne() {
            return ordering;
        }
        (this, that) = (this_rest, that_rest);
    }
    Ordering::Equal
}

/// A tilde is before the end, letters are before everything else.
fn weight(byte: u8) -> i16 {
    match byte {
        b'~' => -1,
        byte if byte.is_ascii_alphabetic() => byte.into(),
        byte => i16::from(byte) + 256,
    }
}
