//! Which packages a database or a lock file holds, and which distribution a file system says it is.

use crate::report::Report;
use plimsoll_scan::{Package, Unreadable, apk, dpkg, os_release, rpm};
use serde_json::Value;
use std::{collections::BTreeSet, fs, path::Path};

type Read = Result<Vec<Package>, Unreadable>;

/// Cases of another tool whose expectation is its own choice and not ours, with the reason.
const OTHERWISE: [(&str, &str); 2] = [
    (
        "statusfield including not installed",
        "an option of that tool: what is not installed is not in the image",
    ),
    (
        "TestParseRpmDB:",
        "a list printed by a program, not a database",
    ),
];

/// Judges every database of the system's packages.
pub fn run(report: &mut Report) {
    distributions(report);
    databases(report, "dpkg", |path, bytes| match path {
        path if path.contains("status.d/") && path.ends_with(".md5sums") => Ok(Vec::new()),
        path if path.contains("status.d/") => dpkg::read_status_d(bytes),
        _ => dpkg::read_status(bytes),
    });
    databases(report, "apk", |_, bytes| apk::read(bytes));
    databases(report, "rpm", |path, bytes| {
        if path.ends_with("package.header") {
            rpm::read_header(bytes).map(|package| package.into_iter().collect())
        } else {
            rpm::read(bytes)
        }
    });
    dpkg_query(report);
    apk_rootfs(report);
}

fn distributions(report: &mut Report) {
    let set = "os-release";
    if !report.wants(set) {
        return;
    }
    let Some(folder) = report.path(set, "os-release/grype") else {
        return;
    };
    let expected: Vec<Value> =
        serde_json::from_slice(&fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let (mut right, mut wrong) = (0, Vec::new());
    for case in &expected {
        let name = case["Name"]
            .as_str()
            .unwrap()
            .trim_start_matches("testdata/");
        let found = os_release::PATHS.iter().find_map(|path| {
            let bytes = fs::read(folder.join(name).join(path)).ok()?;
            os_release::read(path, &bytes)
        });
        let is_right = found.as_ref().is_some_and(|found| {
            let squeezed = |text: &str| text.to_lowercase().replace([' ', '-'], "");
            let family = squeezed(case["Type"].as_str().unwrap());
            let title = squeezed(found.family.title());
            let same = title.contains(&family)
                || [
                    ("redhat", "redhatenterpriselinux"),
                    ("sles", "suselinuxenterprise"),
                    ("oraclelinux", "oraclelinux"),
                ]
                .contains(&(family.as_str(), title.as_str()));
            same && found.version.as_deref() == case["Version"].as_str()
                && case["LabelVersion"].as_str().is_none_or(|label| {
                    [found.codename.as_deref(), found.version.as_deref()].contains(&Some(label))
                })
        });
        if is_right {
            right += 1;
        } else {
            wrong.push(format!("{case} is taken for {found:?}"));
        }
    }
    report.judge(set, right, &wrong, "");
}

/// Name and version as the tool of the case writes them: some keep epoch and release apart.
fn wanted(package: &Value) -> (String, String) {
    let text = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
    let epoch = package["epoch"]
        .as_u64()
        .or(package["metadata"]["Epoch"].as_u64());
    let mut version = text("version");
    if let Some(release) = package["release"].as_str() {
        version = format!("{version}-{release}");
    }
    if let Some(epoch) = epoch.filter(|epoch| *epoch > 0) {
        version = format!("{epoch}:{version}");
    }
    (text("name"), version)
}

fn databases(report: &mut Report, ecosystem: &str, read: impl Fn(&str, &[u8]) -> Read) {
    let set = format!("packages/{ecosystem}");
    if !report.wants(&set) {
        return;
    }
    let Some(index) = report.path(&set, &format!("packages/{ecosystem}/index.json")) else {
        return;
    };
    let folder = index.ancestors().nth(2).unwrap();
    let cases: Vec<Value> = serde_json::from_slice(&fs::read(&index).unwrap()).unwrap();
    let (mut right, mut wrong, mut otherwise) = (0, Vec::new(), Vec::new());
    for case in &cases {
        let (file, test) = (
            case["files"][0].as_str().unwrap(),
            case["test"].as_str().unwrap(),
        );
        if let Some((_, reason)) = OTHERWISE.iter().find(|(part, _)| test.ends_with(part)) {
            otherwise.push(format!("{file}: {reason}"));
            continue;
        }
        let found = read(file, &fs::read(folder.join(file)).unwrap());
        match judge(case, &found) {
            Ok(()) => right += 1,
            Err(what) => wrong.push(format!("{file} ({test}): {what}")),
        }
    }
    let aside = match otherwise.len() {
        0 => String::new(),
        count => format!(", {count} not judged"),
    };
    report.judge(&set, right, &wrong, &aside);
    for line in otherwise {
        println!("    not judged: {line}");
    }
}

fn judge(case: &Value, found: &Read) -> Result<(), String> {
    let expected: BTreeSet<_> = case["expected"]
        .as_array()
        .unwrap()
        .iter()
        .map(wanted)
        .filter(|(name, _)| name != "gpg-pubkey")
        .collect();
    match found {
        Err(_) if case["expect_error"] == true && expected.is_empty() => Ok(()),
        Err(error) => Err(error.to_string()),
        Ok(found) if case["expect_error"] == true && expected.is_empty() => Err(format!(
            "an error was due, {} packages were found",
            found.len()
        )),
        Ok(found) => compare(&expected, found),
    }
}

fn compare(expected: &BTreeSet<(String, String)>, found: &[Package]) -> Result<(), String> {
    let found: BTreeSet<_> = found
        .iter()
        .map(|package| {
            let version = package.version.clone().unwrap_or_default();
            let version = version.strip_prefix("0:").unwrap_or(&version).to_owned();
            (package.name.clone(), version)
        })
        .collect();
    if *expected == found {
        return Ok(());
    }
    let missing: Vec<_> = expected.difference(&found).take(3).collect();
    let extra: Vec<_> = found.difference(expected).take(3).collect();
    Err(format!("missing {missing:?}, extra {extra:?}"))
}

/// Name, version, architecture, source and its version of real systems, as `dpkg-query` lists them. (The third list beside these is vcpkg's and lies at no
/// path of dpkg's.)
fn dpkg_query(report: &mut Report) {
    let set = "packages/dpkg-query";
    if !report.wants(set) {
        return;
    }
    let files = [
        (
            "claircore/postgresql.status",
            "claircore/postgresql.status.expected.jsonl",
        ),
        (
            "claircore/texlive.status",
            "claircore/texlive.status.expected.jsonl",
        ),
        ("viking_nginx/status", "viking_nginx/status.expected.jsonl"),
        (
            "this-machine-bookworm/status",
            "this-machine-bookworm/expected.jsonl",
        ),
    ];
    let (mut right, mut wrong) = (0, Vec::new());
    for (status, expected) in files {
        let Some(path) = report.path(set, &format!("packages/dpkg/{status}")) else {
            continue;
        };
        let Some(lines) = report.lines(set, &format!("packages/dpkg/{expected}")) else {
            continue;
        };
        let text = |line: &Value, key: &str| line[key].as_str().unwrap().to_owned();
        let expected: BTreeSet<_> = lines
            .iter()
            .filter(|line| {
                line["status"]
                    .as_str()
                    .is_some_and(|status| status.starts_with("ii"))
            })
            .map(|line| {
                ["name", "version", "arch", "source", "source_version"].map(|key| text(line, key))
            })
            .collect();
        let found: BTreeSet<_> = dpkg::read_status(&fs::read(path).unwrap())
            .unwrap()
            .iter()
            .map(five)
            .collect();
        right += expected.intersection(&found).count();
        wrong.extend(
            expected
                .symmetric_difference(&found)
                .map(|row| format!("{status}: {row:?}")),
        );
    }
    report.judge(set, right, &wrong, "");
}

fn five(package: &Package) -> [String; 5] {
    [
        package.name.clone(),
        package.version.clone().unwrap(),
        package.architecture.clone().unwrap(),
        package.source_name().to_owned(),
        package.source_version().unwrap().to_owned(),
    ]
}

fn apk_rootfs(report: &mut Report) {
    let set = "packages/apk-rootfs";
    if !report.wants(set) {
        return;
    }
    let Some(folder) = report.path(set, "packages/apk/rootfs-alpine-3.14") else {
        return;
    };
    let read = |name: &str| fs::read(Path::new(&folder).join(name)).unwrap();
    let expected: Vec<Value> = serde_json::from_slice(&read("expected.json")).unwrap();
    let four = |row: &Value| {
        ["name", "version", "arch", "src_name"].map(|key| row[key].as_str().unwrap().to_owned())
    };
    let expected: BTreeSet<_> = expected.iter().map(four).collect();
    let found: BTreeSet<_> = apk::read(&read("installed"))
        .unwrap()
        .iter()
        .map(|package| {
            let [name, version, architecture, source, _] = five(package);
            [name, version, architecture, source]
        })
        .collect();
    let wrong: Vec<_> = expected
        .symmetric_difference(&found)
        .map(|row| format!("{row:?}"))
        .collect();
    report.judge(set, expected.intersection(&found).count(), &wrong, "");
}
