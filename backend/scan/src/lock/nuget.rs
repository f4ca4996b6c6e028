//! Files of `NuGet`: `packages.lock.json`, `packages.config` and `Directory.Packages.props`.

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
    let ends = text.contains("</packages>")
        || text.trim_end().ends_with("<packages/>")
        || text.trim_end().ends_with("<packages />");
    if !text.contains("<packages") || !ends {
        return Err(Unreadable::new(
            "packages.config",
            "it has no <packages> element that ends",
        ));
    }
    let elements = elements(text, "package");
    Ok(elements
        .iter()
        .filter_map(|element| package(attribute(element, "id")?, attribute(element, "version")?))
        .collect())
}

pub(super) fn read_props(text: &str) -> Result<Vec<Package>, Unreadable> {
    if !text.contains("<Project") || !text.contains("</Project>") {
        return Err(Unreadable::new(
            "Directory.Packages.props",
            "it has no <Project> element that ends",
        ));
    }
    let kinds = [
        "PackageVersion",
        "PackageReference",
        "GlobalPackageReference",
    ];
    Ok(kinds
        .iter()
        .flat_map(|kind| elements(text, kind))
        .filter_map(|element| {
            let name = attribute(element, "Include").or_else(|| attribute(element, "Update"))?;
            package(name, attribute(element, "Version")?)
        })
        .collect())
}

/// A package, unless its name or version is a variable.
fn package(name: &str, version: &str) -> Option<Package> {
    let is_plain = |text: &str| !text.trim().is_empty() && !text.contains("$(");
    (is_plain(name) && is_plain(version))
        .then(|| Package::new(Kind::Nuget, name.trim(), version.trim()))
}

/// The opening tags of an element, without their brackets; comments are passed over.
fn elements<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let Some(end) = rest.find('>') else { break };
        let tag = &rest[..end];
        if tag
            .strip_prefix(name)
            .is_some_and(|after| after.starts_with(char::is_whitespace))
        {
            found.push(tag);
        }
        rest = &rest[end..];
    }
    found
}

fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = element;
    loop {
        let (before, after) = rest.split_once('=')?;
        let key = before.split_ascii_whitespace().next_back()?;
        let after = after.trim_start();
        let quote = after
            .chars()
            .next()
            .filter(|quote| ['"', '\''].contains(quote))?;
        let (value, more) = after[1..].split_once(quote)?;
        if key == name {
            return Some(value);
        }
        rest = more;
    }
}
