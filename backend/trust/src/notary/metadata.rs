//! Notary's metadata files: what they say, once they are well-formed.

use super::{
    fault::Fault,
    key::Key,
    parts::{
        check_role_keys, read_common, read_delegations, read_files, read_keys, read_role_keys,
        read_signatures,
    },
    role,
};
use crate::json::Json;
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp as Instant;
use sha2::{Digest, Sha256, Sha512};
use std::collections::BTreeMap;

/// A file's two halves; nothing of `signed` counts before its signatures were checked.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub signed: Json,
    pub signatures: Vec<Signature>,
}

/// One signature; its method is in lower case.
#[derive(Debug, Clone)]
pub(super) struct Signature {
    pub key_id: String,
    pub method: String,
    pub bytes: Vec<u8>,
}

/// The keys of a role and how many of them must sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RoleKeys {
    pub key_ids: Vec<String>,
    pub threshold: u64,
}

/// Length and digests of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileMeta {
    pub length: u64,
    pub hashes: BTreeMap<String, Vec<u8>>,
}

/// What every file says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Common {
    pub version: u64,
    pub expires: Instant,
}

/// `root.json`: every top role's keys.
#[derive(Debug, Clone)]
pub(super) struct Root {
    pub common: Common,
    pub keys: BTreeMap<String, Key>,
    pub roles: BTreeMap<String, RoleKeys>,
}

/// `timestamp.json`: the current snapshot.
#[derive(Debug, Clone)]
pub(super) struct Timestamp {
    pub common: Common,
    pub snapshot: FileMeta,
}

/// `snapshot.json`: the current file of every other role.
#[derive(Debug, Clone)]
pub(super) struct Snapshot {
    pub common: Common,
    pub meta: BTreeMap<String, FileMeta>,
}

/// `targets.json` and the files of delegations: digests by tag, and whom they delegate to.
#[derive(Debug, Clone)]
pub(super) struct Targets {
    pub common: Common,
    pub targets: BTreeMap<String, FileMeta>,
    pub keys: BTreeMap<String, Key>,
    pub delegations: Vec<Delegation>,
}

/// A role that may sign tags which begin with one of its paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Delegation {
    pub name: String,
    pub keys: RoleKeys,
    pub paths: Vec<String>,
}

impl Document {
    pub fn read(role: &str, bytes: &[u8]) -> Result<Self, Fault> {
        let file = Json::parse(bytes).map_err(|error| {
            Fault::structure(role, format!("the file is not strict JSON: {error}"))
        })?;
        let Json::Object(mut file) = file else {
            return Err(Fault::structure(role, "the file is no object"));
        };
        let signed = file
            .remove("signed")
            .filter(|signed| signed.object().is_some())
            .ok_or_else(|| Fault::structure(role, "the file has no object \"signed\""))?;
        let signatures = match file.get("signatures") {
            None | Some(Json::Null) => vec![],
            Some(list) => read_signatures(list)
                .ok_or_else(|| Fault::structure(role, "the list of signatures is malformed"))?,
        };
        Ok(Document { signed, signatures })
    }
}

impl FileMeta {
    /// Checks every digest we know against `bytes`; `Err` names the one that differs, or says there is none.
    pub fn check(&self, bytes: &[u8]) -> Result<(), String> {
        let mut known = 0;
        for (name, expected) in &self.hashes {
            let differs = match name.as_str() {
                "sha256" => Sha256::digest(bytes).as_slice() != expected,
                "sha512" => Sha512::digest(bytes).as_slice() != expected,
                _ => continue,
            };
            if differs {
                return Err(format!("its {name} is not the one that was announced"));
            }
            known += 1;
        }
        match known {
            0 => Err("no digest we know was announced for it".to_owned()),
            _ => Ok(()),
        }
    }

    /// SHA-256 in hex, if it is announced and has its length.
    pub fn sha256(&self) -> Option<String> {
        let bytes = self.hashes.get("sha256")?;
        (bytes.len() == 32).then(|| crate::digest::hex(bytes))
    }

    pub fn read(json: &Json) -> Option<Self> {
        let hashes = match json.get("hashes")? {
            Json::Null => BTreeMap::new(),
            hashes => hashes
                .object()?
                .iter()
                .map(|(name, value)| Some((name.clone(), STANDARD.decode(value.text()?).ok()?)))
                .collect::<Option<_>>()?,
        };
        Some(FileMeta {
            length: json.get("length")?.natural()?,
            hashes,
        })
    }

    /// Whether SHA-256 is there, and every digest we know has its length.
    fn is_complete(&self) -> bool {
        let right = |name: &str, length| {
            self.hashes
                .get(name)
                .is_none_or(|hash| hash.len() == length)
        };
        self.hashes.contains_key("sha256") && right("sha256", 32) && right("sha512", 64)
    }
}

impl Root {
    pub fn read(signed: &Json) -> Result<Self, Fault> {
        const ROLE: &str = "root";
        let common = read_common(ROLE, "Root", signed)?;
        let keys = read_keys(ROLE, signed.get("keys"))?;
        let listed = signed
            .get("roles")
            .and_then(Json::object)
            .ok_or_else(|| Fault::structure(ROLE, "it has no object \"roles\""))?;
        let mut roles = BTreeMap::new();
        for (name, role) in listed {
            let read = read_role_keys(role)
                .ok_or_else(|| Fault::structure(ROLE, format!("the role {name:?} is malformed")))?;
            roles.insert(name.clone(), read);
        }
        for name in role::TOP {
            let role = roles
                .get(name)
                .ok_or_else(|| Fault::structure(ROLE, format!("it has no role {name:?}")))?;
            check_role_keys(ROLE, name, role, &keys)?;
        }
        Ok(Root {
            common,
            keys,
            roles,
        })
    }

    /// The keys of a top role, by id; well-formedness proved that every role has its keys.
    pub fn keys_of(&self, role: &str) -> BTreeMap<&str, &Key> {
        self.roles
            .get(role)
            .map(|role| listed_keys(role, &self.keys))
            .unwrap_or_default()
    }

    pub fn threshold_of(&self, role: &str) -> u64 {
        self.roles.get(role).map_or(u64::MAX, |role| role.threshold)
    }
}

impl Timestamp {
    pub fn read(signed: &Json) -> Result<Self, Fault> {
        const ROLE: &str = "timestamp";
        let common = read_common(ROLE, "Timestamp", signed)?;
        let mut meta = read_files(ROLE, "meta", signed.get("meta"))?;
        let snapshot = meta
            .remove("snapshot")
            .filter(FileMeta::is_complete)
            .ok_or_else(|| Fault::structure(ROLE, "it has no usable SHA-256 for the snapshot"))?;
        Ok(Timestamp { common, snapshot })
    }
}

impl Snapshot {
    pub fn read(signed: &Json) -> Result<Self, Fault> {
        const ROLE: &str = "snapshot";
        let common = read_common(ROLE, "Snapshot", signed)?;
        let meta = read_files(ROLE, "meta", signed.get("meta"))?;
        for name in ["root", "targets"] {
            if !meta.get(name).is_some_and(FileMeta::is_complete) {
                return Err(Fault::structure(
                    ROLE,
                    format!("it has no usable SHA-256 for {name}"),
                ));
            }
        }
        Ok(Snapshot { common, meta })
    }
}

impl Targets {
    pub fn read(role: &str, signed: &Json) -> Result<Self, Fault> {
        let common = read_common(role, "Targets", signed)?;
        let targets = match signed.get("targets") {
            None | Some(Json::Null) => BTreeMap::new(),
            listed => read_files(role, "targets", listed)?,
        };
        let (keys, delegations) = match signed.get("delegations") {
            None | Some(Json::Null) => (BTreeMap::new(), vec![]),
            Some(delegations) => read_delegations(role, delegations)?,
        };
        Ok(Targets {
            common,
            targets,
            keys,
            delegations,
        })
    }
}

/// The keys among `keys` that a role lists, each once.
pub(super) fn listed_keys<'a>(
    role: &'a RoleKeys,
    keys: &'a BTreeMap<String, Key>,
) -> BTreeMap<&'a str, &'a Key> {
    role.key_ids
        .iter()
        .filter_map(|id| Some((id.as_str(), keys.get(id)?)))
        .collect()
}
