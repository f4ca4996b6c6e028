//! Files that pin the packages of a project, one format a file here.

mod bun;
mod cargo;
mod conan;
mod dart;
mod gem;
mod golang;
mod gradle;
mod haskell;
mod hex;
mod lines;
mod maven;
mod npm;
mod nuget;
pub(crate) mod php;
mod pnpm;
mod python;
mod r;
mod requirements;
mod swift;
mod xml;
mod yarn;

use crate::package::{Package, Unreadable};
use std::borrow::Cow;

type Read = fn(&str) -> Result<Vec<Package>, Unreadable>;

/// Formats by the names of their files.
const FORMATS: &[(&str, Read)] = &[
    ("Cargo.lock", cargo::read),
    ("Directory.Packages.props", nuget::read_props),
    ("Gemfile.lock", gem::read),
    ("Package.resolved", swift::read_resolved),
    ("Packages.props", nuget::read_props),
    ("Pipfile.lock", python::read_pipfile),
    ("Podfile.lock", swift::read_podfile),
    ("buildscript-gradle.lockfile", gradle::read),
    ("bun.lock", bun::read),
    ("cabal.project.freeze", haskell::read_cabal),
    ("composer.lock", php::read),
    ("conan.lock", conan::read),
    ("gems.locked", gem::read),
    ("go.mod", golang::read),
    ("gradle.lockfile", gradle::read),
    ("mix.lock", hex::read),
    ("npm-shrinkwrap.json", npm::read),
    ("package-lock.json", npm::read),
    ("packages.config", nuget::read_config),
    ("packages.lock.json", nuget::read_lock),
    ("pdm.lock", python::read_toml),
    ("pnpm-lock.yaml", pnpm::read),
    ("poetry.lock", python::read_toml),
    ("pom.xml", maven::read),
    ("pubspec.lock", dart::read),
    ("pylock.toml", python::read_pylock),
    ("renv.lock", r::read),
    ("requirements.txt", requirements::read),
    ("stack.yaml.lock", haskell::read_stack),
    ("uv.lock", python::read_toml),
    ("vendor.mod", golang::read),
    ("verification-metadata.xml", maven::read_verification),
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
    let text = text(bytes);
    let mut packages = read(text.trim_start_matches('\u{feff}'));
    if let Ok(packages) = &mut packages {
        packages.sort();
        packages.dedup();
    }
    Some(packages)
}

/// Bytes as text; tools on Windows write UTF-16 with its mark.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    let little = bytes.starts_with(&[0xff, 0xfe]);
    if !little && !bytes.starts_with(&[0xfe, 0xff]) {
        return String::from_utf8_lossy(bytes);
    }
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .map(|pair| {
            let pair = [pair[0], pair[1]];
            if little {
                u16::from_le_bytes(pair)
            } else {
                u16::from_be_bytes(pair)
            }
        })
        .collect();
    String::from_utf16_lossy(&units).into()
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
