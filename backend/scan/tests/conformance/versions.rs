//! Which of two versions is later, and what is a version.

use crate::report::Report;
use plimsoll_scan::version::{Scheme, compare_segments};
use std::cmp::Ordering;

const SCHEMES: [(&str, Scheme); 15] = [
    ("alpm", Scheme::Alpm),
    ("apk", Scheme::Apk),
    ("cran", Scheme::Cran),
    ("deb", Scheme::Deb),
    ("gem", Scheme::Gem),
    ("go", Scheme::Go),
    ("hackage", Scheme::Hackage),
    ("maven", Scheme::Maven),
    ("npm", Scheme::Npm),
    ("nuget", Scheme::Nuget),
    ("packagist", Scheme::Packagist),
    ("pub", Scheme::Pub),
    ("pypi", Scheme::Pypi),
    ("rpm", Scheme::Rpm),
    ("semver", Scheme::Semver),
];

const VALID: [(&str, Scheme); 6] = [
    ("apk", Scheme::Apk),
    ("deb", Scheme::Deb),
    ("gem", Scheme::Gem),
    ("go-semver", Scheme::Go),
    ("npm", Scheme::Npm),
    ("pypi", Scheme::Pypi),
];

/// Rows of one peer's test that its family's own manual contradicts; no tool was at hand when the rows were checked.
const SET_ASIDE: [(&str, &str, &str); 1] = [
    // vercmp(8): 1.0rc < 1.0, and three rows beside this one say the same.
    ("alpm", "1.0.0alpha", "1.0.0"),
];

/// Judges every set of versions.
pub fn run(report: &mut Report) {
    for (name, scheme) in SCHEMES {
        order(report, name, |this, that| scheme.compare(this, that));
    }
    order(report, "rpmvercmp", |this, that| {
        Some(compare_segments(this, that))
    });
    for (name, scheme) in VALID {
        validity(report, name, scheme);
    }
}

fn order(report: &mut Report, name: &str, compare: impl Fn(&str, &str) -> Option<Ordering>) {
    let set = format!("versions/{name}");
    if !report.wants(&set) {
        return;
    }
    let Some(rows) = report.lines(&set, &format!("versions/{name}.jsonl")) else {
        return;
    };
    let (mut right, mut wrong) = (0, Vec::new());
    let (mut aside, mut unordered) = (0, 0);
    for row in &rows {
        let (this, that) = (row[1].as_str().unwrap(), row[2].as_str().unwrap());
        let expected = row[3].as_i64().unwrap().cmp(&0);
        if SET_ASIDE.contains(&(name, this, that)) {
            aside += 1;
            continue;
        }
        let both = (compare(this, that), compare(that, this));
        // Texts from before PEP 440 have no order: packaging refuses them, an advisory must list them.
        if name == "pypi" && both == (None, None) && row[5].is_null() {
            unordered += 1;
            continue;
        }
        if both == (Some(expected), Some(expected.reverse())) {
            right += 1;
        } else {
            wrong.push(format!(
                "{this:?} against {that:?} is {expected:?}, and back; we say {both:?} ({})",
                row[5]
            ));
        }
    }
    let mut more = String::new();
    if aside > 0 {
        more += &format!(", {aside} set aside: the family's manual says otherwise");
    }
    if unordered > 0 {
        more +=
            &format!(", {unordered} without an order: the standard refuses the text, and so do we");
    }
    report.judge(&set, right, &wrong, &more);
}

fn validity(report: &mut Report, name: &str, scheme: Scheme) {
    let set = format!("versions/validity/{name}");
    if !report.wants(&set) {
        return;
    }
    let Some(rows) = report.lines(&set, &format!("versions/validity/{name}.jsonl")) else {
        return;
    };
    let (mut right, mut wrong) = (0, Vec::new());
    for row in &rows {
        let (text, expected) = (row[1].as_str().unwrap(), row[2].as_bool().unwrap());
        if scheme.accepts(text) == expected {
            right += 1;
        } else {
            wrong.push(format!(
                "{text:?} is {}a version",
                if expected { "" } else { "not " }
            ));
        }
    }
    report.judge(&set, right, &wrong, "");
}
