//! What can be wrong with a repository's trust data, by class and as a sentence.

/// The kind of fault, as policies and people tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultClass {
    /// A file is past its expiry.
    Expired,
    /// Too few valid signatures by the role's keys.
    Signature,
    /// A file is not the one that was announced.
    Hash,
    /// A file is older than one already seen.
    Rollback,
    /// The root of trust is not one we accept for this repository.
    RootUntrusted,
    /// A new root was not signed by the keys of the one before it.
    RootRotation,
    /// A root between the one we trust and the newest is not to be had.
    RootChain,
    /// A file is not well-formed.
    Structure,
    /// A key is listed under a name that is not its own.
    KeyId,
    /// A file is longer than was announced or is allowed.
    Length,
    /// The server, or a file it must have, cannot be reached.
    Unreachable,
    /// The server wants credentials that we lack.
    NoAccess,
}

impl FaultClass {
    /// The class in one word, for machines.
    pub fn name(self) -> &'static str {
        match self {
            FaultClass::Expired => "expired",
            FaultClass::Signature => "signature",
            FaultClass::Hash => "hash",
            FaultClass::Rollback => "rollback",
            FaultClass::RootUntrusted => "root_untrusted",
            FaultClass::RootRotation => "root_rotation",
            FaultClass::RootChain => "root_chain",
            FaultClass::Structure => "structure",
            FaultClass::KeyId => "keyid",
            FaultClass::Length => "length",
            FaultClass::Unreachable => "unreachable",
            FaultClass::NoAccess => "no_access",
        }
    }
}

/// A fault of one file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{role}: {sentence}")]
pub struct Fault {
    /// Its kind.
    pub class: FaultClass,
    /// The role whose file it is about, such as `root` or `targets/releases`.
    pub role: String,
    /// What is wrong with it.
    pub sentence: String,
}

impl Fault {
    pub(super) fn new(class: FaultClass, role: &str, sentence: impl Into<String>) -> Self {
        Fault {
            class,
            role: role.to_owned(),
            sentence: sentence.into(),
        }
    }

    pub(super) fn structure(role: &str, sentence: impl Into<String>) -> Self {
        Self::new(FaultClass::Structure, role, sentence)
    }
}
