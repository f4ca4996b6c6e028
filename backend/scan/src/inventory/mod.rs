//! Everything that an image says it holds: its distribution, its packages, and what could not be read of them.

mod needs;
mod owned;

pub use needs::Needs;

use crate::{
    apk, dpkg, installed,
    layers::{FileSystem, Image, Kept, Limits, Oddity},
    os_release::{self, Distribution},
    package::{Package, Unreadable},
    rpm,
};
use needs::of_program;
use owned::{is_file_list, owned};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

const DPKG: &str = "var/lib/dpkg/status";
const DPKG_FOLDER: &str = "var/lib/dpkg/status.d/";
const OPKG: &str = "usr/lib/opkg/status";
const REPOSITORIES: &str = "etc/apk/repositories";

/// A package with where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The package.
    pub package: Package,
    /// The file that says so.
    pub path: String,
    /// The layer that brought it, from the lowest.
    pub layer: usize,
    /// Whether a package of the system brought the file: the system's advisories speak of it then, and the language's do not.
    pub is_owned: bool,
}

/// What an image holds.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    /// Which distribution it is of.
    pub distribution: Option<Distribution>,
    /// Its packages.
    pub packages: Vec<Found>,
    /// Files that must list packages and could not be read: their packages are not known, which is not that there are none.
    pub unreadable: Vec<(String, Unreadable)>,
}

/// Whether a file lists packages of the system.
fn is_database(path: &str) -> bool {
    reader(path).is_some()
}

/// Whether a file holds what SQLite has not yet written into a database of `rpm`.
fn is_journal(path: &str) -> bool {
    path.strip_suffix("-wal").is_some_and(is_database)
}

/// Whether a file of an image is needed for its inventory.
#[must_use]
pub fn is_wanted(path: &str) -> bool {
    let known = os_release::PATHS.contains(&path) || path == REPOSITORIES || is_journal(path);
    known || reader(path).is_some() || is_file_list(path) || installed::is_wanted(path)
}

type Reader = fn(&[u8]) -> Result<Vec<Package>, Unreadable>;

/// How a file that lists the system's packages is read.
fn reader(path: &str) -> Option<Reader> {
    if path == DPKG || path == OPKG {
        return Some(dpkg::read_status);
    }
    if let Some(file) = path.strip_prefix(DPKG_FOLDER) {
        let is_list = !file.contains('/') && !file.ends_with(".md5sums") && !file.is_empty();
        return is_list.then_some(dpkg::read_status_d as Reader);
    }
    if apk::PATHS.contains(&path) {
        return Some(apk::read);
    }
    let (folder, file) = path.rsplit_once('/')?;
    (rpm::FOLDERS.contains(&folder) && rpm::FILES.contains(&file)).then_some(rpm::read as Reader)
}

/// Takes the inventory of an image.
///
/// A package belongs to the lowest layer from which on every state of its database has it: a layer that rewrites a database does
/// not become the origin of everything in it.
#[must_use]
pub fn take(image: &Image, limits: &Limits) -> Inventory {
    let mut top = FileSystem::default();
    let mut states = Vec::new();
    for (place, layer) in image.layers.iter().enumerate() {
        top.add(place, layer);
        states.push(databases(&top, limits));
    }
    let mut inventory = Inventory {
        distribution: distribution(&top, limits),
        ..Inventory::default()
    };
    if let Some((now, before)) = states.split_last() {
        for (path, kept) in now {
            inventory.add_database(path, kept, before);
        }
    }
    inventory.add_lost(&top, image, limits);
    let files = top
        .files()
        .filter_map(|(path, kept)| Some((path, kept, installed::read(path, &kept.content)?)));
    let programs = top
        .programs()
        .map(|(path, kept)| (path, kept, of_program(&kept.content)));
    let all: Vec<_> = files.chain(programs).collect();
    let owned = owned(&top, &all.iter().map(|(path, ..)| *path).collect(), limits);
    for (path, kept, found) in all {
        inventory.add(path, kept, found, owned.contains(path));
    }
    inventory
}

/// The databases of the system's packages at one height of an image, by their paths.
type State = BTreeMap<String, Kept>;

fn databases(system: &FileSystem, limits: &Limits) -> State {
    let mut seen = BTreeSet::new();
    places(system)
        .into_iter()
        .filter(|path| reader(path).is_some())
        .filter_map(|path| {
            let kept = system.get(&path, limits)?.clone();
            // One database may be reached by several names, as `lib` and `usr/lib` are one folder in many images.
            seen.insert(system.resolve(&path, limits)?)
                .then_some((path, kept))
        })
        .collect()
}

impl Inventory {
    /// Adds what a database lists, each package with the layer that brought it; `before` are the states of the layers below.
    fn add_database(&mut self, path: &str, kept: &Kept, before: &[State]) {
        let Some(read) = reader(path) else { return };
        let packages = match read(&kept.content) {
            Ok(packages) => packages,
            Err(error) => return self.unreadable.push((path.to_owned(), error)),
        };
        let mut origins = vec![kept.layer; packages.len()];
        let mut last = kept;
        let mut still: Vec<usize> = (0..packages.len()).collect();
        for state in before.iter().rev() {
            let Some(earlier) = state.get(path) else {
                break;
            };
            if Arc::ptr_eq(&earlier.content, &last.content) {
                continue;
            }
            let Ok(known) = read(&earlier.content) else {
                break;
            };
            let known: BTreeSet<_> = known.iter().collect();
            still.retain(|place| known.contains(&packages[*place]));
            for place in &still {
                origins[*place] = earlier.layer;
            }
            last = earlier;
        }
        let found = packages.into_iter().zip(origins);
        self.packages.extend(found.map(|(package, layer)| Found {
            package,
            path: path.to_owned(),
            layer,
            is_owned: false,
        }));
    }

    /// Names what should list packages and was not kept, or not in full.
    fn add_lost(&mut self, system: &FileSystem, image: &Image, limits: &Limits) {
        let mut lost = |path: &str, reason: String| {
            let error = Unreadable::new("list of packages", reason);
            self.unreadable.push((path.to_owned(), error));
        };
        for (path, target) in system.unread(&is_database, limits) {
            let reason = match target {
                Some(target) => format!(
                    "it is a link to {target}, which the image does not hold or which was not read"
                ),
                None => format!(
                    "it is a link that leads on and on, more than {} times",
                    limits.hops
                ),
            };
            lost(&path, reason);
        }
        for oddity in image.layers.iter().flat_map(|layer| &layer.oddities) {
            match oddity {
                Oddity::LargeFile { path, bytes } if !system.has(path) => {
                    lost(
                        path,
                        format!(
                            "it has {bytes} bytes, and the limit is {}",
                            limits.file_bytes
                        ),
                    );
                }
                Oddity::Sparse(path) if !system.has(path) => lost(path, "it has holes".to_owned()),
                _ => {}
            }
        }
        for (path, kept) in system.files() {
            if is_journal(path) && !kept.content.is_empty() {
                lost(
                    path,
                    "it holds changes to the database beside it, which are not read".to_owned(),
                );
            }
        }
    }

    /// Adds what one file of a language's tool, or one program, names.
    fn add(
        &mut self,
        path: &str,
        kept: &Kept,
        found: Result<Vec<Package>, Unreadable>,
        is_owned: bool,
    ) {
        match found {
            Ok(packages) => self
                .packages
                .extend(packages.into_iter().map(|package| Found {
                    package,
                    path: path.to_owned(),
                    layer: kept.layer,
                    is_owned,
                })),
            Err(error) => self.unreadable.push((path.to_owned(), error)),
        }
    }
}

/// The places that may list packages: those that are there by name, and well-known ones that may be reached through links.
fn places(system: &FileSystem) -> BTreeSet<String> {
    let rpm = rpm::FOLDERS.iter().flat_map(|folder| {
        rpm::FILES
            .iter()
            .map(move |file| format!("{folder}/{file}"))
    });
    let known = [DPKG, OPKG]
        .into_iter()
        .chain(apk::PATHS)
        .map(str::to_owned);
    system
        .files()
        .map(|(path, _)| path.to_owned())
        .chain(known)
        .chain(rpm)
        .collect()
}

fn distribution(system: &FileSystem, limits: &Limits) -> Option<Distribution> {
    let mut found = os_release::PATHS
        .iter()
        .find_map(|path| os_release::read(path, &system.get(path, limits)?.content))?;
    // Packages come from the repositories, whatever the release file says of the rest.
    if found.family == os_release::Family::Alpine
        && let Some(kept) = system.get(REPOSITORIES, limits)
        && let Some(release) = apk::release_of_repositories(&String::from_utf8_lossy(&kept.content))
        && found.release() != Some(release.trim_start_matches('v'))
    {
        found.version = Some(release.trim_start_matches('v').to_owned());
    }
    Some(found)
}
