//! `Package.resolved` of the Swift Package Manager, and `Podfile.lock` of `CocoaPods`.

use super::lines::lines;
use crate::package::{Kind, Package, Unreadable};
use serde::Deserialize;

#[derive(Deserialize)]
struct Resolved {
    /// The first version.
    object: Option<Pins>,
    /// The second and third.
    pins: Option<Vec<Pin>>,
}

#[derive(Deserialize)]
struct Pins {
    pins: Vec<Pin>,
}

#[derive(Deserialize)]
struct Pin {
    #[serde(alias = "repositoryURL")]
    location: String,
    state: State,
}

#[derive(Deserialize)]
struct State {
    version: Option<String>,
    branch: Option<String>,
}

pub(super) fn read_resolved(text: &str) -> Result<Vec<Package>, Unreadable> {
    let resolved: Resolved = serde_json::from_str(text)
        .map_err(|error| Unreadable::new("Package.resolved", error.to_string()))?;
    let pins = match (resolved.object, resolved.pins) {
        (Some(object), _) => object.pins,
        (None, Some(pins)) => pins,
        (None, None) => return Err(Unreadable::new("Package.resolved", "it has no pins")),
    };
    Ok(pins
        .into_iter()
        .map(|pin| {
            let name = pin
                .location
                .split_once("://")
                .map_or(pin.location.as_str(), |(_, rest)| rest);
            let version = pin.state.version.or(pin.state.branch).unwrap_or_default();
            Package::new(Kind::Swift, name.trim_end_matches(".git"), version)
        })
        .collect())
}

pub(super) fn read_podfile(text: &str) -> Result<Vec<Package>, Unreadable> {
    let mut packages = Vec::new();
    let (mut section, mut known) = ("", false);
    for line in lines(text) {
        if line.depth == 0 && !line.is_item {
            section = line.text.trim_end_matches(':');
            known |= ["PODS", "PODFILE CHECKSUM", "COCOAPODS", "DEPENDENCIES"]
                .iter()
                .any(|known| line.text.starts_with(known));
        } else if section == "PODS" && line.depth == 2 && line.is_item {
            let pod = line.text.trim_end_matches(':').trim_matches('"');
            if let Some((name, version)) = pod.split_once(" (") {
                packages.push(Package::new(
                    Kind::Cocoapods,
                    name,
                    version.trim_end_matches(')'),
                ));
            }
        }
    }
    if known || text.trim().is_empty() {
        Ok(packages)
    } else {
        Err(Unreadable::new("Podfile.lock", "it has no list of pods"))
    }
}
