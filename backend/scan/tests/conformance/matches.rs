//! Which advisories apply to a version of a package: the whole answer, nothing missing and nothing extra.

use crate::{feed, report::Report};
use plimsoll_scan::matching::Key;
use std::collections::BTreeSet;

const ECOSYSTEMS: [&str; 11] = [
    "AlmaLinux",
    "Alpine",
    "Debian",
    "Go",
    "Maven",
    "Packagist",
    "PyPI",
    "RubyGems",
    "Ubuntu",
    "crates.io",
    "npm",
];

/// Judges every set of matches.
pub fn run(report: &mut Report) {
    for ecosystem in ECOSYSTEMS {
        let set = format!("match/{ecosystem}");
        if !report.wants(&set) {
            continue;
        }
        let (Some(rows), Some(index)) = (
            report.lines(&set, &format!("match/{ecosystem}.jsonl")),
            feed::index(report, &set, ecosystem),
        ) else {
            continue;
        };
        let (mut right, mut wrong) = (0, Vec::new());
        for row in &rows {
            let text = |at: usize| row[at].as_str().unwrap();
            let key = Key::of(text(0), text(1), text(2)).unwrap();
            let outcome = index.about(&[key]);
            let expected: BTreeSet<_> = row[3]
                .as_array()
                .unwrap()
                .iter()
                .map(|id| id.as_str().unwrap())
                .collect();
            let found: BTreeSet<_> = outcome
                .findings
                .iter()
                .map(|finding| finding.advisory.id.as_str())
                .collect();
            if found == expected {
                right += 1;
            } else {
                let missing: Vec<_> = expected.difference(&found).collect();
                let extra: Vec<_> = found.difference(&expected).collect();
                wrong.push(format!(
                    "{} {} {}: missing {missing:?}, extra {extra:?}",
                    row[0], row[1], row[2]
                ));
            }
        }
        report.judge(&set, right, &wrong, "");
    }
}
