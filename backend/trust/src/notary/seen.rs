//! What was seen before: the versions below which nothing is accepted any more.

use super::{
    delegations::delegated,
    evidence::Remembered,
    fetch::signed,
    metadata::{Common, Snapshot, Targets, Timestamp},
    role::{self, TARGETS},
    root::TrustedRoot,
};

/// The remembered files, as far as the remembered root vouches for them.
///
/// Each is read only when a newer one is at hand: of files that did not change nothing need be known.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    remembered: &'a Remembered,
    /// None when the repository is new to us.
    root: Option<&'a TrustedRoot>,
}

impl<'a> Seen<'a> {
    pub fn new(remembered: &'a Remembered, root: Option<&'a TrustedRoot>) -> Self {
        Seen { remembered, root }
    }

    /// The version of a role's file that was trusted before, else 1.
    pub fn version(&self, role: &str) -> u64 {
        self.common(role).map_or(1, |common| common.version)
    }

    fn common(&self, role: &str) -> Option<Common> {
        let root = &self.root?.root;
        let read = |role: &str| signed(role, self.remembered.get(role)?, root).ok();
        match role {
            "root" => Some(root.common),
            "timestamp" => Some(Timestamp::read(&read(role)?.0.signed).ok()?.common),
            "snapshot" => Some(Snapshot::read(&read(role)?.0.signed).ok()?.common),
            _ => Some(self.targets(role)?.common),
        }
    }

    /// A remembered targets file; for a delegation those above it vouch, up to the root.
    fn targets(&self, role: &str) -> Option<Targets> {
        let bytes = self.remembered.get(role)?;
        if role == TARGETS {
            let (document, _) = signed(role, bytes, &self.root?.root).ok()?;
            return Targets::read(role, &document.signed).ok();
        }
        // A name has fewer than 256 characters, so that this ends soon.
        let delegator = self.targets(role::parent(role)?)?;
        delegated(role, bytes, &delegator).ok()
    }
}
