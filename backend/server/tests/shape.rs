//! Who may know whom: the lines that the README's map draws, held against `cargo metadata`.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const WORKERS: [&str; 8] = [
    "collect", "history", "outbound", "scan", "trust", "posture", "alert", "store",
];

/// The crates of ours that a crate may use, and those it may use in tests besides; `None` for a crate nobody placed.
fn may_use(name: &str) -> Option<(Vec<&'static str>, Vec<&'static str>)> {
    let worker = ["model", "shared"];
    Some(match name {
        "shared" => (vec![], vec![]),
        "frontend" | "model" => (vec!["shared"], vec![]),
        name if WORKERS.contains(&name) => (worker.to_vec(), vec!["testkit"]),
        "agent" => (
            [&worker[..], &["collect", "history", "scan"]].concat(),
            vec!["testkit"],
        ),
        "server" => ([&worker[..], &WORKERS].concat(), vec!["testkit"]),
        "testkit" => (vec![], vec![]),
        // Beside the product: the journeys drive the programs from outside, the tool builds and measures them.
        "e2e" => (vec![], vec!["testkit"]),
        "xtask" => (vec![], vec!["e2e", "shared", "testkit"]),
        _ => return None,
    })
}

/// Crates that one of ours alone may use: each outside world has one owner.
const OWNED: [(&str, &[&str]); 3] = [
    ("sqlx", &["store"]),
    ("bollard", &["collect"]),
    ("sigstore-verify", &["trust"]),
];

struct Package {
    name: String,
    folder: PathBuf,
    /// The other side's name, and whether tests alone use it.
    uses: Vec<(String, bool)>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
        .to_owned()
}

fn packages() -> Vec<Package> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut packages = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = text(&package["name"]);
        let folder = PathBuf::from(text(&package["manifest_path"]))
            .parent()
            .unwrap()
            .to_owned();
        let uses = package["dependencies"].as_array().unwrap();
        packages.push(Package {
            name: name
                .strip_prefix("plimsoll-")
                .unwrap_or_else(|| panic!("{name} is not called plimsoll-…"))
                .to_owned(),
            folder,
            uses: uses
                .iter()
                .map(|used| (text(&used["name"]), used["kind"] == "dev"))
                .collect(),
        });
    }
    assert!(packages.len() >= 7, "the workspace was read");
    packages
}

#[test]
fn a_crate_uses_only_those_above_it() {
    for package in packages() {
        let (always, in_tests) = may_use(&package.name).unwrap_or_else(|| {
            panic!(
                "{} has no place in the map; give it one here and in the README",
                package.name
            )
        });
        for (used, dev) in &package.uses {
            let Some(ours) = used.strip_prefix("plimsoll-") else {
                continue;
            };
            let allowed = always.contains(&ours) || (*dev && in_tests.contains(&ours));
            assert!(
                allowed,
                "{} must not use {ours}{}",
                package.name,
                if *dev { ", not even in tests" } else { "" }
            );
        }
    }
}

#[test]
fn an_outside_world_has_one_owner() {
    for package in packages() {
        for (used, _) in &package.uses {
            let owners = OWNED
                .iter()
                .find(|(owned, _)| owned == used)
                .map(|(_, owners)| owners);
            assert!(
                owners.is_none_or(|owners| owners.contains(&package.name.as_str())),
                "{} must not use {used}",
                package.name
            );
        }
    }
}

#[test]
fn a_crate_is_called_as_its_folder() {
    for package in packages() {
        let folder = package.folder.file_name().unwrap().to_str().unwrap();
        assert_eq!(folder, package.name);
        let parent = package.folder.parent().unwrap();
        let at_the_top = ["shared", "frontend", "e2e"].contains(&folder);
        assert_eq!(
            parent,
            if at_the_top {
                root()
            } else {
                root().join("backend")
            }
        );
    }
}

#[test]
fn the_pages_never_take_text_for_markup() {
    let mut seen = 0;
    let mut folders = vec![root().join("frontend")];
    let mut found = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|ending| ["rs", "html", "js"].contains(&ending.to_str().unwrap()))
            {
                seen += 1;
                let text = fs::read_to_string(&path)
                    .unwrap()
                    .to_lowercase()
                    .replace('_', "");
                for word in [
                    "innerhtml",
                    "outerhtml",
                    "insertadjacenthtml",
                    "document.write",
                ] {
                    if text.contains(word) {
                        found.insert((path.clone(), word));
                    }
                }
            }
        }
    }
    assert!(seen > 0, "there are pages");
    assert!(
        found.is_empty(),
        "names and labels come from outside and are drawn as text alone: {found:?}"
    );
}
