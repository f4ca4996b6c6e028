//! The file system that layers make together, as far as it was kept.

use super::{Layer, Limits, Wanted, path::join};
use std::{collections::BTreeMap, sync::Arc};

/// A kept file, with the layer that it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its content.
    pub content: Arc<[u8]>,
    /// The layer's place from the lowest.
    pub layer: usize,
}

/// The wanted files and the links of an image, as the topmost layer shows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSystem {
    files: BTreeMap<String, Kept>,
    programs: BTreeMap<String, Kept>,
    symbolic_links: BTreeMap<String, String>,
    hard_links: BTreeMap<String, String>,
}

impl FileSystem {
    /// Puts layers on each other, the lowest first.
    #[must_use]
    pub fn of(layers: &[Arc<Layer>]) -> Self {
        let mut system = Self::default();
        for (place, layer) in layers.iter().enumerate() {
            system.files.retain(|path, _| !layer.hides(path));
            system.programs.retain(|path, _| !layer.hides(path));
            system.symbolic_links.retain(|path, _| !layer.hides(path));
            system.hard_links.retain(|path, _| !layer.hides(path));
            let kept = |(path, content): (&String, &Arc<[u8]>)| {
                let kept = Kept {
                    content: Arc::clone(content),
                    layer: place,
                };
                (path.clone(), kept)
            };
            system.files.extend(layer.files.iter().map(kept));
            system.programs.extend(layer.programs.iter().map(kept));
            system.symbolic_links.extend(layer.symbolic_links.clone());
            for (path, target) in &layer.hard_links {
                // A hard link to a file of a layer below shares what that file holds now.
                match system.files.get(target).cloned() {
                    Some(kept) => {
                        system.files.insert(path.clone(), kept);
                    }
                    None => {
                        system.hard_links.insert(path.clone(), target.clone());
                    }
                }
            }
        }
        system
    }

    /// The kept files by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Kept)> {
        self.files.iter().map(|(path, kept)| (path.as_str(), kept))
    }

    /// What was kept of programs, by path.
    pub fn programs(&self) -> impl Iterator<Item = (&str, &Kept)> {
        self.programs
            .iter()
            .map(|(path, kept)| (path.as_str(), kept))
    }

    /// The kept file at a path, through links.
    #[must_use]
    pub fn get(&self, path: &str, limits: &Limits) -> Option<&Kept> {
        self.files.get(&self.resolve(path, limits)?)
    }

    /// Where a path leads through links; `None` when it needs more hops than the limit, as a ring does.
    #[must_use]
    pub fn resolve(&self, path: &str, limits: &Limits) -> Option<String> {
        let mut path = path.trim_start_matches('/').to_owned();
        let mut hops = 0;
        'again: loop {
            let ends: Vec<usize> = path
                .match_indices('/')
                .map(|(at, _)| at)
                .chain([path.len()])
                .collect();
            for end in ends {
                let (start, rest) = path.split_at(end);
                if let Some(target) = self.symbolic_links.get(start) {
                    hops += 1;
                    if hops > limits.hops || path.len() > limits.name_bytes {
                        return None;
                    }
                    let to = join(start, target);
                    path = format!("{to}{rest}").trim_start_matches('/').to_owned();
                    continue 'again;
                }
            }
            return Some(path);
        }
    }

    /// Whether anything that was kept stands at a path: a file, or a link.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
            || self.symbolic_links.contains_key(path)
            || self.hard_links.contains_key(path)
    }

    /// Where wanted paths lead, through links, to files that were not kept: worth a second reading.
    #[must_use]
    pub fn unread(&self, wanted: &dyn Wanted, limits: &Limits) -> Vec<String> {
        let symbolic = self
            .symbolic_links
            .keys()
            .filter(|path| wanted.file(path))
            .filter_map(|path| self.resolve(path, limits));
        let hard = self
            .hard_links
            .iter()
            .filter(|(path, _)| wanted.file(path))
            .map(|(_, target)| target.clone());
        let mut unread: Vec<_> = symbolic
            .chain(hard)
            .filter(|path| !self.files.contains_key(path))
            .collect();
        unread.sort();
        unread.dedup();
        unread
    }
}
