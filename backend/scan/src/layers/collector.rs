//! The parts of an image as they pass, and the image that they make.

use super::{
    Image, Layer, LayerError, Limit, Limits, Platform, Wanted,
    image::{assemble, fits, no_platform},
    layer::read_within,
    manifest::{self, Configuration, Descriptor, Docker, Oci},
    stream::{Hashed, digest_of},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead as _, BufReader, Read},
    sync::Arc,
};

/// Deepest nesting of indexes, and most manifests.
const INDEX_DEPTH: usize = 4;
const MOST_MANIFESTS: usize = 64;

/// The parts of an image as they come: the entries of an archive, or the files of an OCI layout's folder.
pub struct Collector {
    limits: Limits,
    left: u64,
    stated_kept: u64,
    layers: BTreeMap<String, Part<Arc<Layer>>>,
    texts: BTreeMap<String, Part<Vec<u8>>>,
    links: BTreeMap<String, String>,
}

struct Part<T> {
    digest: String,
    content: T,
}

impl Collector {
    /// One that has seen nothing yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            left: limits.image_bytes,
            stated_kept: limits.kept_bytes,
            layers: BTreeMap::new(),
            texts: BTreeMap::new(),
            links: BTreeMap::new(),
        }
    }

    /// Takes a part by its name within the archive or folder.
    ///
    /// # Errors
    /// When a limit is met or a layer is damaged.
    pub fn add(
        &mut self,
        name: &str,
        from: impl Read,
        wanted: &dyn Wanted,
    ) -> Result<(), LayerError> {
        let mut buffered = BufReader::with_capacity(1024, Hashed::new(from));
        let start = buffered.fill_buf().map_err(LayerError::from_io)?;
        let is_text = start
            .iter()
            .find(|byte| !byte.is_ascii_whitespace())
            .is_some_and(|first| [b'{', b'['].contains(first));
        let is_layer = !is_text && looks_like_a_layer(start, name);
        if is_text {
            let mut content = Vec::new();
            let most = self.limits.json_bytes + 1;
            (&mut buffered)
                .take(most)
                .read_to_end(&mut content)
                .map_err(LayerError::from_io)?;
            if content.len() as u64 >= most {
                // Only what the image names needs to be small; anything else is not ours to judge.
                content = Vec::new();
            }
            self.keep(content.len() as u64)?;
            let digest = buffered.into_inner().finish()?;
            self.texts.insert(name.to_owned(), Part { digest, content });
        } else if is_layer {
            let layer = read_within(&mut buffered, &self.limits, self.left, wanted)?;
            self.left = self.left.saturating_sub(layer.bytes);
            self.keep(layer.kept)?;
            let digest = buffered.into_inner().finish()?;
            self.layers.insert(
                name.to_owned(),
                Part {
                    digest,
                    content: Arc::new(layer),
                },
            );
        }
        Ok(())
    }

    /// Takes what was kept off what the image may keep.
    fn keep(&mut self, bytes: u64) -> Result<(), LayerError> {
        let refused = LayerError::Refused(Limit::KeptBytes(self.stated_kept));
        self.limits.kept_bytes = self.limits.kept_bytes.checked_sub(bytes).ok_or(refused)?;
        Ok(())
    }

    /// Notes that a name stands for another, as `docker save` does for layers that occur twice.
    pub fn link(&mut self, name: &str, target: &str) {
        self.links.insert(name.to_owned(), target.to_owned());
    }

    /// Puts the image together.
    ///
    /// # Errors
    /// When a part is missing or does not have the digest that it is named by, or no image is for the platform.
    pub fn finish(self, platform: Option<&Platform>) -> Result<Image, LayerError> {
        if self.texts.contains_key("manifest.json") {
            return self.docker(platform);
        }
        if self.texts.contains_key("index.json") {
            return self.oci(platform);
        }
        Err(LayerError::Missing(
            "manifest.json or index.json".to_owned(),
        ))
    }

    fn docker(self, platform: Option<&Platform>) -> Result<Image, LayerError> {
        let manifests: Vec<Docker> =
            manifest::read("the manifest", self.text("manifest.json")?, &self.limits)?;
        if manifests.len() > MOST_MANIFESTS {
            return Err(LayerError::Refused(Limit::Manifests(MOST_MANIFESTS)));
        }
        let mut found = Vec::new();
        for image in manifests {
            let configuration = self.text(&image.config)?;
            let id = digest_of(configuration);
            if let Some(stated) = stated_digest(&image.config) {
                check("the configuration", &stated, &id)?;
            }
            let configuration: Configuration =
                manifest::read("the configuration", configuration, &self.limits)?;
            let Some(has) = fits(&configuration, platform) else {
                let mut layers = Vec::new();
                for name in &image.layers {
                    layers.push(self.layer(name)?);
                }
                return assemble(
                    id,
                    image.repo_tags.unwrap_or_default(),
                    configuration,
                    layers,
                );
            };
            found.push(has);
        }
        Err(no_platform(platform, &found))
    }

    fn oci(self, platform: Option<&Platform>) -> Result<Image, LayerError> {
        let index: Oci = manifest::read("the index", self.text("index.json")?, &self.limits)?;
        let mut waiting: Vec<(usize, Descriptor)> = index
            .manifests
            .unwrap_or_default()
            .into_iter()
            .rev()
            .map(|d| (1, d))
            .collect();
        if waiting.is_empty() {
            return Err(LayerError::Manifest {
                what: "the index".to_owned(),
                reason: "it names no manifest".to_owned(),
            });
        }
        let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
        while let Some((depth, descriptor)) = waiting.pop() {
            if !seen.insert(descriptor.digest.clone()) {
                continue;
            }
            if seen.len() > MOST_MANIFESTS {
                return Err(LayerError::Refused(Limit::Manifests(MOST_MANIFESTS)));
            }
            if is_no_image(&descriptor) {
                continue;
            }
            let bytes = self.blob("a manifest", &descriptor.digest)?;
            let content: Oci = manifest::read("a manifest", bytes, &self.limits)?;
            if let Some(inner) = content.manifests {
                if depth >= INDEX_DEPTH {
                    return Err(LayerError::Refused(Limit::IndexDepth(INDEX_DEPTH)));
                }
                waiting.extend(
                    inner
                        .into_iter()
                        .rev()
                        .map(|descriptor| (depth + 1, descriptor)),
                );
                continue;
            }
            let (Some(config), Some(layers)) = (content.config, content.layers) else {
                return Err(LayerError::Manifest {
                    what: "a manifest".to_owned(),
                    reason: "it names neither manifests nor a configuration with layers".to_owned(),
                });
            };
            let configuration: Configuration = manifest::read(
                "the configuration",
                self.blob("the configuration", &config.digest)?,
                &self.limits,
            )?;
            match fits(&configuration, platform) {
                Some(has) => found.push(has),
                None => {
                    let mut read = Vec::new();
                    for layer in &layers {
                        let name = blob_name(&layer.digest)?;
                        check("a layer", &layer.digest, &self.part(&name)?.digest)?;
                        read.push(self.layer(&name)?);
                    }
                    let names = descriptor
                        .annotations
                        .get("org.opencontainers.image.ref.name");
                    return assemble(
                        config.digest,
                        names.cloned().into_iter().collect(),
                        configuration,
                        read,
                    );
                }
            }
        }
        Err(no_platform(platform, &found))
    }

    fn follow<'a>(&'a self, name: &'a str) -> &'a str {
        let mut name = name;
        for _ in 0..self.limits.hops {
            match self.links.get(name) {
                Some(target) => name = target,
                None => break,
            }
        }
        name
    }

    fn text(&self, name: &str) -> Result<&[u8], LayerError> {
        let part = self
            .texts
            .get(self.follow(name))
            .ok_or_else(|| LayerError::Missing(name.to_owned()))?;
        if part.content.is_empty() {
            return Err(LayerError::Refused(Limit::JsonBytes(
                self.limits.json_bytes,
            )));
        }
        Ok(&part.content)
    }

    /// A text by its digest, which it must have.
    fn blob(&self, what: &str, digest: &str) -> Result<&[u8], LayerError> {
        let name = blob_name(digest)?;
        let content = self.text(&name)?;
        check(what, digest, &digest_of(content))?;
        Ok(content)
    }

    fn part(&self, name: &str) -> Result<&Part<Arc<Layer>>, LayerError> {
        self.layers
            .get(self.follow(name))
            .ok_or_else(|| LayerError::Missing(name.to_owned()))
    }

    fn layer(&self, name: &str) -> Result<Arc<Layer>, LayerError> {
        Ok(Arc::clone(&self.part(name)?.content))
    }
}

/// Whether bytes start like a packed or a plain archive; a layer may also be empty.
fn looks_like_a_layer(start: &[u8], name: &str) -> bool {
    let is_packed =
        start.starts_with(&[0x1f, 0x8b]) || start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
    let is_tar = start.get(257..262) == Some(b"ustar");
    let is_empty_tar = start.len() >= 512 && start[..512].iter().all(|byte| *byte == 0);
    is_packed || is_tar || is_empty_tar || name.ends_with("layer.tar")
}

/// `blobs/sha256/…` for a digest that is one; anything else is never used as a name.
fn blob_name(digest: &str) -> Result<String, LayerError> {
    match digest.split_once(':') {
        Some(("sha256", hex))
            if hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
        {
            Ok(format!("blobs/sha256/{hex}"))
        }
        _ => Err(LayerError::Manifest {
            what: "a digest".to_owned(),
            reason: format!("{digest:.80} is no sha256 digest"),
        }),
    }
}

/// The digest that a file's name gives: `HEX.json` or `blobs/sha256/HEX`.
fn stated_digest(name: &str) -> Option<String> {
    let file = name.rsplit('/').next().unwrap_or(name);
    let hex = file.strip_suffix(".json").unwrap_or(file);
    (hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .then(|| format!("sha256:{hex}"))
}

pub(super) fn check(what: &str, expected: &str, found: &str) -> Result<(), LayerError> {
    if expected.eq_ignore_ascii_case(found) {
        return Ok(());
    }
    Err(LayerError::Digest {
        what: what.to_owned(),
        expected: expected.to_owned(),
        found: found.to_owned(),
    })
}

/// Attestations and signatures lie beside images in an index.
fn is_no_image(descriptor: &Descriptor) -> bool {
    let unknown = descriptor.platform.as_ref().is_some_and(|platform| {
        platform.os == "unknown" || platform.architecture == "unknown" && platform.variant.is_none()
    });
    let known = [
        "",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
    ]
    .contains(&descriptor.media_type.as_str())
        || descriptor
            .media_type
            .starts_with("application/vnd.docker.distribution.manifest");
    unknown || !known
}
