//! A repository whose trust data is sound: what it says about tags, and until when.

use super::{
    evidence::Remembered,
    metadata::{Delegation, FileMeta, Root, Targets, listed_keys},
    pinning::Anchor,
    role::{self, RELEASES, TARGETS},
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Trust data that was verified.
#[derive(Debug, Clone)]
pub struct Repository {
    /// The repository.
    pub gun: String,
    /// Why its root is believed.
    pub anchor: Anchor,
    /// Every role whose file was verified.
    pub roles: BTreeMap<String, RoleState>,
    /// The certificates behind the root's keys.
    pub root_certificates: Vec<RootCertificate>,
    /// What does not spoil the verdict but must be seen.
    pub warnings: Vec<Warning>,
    /// The files to remember as trusted.
    pub files: Remembered,
    pub(super) root: Root,
    pub(super) targets: BTreeMap<String, Targets>,
}

/// A verified file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleState {
    /// Its version.
    pub version: u64,
    /// When it expires.
    pub expires: Timestamp,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// The ids of the keys that signed it.
    pub signed_by: Vec<String>,
}

/// A certificate that speaks for the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootCertificate {
    /// The id of its key in the root.
    pub key_id: String,
    /// Whom it is for.
    pub common_name: String,
    /// The end of its validity.
    pub not_after: Timestamp,
}

/// Something to be seen beside a sound repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What kind of thing.
    pub kind: WarningKind,
    /// What, in a sentence.
    pub sentence: String,
}

/// The kinds of warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WarningKind {
    /// The first root ever seen was believed.
    FirstUse,
    /// The server is away; what it said last still holds.
    Stale,
    /// A delegation was left out, because it is expired or not validly signed.
    DelegationDropped,
    /// The snapshot no longer lists a delegation that it listed before and that is still delegated to.
    RoleRemovedFromSnapshot,
}

/// What a repository says about a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagState {
    /// It is signed and released.
    Signed(SignedTag),
    /// Nobody who may signed it.
    Absent,
    /// Somebody signed it, but nobody whose word releases it.
    NotReleased {
        /// The role that has it.
        role: String,
    },
    /// It is signed without a SHA-256, so that it names no image.
    NoUsableHash {
        /// The role that has it.
        role: String,
    },
}

/// A signed and released tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedTag {
    /// The image's digest, `sha256:…`.
    pub digest: String,
    /// The length of its manifest in bytes.
    pub length: u64,
    /// The role that releases it: `targets/releases` or `targets`.
    pub role: String,
    /// The signers beside the releasing role who signed the same digest, sorted; none means that role alone.
    pub signers: Vec<String>,
}

/// One tag as one role has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The tag: any text at all, so escape it before it is shown.
    pub tag: String,
    /// The role.
    pub role: String,
    /// The digest, `sha256:…`, if it has one.
    pub digest: Option<String>,
}

impl Repository {
    /// What a pull by this tag gets, in docker's order: `targets/releases` and what it delegates to, then `targets`.
    pub fn tag(&self, tag: &str) -> TagState {
        let found = self
            .search(tag, RELEASES, &[TARGETS])
            .or_else(|| self.search(tag, TARGETS, &[RELEASES]));
        let Some((role, meta)) = found else {
            return TagState::Absent;
        };
        if role != RELEASES && role != TARGETS {
            return TagState::NotReleased { role };
        }
        let Some(hex) = meta.sha256() else {
            return TagState::NoUsableHash { role };
        };
        let signers = self
            .holders(tag)
            .into_iter()
            .filter(|(name, other)| {
                !matches!(name.as_str(), RELEASES | TARGETS)
                    && other.sha256().as_ref() == Some(&hex)
            })
            .map(|(name, _)| role::signer(&name).to_owned())
            .collect::<BTreeSet<_>>();
        TagState::Signed(SignedTag {
            digest: format!("sha256:{hex}"),
            length: meta.length,
            role,
            signers: signers.into_iter().collect(),
        })
    }

    /// Every tag of every role that may sign it, conflicts and unreleased ones included, sorted by tag and role.
    pub fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (role, paths, targets) in self.walk() {
            for (tag, meta) in &targets.targets {
                if allows(&paths, tag) {
                    entries.push(Entry {
                        tag: tag.clone(),
                        role: role.clone(),
                        digest: meta.sha256().map(|hex| format!("sha256:{hex}")),
                    });
                }
            }
        }
        entries.sort_by(|a, b| (&a.tag, &a.role).cmp(&(&b.tag, &b.role)));
        entries
    }

    /// The keys of each signer by name, `targets/releases` left out; by canonical id, as `docker trust` shows them.
    pub fn signer_keys(&self) -> BTreeMap<String, Vec<String>> {
        let mut signers = BTreeMap::new();
        for (_, _, targets) in self.walk() {
            for delegation in &targets.delegations {
                if delegation.name == RELEASES {
                    continue;
                }
                let ids: BTreeSet<_> = listed_keys(&delegation.keys, &targets.keys)
                    .values()
                    .map(|key| key.canonical_id())
                    .collect();
                signers.insert(
                    role::signer(&delegation.name).to_owned(),
                    ids.into_iter().collect(),
                );
            }
        }
        signers
    }

    /// The ids of a top role's keys, sorted; for `root` those of its certificates.
    pub fn keys_of(&self, role: &str) -> Vec<String> {
        self.root
            .keys_of(role)
            .into_keys()
            .map(str::to_owned)
            .collect()
    }

    /// The first instant at which something verified here expires.
    pub fn valid_until(&self) -> Option<Timestamp> {
        let files = self.roles.values().map(|role| role.expires);
        let certificates = self
            .root_certificates
            .iter()
            .map(|certificate| certificate.not_after);
        files.chain(certificates).min()
    }

    /// Breadth first from `targets` to `within` and below it, as Notary's client walks.
    fn search(&self, tag: &str, within: &str, skip: &[&str]) -> Option<(String, FileMeta)> {
        let mut queue = VecDeque::from([(TARGETS.to_owned(), vec![String::new()])]);
        while let Some((name, paths)) = queue.pop_front() {
            let Some(targets) = self.targets.get(&name) else {
                continue;
            };
            if is_below(within, &name) {
                queue.extend(children(targets, &paths));
                continue;
            }
            let inside = name == within || is_below(&name, within);
            if !inside || skip.contains(&name.as_str()) || !allows(&paths, tag) {
                continue;
            }
            if let Some(meta) = targets.targets.get(tag) {
                return Some((name, meta.clone()));
            }
            queue.extend(children(targets, &paths));
        }
        None
    }

    /// Every role that has this tag and may have it.
    fn holders(&self, tag: &str) -> Vec<(String, &FileMeta)> {
        self.walk()
            .into_iter()
            .filter(|(_, paths, _)| allows(paths, tag))
            .filter_map(|(name, _, targets)| Some((name, targets.targets.get(tag)?)))
            .collect()
    }

    /// Every loaded role from `targets` down, with the paths it may sign.
    fn walk(&self) -> Vec<(String, Vec<String>, &Targets)> {
        let mut queue = VecDeque::from([(TARGETS.to_owned(), vec![String::new()])]);
        let mut walked = Vec::new();
        while let Some((name, paths)) = queue.pop_front() {
            if let Some(targets) = self.targets.get(&name) {
                queue.extend(children(targets, &paths));
                walked.push((name, paths, targets));
            }
        }
        walked
    }
}

/// The roles that `targets` delegates to, each with those of its paths that its delegator may give.
pub(super) fn children(targets: &Targets, paths: &[String]) -> Vec<(String, Vec<String>)> {
    let restricted = |delegation: &Delegation| {
        let given = delegation
            .paths
            .iter()
            .filter(|path| allows(paths, path))
            .cloned()
            .collect();
        (delegation.name.clone(), given)
    };
    targets.delegations.iter().map(restricted).collect()
}

fn allows(paths: &[String], tag: &str) -> bool {
    paths.iter().any(|path| tag.starts_with(path.as_str()))
}

fn is_below(name: &str, above: &str) -> bool {
    name.strip_prefix(above)
        .is_some_and(|rest| rest.starts_with('/'))
}
