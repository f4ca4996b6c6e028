//! `gradle.lockfile` and `buildscript-gradle.lockfile`.

use crate::package::{Kind, Package, Unreadable};

pub(super) fn read(text: &str) -> Result<Vec<Package>, Unreadable> {
    Ok(text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let (coordinates, _) = line.split_once('=')?;
            let mut parts = coordinates.split(':');
            let (group, artifact, version) = (parts.next()?, parts.next()?, parts.next()?);
            Some(Package::new(
                Kind::Maven,
                format!("{group}:{artifact}"),
                version,
            ))
        })
        .collect())
}
