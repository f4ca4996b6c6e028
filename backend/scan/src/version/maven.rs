//! Versions of Maven artifacts, ordered as `ComparableVersion` of maven-artifact 3.8 does.
//!
//! That class builds lists within lists, each the last item of the one around it; here they are a chain, so that nothing recurses.

use super::{Versioning, number};
use std::cmp::Ordering;

/// The lists from the outermost inwards.
#[derive(Debug, Clone)]
pub(super) struct Maven(Vec<Vec<Item>>);

#[derive(Debug, Clone)]
enum Item {
    /// Digits without leading zeros; empty for zero.
    Number(String),
    /// Place in [`QUALIFIERS`], or [`UNKNOWN`] and the word.
    Word(usize, String),
}

/// Known words in their order; `RELEASE` is that of no word at all.
const QUALIFIERS: [&str; 7] = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];
const RELEASE: usize = 5;
const UNKNOWN: usize = QUALIFIERS.len();

impl Versioning<'_> for Maven {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let mut lists = vec![Vec::new()];
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let digits = rest.starts_with(|first: char| first.is_ascii_digit());
            let end = rest
                .find(|next: char| matches!(next, '.' | '-') || next.is_ascii_digit() != digits)
                .unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            let list = lists.last()?;
            let next = after.chars().next();
            // A word that ends the version, or that digits touch, is a list of its own: `1.rc1` is `1-rc1`.
            let alone = !digits && !run.is_empty() && !matches!(next, Some('.' | '-'));
            if alone && !list.is_empty() {
                lists.push(Vec::new());
            }
            let list = lists.last_mut()?;
            list.push(if run.is_empty() {
                Item::Number(String::new())
            } else if digits {
                Item::Number(number::trim(run).to_owned())
            } else {
                word(run, next.is_some_and(|next| next.is_ascii_digit()))
            });
            match next {
                Some('.') => {}
                Some(_) => lists.push(Vec::new()),
                None => {}
            }
            rest = after.strip_prefix(['.', '-']).unwrap_or(after);
        }
        normalize(&mut lists);
        (!text.is_empty()).then_some(Self(lists))
    }

    fn compare(&self, other: &Self) -> Ordering {
        let (mut these, mut those) = (self.0.iter(), other.0.iter());
        loop {
            let (this, that) = match (these.next(), those.next()) {
                (None, None) => return Ordering::Equal,
                (this, that) => (this, that),
            };
            let (Some(this), Some(that)) = (this, that) else {
                let left = this.into_iter().chain(these).flatten();
                let right = that.into_iter().chain(those).flatten();
                return against_nothing(left).then(against_nothing(right).reverse());
            };
            let shared = this.len().min(that.len());
            let ordering = this
                .iter()
                .zip(that)
                .map(|(this, that)| this.compare(that))
                .find(|ordering| ordering.is_ne());
            if let Some(ordering) = ordering {
                return ordering;
            }
            let (left, right) = (&this[shared..], &that[shared..]);
            if left.is_empty() && right.is_empty() {
                continue;
            }
            // One list has more items where the other has its inner list, or nothing.
            return if right.is_empty() {
                longer(left, these.as_slice(), those.as_slice())
            } else {
                longer(right, those.as_slice(), these.as_slice()).reverse()
            };
        }
    }
}

/// `left` and what follows it, held against the inner lists of the shorter side.
fn longer(left: &[Item], after: &[Vec<Item>], inner: &[Vec<Item>]) -> Ordering {
    let rest = left.iter().chain(after.iter().flatten());
    match (&left[0], inner.is_empty()) {
        (_, true) => against_nothing(rest),
        (Item::Number(_), false) => Ordering::Greater,
        (Item::Word(..), false) => Ordering::Less,
    }
}

fn against_nothing<'a>(items: impl IntoIterator<Item = &'a Item>) -> Ordering {
    items
        .into_iter()
        .map(|item| match item {
            Item::Number(digits) => digits.len().cmp(&0),
            Item::Word(place, _) => place.cmp(&RELEASE),
        })
        .find(|ordering| ordering.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// Takes off what says nothing: zeros and release words that end a list, and lists that are left empty.
fn normalize(lists: &mut Vec<Vec<Item>>) {
    for list in lists.iter_mut() {
        while list.last().is_some_and(Item::is_null) {
            list.pop();
        }
    }
    while lists.last().is_some_and(Vec::is_empty) {
        lists.pop();
    }
}

fn word(text: &str, before_digit: bool) -> Item {
    let text = match text {
        "a" if before_digit => "alpha",
        "b" if before_digit => "beta",
        "m" if before_digit => "milestone",
        "ga" | "final" | "release" => "",
        "cr" => "rc",
        text => text,
    };
    match QUALIFIERS.iter().position(|known| *known == text) {
        Some(place) => Item::Word(place, String::new()),
        None => Item::Word(UNKNOWN, text.to_owned()),
    }
}

impl Item {
    fn is_null(&self) -> bool {
        match self {
            Self::Number(digits) => digits.is_empty(),
            Self::Word(place, _) => *place == RELEASE,
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(this), Self::Number(that)) => number::compare(this, that),
            (Self::Number(_), Self::Word(..)) => Ordering::Greater,
            (Self::Word(..), Self::Number(_)) => Ordering::Less,
            (Self::Word(this, text), Self::Word(that, other)) => {
                this.cmp(that).then_with(|| text.cmp(other))
            }
        }
    }
}
