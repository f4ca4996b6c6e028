//! `Cargo.lock`.

use crate::package::{Kind, Origin, Package, Unreadable};
use serde::Deserialize;

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    source: Option<String>,
}

pub(super) fn read(text: &str) -> Result<Vec<Package>, Unreadable> {
    let lock: Lock =
        toml::from_str(text).map_err(|error| Unreadable::new("Cargo.lock", error.message()))?;
    Ok(lock
        .package
        .into_iter()
        .map(|locked| {
            let origin = match locked.source.as_deref() {
                None => Origin::Project,
                Some(source)
                    if source.starts_with("registry+") || source.starts_with("sparse+") =>
                {
                    Origin::Registry
                }
                Some(_) => Origin::Sources,
            };
            Package::new(Kind::Cargo, locked.name, locked.version).from(origin)
        })
        .collect())
}
