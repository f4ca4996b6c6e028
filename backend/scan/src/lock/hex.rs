//! `mix.lock`, of Elixir.

use crate::package::{Kind, Origin, Package, Unreadable};

pub(super) fn read(text: &str) -> Result<Vec<Package>, Unreadable> {
    if !text.trim().is_empty() && !text.trim_start().starts_with("%{") {
        return Err(Unreadable::new("mix.lock", "it does not start with %{"));
    }
    let mut packages = Vec::new();
    for line in text.lines() {
        let Some((name, rest)) = line
            .trim()
            .strip_prefix('"')
            .and_then(|line| line.split_once("\":"))
        else {
            continue;
        };
        let Some((source, rest)) = rest
            .trim()
            .strip_prefix("{:")
            .and_then(|rest| rest.split_once(','))
        else {
            continue;
        };
        match source {
            "hex" => {
                let mut words = rest.split(',').map(str::trim);
                let package = words
                    .next()
                    .and_then(|word| word.strip_prefix(':'))
                    .unwrap_or(name);
                let version = words
                    .next()
                    .map(|word| word.trim_matches('"'))
                    .unwrap_or_default();
                packages.push(Package::new(Kind::Hex, package.trim_matches('"'), version));
            }
            _ => packages.push(Package::new(Kind::Hex, name, "").from(Origin::Sources)),
        }
    }
    Ok(packages)
}
