//! `package.json` of an installed package.

use super::text;
use crate::package::{Kind, Package, Unreadable};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;

const FORMAT: &str = "package.json";

#[derive(Deserialize)]
struct Manifest {
    name: Option<String>,
    version: Option<String>,
    #[serde(default)]
    engines: Value,
    contributes: Option<IgnoredAny>,
    unity: Option<IgnoredAny>,
}

/// A manifest without a name or version is of a folder within a package, and names none.
pub(super) fn read(_: &str, bytes: &[u8]) -> Result<Vec<Package>, Unreadable> {
    let manifest: Manifest = serde_json::from_str(&text(bytes))
        .map_err(|error| Unreadable::new(FORMAT, error.to_string()))?;
    // Extensions of editors and game engines use the same form and come from no npm registry.
    let is_another_tools = manifest.contributes.is_some()
        || manifest.unity.is_some()
        || manifest.engines.get("vscode").is_some();
    let (Some(name), Some(version)) = (manifest.name, manifest.version) else {
        return Ok(Vec::new());
    };
    if name.is_empty() || version.is_empty() || is_another_tools {
        return Ok(Vec::new());
    }
    let allowed = |next: char| next.is_ascii_graphic() && !"\\\"<>^`{|}".contains(next);
    let plain = name
        .strip_prefix('@')
        .and_then(|name| name.split_once('/'))
        .map_or(name.as_str(), |(_, name)| name);
    if name.len() > 214 || plain.is_empty() || plain.contains('/') || !name.chars().all(allowed) {
        return Err(Unreadable::new(
            FORMAT,
            format!("{name:.80} is no name of a package"),
        ));
    }
    Ok(vec![Package::new(Kind::Npm, name, version)])
}
