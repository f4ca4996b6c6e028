//! `package-lock.json` of all three versions, and its other names.

use crate::package::{Kind, Origin, Package, Unreadable};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Deepest nesting of packages within packages in the first version; real trees stay below 30.
const DEEPEST: usize = 100;

#[derive(Deserialize)]
struct Lock {
    packages: Option<BTreeMap<String, Locked>>,
    dependencies: Option<BTreeMap<String, Nested>>,
    #[serde(rename = "lockfileVersion")]
    version: Option<u64>,
}

#[derive(Deserialize)]
struct Locked {
    name: Option<String>,
    version: Option<String>,
    resolved: Option<String>,
    #[serde(default)]
    link: bool,
}

#[derive(Deserialize)]
struct Nested {
    version: Option<String>,
    dependencies: Option<BTreeMap<String, Nested>>,
}

pub(super) fn read(text: &str) -> Result<Vec<Package>, Unreadable> {
    let lock: Lock = serde_json::from_str(text)
        .map_err(|error| Unreadable::new("package-lock.json", error.to_string()))?;
    let mut packages = Vec::new();
    match (lock.packages, lock.dependencies) {
        (Some(locked), _) => {
            let folders: BTreeMap<_, _> = locked
                .iter()
                .map(|(path, locked)| (path.as_str(), locked))
                .collect();
            packages.extend(
                locked
                    .iter()
                    .filter_map(|(path, locked)| installed(path, locked, &folders)),
            );
        }
        (None, Some(nested)) => {
            let mut waiting = vec![(1, nested)];
            while let Some((depth, nested)) = waiting.pop() {
                if depth > DEEPEST {
                    return Err(Unreadable::new(
                        "package-lock.json",
                        format!("it nests packages deeper than {DEEPEST}"),
                    ));
                }
                for (name, nested) in nested {
                    packages.extend(nested.version.map(|version| aliased(&name, &version)));
                    waiting.extend(nested.dependencies.map(|inner| (depth + 1, inner)));
                }
            }
        }
        (None, None) if lock.version.is_some() => {}
        (None, None) => {
            return Err(Unreadable::new(
                "package-lock.json",
                "it has neither packages nor dependencies",
            ));
        }
    }
    Ok(packages)
}

/// A package of the second and third version, by the folder that it lies in.
fn installed(path: &str, locked: &Locked, folders: &BTreeMap<&str, &Locked>) -> Option<Package> {
    let Some((_, folder)) = path.rsplit_once("node_modules/") else {
        return member(path, locked, folders);
    };
    if locked.link {
        // A member of the workspace, whose own folder says its version.
        let target = locked
            .resolved
            .as_deref()
            .and_then(|target| folders.get(target));
        let version = target
            .and_then(|target| target.version.as_deref())
            .unwrap_or_default();
        return Some(Package::new(Kind::Npm, folder, version).from(Origin::Project));
    }
    let name = locked.name.as_deref().unwrap_or(folder);
    let from = locked.resolved.as_deref().unwrap_or_default();
    let origin = if from.starts_with("git") || from.starts_with("file:") {
        Origin::Sources
    } else {
        Origin::Registry
    };
    let version = locked.version.as_deref().unwrap_or_default();
    Some(Package::new(Kind::Npm, name, version).from(origin))
}

/// A folder of the project, unless a link stands for it.
fn member(path: &str, locked: &Locked, folders: &BTreeMap<&str, &Locked>) -> Option<Package> {
    let is_linked = |other: &&Locked| other.link && other.resolved.as_deref() == Some(path);
    if path.is_empty() || folders.values().any(is_linked) {
        return None;
    }
    let name = locked.name.as_deref().or_else(|| path.rsplit('/').next())?;
    let version = locked.version.as_deref().unwrap_or_default();
    Some(Package::new(Kind::Npm, name, version).from(Origin::Project))
}

/// A package of the first version, whose version may name another package or an address.
fn aliased(name: &str, version: &str) -> Package {
    match version.split_once(':') {
        None => Package::new(Kind::Npm, name, version),
        Some(("npm", other)) => {
            let (name, version) = other.rsplit_once('@').unwrap_or((other, ""));
            Package::new(Kind::Npm, name, version)
        }
        Some(("file" | "link", _)) => Package::new(Kind::Npm, name, "").from(Origin::Project),
        Some(_) => Package::new(Kind::Npm, name, "").from(Origin::Sources),
    }
}
