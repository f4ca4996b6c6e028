//! `poetry.lock`, `uv.lock` and `pdm.lock`, which share a form, and `Pipfile.lock`.

use crate::package::{Kind, Origin, Package, Unreadable};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: Option<String>,
    source: Option<toml::Table>,
}

pub(super) fn read_toml(text: &str) -> Result<Vec<Package>, Unreadable> {
    let lock: Lock = toml::from_str(text)
        .map_err(|error| Unreadable::new("lock file of Python packages", error.message()))?;
    Ok(lock
        .package
        .into_iter()
        .filter_map(|locked| {
            let origin = match &locked.source {
                Some(source)
                    if ["virtual", "editable", "directory"]
                        .iter()
                        .any(|key| source.contains_key(*key)) =>
                {
                    Origin::Project
                }
                Some(source) if source.contains_key("git") || source.contains_key("url") => {
                    Origin::Sources
                }
                _ => Origin::Registry,
            };
            Some(Package::new(Kind::Pypi, locked.name, locked.version?).from(origin))
        })
        .collect())
}

#[derive(Deserialize)]
struct Pipfile {
    #[serde(default)]
    default: BTreeMap<String, Pinned>,
    #[serde(default)]
    develop: BTreeMap<String, Pinned>,
}

#[derive(Deserialize)]
struct Pinned {
    version: Option<String>,
}

pub(super) fn read_pipfile(text: &str) -> Result<Vec<Package>, Unreadable> {
    let lock: Pipfile = serde_json::from_str(text)
        .map_err(|error| Unreadable::new("Pipfile.lock", error.to_string()))?;
    Ok(lock
        .default
        .into_iter()
        .chain(lock.develop)
        .filter_map(|(name, pinned)| {
            let version = pinned.version?;
            let version = version.strip_prefix("==")?.trim_start_matches('=');
            Some(Package::new(Kind::Pypi, name, version))
        })
        .collect())
}

#[derive(Deserialize)]
struct Pylock {
    #[serde(default)]
    packages: Vec<PylockPackage>,
}

#[derive(Deserialize)]
struct PylockPackage {
    name: String,
    version: Option<String>,
    vcs: Option<toml::Table>,
    directory: Option<toml::Table>,
}

/// `pylock.toml`, of PEP 751.
pub(super) fn read_pylock(text: &str) -> Result<Vec<Package>, Unreadable> {
    let lock: Pylock =
        toml::from_str(text).map_err(|error| Unreadable::new("pylock.toml", error.message()))?;
    Ok(lock
        .packages
        .into_iter()
        .map(|package| {
            let origin = match (package.directory, package.vcs) {
                (Some(_), _) => Origin::Project,
                (None, Some(_)) => Origin::Sources,
                (None, None) => Origin::Registry,
            };
            Package::new(
                Kind::Pypi,
                package.name,
                package.version.unwrap_or_default(),
            )
            .from(origin)
        })
        .collect())
}
