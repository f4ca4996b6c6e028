//! The database of `apk`: `lib/apk/db/installed`, and the other places that it has had.

use crate::package::{Kind, Package, Source, Unreadable};

const FORMAT: &str = "apk database";

/// Where the database may lie.
pub const PATHS: [&str; 3] = [
    "lib/apk/db/installed",
    "usr/lib/apk/db/installed",
    "var/lib/apk/db/installed",
];

/// Reads the packages of an `installed` file.
///
/// # Errors
/// When a line is no field, or the file holds text but no package.
pub fn read(bytes: &[u8]) -> Result<Vec<Package>, Unreadable> {
    let text = String::from_utf8_lossy(bytes);
    let mut packages = Vec::new();
    let mut entry = Entry::default();
    for (nth, line) in text.lines().chain([""]).enumerate() {
        if line.trim().is_empty() {
            packages.extend(entry.package());
            entry = Entry::default();
            continue;
        }
        let Some((field, value)) = line.split_once(':') else {
            return Err(Unreadable::new(
                FORMAT,
                format!("line {} is no `letter:value` field", nth + 1),
            ));
        };
        entry.set(field, value.trim());
    }
    if packages.is_empty() && !text.trim().is_empty() {
        return Err(Unreadable::new(
            FORMAT,
            "it holds text but no package with name and version",
        ));
    }
    Ok(packages)
}

/// Calls `visit` with every file that the packages of an `installed` file brought, as a path from the root.
pub fn each_file(bytes: &[u8], mut visit: impl FnMut(&str)) {
    let text = String::from_utf8_lossy(bytes);
    let mut folder = "";
    for line in text.lines() {
        match line.split_once(':') {
            Some(("F", path)) => folder = path,
            Some(("R", file)) if folder.is_empty() => visit(file),
            Some(("R", file)) => visit(&format!("{folder}/{file}")),
            _ => {}
        }
    }
}

/// The release that a file of repositories draws from: `v3.18` or `edge`; `None` when it names none of Alpine's.
///
/// It decides over `os-release`, since packages come from there.
#[must_use]
pub fn release_of_repositories(text: &str) -> Option<&str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once("/alpine/"))
        .filter_map(|(_, rest)| rest.split('/').next())
        .find(|release| *release == "edge" || release.starts_with('v'))
}

#[derive(Default)]
struct Entry<'a> {
    name: Option<&'a str>,
    version: Option<&'a str>,
    architecture: Option<&'a str>,
    origin: Option<&'a str>,
    licence: Option<&'a str>,
    maintainer: Option<&'a str>,
}

impl<'a> Entry<'a> {
    fn set(&mut self, field: &str, value: &'a str) {
        let place = match field {
            "P" => &mut self.name,
            "V" => &mut self.version,
            "A" => &mut self.architecture,
            "o" => &mut self.origin,
            "L" => &mut self.licence,
            "m" => &mut self.maintainer,
            _ => return,
        };
        *place = Some(value).filter(|value| !value.is_empty());
    }

    fn package(&self) -> Option<Package> {
        let mut package = Package::new(Kind::Apk, self.name?, self.version?);
        package.architecture = self.architecture.map(str::to_owned);
        package.licence = self.licence.map(str::to_owned);
        package.vendor = self.maintainer.map(str::to_owned);
        package.source = self.origin.map(|name| Source {
            name: name.to_owned(),
            version: None,
        });
        Some(package)
    }
}
