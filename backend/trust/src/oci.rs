//! What a registry holds beside an image: the signatures and attestations that refer to it.
//!
//! As everywhere in this crate nothing is fetched here: what was fetched is handed out checked against the digest it was asked by,
//! and what is missing is noted as wanted.

use crate::{digest, json::Json};
use std::{cell::RefCell, collections::BTreeMap};

/// A thing to ask a repository for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// A manifest, by tag or digest.
    Manifest(String),
    /// The list of manifests that refer to a digest (`/referrers/<digest>`).
    Referrers(String),
    /// A blob, by digest.
    Blob(String),
}

/// A thing that must be seen next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What to ask for.
    pub item: Item,
    /// The most bytes it may have.
    pub cap: u64,
}

/// What the registry answered for one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The bytes.
    Found(Vec<u8>),
    /// It has none.
    Missing,
    /// It wants credentials that we lack; why, in a sentence.
    NoAccess(String),
    /// It could not be asked; why, in a sentence.
    Unreachable(String),
    /// It is longer than the cap.
    TooLong,
}

/// A repository's answers so far.
pub type Evidence = BTreeMap<Item, Answer>;

/// The bounds of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest manifest or list of manifests, in bytes.
    pub manifest: u64,
    /// The longest signature, payload or bundle, in bytes.
    pub blob: u64,
    /// The most signatures that are looked at.
    pub signatures: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            manifest: 4 << 20,
            blob: 8 << 20,
            signatures: 100,
        }
    }
}

/// The image that is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Image<'a> {
    /// The repository with its registry's host, such as `registry.example/team/app`.
    pub repository: &'a str,
    /// The digest of its manifest, `sha256:…`.
    pub digest: &'a str,
}

/// Why a thing cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It must be fetched first.
    #[error("it is not fetched yet")]
    Wanted,
    /// The registry has none.
    #[error("the registry has no such thing")]
    Missing,
    /// The registry wants credentials.
    #[error("no access: {0}")]
    NoAccess(String),
    /// The registry cannot be asked.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// It is too long.
    #[error("it is longer than {0} bytes")]
    TooLong(u64),
    /// Its bytes are others than its digest says.
    #[error("the registry serves other bytes than {0}")]
    OtherBytes(String),
    /// It is no manifest we understand.
    #[error("it is malformed: {0}")]
    Malformed(String),
}

/// What was fetched, and what will have to be.
pub(crate) struct Shelf<'a> {
    evidence: &'a Evidence,
    limits: Limits,
    wanted: RefCell<Vec<Wanted>>,
}

/// A manifest that a list names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Descriptor {
    pub media_type: String,
    pub digest: String,
    pub artifact_type: Option<String>,
    pub annotations: BTreeMap<String, String>,
}

/// The parts of a manifest that matter here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Manifest {
    /// `artifactType`, or in older forms the configuration's media type.
    pub kind: Option<String>,
    pub layers: Vec<Descriptor>,
    pub subject: Option<String>,
    pub annotations: BTreeMap<String, String>,
}

impl<'a> Shelf<'a> {
    pub fn new(evidence: &'a Evidence, limits: Limits) -> Self {
        Shelf {
            evidence,
            limits,
            wanted: RefCell::default(),
        }
    }

    /// Everything that was asked for and is not there yet.
    pub fn wanted(self) -> Vec<Wanted> {
        self.wanted.into_inner()
    }

    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// A manifest by tag or digest; one asked for by digest has it.
    pub fn manifest(&self, reference: &str) -> Result<&'a [u8], Unusable> {
        let bytes = self.get(Item::Manifest(reference.to_owned()), self.limits.manifest)?;
        match reference.contains(':') {
            true => check(reference, bytes),
            false => Ok(bytes),
        }
    }

    /// A blob; it has the digest it is asked for by.
    pub fn blob(&self, digest: &str) -> Result<&'a [u8], Unusable> {
        let bytes = self.get(Item::Blob(digest.to_owned()), self.limits.blob)?;
        check(digest, bytes)
    }

    /// The manifests that refer to `digest`: from the registry, or from the tag that stands in where registries cannot say.
    pub fn referrers(&self, digest: &str) -> Result<Vec<Descriptor>, Unusable> {
        let list = match self.get(Item::Referrers(digest.to_owned()), self.limits.manifest) {
            Err(Unusable::Missing) => self.manifest(&digest.replace(':', "-")),
            found => found,
        };
        match list {
            Err(Unusable::Missing) => Ok(vec![]),
            list => read_list(list?),
        }
    }

    fn get(&self, item: Item, cap: u64) -> Result<&'a [u8], Unusable> {
        match self.evidence.get(&item) {
            None => {
                self.wanted.borrow_mut().push(Wanted { item, cap });
                Err(Unusable::Wanted)
            }
            Some(Answer::Found(bytes)) if bytes.len() as u64 > cap => Err(Unusable::TooLong(cap)),
            Some(Answer::Found(bytes)) => Ok(bytes),
            Some(Answer::Missing) => Err(Unusable::Missing),
            Some(Answer::NoAccess(why)) => Err(Unusable::NoAccess(why.clone())),
            Some(Answer::Unreachable(why)) => Err(Unusable::Unreachable(why.clone())),
            Some(Answer::TooLong) => Err(Unusable::TooLong(cap)),
        }
    }
}

fn check<'a>(expected: &str, bytes: &'a [u8]) -> Result<&'a [u8], Unusable> {
    match digest::sha256(bytes) == expected {
        true => Ok(bytes),
        false => Err(Unusable::OtherBytes(expected.to_owned())),
    }
}

fn read_list(bytes: &[u8]) -> Result<Vec<Descriptor>, Unusable> {
    let malformed = |what: String| Unusable::Malformed(what);
    let list = Json::parse(bytes).map_err(|error| malformed(error.to_string()))?;
    list.get("manifests")
        .and_then(Json::list)
        .ok_or_else(|| malformed("it has no list \"manifests\"".to_owned()))?
        .iter()
        .map(|json| {
            Descriptor::read(json)
                .ok_or_else(|| malformed("one of its descriptors is malformed".to_owned()))
        })
        .collect()
}

impl Descriptor {
    fn read(json: &Json) -> Option<Self> {
        let digest = json.get("digest")?.text()?;
        if !digest::is_sha256(digest) {
            return None;
        }
        Some(Descriptor {
            media_type: json.get("mediaType")?.text()?.to_owned(),
            digest: digest.to_owned(),
            artifact_type: json
                .get("artifactType")
                .and_then(Json::text)
                .map(str::to_owned),
            annotations: annotations(json)?,
        })
    }
}

impl Manifest {
    pub fn read(bytes: &[u8]) -> Result<Self, Unusable> {
        let json = Json::parse(bytes).map_err(|error| Unusable::Malformed(error.to_string()))?;
        Self::of(&json).ok_or_else(|| Unusable::Malformed("it is no image manifest".to_owned()))
    }

    fn of(json: &Json) -> Option<Self> {
        let artifact_type = json.get("artifactType").and_then(Json::text);
        let config = json
            .get("config")
            .and_then(|config| config.get("mediaType"))
            .and_then(Json::text);
        let layers = json.get("layers").or_else(|| json.get("blobs"))?;
        let subject = match json.get("subject") {
            None | Some(Json::Null) => None,
            Some(subject) => Some(subject.get("digest")?.text()?.to_owned()),
        };
        Some(Manifest {
            kind: artifact_type.or(config).map(str::to_owned),
            layers: layers
                .list()?
                .iter()
                .map(Descriptor::read)
                .collect::<Option<_>>()?,
            subject,
            annotations: annotations(json)?,
        })
    }
}

fn annotations(json: &Json) -> Option<BTreeMap<String, String>> {
    match json.get("annotations") {
        None | Some(Json::Null) => Some(BTreeMap::new()),
        Some(annotations) => annotations
            .object()?
            .iter()
            .map(|(key, value)| Some((key.clone(), value.text()?.to_owned())))
            .collect(),
    }
}
