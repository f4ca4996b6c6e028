//! Files that pin the packages of a project, one format a file here.

mod cargo;
mod gem;
mod golang;
mod npm;
mod python;
mod yarn;

use crate::package::{Package, Unreadable};

type Read = fn(&str) -> Result<Vec<Package>, Unreadable>;

/// Formats by the names of their files.
const FORMATS: &[(&str, Read)] = &[
    ("Cargo.lock", cargo::read),
    ("Gemfile.lock", gem::read),
    ("gems.locked", gem::read),
    ("go.mod", golang::read),
    ("vendor.mod", golang::read),
    ("package-lock.json", npm::read),
    ("npm-shrinkwrap.json", npm::read),
    (".package-lock.json", npm::read),
    ("poetry.lock", python::read_toml),
    ("uv.lock", python::read_toml),
    ("pdm.lock", python::read_toml),
    ("Pipfile.lock", python::read_pipfile),
    ("yarn.lock", yarn::read),
];

/// Whether a file of this name pins packages in a format that is read.
#[must_use]
pub fn is_lock(path: &str) -> bool {
    format(path).is_some()
}

/// Reads the packages that a file pins; `None` when its name is that of no format.
///
/// # Errors
/// When the file is not what its name says.
pub fn read(path: &str, bytes: &[u8]) -> Option<Result<Vec<Package>, Unreadable>> {
    let read = format(path)?;
    let text = String::from_utf8_lossy(bytes);
    let mut packages = read(text.trim_start_matches('\u{feff}'));
    if let Ok(packages) = &mut packages {
        packages.sort();
        packages.dedup();
    }
    Some(packages)
}

fn format(path: &str) -> Option<Read> {
    let file = path.rsplit('/').next().unwrap_or(path);
    let ruby = file.ends_with(".rb.lock").then_some(gem::read as Read);
    FORMATS
        .iter()
        .find(|(name, _)| *name == file)
        .map(|(_, read)| *read)
        .or(ruby)
}
