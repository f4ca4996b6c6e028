//! `*.deps.json`, which .NET leaves beside a program.

use super::text;
use crate::package::{Kind, Origin, Package, Unreadable};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

const FORMAT: &str = "list of a .NET program's libraries";

#[derive(Deserialize)]
struct Dependencies {
    libraries: Option<BTreeMap<String, Library>>,
    #[serde(rename = "runtimeTarget")]
    target: Option<Target>,
    #[serde(default)]
    targets: BTreeMap<String, BTreeMap<String, Value>>,
}

#[derive(Deserialize)]
struct Library {
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

pub(super) fn read(_: &str, bytes: &[u8]) -> Result<Vec<Package>, Unreadable> {
    let dependencies: Dependencies = serde_json::from_str(&text(bytes))
        .map_err(|error| Unreadable::new(FORMAT, error.to_string()))?;
    let target = dependencies
        .target
        .as_ref()
        .and_then(|target| dependencies.targets.get(&target.name));
    let Some(libraries) = dependencies.libraries else {
        return Err(Unreadable::new(FORMAT, "it has no libraries"));
    };
    Ok(libraries
        .into_iter()
        .filter_map(|(key, library)| {
            let (name, version) = key
                .split_once('/')
                .filter(|(name, version)| !name.is_empty() && !version.is_empty())?;
            let is_project = library
                .kind
                .is_some_and(|kind| kind.eq_ignore_ascii_case("project"));
            // What is only compiled against is not there when the program runs.
            let only_compiled = target
                .and_then(|target| target.get(&key))
                .is_some_and(|parts| {
                    parts.get("compileOnly").and_then(Value::as_bool) == Some(true)
                });
            let origin = if is_project {
                Origin::Project
            } else {
                Origin::Registry
            };
            (!only_compiled).then(|| Package::new(Kind::Nuget, name, version).from(origin))
        })
        .collect())
}
