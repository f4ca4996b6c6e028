//! Trivy's own expected findings, with its fixture advisories: the real images, systems rebuilt from its package lists, and repositories.

use crate::report::Report;
use plimsoll_scan::{
    Advisory,
    inventory::{self, Found, Inventory},
    layers::{FileSystem, Image, Layer, Limits, read_archive},
    lock,
    matching::Index,
};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs::{self, File},
    path::Path,
    sync::Arc,
};

/// Package, its version, advisory, the version that fixes it.
type Row = (String, String, String, String);

/// Reports whose difference has a reason of its own.
const OTHERWISE: [(&str, &str); 6] = [
    (
        "alpine-distroless",
        "the rebuilt system lacks the list of repositories that says it is of edge",
    ),
    (
        "ubi-7-comprehensive",
        "names a Python package that the rebuilt system does not hold",
    ),
    (
        "centos-7-medium",
        "filtered by severity, which the unfiltered report covers",
    ),
    (
        "gomod-vex",
        "filtered by VEX statements, which the unfiltered report covers",
    ),
    (
        "npm-ubuntu-severity",
        "the rows of another report with other severities",
    ),
    ("fluentd", "its gems are not in the rebuilt system"),
];

/// Rows that are ours alone or that tool's alone, each with the reason.
const EXPLAINED: [(&str, &str, &str); 6] = [
    (
        "centos-6",
        "CVE-2020-29573",
        "Red Hat's records name binary and source packages alike: glibc-common is built from glibc",
    ),
    (
        "gradle",
        "CVE-2020-9548",
        "the record ends with the last affected version and has no fix; that tool prints the feed's note",
    ),
    ("gradle", "CVE-2021-20190", "the same"),
    ("pubspec.lock", "CVE-2020-35669", "the same"),
    ("mix.lock", "CVE-2022-42975", "the same"),
    (
        "conan",
        "CVE-2020-14155",
        "the record is fixed in 8.44, and its note says 8.45",
    ),
];

/// Judges every report whose input is there.
pub fn run(report: &mut Report) {
    let set = "golden";
    if !report.wants(set) {
        return;
    }
    let Some(folder) = report.path(set, "golden") else {
        return;
    };
    let json = |name: &str| -> Vec<Value> {
        serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap()
    };
    let mut index = Index::default();
    for record in json("db-osv.json") {
        index.add(Advisory::read(record.to_string().as_bytes()).unwrap());
    }
    let expected = report.lines(set, "golden/expected.jsonl").unwrap();
    let (mut right, mut wrong, mut otherwise) = (0, Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for case in json("index.json") {
        let (name, input) = (
            case["golden"].as_str().unwrap(),
            case["input"].as_str().unwrap_or_default(),
        );
        if !seen.insert(name.to_owned()) || case["options"]["SkipDirs"].is_array() {
            continue;
        }
        let rows: BTreeSet<Row> = expected
            .iter()
            .filter(|row| row["report"] == name)
            .map(expectation)
            .collect();
        let ignores = case["options"]["IgnoreIDs"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let by_severity = case["options"]["Severity"].is_array();
        if let Some((_, reason)) = OTHERWISE.iter().find(|(part, _)| name.contains(part)) {
            otherwise.push(format!("{name}: {reason}"));
            continue;
        }
        let Some(taken) = take(&folder, input) else {
            if !rows.is_empty() {
                otherwise.push(format!("{name}: {input} is not in the vectors"));
            }
            continue;
        };
        if rows.is_empty() {
            continue;
        }
        let only_fixed = case["options"]["IgnoreUnfixed"] == true;
        let found: BTreeSet<Row> = findings(&index, &taken)
            .into_iter()
            .filter(|row| !ignores.iter().any(|id| *id == row.2))
            .filter(|row| !(only_fixed && row.3.is_empty()))
            .collect();
        let same = |ours: &Row, theirs: &Row| {
            let fixes = || theirs.3.split(", ").any(|fix| fix == ours.3);
            (&ours.0, &ours.1, &ours.2) == (&theirs.0, &theirs.1, &theirs.2) && fixes()
        };
        let is_explained = |row: &Row| {
            EXPLAINED
                .iter()
                .any(|(report, id, _)| name.contains(report) && row.2 == *id)
        };
        let missing: Vec<_> = rows
            .iter()
            .filter(|row| !is_explained(row) && !found.iter().any(|ours| same(ours, row)))
            .collect();
        let extra: Vec<_> = found
            .iter()
            .filter(|ours| !by_severity && !rows.iter().any(|row| same(ours, row)))
            .filter(|ours| !is_explained(ours))
            .collect();
        if missing.is_empty() && extra.is_empty() {
            right += rows.len();
        } else {
            wrong.push(format!("{name}: missing {missing:?}, extra {extra:?}"));
        }
    }
    report.judge(
        set,
        right,
        &wrong,
        &format!(", {} reports not judged", otherwise.len()),
    );
    for line in otherwise {
        println!("    not judged: {line}");
    }
}

fn expectation(row: &Value) -> Row {
    let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let installed = text("installed").trim_start_matches('v').to_owned();
    (text("pkg"), installed, text("id"), text("fixed"))
}

fn findings(index: &Index, taken: &Inventory) -> BTreeSet<Row> {
    let mut rows = BTreeSet::new();
    for found in taken.packages.iter().filter(|found| !found.is_owned) {
        let Ok(outcome) = index.matches(&found.package, taken.distribution.as_ref()) else {
            continue;
        };
        for finding in outcome.findings {
            // A vendor's advisory stands for the vulnerabilities that it passes on.
            let affected = finding.advisory.affected.first().unwrap();
            let passed_on = affected.ecosystem_specific["cves"]
                .as_array()
                .into_iter()
                .flatten();
            let mut ids: Vec<_> = passed_on
                .map(|id| id.as_str().unwrap().to_owned())
                .collect();
            if ids.is_empty() {
                ids.push(finding.advisory.id.clone());
            }
            let fixed = finding.fixed.unwrap_or_default();
            for id in ids {
                rows.insert((
                    found.package.name.clone(),
                    found.package.version.clone().unwrap(),
                    id,
                    fixed.strip_prefix("0:").unwrap_or(&fixed).to_owned(),
                ));
            }
        }
    }
    rows
}

/// The inventory of an input: a real archive, a rebuilt system, or a folder of lock files.
fn take(folder: &Path, input: &str) -> Option<Inventory> {
    let limits = Limits::default();
    let archive = folder.join(input);
    if input.starts_with("images/") && archive.exists() {
        let image = read_archive(
            File::open(archive).unwrap(),
            &limits,
            None,
            &inventory::Needs,
        )
        .unwrap();
        return Some(inventory::take(&image, &limits));
    }
    if let Some(name) = input.strip_prefix("images/") {
        let root = folder
            .join("reconstructed")
            .join(name.trim_end_matches(".tar.gz"));
        if !root.exists() {
            return None;
        }
        let mut layer = Layer::default();
        gather(&root, "", &mut |path, bytes| {
            layer.files.insert(path.to_owned(), bytes.into());
        });
        return Some(inventory::take(&image_of(layer), &limits));
    }
    let mut taken = Inventory::default();
    let repository = folder.join("fixtures").join(input);
    if !input.starts_with("repo/") || !repository.exists() {
        return None;
    }
    gather(&repository, "", &mut |path, bytes| {
        if let Some(packages) = lock::read(path, &bytes).filter(|_| !path.contains("node_modules/"))
        {
            taken
                .packages
                .extend(packages.unwrap().into_iter().map(|package| Found {
                    package,
                    path: path.to_owned(),
                    layer: 0,
                    is_owned: false,
                }));
        }
    });
    Some(taken)
}

fn image_of(layer: Layer) -> Image {
    let layers = vec![Arc::new(layer)];
    assert!(FileSystem::of(&layers).files().count() > 0);
    Image {
        id: String::new(),
        names: Vec::new(),
        platform: None,
        layers,
        steps: Vec::new(),
        labels: Default::default(),
    }
}

fn gather(folder: &Path, name: &str, visit: &mut dyn FnMut(&str, Vec<u8>)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap();
        let name = if name.is_empty() {
            file.to_owned()
        } else {
            format!("{name}/{file}")
        };
        if path.is_dir() {
            gather(&path, &name, visit);
        } else {
            visit(&name, fs::read(&path).unwrap());
        }
    }
}
