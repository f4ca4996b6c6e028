//! `requirements.txt`, as far as it pins: `name==1.0`.

use crate::package::{Kind, Package, Unreadable};

pub(super) fn read(text: &str) -> Result<Vec<Package>, Unreadable> {
    let joined = text.replace("\\\r\n", " ").replace("\\\n", " ");
    Ok(joined.lines().filter_map(pinned).collect())
}

fn pinned(line: &str) -> Option<Package> {
    if line.trim_start().starts_with(['#', '-']) {
        return None;
    }
    let line = line.split(['#', ';']).next()?.split(" -").next()?.trim();
    let (name, version) = line.split_once("===").or_else(|| line.split_once("=="))?;
    let name = name.split('[').next()?.trim();
    let version = version.split(',').next()?.trim();
    let is_plain = |text: &str, more: &[char]| {
        !text.is_empty()
            && text
                .chars()
                .all(|next| next.is_ascii_alphanumeric() || more.contains(&next))
    };
    (is_plain(name, &['-', '_', '.']) && is_plain(version, &['.', '!', '+', '-', '_']))
        .then(|| Package::new(Kind::Pypi, name, version))
}
