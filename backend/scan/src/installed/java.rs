//! Java archives: what Maven left in them, and in the archives within them; what their name and manifest say else.

use crate::{
    package::{Kind, Package, Unreadable},
    zip::{self, Entry},
};

const FORMAT: &str = "Java archive";
/// Archives within archives.
const DEPTH: usize = 8;
/// Entries of one archive, bytes of a property file, and of an inner archive.
const ENTRIES: usize = 200_000;
const PROPERTIES: usize = 1 << 20;
const ARCHIVE: usize = 64 << 20;
/// Bytes of all inner archives together.
const ALL_ARCHIVES: usize = 256 << 20;

pub(super) fn read(path: &str, bytes: &[u8]) -> Result<Vec<Package>, Unreadable> {
    let mut packages = Vec::new();
    let mut left = ALL_ARCHIVES;
    archive(path, bytes, 1, &mut left, &mut packages)?;
    packages.sort();
    packages.dedup();
    Ok(packages)
}

fn archive(
    path: &str,
    bytes: &[u8],
    depth: usize,
    left: &mut usize,
    packages: &mut Vec<Package>,
) -> Result<(), Unreadable> {
    let unreadable = |error: zip::ZipError| Unreadable::new(FORMAT, format!("{path}: {error}"));
    let entries = zip::entries(bytes, ENTRIES).map_err(unreadable)?;
    let before = packages.len();
    for entry in &entries {
        if entry.name.rsplit('/').next() == Some("pom.properties") {
            let content = entry.read(PROPERTIES).map_err(unreadable)?;
            packages.extend(properties(&String::from_utf8_lossy(&content)));
        }
    }
    let own = file(path);
    let is_named = packages[before..].iter().any(|package| {
        let artifact = package.name.split(':').nth(1).unwrap_or_default();
        own.contains(artifact)
    });
    if !is_named {
        packages.extend(by_name(path, &entries)?);
    }
    for entry in entries.iter().filter(|entry| is_archive(&entry.name)) {
        if depth >= DEPTH {
            return Err(Unreadable::new(
                FORMAT,
                format!("{path}: archives lie more than {DEPTH} deep"),
            ));
        }
        let content = entry.read(ARCHIVE.min(*left)).map_err(unreadable)?;
        *left -= content.len();
        archive(&entry.name, &content, depth + 1, left, packages)?;
    }
    Ok(())
}

fn is_archive(name: &str) -> bool {
    [".jar", ".war", ".ear", ".par"]
        .iter()
        .any(|end| name.ends_with(end))
}

fn file(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.rsplit_once('.').map_or(file, |(name, _)| name)
}

/// `groupId`, `artifactId` and `version`; nothing where one lacks.
fn properties(text: &str) -> Option<Package> {
    let value = |key: &str| {
        text.lines()
            .filter_map(|line| {
                line.trim()
                    .strip_prefix(key)?
                    .trim_start()
                    .strip_prefix('=')
            })
            .map(str::trim)
            .find(|value| !value.is_empty() && !value.contains("${"))
    };
    let (group, artifact, version) = (value("groupId")?, value("artifactId")?, value("version")?);
    Some(Package::new(
        Kind::Maven,
        format!("{group}:{artifact}"),
        version,
    ))
}

/// An archive that Maven left nothing in: artifact and version from its name, the group from its manifest or
/// its name.
fn by_name(path: &str, entries: &[Entry]) -> Result<Option<Package>, Unreadable> {
    let name = file(path);
    let at = name
        .match_indices('-')
        .find(|(at, _)| name[at + 1..].starts_with(|next: char| next.is_ascii_digit()));
    let Some((artifact, version)) = at.map(|(at, _)| (&name[..at], &name[at + 1..])) else {
        return Ok(None);
    };
    let manifest = entries
        .iter()
        .find(|entry| entry.name.eq_ignore_ascii_case("META-INF/MANIFEST.MF"));
    let content = manifest.map_or(Ok(Vec::new()), |manifest| manifest.read(PROPERTIES));
    let content = content.map_err(|error| Unreadable::new(FORMAT, format!("{path}: {error}")))?;
    // A line that starts with a space goes on from the one before.
    let text = String::from_utf8_lossy(&content)
        .replace("\r\n", "\n")
        .replace("\n ", "");
    let value = |key: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))
            .map(str::trim)
    };
    let group = value("Implementation-Vendor-Id")
        .map(str::to_owned)
        .or_else(|| {
            let symbolic = value("Bundle-SymbolicName")?.split(';').next()?.trim();
            if symbolic == artifact {
                symbolic.rsplit_once('.').map(|(group, _)| group.to_owned())
            } else {
                symbolic
                    .strip_suffix(artifact)
                    .map(|group| group.trim_end_matches('.').to_owned())
            }
        });
    // Some are named after group and artifact in one.
    let is_reversed = ["com.", "io.", "net.", "org."]
        .iter()
        .any(|start| artifact.starts_with(start));
    let within = artifact
        .rsplit_once('.')
        .filter(|(group, _)| is_reversed && group.contains('.'));
    let group = group.or_else(|| within.map(|(group, _)| group.to_owned()));
    let is_group = |group: &String| !group.is_empty() && !group.contains(char::is_whitespace);
    Ok(group
        .filter(is_group)
        .map(|group| Package::new(Kind::Maven, format!("{group}:{artifact}"), version)))
}
