//! Which files packages of the system brought.

use super::{DPKG_FOLDER, reader};
use crate::{
    apk,
    layers::{FileSystem, Limits},
    rpm,
};
use std::collections::{BTreeMap, BTreeSet};

/// Whether a file lists what a Debian package brought.
pub(super) fn is_file_list(path: &str) -> bool {
    let list = path
        .strip_prefix("var/lib/dpkg/info/")
        .is_some_and(|file| file.ends_with(".list"));
    let sums = path
        .strip_prefix(DPKG_FOLDER)
        .is_some_and(|file| file.ends_with(".md5sums"));
    list || sums
}

/// Those of some paths that packages of the system brought.
pub(super) fn owned(
    system: &FileSystem,
    paths: &BTreeSet<&str>,
    limits: &Limits,
) -> BTreeSet<String> {
    // `lib` is a link to `usr/lib` in many images, and lists say one where the archive says the other.
    let resolved: BTreeMap<String, &str> = paths
        .iter()
        .filter_map(|path| Some((system.resolve(path, limits)?, *path)))
        .collect();
    let names: BTreeSet<_> = resolved
        .keys()
        .filter_map(|path| path.rsplit('/').next())
        .collect();
    let mut owned = BTreeSet::new();
    let mut visit = |path: &str| {
        let path = path.trim_start_matches('/');
        if path
            .rsplit('/')
            .next()
            .is_none_or(|name| !names.contains(name))
        {
            return;
        }
        let place = resolved
            .get(path)
            .or_else(|| resolved.get(&system.resolve(path, limits).filter(|to| to != path)?));
        owned.extend(place.map(|place| (*place).to_owned()));
    };
    for (path, kept) in system.files() {
        if apk::PATHS.contains(&path) {
            apk::each_file(&kept.content, &mut visit);
        } else if is_file_list(path) {
            let sums = path.ends_with(".md5sums");
            for line in String::from_utf8_lossy(&kept.content).lines() {
                visit(if sums {
                    line.split_once("  ").map_or("", |(_, path)| path)
                } else {
                    line
                });
            }
        } else if reader(path).is_some_and(|_| path.contains("/rpm/")) {
            // What cannot be read is told of where its packages are read.
            let _ = rpm::each_file(&kept.content, &mut visit);
        }
    }
    owned
}
