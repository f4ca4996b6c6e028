//! Real lock files and databases, from the bytes to every finding.

use crate::{feed, report::Report};
use plimsoll_scan::{
    Kind, Package, Source, dpkg, lock,
    matching::{Index, keys},
    os_release::{self, Distribution},
    rpm,
};
use serde_json::Value;
use std::{collections::BTreeMap, collections::BTreeSet, fs, path::Path};

/// What one case compares: package, version, advisory.
type Row = (String, String, String);

/// Judges every case.
pub fn run(report: &mut Report) {
    let set = "e2e";
    if !report.wants(set) {
        return;
    }
    let Some(folder) = report.path(set, "e2e") else {
        return;
    };
    let mut cases: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    let mut indices: BTreeMap<String, Option<Index>> = BTreeMap::new();
    let (mut right, mut wrong, mut findings) = (0, Vec::new(), 0);
    for case in cases {
        let expected: Value =
            serde_json::from_slice(&fs::read(case.join("expected.json")).unwrap()).unwrap();
        let ecosystem = expected["ecosystem"].as_str().unwrap();
        let base = ecosystem.split(':').next().unwrap().to_owned();
        let index = indices
            .entry(base.clone())
            .or_insert_with(|| feed::index(report, set, &base));
        let Some(index) = index else { continue };
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        match judge(report, &case, &expected, index) {
            Ok(count) => {
                right += 1;
                findings += count;
            }
            Err(what) => wrong.push(format!("{name}: {what}")),
        }
    }
    report.judge(set, right, &wrong, &format!(", {findings} findings equal"));
}

fn judge(report: &Report, case: &Path, expected: &Value, index: &Index) -> Result<usize, String> {
    let ecosystem = expected["ecosystem"].as_str().unwrap();
    let (packages, distribution) = match expected["file"].as_str() {
        Some(file) => {
            let bytes = fs::read(case.join(file)).unwrap();
            let packages = lock::read(file, &bytes).ok_or("its file is no lock file")?;
            (packages.map_err(|error| error.to_string())?, None)
        }
        None => (
            system(report, case, expected),
            Some(distribution(ecosystem)),
        ),
    };
    let unclear: BTreeSet<Row> = rows(&expected["unparsable"]);
    let (mut found, mut cannot_tell) = (BTreeSet::new(), BTreeSet::new());
    for package in &packages {
        let Ok(mut keys) = keys(package, distribution.as_ref()) else {
            continue;
        };
        // The reference answer knows of no streams; that they are told apart has a test of its own.
        for key in &mut keys {
            *key = key.clone().of_any_stream();
        }
        let outcome = index.about(&keys);
        let version = package.version.clone().unwrap();
        let row = |id: &str| (package.name.clone(), version.clone(), id.to_owned());
        found.extend(
            outcome
                .findings
                .iter()
                .map(|finding| row(&finding.advisory.id)),
        );
        cannot_tell.extend(outcome.unclear.iter().map(|advisory| row(&advisory.id)));
    }
    let expected_rows = rows(&expected["findings"]);
    if found == expected_rows && cannot_tell == unclear {
        return Ok(found.len());
    }
    let missing: Vec<_> = expected_rows.difference(&found).take(3).collect();
    let extra: Vec<_> = found.difference(&expected_rows).take(3).collect();
    let unclear: Vec<_> = unclear.symmetric_difference(&cannot_tell).take(3).collect();
    Err(format!(
        "{} of {} found; missing {missing:?}, extra {extra:?}, unclear in one only {unclear:?}",
        found.len(),
        expected_rows.len()
    ))
}

fn rows(list: &Value) -> BTreeSet<Row> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = list.as_array().into_iter().flatten();
    rows.map(|row| (text(&row[0]), text(&row[1]), text(&row[2])))
        .collect()
}

/// The packages of a system: from its database where the vectors hold one, from the reference's list else.
fn system(report: &Report, case: &Path, expected: &Value) -> Vec<Package> {
    let origin = expected["origin"].as_str().unwrap();
    let file = origin.split_ascii_whitespace().next().unwrap();
    if case.join("status").exists() {
        return dpkg::read_status(&fs::read(case.join("status")).unwrap()).unwrap();
    }
    if file.ends_with("/status") {
        let path = report.path("e2e", file).unwrap();
        return dpkg::read_status(&fs::read(path).unwrap()).unwrap();
    }
    if file.starts_with("packages/rpm") {
        let folder = report.path("e2e", file).unwrap();
        let database = rpm::FILES
            .iter()
            .map(|name| folder.join(name))
            .find(|path| path.exists());
        return rpm::read(&fs::read(database.unwrap()).unwrap()).unwrap();
    }
    let kind = if expected["ecosystem"]
        .as_str()
        .unwrap()
        .starts_with("Alpine")
    {
        Kind::Apk
    } else {
        Kind::Deb
    };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    expected["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let mut package = Package::new(kind, text(&row[0]), text(&row[1]));
            package.source = Some(Source {
                name: text(&row[2]),
                version: Some(text(&row[3])),
            });
            package
        })
        .collect()
}

fn distribution(ecosystem: &str) -> Distribution {
    let (name, release) = ecosystem.split_once(':').unwrap();
    let text = format!(
        "ID={}\nVERSION_ID={}\n",
        name.to_lowercase(),
        release.trim_start_matches('v')
    );
    os_release::read("etc/os-release", text.as_bytes()).unwrap()
}
