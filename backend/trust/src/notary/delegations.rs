//! Delegations: who may sign besides the repository's owner.

use super::{
    fault::{Fault, FaultClass},
    fetch::{Loaded, check_version},
    key::Key,
    metadata::{Document, FileMeta, Targets, listed_keys},
    repository::{Warning, WarningKind, children},
    role::{self, RELEASES, TARGETS},
    seen::Seen,
    signatures,
    verify::{Check, Halt},
};
use std::collections::BTreeMap;

impl Check<'_> {
    /// Loads every delegation that the snapshot lists, parents before children.
    pub(super) fn delegations(
        &self,
        meta: &BTreeMap<String, FileMeta>,
        before: Seen<'_>,
        loaded: &mut BTreeMap<String, Loaded<Targets>>,
        warnings: &mut Vec<Warning>,
    ) -> Result<(), Halt> {
        let mut wanted = Vec::new();
        let mut queue = children(&loaded[TARGETS].content, &[String::new()]);
        let mut visited = 0;
        while !queue.is_empty() {
            let (name, paths) = queue.remove(0);
            visited += 1;
            if visited > self.request.limits.delegations {
                return Err(Fault::structure(
                    &name,
                    format!(
                        "the repository has more than {} delegations",
                        self.request.limits.delegations
                    ),
                )
                .into());
            }
            let Some(announced) = meta.get(&name).filter(|meta| !meta.hashes.is_empty()) else {
                continue;
            };
            let Some(delegator) = role::parent(&name).and_then(|parent| loaded.get(parent)) else {
                continue;
            };
            let delegator = &delegator.content;
            let result = self.hashed_with(&name, announced, |bytes, fresh| {
                let document = Document::read(&name, bytes)?;
                let targets = Targets::read(&name, &document.signed)?;
                let at_least = if fresh { before.version(&name) } else { 1 };
                check_version(&name, targets.common, at_least)?;
                let (keys, threshold) = delegated_keys(&name, delegator);
                let signed_by = match signatures::count(&name, &document, &keys, threshold) {
                    Err(fault) if is_dropped(&fault) && !document.signatures.is_empty() => {
                        return Ok(Err(fault));
                    }
                    counted => counted?,
                };
                match self.state(&name, bytes, targets.common, signed_by, 1) {
                    Err(fault) if is_dropped(&fault) => Ok(Err(fault)),
                    state => Ok(Ok(Loaded {
                        content: targets,
                        state: state?,
                        bytes: bytes.to_vec(),
                    })),
                }
            });
            match result {
                Ok(Ok(role)) => {
                    let mut next = children(&role.content, &paths);
                    next.append(&mut queue);
                    queue = next;
                    loaded.insert(name, role);
                }
                Err(Halt::Wanted(files)) => wanted.extend(files),
                Ok(Err(fault)) => warnings.push(Warning {
                    kind: WarningKind::DelegationDropped,
                    sentence: format!("{name} does not count: {}", fault.sentence),
                }),
                Err(other) => return Err(other),
            }
        }
        match wanted.is_empty() {
            true => Ok(()),
            false => Err(Halt::Wanted(wanted)),
        }
    }

    pub(super) fn warn_of_removed(
        &self,
        meta: &BTreeMap<String, FileMeta>,
        loaded: &BTreeMap<String, Loaded<Targets>>,
        warnings: &mut Vec<Warning>,
    ) {
        let delegated = loaded
            .values()
            .flat_map(|role| &role.content.delegations)
            .map(|delegation| &delegation.name);
        for name in delegated {
            if self.request.remembered.get(name).is_some() && !meta.contains_key(name) {
                let then = match name.as_str() {
                    RELEASES => "; tags are now looked up in targets alone",
                    _ => "",
                };
                warnings.push(Warning {
                    kind: WarningKind::RoleRemovedFromSnapshot,
                    sentence: format!(
                        "the snapshot no longer lists {name}, which is still delegated to{then}"
                    ),
                });
            }
        }
    }
}

/// Reads a delegation's file and checks the signatures that `delegator` asks for.
pub(super) fn delegated(name: &str, bytes: &[u8], delegator: &Targets) -> Result<Targets, Fault> {
    let document = Document::read(name, bytes)?;
    let (keys, threshold) = delegated_keys(name, delegator);
    signatures::count(name, &document, &keys, threshold)?;
    Targets::read(name, &document.signed)
}

fn delegated_keys<'a>(name: &str, delegator: &'a Targets) -> (BTreeMap<&'a str, &'a Key>, u64) {
    delegator
        .delegations
        .iter()
        .find(|delegation| delegation.name == name)
        .map(|delegation| {
            (
                listed_keys(&delegation.keys, &delegator.keys),
                delegation.keys.threshold,
            )
        })
        .unwrap_or((BTreeMap::new(), u64::MAX))
}

/// Whether a delegation with this fault is left out while the rest counts; any other fault spoils the repository, as one that
/// nobody signed at all does.
fn is_dropped(fault: &Fault) -> bool {
    matches!(fault.class, FaultClass::Expired | FaultClass::Signature)
}
