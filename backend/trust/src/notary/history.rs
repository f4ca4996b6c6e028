//! The roots of a repository one after the other: which keys came and went, and whether each root follows the one before it.

use super::{
    evidence::Limits,
    fault::Fault,
    metadata::{Document, Root},
    pinning::Chain,
    root::{self, Rules, TrustedRoot},
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// One version of a repository's root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootVersion {
    /// Its version.
    pub version: u64,
    /// When it expires.
    pub expires: Timestamp,
    /// The ids of the keys of every role.
    pub keys: BTreeMap<String, BTreeSet<String>>,
    /// The ends of its certificates, by the id of their key.
    pub certificates: BTreeMap<String, Timestamp>,
    /// The keys that came with it, by role; all of them in the first.
    pub added: BTreeMap<String, BTreeSet<String>>,
    /// The keys that went with it, by role.
    pub removed: BTreeMap<String, BTreeSet<String>>,
    /// What keeps it from following the version before it, or from being sound where it is the first.
    pub broken: Option<Fault>,
}

/// Tells the history of `gun` by the files `<n>.root.json`, by version; a version that is not there leaves a gap.
///
/// Expiry is no fault here: old roots are expired as a rule. A root after a broken or missing one is looked at as a first one.
pub fn history(gun: &str, roots: &BTreeMap<u64, Vec<u8>>, now: Timestamp) -> Vec<RootVersion> {
    let most = usize::try_from(Limits::default().roots).unwrap_or(usize::MAX);
    let mut told: Vec<RootVersion> = Vec::new();
    let mut last: Option<(u64, TrustedRoot)> = None;
    for (version, bytes) in roots.iter().take(most) {
        let before = last
            .as_ref()
            .filter(|(before, _)| before + 1 == *version)
            .map(|(_, root)| root);
        let rules = Rules {
            gun,
            pinning: None,
            at_least: *version,
            current: false,
            announced: None,
            now,
        };
        let accepted = root::accept(bytes, before, rules);
        let readable =
            Document::read("root", bytes).and_then(|document| Root::read(&document.signed));
        let previous = told
            .last()
            .map(|told| told.keys.clone())
            .unwrap_or_default();
        if let Ok(root) = readable {
            told.push(tell(&root, &previous, accepted.as_ref().err().cloned()));
        } else if let Err(fault) = &accepted {
            told.push(unreadable(*version, fault.clone()));
        }
        last = accepted.ok().map(|root| (*version, root));
    }
    told
}

type Keys = BTreeMap<String, BTreeSet<String>>;

fn tell(root: &Root, previous: &Keys, broken: Option<Fault>) -> RootVersion {
    let keys: Keys = root
        .roles
        .iter()
        .map(|(name, role)| (name.clone(), role.key_ids.iter().cloned().collect()))
        .collect();
    let certificates = root
        .keys_of("root")
        .into_iter()
        .filter_map(|(id, key)| Some((id.to_owned(), Chain::of(key)?.leaf.not_after())))
        .collect();
    RootVersion {
        version: root.common.version,
        expires: root.common.expires,
        added: without(&keys, previous),
        removed: without(previous, &keys),
        certificates,
        keys,
        broken,
    }
}

fn unreadable(version: u64, fault: Fault) -> RootVersion {
    RootVersion {
        version,
        expires: Timestamp::MIN,
        keys: Keys::new(),
        certificates: BTreeMap::new(),
        added: Keys::new(),
        removed: Keys::new(),
        broken: Some(fault),
    }
}

/// The keys of `these` that `those` lack, by role; roles without a difference are left out.
fn without(these: &Keys, those: &Keys) -> Keys {
    these
        .iter()
        .filter_map(|(role, keys)| {
            let other = those.get(role).cloned().unwrap_or_default();
            let difference: BTreeSet<_> = keys.difference(&other).cloned().collect();
            (!difference.is_empty()).then(|| (role.clone(), difference))
        })
        .collect()
}
