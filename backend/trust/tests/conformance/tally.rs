//! Where the vectors lie, and how their verdicts are counted.

use serde_json::Value;
use std::{
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The folder of one set, or nothing, which is said aloud.
pub fn set(name: &str) -> Option<PathBuf> {
    let folder = match env::var_os("PLIMSOLL_VECTORS") {
        Some(folder) => PathBuf::from(folder).join("trust"),
        None => beside(Path::new(env!("CARGO_MANIFEST_DIR")))?,
    };
    let set = folder.join(name);
    if set.exists() {
        return Some(set);
    }
    say(&format!("{name}: absent ({} is not there)", set.display()));
    None
}

/// The vectors of the material that lies beside a clone of the project, however deep that clone is.
fn beside(manifest: &Path) -> Option<PathBuf> {
    let found = manifest
        .ancestors()
        .map(|folder| folder.join("shared/data/trust"))
        .find(|folder| folder.is_dir());
    if found.is_none() {
        say("all sets: absent; PLIMSOLL_VECTORS names no folder, and none lies beside the project");
    }
    found
}

/// Says it aloud: what a test prints by macro is heard only when it fails.
fn say(line: &str) {
    let line = format!("{line}\n");
    io::stdout().write_all(line.as_bytes()).unwrap();
}

/// The names of a set's vectors, sorted.
pub fn names(set: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(set)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A file of JSON.
pub fn json(file: &Path) -> Value {
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

/// Runs every vector of a set and prints the count; fails with every difference.
pub fn count(set: &str, names: &[String], verdict: impl Fn(&str) -> Result<(), String>) {
    let wrong: Vec<_> = names
        .iter()
        .filter_map(|name| {
            verdict(name)
                .err()
                .map(|difference| format!("{name}: {difference}"))
        })
        .collect();
    say(&format!(
        "{set}: {}/{}",
        names.len() - wrong.len(),
        names.len()
    ));
    assert!(wrong.is_empty(), "{set} differs in\n{}", wrong.join("\n"));
    assert!(!names.is_empty(), "{set} holds no vector");
}

/// `Err` with both when they differ.
pub fn same<T: PartialEq + std::fmt::Debug>(
    what: &str,
    ours: T,
    expected: T,
) -> Result<(), String> {
    let both = [ours, expected];
    match both[0] == both[1] {
        true => Ok(()),
        false => Err(format!("{what}: {:?}, expected {:?}", both[0], both[1])),
    }
}
