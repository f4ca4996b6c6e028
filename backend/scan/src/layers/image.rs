//! An image from an archive that `docker save` wrote, or from an OCI layout, in one pass over its bytes.
//!
//! The manifest may come last, so every entry that looks like a layer is read as one when it passes, and put in its place when all
//! have been seen. So an archive can come over a pipe from an engine, packed or not, and nothing is read twice.

use super::{
    Collector, FileSystem, Layer, LayerError, Limit, Limits, Wanted,
    collector::check,
    manifest::Configuration,
    path::{clean, join},
    stream::Unpacked,
    tar::{EntryKind, Tar},
};
use std::{collections::BTreeMap, io::Read, sync::Arc};

/// Most layers; engines stop at 127.
const MOST_LAYERS: usize = 512;
/// Most entries of the archive around the layers.
const MOST_PARTS: usize = 10_000;

/// For which machine an image is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Platform {
    /// `linux`.
    pub os: String,
    /// `amd64`.
    pub architecture: String,
    /// `v8`.
    pub variant: Option<String>,
}

/// One step of the image's making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The command, as the builder wrote it.
    pub created_by: String,
    /// When, as the builder wrote it.
    pub created: Option<String>,
    /// The layer that it made; `None` for one that made none.
    pub layer: Option<usize>,
}

/// An image that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    /// The digest of its configuration: its id on an engine.
    pub id: String,
    /// The names that the archive gives it.
    pub names: Vec<String>,
    /// For which machine it is made; `None` when it does not say.
    pub platform: Option<Platform>,
    /// Its layers, the lowest first.
    pub layers: Vec<Arc<Layer>>,
    /// How it was made.
    pub steps: Vec<Step>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
}

impl Image {
    /// The file system that its layers make together.
    #[must_use]
    pub fn file_system(&self) -> FileSystem {
        FileSystem::of(&self.layers)
    }
}

/// Reads an image from an archive, packed or not.
///
/// # Errors
/// When a limit is met, the bytes contradict themselves or their digests, or no image is for the platform.
pub fn read_archive(
    from: impl Read,
    limits: &Limits,
    platform: Option<&Platform>,
    wanted: &dyn Wanted,
) -> Result<Image, LayerError> {
    let outer = Limits {
        layer_bytes: limits.image_bytes,
        ..*limits
    };
    let mut tar = Tar::new(Unpacked::new(from, &outer, limits.image_bytes)?);
    let mut collector = Collector::new(*limits);
    let mut parts = 0;
    while let Some(entry) = tar.next()? {
        parts += 1;
        if parts > MOST_PARTS {
            return Err(LayerError::Refused(Limit::Entries(MOST_PARTS as u64)));
        }
        let Some(name) = clean(&entry.name) else {
            continue;
        };
        match entry.kind {
            EntryKind::File => collector.add(&name, tar.content(), wanted)?,
            EntryKind::SymbolicLink => {
                collector.link(&name, &join(&name, &String::from_utf8_lossy(&entry.link)));
            }
            EntryKind::HardLink => {
                if let Some(target) = clean(&entry.link) {
                    collector.link(&name, &target);
                }
            }
            _ => {}
        }
    }
    collector.finish(platform)
}

/// What a configuration is for where it is not for the platform asked; `None` when it is, or says nothing.
pub(super) fn fits(configuration: &Configuration, platform: Option<&Platform>) -> Option<String> {
    let wanted = platform?;
    let (os, architecture) = (
        configuration.os.as_ref()?,
        configuration.architecture.as_ref()?,
    );
    let variant = wanted.variant.is_none()
        || configuration.variant.is_none()
        || wanted.variant == configuration.variant;
    if *os == wanted.os && *architecture == wanted.architecture && variant {
        return None;
    }
    Some(format!("{os}/{architecture}"))
}

pub(super) fn no_platform(platform: Option<&Platform>, found: &[String]) -> LayerError {
    let wanted = platform.map(|platform| format!("{}/{}", platform.os, platform.architecture));
    LayerError::Platform {
        wanted: wanted.unwrap_or_else(|| "any platform".to_owned()),
        found: if found.is_empty() {
            "none".to_owned()
        } else {
            found.join(", ")
        },
    }
}

pub(super) fn assemble(
    id: String,
    names: Vec<String>,
    mut configuration: Configuration,
    layers: Vec<Arc<Layer>>,
) -> Result<Image, LayerError> {
    if layers.len() > MOST_LAYERS {
        return Err(LayerError::Refused(Limit::Layers(MOST_LAYERS)));
    }
    let stated = &configuration.rootfs.diff_ids;
    if !stated.is_empty() {
        if stated.len() != layers.len() {
            return Err(LayerError::Manifest {
                what: "the configuration".to_owned(),
                reason: format!(
                    "it has {} layers and the manifest {}",
                    stated.len(),
                    layers.len()
                ),
            });
        }
        for (stated, layer) in stated.iter().zip(&layers) {
            check("an unpacked layer", stated, &layer.diff_id)?;
        }
    }
    let mut next = 0;
    let steps = configuration
        .history
        .iter()
        .map(|step| Step {
            created_by: step
                .created_by
                .clone()
                .or_else(|| step.comment.clone())
                .unwrap_or_default(),
            created: step.created.clone(),
            layer: (!step.empty_layer && next < layers.len()).then(|| {
                next += 1;
                next - 1
            }),
        })
        .collect();
    let platform = match (&configuration.os, &configuration.architecture) {
        (Some(os), Some(architecture)) => Some(Platform {
            os: os.clone(),
            architecture: architecture.clone(),
            variant: configuration.variant.clone(),
        }),
        _ => None,
    };
    Ok(Image {
        id,
        names,
        platform,
        labels: configuration.labels(),
        layers,
        steps,
    })
}
