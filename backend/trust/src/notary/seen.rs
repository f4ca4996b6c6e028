//! What was seen before: the versions below which nothing is accepted any more.

use super::{
    delegations::delegated,
    metadata::{Snapshot, Targets, Timestamp},
    role::{self, TARGETS},
    root::TrustedRoot,
    verify::Check,
};
use std::collections::BTreeMap;

impl Check<'_> {
    /// The versions of the remembered files, as far as they are validly signed.
    pub(super) fn seen_versions(&self, trusted: &TrustedRoot) -> BTreeMap<String, u64> {
        let mut versions = BTreeMap::from([("root".to_owned(), trusted.root.common.version)]);
        let mut delegators: BTreeMap<&str, Targets> = BTreeMap::new();
        // In the order of names every role comes after the one that delegates to it.
        for (name, bytes) in &self.request.remembered.0 {
            let loaded = match name.as_str() {
                "root" => continue,
                "timestamp" | "snapshot" => {
                    self.signed(name, bytes, &trusted.root)
                        .and_then(|(document, _)| match name.as_str() {
                            "timestamp" => Ok(Timestamp::read(&document.signed)?.common),
                            _ => Ok(Snapshot::read(&document.signed)?.common),
                        })
                }
                TARGETS => self
                    .signed(name, bytes, &trusted.root)
                    .and_then(|(document, _)| Targets::read(name, &document.signed))
                    .map(|targets| {
                        let common = targets.common;
                        delegators.insert(name, targets);
                        common
                    }),
                _ => {
                    let delegator = role::parent(name).and_then(|name| delegators.get(name));
                    let Some(delegator) = delegator else { continue };
                    delegated(name, bytes, delegator).map(|(targets, _)| {
                        let common = targets.common;
                        delegators.insert(name, targets);
                        common
                    })
                }
            };
            if let Ok(common) = loaded {
                versions.insert(name.clone(), common.version);
            }
        }
        versions
    }
}
