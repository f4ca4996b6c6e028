//! `bun.lock`: JSON with comments and commas before closing brackets.

use crate::package::{Kind, Origin, Package, Unreadable};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    workspaces: BTreeMap<String, Workspace>,
    #[serde(default)]
    packages: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Workspace {
    name: Option<String>,
    version: Option<String>,
}

pub(super) fn read(text: &str) -> Result<Vec<Package>, Unreadable> {
    let lock: Lock = serde_json::from_str(&plain(text))
        .map_err(|error| Unreadable::new("bun.lock", error.to_string()))?;
    let mut packages: Vec<Package> = lock
        .workspaces
        .into_values()
        .filter_map(|workspace| {
            Some(
                Package::new(
                    Kind::Npm,
                    workspace.name?,
                    workspace.version.unwrap_or_default(),
                )
                .from(Origin::Project),
            )
        })
        .collect();
    for (key, tuple) in &lock.packages {
        let Some(specification) = tuple.get(0).and_then(Value::as_str) else {
            return Err(Unreadable::new(
                "bun.lock",
                format!("the package {key:.60} has no name and version"),
            ));
        };
        packages.extend(package(specification));
    }
    Ok(packages)
}

/// `@scope/name@1.0.0`, or where another thing than a version stands.
fn package(specification: &str) -> Option<Package> {
    let at = specification.get(1..)?.find('@')? + 1;
    let (name, version) = (&specification[..at], &specification[at + 1..]);
    match version.split_once(':') {
        Some(("workspace" | "link" | "root", _)) => None,
        Some(_) => Some(Package::new(Kind::Npm, name, "").from(Origin::Sources)),
        None => Some(Package::new(Kind::Npm, name, version)),
    }
}

/// JSON without comments and superfluous commas.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let (mut in_text, mut escaped) = (false, false);
    while let Some(next) = chars.next() {
        if in_text {
            in_text = escaped || next != '"';
            escaped = !escaped && next == '\\';
            out.push(next);
            continue;
        }
        match (next, chars.peek()) {
            ('"', _) => {
                in_text = true;
                out.push(next);
            }
            ('/', Some('/')) => {
                for next in chars.by_ref() {
                    if next == '\n' {
                        break;
                    }
                }
            }
            (']' | '}', _) => {
                let trimmed = out.trim_end();
                if trimmed.ends_with(',') {
                    out.truncate(trimmed.len() - 1);
                }
                out.push(next);
            }
            _ => out.push(next),
        }
    }
    out
}
