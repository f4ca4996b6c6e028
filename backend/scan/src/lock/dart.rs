//! `pubspec.lock`.

use super::lines::lines;
use crate::package::{Kind, Origin, Package, Unreadable};

pub(super) fn read(text: &str) -> Result<Vec<Package>, Unreadable> {
    let (mut section, mut known) = ("", false);
    // How deep names and their fields stand; tools differ.
    let (mut names, mut fields) = (None, None);
    let mut packages: Vec<Package> = Vec::new();
    for line in lines(text) {
        let Some((key, value)) = line.pair() else {
            return Err(Unreadable::new(
                "pubspec.lock",
                format!("this is no key: {:.60}", line.text),
            ));
        };
        if line.depth == 0 {
            section = key;
            known |= ["packages", "sdks"].contains(&key);
        } else if section != "packages" {
            continue;
        } else if line.depth == *names.get_or_insert(line.depth) {
            packages.push(Package::new(Kind::Pub, key, ""));
        } else if line.depth == *fields.get_or_insert(line.depth)
            && let Some(package) = packages.last_mut()
        {
            match (key, value) {
                ("version", version) => package.version = Some(version.to_owned()),
                ("source", "git") => package.origin = Origin::Sources,
                ("source", "path" | "sdk") => package.origin = Origin::Project,
                _ => {}
            }
        }
    }
    if !known && !text.trim().is_empty() {
        return Err(Unreadable::new(
            "pubspec.lock",
            "it has neither packages nor sdks",
        ));
    }
    Ok(packages)
}
