//! What package managers of languages leave beside what they installed, and what programs carry of how they were built.

mod dotnet;
mod golang;
mod java;
mod node;
mod program;
mod python;
mod ruby;
mod rust;

pub use program::{Carried, carried};

use crate::{
    lock::php,
    package::{Package, Unreadable},
};

type Read = fn(&str, &[u8]) -> Result<Vec<Package>, Unreadable>;

/// Whether a file of an image may list packages that a language's tool installed.
#[must_use]
pub fn is_wanted(path: &str) -> bool {
    reader(path).is_some()
}

/// Reads the packages that a file of an image names; `None` when its path is that of no such file.
///
/// # Errors
/// When the file is not what its path says.
pub fn read(path: &str, bytes: &[u8]) -> Option<Result<Vec<Package>, Unreadable>> {
    Some(reader(path)?(path, bytes))
}

fn reader(path: &str) -> Option<Read> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let ends = |end: &str| file.len() > end.len() && file.ends_with(end);
    let is_java = [".jar", ".war", ".ear", ".par", ".hpi", ".jpi"]
        .iter()
        .any(|end| ends(end));
    Some(match file {
        "package.json" if path.contains("node_modules/") => node::read,
        "METADATA" if folder.ends_with(".dist-info") => python::read,
        "PKG-INFO" if folder.ends_with(".egg-info") || folder.ends_with("EGG-INFO") => python::read,
        "installed.json" if folder.ends_with("vendor/composer") => {
            |_, bytes| php::read_installed(&text(bytes))
        }
        _ if ends(".egg-info") => python::read,
        _ if ends(".egg") || ends(".whl") => python::read_egg,
        _ if ends(".gemspec") && folder.contains("specifications") => ruby::read,
        _ if ends(".deps.json") => dotnet::read,
        _ if is_java => java::read,
        _ => return None,
    })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .trim_start_matches('\u{feff}')
        .to_owned()
}
