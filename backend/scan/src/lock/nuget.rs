//! Files of `NuGet`: `packages.lock.json`, `packages.config` and `Directory.Packages.props`.

use super::xml::{Event, attribute, events};
use crate::package::{Kind, Origin, Package, Unreadable};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    dependencies: BTreeMap<String, BTreeMap<String, Locked>>,
}

#[derive(Deserialize)]
struct Locked {
    #[serde(rename = "type")]
    kind: Option<String>,
    resolved: Option<String>,
}

pub(super) fn read_lock(text: &str) -> Result<Vec<Package>, Unreadable> {
    let lock: Lock = serde_json::from_str(text)
        .map_err(|error| Unreadable::new("packages.lock.json", error.to_string()))?;
    let packages = lock.dependencies.into_values().flatten();
    Ok(packages
        .filter_map(|(name, locked)| {
            let is_project = locked
                .kind
                .is_some_and(|kind| kind.eq_ignore_ascii_case("project"));
            let origin = if is_project {
                Origin::Project
            } else {
                Origin::Registry
            };
            match locked.resolved {
                None if !is_project => None,
                version => {
                    Some(Package::new(Kind::Nuget, name, version.unwrap_or_default()).from(origin))
                }
            }
        })
        .collect())
}

pub(super) fn read_config(text: &str) -> Result<Vec<Package>, Unreadable> {
    let events = events(text).map_err(|reason| Unreadable::new("packages.config", reason))?;
    let elements = events.iter().filter_map(|event| match event {
        Event::Start("package", attributes) => Some(*attributes),
        _ => None,
    });
    let packages: Vec<_> = elements
        .filter_map(|element| package(attribute(element, "id")?, attribute(element, "version")?))
        .collect();
    if packages.is_empty()
        && !events
            .iter()
            .any(|event| matches!(event, Event::Start("packages", _)))
    {
        return Err(Unreadable::new(
            "packages.config",
            "it has no <packages> element",
        ));
    }
    Ok(packages)
}

pub(super) fn read_props(text: &str) -> Result<Vec<Package>, Unreadable> {
    let events =
        events(text).map_err(|reason| Unreadable::new("Directory.Packages.props", reason))?;
    if !events
        .iter()
        .any(|event| matches!(event, Event::Start("Project", _)))
    {
        return Err(Unreadable::new(
            "Directory.Packages.props",
            "it has no <Project> element",
        ));
    }
    let kinds = [
        "PackageVersion",
        "PackageReference",
        "GlobalPackageReference",
    ];
    Ok(events
        .iter()
        .filter_map(|event| match event {
            Event::Start(kind, attributes) if kinds.contains(kind) => {
                let name =
                    attribute(attributes, "Include").or_else(|| attribute(attributes, "Update"))?;
                package(name, attribute(attributes, "Version")?)
            }
            _ => None,
        })
        .collect())
}

/// A package, unless its name or version is a variable.
fn package(name: &str, version: &str) -> Option<Package> {
    let is_plain = |text: &str| !text.trim().is_empty() && !text.contains("$(");
    (is_plain(name) && is_plain(version))
        .then(|| Package::new(Kind::Nuget, name.trim(), version.trim()))
}
