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
            for (path, locked) in locked {
                packages.extend(installed(&path, locked));
            }
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
                    packages.extend(nested.version.and_then(|version| aliased(&name, &version)));
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
fn installed(path: &str, locked: Locked) -> Option<Package> {
    let (_, folder) = path.rsplit_once("node_modules/")?;
    if locked.link {
        return None;
    }
    let name = locked.name.unwrap_or_else(|| folder.to_owned());
    let from_sources = locked
        .resolved
        .is_some_and(|from| from.starts_with("git") || from.starts_with("file:"));
    let origin = if from_sources {
        Origin::Sources
    } else {
        Origin::Registry
    };
    Some(Package::new(Kind::Npm, name, locked.version?).from(origin))
}

/// A package of the first version, whose version may name another package or an address.
fn aliased(name: &str, version: &str) -> Option<Package> {
    if let Some((name, version)) = version
        .strip_prefix("npm:")
        .and_then(|to| to.rsplit_once('@'))
    {
        return Some(Package::new(Kind::Npm, name, version));
    }
    if version.starts_with("file:") || version.starts_with("link:") {
        return None;
    }
    let origin = if version.contains(':') {
        Origin::Sources
    } else {
        Origin::Registry
    };
    Some(Package::new(Kind::Npm, name, version).from(origin))
}
