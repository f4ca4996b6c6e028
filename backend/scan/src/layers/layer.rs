//! One layer: what it brings, and what it takes away from those below.

use super::{
    LayerError, Limit, Limits,
    path::clean,
    stream::Unpacked,
    tar::{Entry, EntryKind, Tar},
};
use std::{
    collections::{BTreeMap, BTreeSet, hash_map::DefaultHasher},
    fmt,
    hash::{Hash as _, Hasher as _},
    io::Read,
    sync::Arc,
};

/// Oddities that are noted one by one; beyond them only their number is.
const MOST_ODDITIES: usize = 100;
/// Bytes that a path takes in the maps beside its own.
const PER_PATH: u64 = 64;

/// A program that carries how it was built is never smaller.
const LEAST_PROGRAM: u64 = 64 << 10;
/// How programs start: ELF, and Mach-O of either order and width.
const MAGICS: [&[u8]; 5] = [
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
];

const WHITEOUT: &str = ".wh.";
const OPAQUE: &str = ".wh..wh..opq";
/// What AUFS keeps beside the files.
const AUFS: &str = ".wh..wh.";

/// Something in a layer that was passed over, to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Oddity {
    /// A name leads out of the image.
    Escapes(String),
    /// A name is longer than the limit.
    LongName(usize),
    /// A wanted file is larger than the limit: its packages are not known.
    LargeFile {
        /// Where.
        path: String,
        /// Its bytes.
        bytes: u64,
    },
    /// A wanted file has holes and was not read: its packages are not known.
    Sparse(String),
}

/// What is kept of one layer.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Layer {
    /// Digest of the unpacked bytes, by which configurations name layers.
    pub diff_id: String,
    /// Unpacked bytes.
    pub bytes: u64,
    /// Entries.
    pub entries: u64,
    /// Wanted files by path.
    pub files: BTreeMap<String, Arc<[u8]>>,
    /// What was kept of programs, by path.
    pub programs: BTreeMap<String, Arc<[u8]>>,
    /// Symbolic links: path and target.
    pub symbolic_links: BTreeMap<String, String>,
    /// Hard links: path and the path that it shares its content with.
    pub hard_links: BTreeMap<String, String>,
    /// Paths of the layers below that are gone.
    pub whiteouts: BTreeSet<String>,
    /// Folders of which the layers below show nothing.
    pub opaque: BTreeSet<String>,
    /// What was passed over, up to a hundred.
    pub oddities: Vec<Oddity>,
    /// How many things were passed over.
    pub passed_over: u64,
    /// Bytes that all of this takes, about.
    pub kept: u64,
    /// Hashes of every path that is no folder, sorted: what such a path covers below is gone.
    covers: Vec<u64>,
    /// Hashes of every path that is a folder, sorted: a file or link of that path below is gone.
    folders: Vec<u64>,
}

/// What of a layer is kept.
///
/// A function of the path is one: it wants files and looks into no programs.
pub trait Wanted {
    /// Whether the file at a path is kept.
    fn file(&self, path: &str) -> bool;

    /// What is kept of a program that lies at a path that is not wanted; `None` keeps nothing.
    fn program(&self, _program: &[u8]) -> Option<Vec<u8>> {
        None
    }

    /// Whether programs are looked into at all.
    fn looks_into_programs(&self) -> bool {
        false
    }
}

impl<F: Fn(&str) -> bool> Wanted for F {
    fn file(&self, path: &str) -> bool {
        self(path)
    }
}

/// Reads a layer, packed or not, keeping the files whose paths are wanted.
///
/// # Errors
/// When it meets a limit, or its bytes contradict themselves.
pub fn read_layer(
    from: impl Read,
    limits: &Limits,
    wanted: &dyn Wanted,
) -> Result<Layer, LayerError> {
    read_within(from, limits, limits.image_bytes, wanted)
}

pub(super) fn read_within(
    from: impl Read,
    limits: &Limits,
    left: u64,
    wanted: &dyn Wanted,
) -> Result<Layer, LayerError> {
    let mut tar = Tar::new(Unpacked::new(from, limits, left)?);
    let mut reading = Reading {
        layer: Layer::default(),
        limits,
    };
    while let Some(entry) = tar.next()? {
        reading.layer.entries += 1;
        if reading.layer.entries > limits.entries {
            return Err(LayerError::Refused(Limit::Entries(limits.entries)));
        }
        if entry.size > limits.layer_bytes {
            return Err(LayerError::Refused(Limit::LayerBytes(limits.layer_bytes)));
        }
        let Some(path) = reading.path(&entry)? else {
            continue;
        };
        reading.keep(size_of::<u64>() as u64)?;
        match entry.kind {
            EntryKind::Folder => reading.layer.replace(&path, true),
            EntryKind::File if !wanted.file(&path) => {
                reading.program(path, &entry, &mut tar, wanted)?;
            }
            EntryKind::Sparse if !wanted.file(&path) => {
                reading.layer.replace(&path, false);
            }
            EntryKind::File if entry.size > limits.file_bytes => {
                reading.layer.replace(&path, false);
                reading.note(Oddity::LargeFile {
                    path,
                    bytes: entry.size,
                });
            }
            EntryKind::File => {
                reading.keep(entry.size + PER_PATH + path.len() as u64)?;
                let content = tar.read_content(entry.size)?;
                reading.layer.replace(&path, false);
                reading.layer.files.insert(path, content.into());
            }
            EntryKind::Sparse => {
                reading.layer.replace(&path, false);
                reading.note(Oddity::Sparse(path));
            }
            EntryKind::SymbolicLink => {
                let target = String::from_utf8_lossy(&entry.link).into_owned();
                reading.keep(PER_PATH + (path.len() + target.len()) as u64)?;
                reading.layer.replace(&path, false);
                reading.layer.symbolic_links.insert(path, target);
            }
            EntryKind::HardLink => reading.hard_link(path, &entry.link)?,
            EntryKind::Other => reading.layer.replace(&path, false),
        }
    }
    let (diff_id, bytes) = tar.into_inner().finish()?;
    let mut layer = reading.layer;
    for hashes in [&mut layer.covers, &mut layer.folders] {
        hashes.sort_unstable();
        hashes.dedup();
        hashes.shrink_to_fit();
    }
    Ok(Layer {
        diff_id,
        bytes,
        ..layer
    })
}

struct Reading<'a> {
    layer: Layer,
    limits: &'a Limits,
}

impl Reading<'_> {
    /// The path of an entry that stands for something in the image; marks are noted and stand for nothing.
    fn path(&mut self, entry: &Entry) -> Result<Option<String>, LayerError> {
        if entry.name.len() > self.limits.name_bytes {
            self.note(Oddity::LongName(entry.name.len()));
            return Ok(None);
        }
        let Some(path) = clean(&entry.name) else {
            self.note(Oddity::Escapes(
                String::from_utf8_lossy(&entry.name).into_owned(),
            ));
            return Ok(None);
        };
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        if name == OPAQUE {
            self.keep(PER_PATH + folder.len() as u64)?;
            self.layer.opaque.insert(folder.to_owned());
            return Ok(None);
        }
        if name.starts_with(AUFS) || name == WHITEOUT {
            return Ok(None);
        }
        if let Some(name) = name.strip_prefix(WHITEOUT) {
            let gone = if folder.is_empty() {
                name.to_owned()
            } else {
                format!("{folder}/{name}")
            };
            self.keep(PER_PATH + gone.len() as u64)?;
            self.layer.whiteouts.insert(gone);
            return Ok(None);
        }
        Ok(Some(path).filter(|path| !path.is_empty()))
    }

    /// A file at a path that is not wanted: looked into when it may be a program that fits.
    fn program(
        &mut self,
        path: String,
        entry: &Entry,
        tar: &mut Tar<Unpacked>,
        wanted: &dyn Wanted,
    ) -> Result<(), LayerError> {
        self.layer.replace(&path, false);
        let fits = (LEAST_PROGRAM..=self.limits.file_bytes).contains(&entry.size);
        if !fits || !wanted.looks_into_programs() {
            return Ok(());
        }
        let start = tar.read_content(4)?;
        if !MAGICS.contains(&start.as_slice()) && !start.starts_with(b"MZ") {
            return Ok(());
        }
        let program = [start, tar.read_content(entry.size)?].concat();
        if let Some(content) = wanted.program(&program) {
            self.keep(PER_PATH + (content.len() + path.len()) as u64)?;
            self.layer.programs.insert(path, content.into());
        }
        Ok(())
    }

    /// A hard link shares what its target holds now; one to what was passed over is kept as a link.
    fn hard_link(&mut self, path: String, target: &[u8]) -> Result<(), LayerError> {
        let Some(target) = clean(target) else {
            self.note(Oddity::Escapes(
                String::from_utf8_lossy(target).into_owned(),
            ));
            return Ok(());
        };
        self.keep(PER_PATH + (path.len() + target.len()) as u64)?;
        self.layer.replace(&path, false);
        if let Some(content) = self.layer.files.get(&target).cloned() {
            self.layer.files.insert(path, content);
        } else if let Some(link) = self.layer.symbolic_links.get(&target).cloned() {
            self.layer.symbolic_links.insert(path, link);
        } else {
            self.layer.hard_links.insert(path, target);
        }
        Ok(())
    }

    fn keep(&mut self, bytes: u64) -> Result<(), LayerError> {
        self.layer.kept = self.layer.kept.saturating_add(bytes);
        if self.layer.kept > self.limits.kept_bytes {
            return Err(LayerError::Refused(Limit::KeptBytes(
                self.limits.kept_bytes,
            )));
        }
        Ok(())
    }

    fn note(&mut self, oddity: Oddity) {
        self.layer.passed_over += 1;
        if self.layer.oddities.len() < MOST_ODDITIES {
            self.layer.oddities.push(oddity);
        }
    }
}

/// How much there is of everything, and not the megabytes themselves.
impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layer")
            .field("diff_id", &self.diff_id)
            .field("bytes", &self.bytes)
            .field("entries", &self.entries)
            .field("files", &self.files.len())
            .field("programs", &self.programs.len())
            .field("whiteouts", &self.whiteouts.len())
            .field("passed_over", &self.passed_over)
            .finish_non_exhaustive()
    }
}

impl Layer {
    /// A later entry of the same archive replaces an earlier one.
    fn replace(&mut self, path: &str, is_folder: bool) {
        self.files.remove(path);
        self.programs.remove(path);
        self.symbolic_links.remove(path);
        self.hard_links.remove(path);
        let hashes = if is_folder {
            &mut self.folders
        } else {
            &mut self.covers
        };
        hashes.push(hash(path));
    }

    /// Whether this layer hides a path of the layers below: by a mark, or by something that is no folder on the way to it.
    pub(super) fn hides(&self, path: &str) -> bool {
        let ends = path
            .match_indices('/')
            .map(|(at, _)| at)
            .chain([path.len()]);
        let mut prefixes = ends.map(|end| &path[..end]);
        self.opaque.contains("")
            || self.folders.binary_search(&hash(path)).is_ok()
            || prefixes.any(|prefix| {
                self.whiteouts.contains(prefix)
                    || self.covers.binary_search(&hash(prefix)).is_ok()
                    || (prefix.len() < path.len() && self.opaque.contains(prefix))
            })
    }

    /// Paths that were not kept and that hard links at wanted paths share: worth a second reading.
    pub fn unread<'a>(&'a self, wanted: &'a dyn Wanted) -> impl Iterator<Item = &'a str> {
        self.hard_links
            .iter()
            .filter(|(path, _)| wanted.file(path))
            .map(|(_, target)| target.as_str())
    }
}

fn hash(path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}
