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
            system.add(place, layer);
        }
        system
    }

    /// Puts a layer on top; `place` is its place from the lowest.
    pub fn add(&mut self, place: usize, layer: &Layer) {
        self.files.retain(|path, _| !layer.hides(path));
        self.programs.retain(|path, _| !layer.hides(path));
        self.symbolic_links.retain(|path, _| !layer.hides(path));
        self.hard_links.retain(|path, _| !layer.hides(path));
        let kept = |(path, content): (&String, &Arc<[u8]>)| {
            let kept = Kept {
                content: Arc::clone(content),
                layer: place,
            };
            (path.clone(), kept)
        };
        self.files.extend(layer.files.iter().map(kept));
        self.programs.extend(layer.programs.iter().map(kept));
        self.symbolic_links.extend(layer.symbolic_links.clone());
        for (path, target) in &layer.hard_links {
            // A hard link to a file of a layer below shares what that file holds now.
            match self.files.get(target).cloned() {
                Some(kept) => {
                    self.files.insert(path.clone(), kept);
                }
                None => {
                    self.hard_links.insert(path.clone(), target.clone());
                }
            }
        }
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

    /// Wanted paths that are links to what was not kept, with where they lead: worth a second reading. `None` is a ring of links.
    #[must_use]
    pub fn unread(&self, wanted: &dyn Wanted, limits: &Limits) -> Vec<(String, Option<String>)> {
        let symbolic = self
            .symbolic_links
            .keys()
            .map(|path| (path, self.resolve(path, limits)));
        let hard = self
            .hard_links
            .iter()
            .map(|(path, target)| (path, Some(target.clone())));
        symbolic
            .chain(hard)
            .filter(|(path, _)| wanted.file(path))
            .filter(|(_, target)| {
                target
                    .as_ref()
                    .is_none_or(|target| !self.files.contains_key(target))
            })
            .map(|(path, target)| (path.clone(), target))
            .collect()
    }
}
