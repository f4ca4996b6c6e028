//! `composer.lock`, and the `installed.json` that Composer leaves beside what it installed.

use crate::package::{Kind, Package, Unreadable};
use serde::Deserialize;

#[derive(Deserialize)]
struct Lock {
    packages: Option<Vec<Locked>>,
    #[serde(rename = "packages-dev")]
    development: Option<Vec<Locked>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Installed {
    /// Composer 2.
    Object {
        /// What is installed.
        packages: Vec<Locked>,
    },
    /// Composer 1.
    List(Vec<Locked>),
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
}

fn package(locked: &Locked) -> Package {
    let version = locked.version.strip_prefix('v').unwrap_or(&locked.version);
    Package::new(Kind::Composer, &locked.name, version)
}

pub(super) fn read(text: &str) -> Result<Vec<Package>, Unreadable> {
    let lock: Option<Lock> = serde_json::from_str(text)
        .map_err(|error| Unreadable::new("composer.lock", error.to_string()))?;
    let lock = lock.ok_or_else(|| Unreadable::new("composer.lock", "it is null"))?;
    let packages = lock.packages.into_iter().chain(lock.development).flatten();
    Ok(packages.map(|locked| package(&locked)).collect())
}

/// Reads `vendor/composer/installed.json`.
pub(crate) fn read_installed(text: &str) -> Result<Vec<Package>, Unreadable> {
    let installed: Installed = serde_json::from_str(text)
        .map_err(|error| Unreadable::new("Composer's installed.json", error.to_string()))?;
    let (Installed::Object { packages } | Installed::List(packages)) = installed;
    Ok(packages
        .into_iter()
        .map(|locked| package(&locked))
        .collect())
}
