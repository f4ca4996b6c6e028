//! `.gemspec` of an installed gem: Ruby as `RubyGems` writes it, or YAML in old ones.

use super::text;
use crate::package::{Kind, Package, Unreadable};

pub(super) fn read(_: &str, bytes: &[u8]) -> Result<Vec<Package>, Unreadable> {
    let text = text(bytes);
    let (name, version) = if text.trim_start().starts_with("---") {
        yaml(&text)
    } else {
        ruby(&text)
    };
    match (name, version) {
        (Some(name), Some(version)) => Ok(vec![Package::new(Kind::Gem, name, version)]),
        _ => Err(Unreadable::new(
            "specification of a gem",
            "it gives no name and version as plain text",
        )),
    }
}

fn yaml(text: &str) -> (Option<String>, Option<String>) {
    let value = |key: &str| {
        text.lines()
            .filter_map(|line| line.trim().strip_prefix(key))
            .map(|value| value.trim().trim_matches(['"', '\'']))
            .find(|value| !value.is_empty() && !value.starts_with('!'))
            .map(str::to_owned)
    };
    (value("name:"), value("version:"))
}

/// `s.name = "rake".freeze`, by whatever variable the specification goes.
fn ruby(text: &str) -> (Option<String>, Option<String>) {
    let variable = text.lines().find_map(|line| {
        let (_, rest) = line.split_once("Gem::Specification.new")?;
        let (_, rest) = rest.split_once('|')?;
        Some(rest.split_once('|')?.0.trim())
    });
    let Some(variable) = variable.filter(|name| !name.is_empty()) else {
        return (None, None);
    };
    let value = |key: &str| {
        text.lines().find_map(|line| {
            let rest = line
                .trim()
                .strip_prefix(variable)?
                .strip_prefix('.')?
                .strip_prefix(key)?;
            let rest = rest.trim_start().strip_prefix('=')?.trim_start();
            let quote = rest
                .chars()
                .next()
                .filter(|quote| ['"', '\''].contains(quote))?;
            let (value, _) = rest[1..].split_once(quote)?;
            (!value.is_empty()).then(|| value.to_owned())
        })
    };
    (value("name"), value("version"))
}
