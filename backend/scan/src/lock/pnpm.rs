//! `pnpm-lock.yaml` of all its versions.

use super::lines::lines;
use crate::package::{Kind, Origin, Package, Unreadable};

/// What is known of a package before the next one starts.
#[derive(Default)]
struct Entry<'a> {
    key: &'a str,
    name: Option<&'a str>,
    version: Option<&'a str>,
    is_of_sources: bool,
}

pub(super) fn read(text: &str) -> Result<Vec<Package>, Unreadable> {
    let (mut section, mut generation) = ("", None);
    let mut entry: Option<Entry> = None;
    let mut packages = Vec::new();
    for line in lines(text) {
        let Some((key, value)) = line.pair() else {
            continue;
        };
        if line.depth == 0 {
            section = key;
            if key == "lockfileVersion" {
                generation = value
                    .split('.')
                    .next()
                    .and_then(|number| number.parse::<u32>().ok());
            }
        } else if section == "packages" && line.depth == 2 {
            packages.extend(entry.take().and_then(|entry| entry.package(generation)));
            entry = Some(Entry {
                key,
                ..Entry::default()
            });
        } else if section == "packages"
            && line.depth == 4
            && let Some(entry) = &mut entry
        {
            match key {
                "name" => entry.name = Some(value),
                "version" => entry.version = Some(value),
                "resolution" => {
                    let tarball =
                        value.contains("tarball:") && !value.contains("tarball: https://registry.");
                    entry.is_of_sources =
                        tarball || value.contains("repo:") || value.contains("directory:");
                }
                _ => {}
            }
        }
    }
    packages.extend(entry.and_then(|entry| entry.package(generation)));
    if generation.is_none() && !text.trim().is_empty() {
        return Err(Unreadable::new(
            "pnpm-lock.yaml",
            "it has no lockfileVersion",
        ));
    }
    Ok(packages)
}

impl Entry<'_> {
    fn package(&self, generation: Option<u32>) -> Option<Package> {
        let (name, version) = split(self.key, generation?).unwrap_or_default();
        let name = self.name.unwrap_or(name);
        let version = self.version.unwrap_or(version);
        if name.is_empty() {
            return None;
        }
        if version.starts_with("file:") || version.starts_with("link:") {
            return Some(Package::new(Kind::Npm, name, "").from(Origin::Project));
        }
        let origin = if self.is_of_sources || version.contains("://") {
            Origin::Sources
        } else {
            Origin::Registry
        };
        Some(Package::new(Kind::Npm, name, version).from(origin))
    }
}

/// Name and version of `/name/1.0.0_peers`, `/name@1.0.0(peers)` or `name@1.0.0`.
fn split(key: &str, generation: u32) -> Option<(&str, &str)> {
    let key = key.trim_start_matches('/');
    let key = key.split('(').next().unwrap_or(key);
    // Packages of another registry are listed under its host.
    let key = match key.split_once('/') {
        Some((host, rest)) if generation < 6 && host.contains('.') && !host.starts_with('@') => {
            rest
        }
        _ => key,
    };
    let mark = if generation < 6 { '/' } else { '@' };
    let at = key.get(1..)?.rfind(mark)? + 1;
    let (name, version) = (&key[..at], &key[at + 1..]);
    let version = if generation < 6 {
        version.split('_').next().unwrap_or(version)
    } else {
        version
    };
    let is_version =
        version.starts_with(|first: char| first.is_ascii_digit()) || version.contains(':');
    is_version.then_some((name, version))
}
