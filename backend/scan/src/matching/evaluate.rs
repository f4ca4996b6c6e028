//! OSV's evaluation of one version against one entry of an advisory.
//!
//! The standard sorts the events of a range and walks them. Here the last event that a version has passed is looked for instead,
//! which is the same where an order is total, and needs no sort where a family's tool contradicts itself.

use crate::{
    advisory::{Affected, Event, Range},
    version::{Scheme, Version},
};
use std::cmp::Ordering;

/// What an entry says of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is affected, and this is the first version that is not, if there is one.
    Affected {
        /// The fixed version, as the advisory writes it.
        fixed: Option<String>,
    },
    /// It is not.
    NotAffected,
    /// The version, or one in the advisory, has no place in the order.
    CannotTell,
}

/// Holds a version against an entry.
#[must_use]
pub fn evaluate(scheme: Scheme, version: &str, affected: &Affected) -> Verdict {
    hold(scheme, version, scheme.parse(version).as_ref(), affected)
}

/// The same with the version read already; `None` for one that has no place in the order.
pub(super) fn hold(
    scheme: Scheme,
    version: &str,
    parsed: Option<&Version>,
    affected: &Affected,
) -> Verdict {
    let listed = affected.versions.iter().any(|listed| listed == version);
    let mut verdict = Verdict::NotAffected;
    for range in affected.ranges.iter().filter(|range| range.kind != "GIT") {
        match parsed.and_then(|version| within(scheme, version, range)) {
            Some(Some(fixed)) => return Verdict::Affected { fixed },
            Some(None) => {}
            None => verdict = Verdict::CannotTell,
        }
    }
    if listed {
        Verdict::Affected {
            fixed: parsed.and_then(|version| first_fix(scheme, version, affected)),
        }
    } else {
        verdict
    }
}

/// Whether a range holds a version, then its fix; the outer `None` when an event has no place in the order.
#[expect(
    clippy::option_option,
    reason = "cannot tell, is not within, is within without a fix, and with one"
)]
fn within(scheme: Scheme, version: &Version, range: &Range) -> Option<Option<Option<String>>> {
    // The last event passed: its version (`None` is before every version), its rank among events of one version, and what it does.
    let mut last: Option<(Option<Version>, u8, bool)> = None;
    let (mut limits, mut below_a_limit) = (false, false);
    let mut next: Option<(&str, Version)> = None;
    for event in &range.events {
        let (text, rank, starts) = match event {
            Event::Introduced(text) => (text, 0, true),
            Event::Fixed(text) => (text, 1, false),
            Event::LastAffected(text) => (text, 2, false),
            Event::Limit(text) => {
                limits = true;
                below_a_limit |= text == "*" || version.compare(&scheme.parse(text)?)?.is_lt();
                continue;
            }
        };
        let place = if starts && text == "0" {
            None
        } else {
            Some(scheme.parse(text)?)
        };
        let passed = match (&place, event) {
            (None, _) => true,
            (Some(place), Event::LastAffected(_)) => version.compare(place)?.is_gt(),
            (Some(place), _) => version.compare(place)?.is_ge(),
        };
        if !passed {
            // The first fix that is still to come is the one to name.
            if let (Event::Fixed(text), Some(place)) = (event, place)
                && next
                    .as_ref()
                    .is_none_or(|(_, next)| place.compare(next).is_some_and(Ordering::is_lt))
            {
                next = Some((text, place));
            }
            continue;
        }
        let is_later = match &last {
            None => true,
            Some((before, before_rank, _)) => {
                let ordering = match (&place, before) {
                    (None, None) => Ordering::Equal,
                    (None, Some(_)) => Ordering::Less,
                    (Some(_), None) => Ordering::Greater,
                    (Some(place), Some(before)) => place.compare(before)?,
                };
                ordering.then(rank.cmp(before_rank)).is_ge()
            }
        };
        if is_later {
            last = Some((place, rank, starts));
        }
    }
    let is_within = last.is_some_and(|(_, _, starts)| starts) && (!limits || below_a_limit);
    Some(is_within.then(|| next.map(|(text, _)| text.to_owned())))
}

/// The first fix after a version in one range.
fn next_fix(scheme: Scheme, version: &Version, range: &Range) -> Option<String> {
    let mut first: Option<(&str, Version)> = None;
    for event in &range.events {
        if let Event::Fixed(text) = event
            && let Some(fix) = scheme.parse(text)
            && fix.compare(version).is_some_and(Ordering::is_gt)
            && first
                .as_ref()
                .is_none_or(|(_, first)| fix.compare(first).is_some_and(Ordering::is_lt))
        {
            first = Some((text, fix));
        }
    }
    first.map(|(text, _)| text.to_owned())
}

fn first_fix(scheme: Scheme, version: &Version, affected: &Affected) -> Option<String> {
    affected
        .ranges
        .iter()
        .filter(|range| range.kind != "GIT")
        .find_map(|range| next_fix(scheme, version, range))
}

/// The later of two fixes; no fix is later than any, since it says that a part is still open.
pub(super) fn later(scheme: Scheme, this: Option<String>, that: Option<String>) -> Option<String> {
    let (this, that) = (this?, that?);
    if scheme.compare(&this, &that).is_some_and(Ordering::is_lt) {
        Some(that)
    } else {
        Some(this)
    }
}
