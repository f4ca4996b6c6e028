//! The build information that Go programs carry since 1.18: the compiler's version and every module.

use super::Carried;
use crate::{
    package::{Kind, Origin, Package, Unreadable},
    version::Scheme,
};

const FORMAT: &str = "build information of a Go program";
const MAGIC: &[u8] = b"\xff Go buildinf:";
/// Marks around the modules, of as many bytes each.
const MARK: usize = 16;
/// Where the texts begin.
const TEXTS: usize = 32;
/// In the flags: the texts follow, instead of addresses of them.
const INLINE: u8 = 2;

pub(super) fn find(bytes: &[u8]) -> Result<Option<Carried>, Unreadable> {
    // It stands at a multiple of 16, as Go's own reader relies on.
    let places = (0..bytes.len()).step_by(16);
    let Some(at) = places
        .into_iter()
        .find(|at| bytes[*at..].starts_with(MAGIC))
    else {
        return Ok(None);
    };
    let damaged = || {
        Unreadable::new(
            FORMAT,
            format!("at byte {at}: a text is longer than the program"),
        )
    };
    let flags = bytes.get(at + 15).copied().unwrap_or_default();
    if flags & INLINE == 0 {
        return Err(Unreadable::new(
            FORMAT,
            "it was written before Go 1.18, by address",
        ));
    }
    let rest = bytes.get(at + TEXTS..).ok_or_else(damaged)?;
    let (version, rest) = text(rest).ok_or_else(damaged)?;
    let (modules, _) = text(rest).ok_or_else(damaged)?;
    let inner = modules.len().checked_sub(MARK).filter(|end| *end >= MARK);
    let modules = inner.map(|end| &modules[MARK..end]).unwrap_or_default();
    Ok(Some(Carried::Go {
        version: String::from_utf8_lossy(version).into_owned(),
        modules: String::from_utf8_lossy(modules).into_owned(),
    }))
}

/// A length in groups of seven bits, then as many bytes.
fn text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut length = 0_usize;
    for (nth, byte) in bytes.iter().take(4).enumerate() {
        length |= usize::from(byte & 0x7f) << (7 * nth);
        if byte & 0x80 == 0 {
            let rest = &bytes[nth + 1..];
            return (length <= rest.len()).then(|| rest.split_at(length));
        }
    }
    None
}

pub(super) fn packages(version: &str, modules: &str) -> Vec<Package> {
    // Experiments that were switched on stand behind the version.
    let compiler = version.split_ascii_whitespace().next().unwrap_or_default();
    let mut packages = Vec::new();
    if let Some(version) = compiler.strip_prefix("go") {
        packages.push(Package::new(Kind::Golang, "stdlib", version));
    }
    for line in modules.lines() {
        let words: Vec<_> = line.split('\t').collect();
        match words.as_slice() {
            ["mod", module, version, ..] => {
                let known = known(version).or_else(|| linked(modules));
                packages.push(
                    Package::new(Kind::Golang, *module, known.unwrap_or_default())
                        .from(Origin::Project),
                );
            }
            ["dep", module, version, ..] => {
                packages.push(Package::new(
                    Kind::Golang,
                    *module,
                    known(version).unwrap_or_default(),
                ));
            }
            ["=>", module, version, ..] => {
                packages.pop();
                let origin = if version.is_empty() {
                    Origin::Project
                } else {
                    Origin::Registry
                };
                packages.push(
                    Package::new(Kind::Golang, *module, known(version).unwrap_or_default())
                        .from(origin),
                );
            }
            _ => {}
        }
    }
    packages
}

/// A version that says something: `(devel)` does not.
fn known(version: &str) -> Option<&str> {
    let version = version.strip_prefix('v').unwrap_or(version);
    (!version.is_empty() && version != "(devel)").then_some(version)
}

/// The version that the linker was told to put into the main package.
fn linked(modules: &str) -> Option<&str> {
    let flags = modules
        .lines()
        .find_map(|line| line.strip_prefix("build\t-ldflags="))?;
    let mut words = flags
        .split([' ', '"', '\''])
        .map(|word| word.trim_matches('\\'));
    words
        .find_map(|word| {
            let (name, value) = word.split_once('=')?;
            let is_version = ["main.version", "main.Version"].contains(&name);
            is_version.then_some(value)
        })
        .and_then(known)
        .filter(|version| Scheme::Go.accepts(version))
}
