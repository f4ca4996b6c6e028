//! Versions of Composer packages, ordered as composer/semver does: normalised to four numbers, then PHP's `version_compare`.

use super::{Versioning, number};
use std::cmp::Ordering;

/// A version in parts of digits or letters.
#[derive(Debug, Clone)]
pub(super) struct Packagist(Vec<String>);

impl Versioning<'_> for Packagist {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        Some(Self(match normalize(text) {
            Some(text) => canonical(&text),
            None => padded(canonical(text.trim_start_matches(['v', 'V']))),
        }))
    }

    fn compare(&self, other: &Self) -> Ordering {
        let place = |version: &Self, at: usize| version.0.get(at).map_or(END, |part| place(part));
        let part = |version: &'_ Self, at: usize| version.0.get(at).cloned().unwrap_or_default();
        (0..self.0.len().max(other.0.len()))
            .map(|at| {
                let (this, that) = (place(self, at), place(other, at));
                this.cmp(&that).then_with(|| {
                    if this == NUMBER {
                        number::compare(&part(self, at), &part(other, at))
                    } else {
                        Ordering::Equal
                    }
                })
            })
            .find(|ordering| ordering.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    fn accepts(text: &str) -> bool {
        normalize(text.trim()).is_some()
    }
}

const END: u8 = 5;
const NUMBER: u8 = 6;

/// Where a part stands among others: unknown words first, then those of pre-releases, the end, numbers, patches.
fn place(part: &str) -> u8 {
    if number::is_number(part) {
        return NUMBER;
    }
    let forms = [
        ("dev", 1),
        ("alpha", 2),
        ("beta", 3),
        ("RC", 4),
        ("rc", 4),
        ("pl", 7),
        ("p", 7),
        ("a", 2),
        ("b", 3),
    ];
    forms
        .iter()
        .find(|(form, _)| part.starts_with(form))
        .map_or(0, |(_, place)| *place)
}

/// Parts of digits or letters, as `version_compare` splits.
fn canonical(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut last = None;
    for next in text.chars() {
        let kind = match next {
            '.' | '-' | '_' | '+' | '#' => None,
            next => Some(next.is_ascii_digit()),
        };
        match (kind, parts.last_mut()) {
            (None, _) => {}
            (kind, Some(part)) if kind == last => part.push(next),
            _ => parts.push(next.to_string()),
        }
        last = kind;
    }
    parts
}

/// What Composer refuses still has four numbers where it starts with one.
fn padded(mut parts: Vec<String>) -> Vec<String> {
    let numbers = parts
        .iter()
        .take_while(|part| number::is_number(part))
        .count();
    if numbers > 0 {
        for at in numbers..4 {
            parts.insert(at, "0".to_owned());
        }
    }
    parts
}

/// The normal form of `VersionParser::normalize`; `None` where Composer refuses the text.
fn normalize(text: &str) -> Option<String> {
    let text = text.split_once(" as ").map_or(text, |(version, _)| version);
    let text = strip_stability(text);
    if ["master", "trunk", "default"].contains(&text) {
        return Some(format!("dev-{text}"));
    }
    if text
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("dev-"))
    {
        return Some(format!("dev-{}", &text[4..]));
    }
    let text = match text.split_once('+') {
        Some((version, build)) if !build.is_empty() && !build.contains(char::is_whitespace) => {
            version
        }
        _ => text,
    };
    classical(text)
        .or_else(|| dated(text))
        .or_else(|| branch(text))
}

fn strip_stability(text: &str) -> &str {
    match text.rsplit_once('@') {
        Some((version, flag))
            if ["stable", "rc", "beta", "alpha", "dev"]
                .contains(&flag.to_ascii_lowercase().as_str()) =>
        {
            version
        }
        _ => text,
    }
}

/// Up to four numbers, the first of at most five digits, and a modifier.
fn classical(text: &str) -> Option<String> {
    let (first, mut rest) = digits(text.strip_prefix(['v', 'V']).unwrap_or(text));
    if first.is_empty() || first.len() > 5 {
        return None;
    }
    let mut version = first.to_owned();
    for _ in 0..3 {
        let (number, after) = rest.strip_prefix('.').map_or(("", rest), digits);
        version.push('.');
        version.push_str(if number.is_empty() { "0" } else { number });
        if !number.is_empty() {
            rest = after;
        }
    }
    Some(version + &modifier(rest)?)
}

/// A date: four digits, then groups of two, then perhaps shorter ones.
fn dated(text: &str) -> Option<String> {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let (year, mut rest) = split_digits(text, 4, 4)?;
    let mut version = year.to_owned();
    let mut groups = 0;
    while groups < 8 {
        let inner = rest.strip_prefix(['.', ':', '-']).unwrap_or(rest);
        let separated = inner.len() < rest.len();
        let group = if groups < 6 {
            split_digits(inner, 2, 2)
        } else {
            None
        };
        let Some((digits, after)) =
            group.or_else(|| split_digits(inner, 1, 3).filter(|_| groups > 0))
        else {
            break;
        };
        // Composer turns separators into dots; digits that touch stay one number.
        if separated {
            version.push('.');
        }
        version.push_str(digits);
        rest = after;
        groups += 1;
    }
    (groups > 0).then_some(())?;
    Some(version + &modifier(rest)?)
}

/// `1.x-dev` and the like: the open places count as large numbers.
fn branch(text: &str) -> Option<String> {
    let name = text.len().checked_sub(3).and_then(|at| text.get(at..));
    name.filter(|end| end.eq_ignore_ascii_case("dev"))?;
    let name = text[..text.len() - 3].trim_end_matches(['.', '-']);
    let parts: Vec<_> = name
        .strip_prefix(['v', 'V'])
        .unwrap_or(name)
        .split('.')
        .collect();
    let open = |part: &str| ["x", "X", "*"].contains(&part);
    if parts.len() > 4 || !number::is_number(parts[0]) {
        return Some(format!("dev-{name}"));
    }
    if !parts
        .iter()
        .all(|part| number::is_number(part) || open(part))
    {
        return Some(format!("dev-{name}"));
    }
    let numbers: Vec<_> = (0..4)
        .map(|at| {
            parts
                .get(at)
                .copied()
                .filter(|part| !open(part))
                .unwrap_or("9999999")
        })
        .collect();
    Some(numbers.join(".") + "-dev")
}

/// `-beta.2`, `RC1`, `-patch3`, `-dev`, in the form that `version_compare` orders.
fn modifier(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let mut rest = lower.as_str();
    let mut out = String::new();
    let words = [
        "stable", "beta", "b", "rc", "alpha", "a", "patch", "pl", "p",
    ];
    let start = rest.strip_prefix(['.', '_', '-']).unwrap_or(rest);
    let found = words.iter().find_map(|word| {
        let (numbers, after) = trailing_numbers(start.strip_prefix(word)?);
        (after.is_empty() || is_dev(after)).then_some((*word, numbers, after))
    });
    if let Some((word, numbers, after)) = found {
        if word == "stable" {
            return Some(String::new());
        }
        let word = match word {
            "a" => "alpha",
            "b" => "beta",
            "p" | "pl" => "patch",
            "rc" => "RC",
            word => word,
        };
        out = format!("-{word}{}", numbers.trim_start_matches(['.', '-']));
        rest = after;
    }
    if is_dev(rest) {
        out.push_str("-dev");
        rest = "";
    }
    // A separator alone is a modifier without a word.
    (rest.is_empty() || ["-", ".", "_"].contains(&rest)).then_some(out)
}

fn is_dev(text: &str) -> bool {
    ["dev", "-dev", ".dev"].contains(&text)
}

/// Numbers, each perhaps after a dot or hyphen.
fn trailing_numbers(text: &str) -> (&str, &str) {
    let mut rest = text;
    loop {
        let inner = rest.strip_prefix(['.', '-']).unwrap_or(rest);
        let (number, after) = digits(inner);
        if number.is_empty() {
            return (&text[..text.len() - rest.len()], rest);
        }
        rest = after;
    }
}

fn digits(text: &str) -> (&str, &str) {
    number::split_while(text, |byte| byte.is_ascii_digit())
}

fn split_digits(text: &str, least: usize, most: usize) -> Option<(&str, &str)> {
    let count = digits(text).0.len();
    (count >= least).then(|| text.split_at(count.min(most)))
}
