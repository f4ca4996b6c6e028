//! `go.mod`: the modules it requires, after its replacements.

use crate::package::{Kind, Origin, Package, Unreadable};
use std::collections::BTreeMap;

/// A module, and its version where it says one; a folder has none.
type Place<'a> = (&'a str, Option<&'a str>);

pub(super) fn read(text: &str) -> Result<Vec<Package>, Unreadable> {
    let mut required: Vec<(&str, &str)> = Vec::new();
    let mut replaced: BTreeMap<Place, Place> = BTreeMap::new();
    let (mut block, mut known, mut project) = (None, false, None);
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default().trim();
        if line == ")" {
            block = None;
            continue;
        }
        let mut words = line
            .split_ascii_whitespace()
            .map(|word| word.trim_matches(['"', '`']))
            .peekable();
        let directive = match block {
            Some(block) => block,
            None => words.next().unwrap_or_default(),
        };
        known |= ["module", "go", "require"].contains(&directive);
        if words.peek() == Some(&"(") {
            block = Some(directive);
            continue;
        }
        let words: Vec<_> = words.collect();
        match (directive, words.as_slice()) {
            ("module", [module, ..]) => project = Some(*module),
            ("require", [module, version, ..]) => required.push((*module, *version)),
            ("replace", [module, "=>", to @ ..]) => {
                replaced.insert(
                    (*module, None),
                    (to.first().copied().unwrap_or_default(), to.get(1).copied()),
                );
            }
            ("replace", [module, version, "=>", to @ ..]) => {
                let to = (to.first().copied().unwrap_or_default(), to.get(1).copied());
                replaced.insert((*module, Some(*version)), to);
            }
            _ => {}
        }
    }
    if !known && !text.trim().is_empty() {
        return Err(Unreadable::new(
            "go.mod",
            "it has no module, go or require line",
        ));
    }
    let project =
        project.map(|module| Package::new(Kind::Golang, module, "").from(Origin::Project));
    let packages = required.into_iter().map(|(module, version)| {
        let exact = replaced.get(&(module, Some(version)));
        match exact.or_else(|| replaced.get(&(module, None))) {
            None => package(module, version),
            Some((to, Some(version))) => package(to, version),
            Some((_, None)) => package(module, version).from(Origin::Project),
        }
    });
    Ok(project.into_iter().chain(packages).collect())
}

fn package(module: &str, version: &str) -> Package {
    Package::new(Kind::Golang, module, version.trim_start_matches('v'))
}
