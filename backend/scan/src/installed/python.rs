//! Metadata of installed Python packages: headers as in a mail, in a folder, an egg or a wheel.

use super::text;
use crate::{
    package::{Kind, Package, Unreadable},
    zip,
};

const FORMAT: &str = "metadata of a Python package";
/// Entries of an egg, and bytes of its metadata.
const ENTRIES: usize = 100_000;
const BYTES: usize = 4 << 20;

pub(super) fn read(_: &str, bytes: &[u8]) -> Result<Vec<Package>, Unreadable> {
    let text = text(bytes);
    let headers = || text.lines().take_while(|line| !line.trim().is_empty());
    let header = |name: &str| {
        headers().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
    };
    let licence = header("License-Expression").or_else(|| header("License"));
    match (header("Name"), header("Version")) {
        (Some(name), Some(version)) if !name.is_empty() && !version.is_empty() => {
            let mut package = Package::new(Kind::Pypi, name, version);
            package.licence = licence.filter(|licence| !licence.is_empty());
            Ok(vec![package])
        }
        _ if text.trim().is_empty() => Ok(Vec::new()),
        _ => Err(Unreadable::new(
            FORMAT,
            "it has no Name and Version headers",
        )),
    }
}

fn is_metadata(name: &str) -> bool {
    let ends = ["/PKG-INFO", ".dist-info/METADATA"]
        .iter()
        .any(|end| name.ends_with(end));
    ends && (name.starts_with("EGG-INFO/")
        || name.contains(".egg-info/")
        || name.contains(".dist-info/"))
}

pub(super) fn read_egg(path: &str, bytes: &[u8]) -> Result<Vec<Package>, Unreadable> {
    let unreadable =
        |error: zip::ZipError| Unreadable::new("Python egg or wheel", error.to_string());
    for entry in zip::entries(bytes, ENTRIES).map_err(unreadable)? {
        if is_metadata(&entry.name) {
            return read(path, &entry.read(BYTES).map_err(unreadable)?);
        }
    }
    Ok(Vec::new())
}
