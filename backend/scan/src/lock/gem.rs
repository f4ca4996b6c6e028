//! `Gemfile.lock`, by whatever name Bundler wrote it.

use crate::package::{Kind, Origin, Package, Unreadable};

pub(super) fn read(text: &str) -> Result<Vec<Package>, Unreadable> {
    let mut packages = Vec::new();
    let (mut section, mut specs, mut sections) = ("", false, 0);
    for line in text.lines() {
        if !line.starts_with(' ') {
            section = line.trim();
            specs = false;
            sections += usize::from(
                ["GEM", "GIT", "PATH", "PLUGIN SOURCE", "DEPENDENCIES"].contains(&section),
            );
        } else if line.trim() == "specs:" {
            specs = true;
        } else if specs
            && line.starts_with("    ")
            && !line.starts_with("     ")
            && let Some((name, version)) = line.trim().split_once(" (")
        {
            let origin = match section {
                "GEM" | "PLUGIN SOURCE" => Origin::Registry,
                "GIT" => Origin::Sources,
                _ => Origin::Project,
            };
            let version = version.trim_end_matches(')');
            packages.push(Package::new(Kind::Gem, name, without_platform(version)).from(origin));
        }
    }
    if sections == 0 && !text.trim().is_empty() {
        return Err(Unreadable::new(
            "Gemfile.lock",
            "it has none of Bundler's sections",
        ));
    }
    Ok(packages)
}

/// A locked version holds no hyphen, so what follows one is the platform: `1.15.5-x86_64-linux`.
pub(crate) fn without_platform(version: &str) -> &str {
    version
        .split_once('-')
        .map_or(version, |(version, _)| version)
}
