//! `stack.yaml.lock` and `cabal.project.freeze`, of Haskell.

use super::lines::lines;
use crate::package::{Kind, Package, Unreadable};

pub(super) fn read_stack(text: &str) -> Result<Vec<Package>, Unreadable> {
    let hackage =
        lines(text).filter_map(|line| line.text.strip_prefix("hackage: ")?.split_once('@'));
    Ok(hackage
        .filter_map(|(package, _)| package.rsplit_once('-'))
        .map(|(name, version)| Package::new(Kind::Hackage, name, version))
        .collect())
}

pub(super) fn read_cabal(text: &str) -> Result<Vec<Package>, Unreadable> {
    let constraints = text
        .split([',', '\n'])
        .map(|part| part.trim().trim_start_matches("constraints:").trim());
    Ok(constraints
        .filter_map(|part| part.split_once(" =="))
        .map(|(name, version)| {
            Package::new(
                Kind::Hackage,
                name.trim_start_matches("any."),
                version.trim(),
            )
        })
        .collect())
}
