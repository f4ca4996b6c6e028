//! `yarn.lock` of both generations.

use crate::package::{Kind, Origin, Package, Unreadable};

#[derive(Default)]
struct Entry<'a> {
    specification: &'a str,
    version: Option<&'a str>,
    resolution: Option<&'a str>,
}

pub(super) fn read(text: &str) -> Result<Vec<Package>, Unreadable> {
    let mut packages = Vec::new();
    let mut entry: Option<Entry> = None;
    let mut any = false;
    for line in text.lines() {
        if line.trim().is_empty() || line.starts_with('#') {
            any |= line.contains("yarn lockfile");
            continue;
        }
        if !line.starts_with(' ') {
            packages.extend(entry.take().and_then(|entry| entry.package()));
            let Some(head) = line.trim().strip_suffix(':') else {
                return Err(Unreadable::new(
                    "yarn.lock",
                    format!("this starts no package: {line:.60}"),
                ));
            };
            any = true;
            let specification = head.trim_matches('"').split(',').next().unwrap_or_default();
            entry = Some(Entry {
                specification: specification.trim_matches('"'),
                ..Entry::default()
            });
        } else if let (Some(entry), Some(field)) = (&mut entry, line.strip_prefix("  "))
            && !field.starts_with(' ')
            && let Some((key, value)) = field.split_once(' ')
        {
            let value = value.trim().trim_matches('"');
            match key.trim_end_matches(':').trim_matches('"') {
                "version" => entry.version = Some(value),
                "resolution" => entry.resolution = Some(value),
                _ => {}
            }
        }
    }
    packages.extend(entry.and_then(|entry| entry.package()));
    if any || text.trim().is_empty() {
        Ok(packages)
    } else {
        Err(Unreadable::new("yarn.lock", "it holds no package"))
    }
}

impl Entry<'_> {
    fn package(&self) -> Option<Package> {
        if self.specification == "__metadata" {
            return None;
        }
        let (name, protocol) = split(self.resolution.unwrap_or(self.specification));
        let origin = match protocol.split_once(':').map(|(protocol, _)| protocol) {
            Some("workspace" | "link" | "portal" | "file") => Origin::Project,
            None | Some("npm" | "patch" | "virtual") => Origin::Registry,
            Some(_) => Origin::Sources,
        };
        // `alias@npm:name@range` installs another package than it says.
        let name = match protocol.strip_prefix("npm:").map(split) {
            Some((name, range)) if self.resolution.is_none() && !range.is_empty() => name,
            _ => name,
        };
        Some(Package::new(Kind::Npm, name, self.version?).from(origin))
    }
}

/// `@scope/name@range` in two; the range may be missing.
fn split(specification: &str) -> (&str, &str) {
    let at = specification
        .char_indices()
        .skip(1)
        .find(|(_, next)| *next == '@');
    at.map_or((specification, ""), |(at, _)| {
        (&specification[..at], &specification[at + 1..])
    })
}
