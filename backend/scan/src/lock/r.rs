//! `renv.lock`, of R.

use crate::package::{Kind, Package, Unreadable};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Lock {
    #[serde(default)]
    packages: BTreeMap<String, Locked>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Locked {
    package: String,
    version: String,
    repository: Option<String>,
}

pub(super) fn read(text: &str) -> Result<Vec<Package>, Unreadable> {
    let lock: Lock = serde_json::from_str(text)
        .map_err(|error| Unreadable::new("renv.lock", error.to_string()))?;
    let packages = lock.packages.into_values();
    Ok(packages
        .filter(|locked| locked.repository.as_deref() == Some("CRAN"))
        .map(|locked| Package::new(Kind::Cran, locked.package, locked.version))
        .collect())
}
