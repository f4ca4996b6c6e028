//! Whose signatures count for an image.

use crate::key::PublicKey;
use std::collections::BTreeMap;

/// What an image must have.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Whose signatures count, and how many.
    pub signers: Signers,
    /// Annotations that a classic signature's payload must carry, with these values.
    pub annotations: BTreeMap<String, String>,
}

/// Whose signatures count.
#[derive(Debug, Clone, PartialEq)]
pub enum Signers {
    /// The holders of keys.
    Keys {
        /// Each key by the name it is told by.
        keys: BTreeMap<String, PublicKey>,
        /// How many different keys must have signed.
        threshold: usize,
        /// Names that must be among them.
        required: Vec<String>,
        /// Whether every signature must stand in the transparency log.
        logged: bool,
    },
    /// Identities that Sigstore's certificate authority vouches for; one of them must have signed.
    Identities(Vec<Identity>),
}

/// An identity: both halves must be equal to the certificate's, character by character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    /// Who vouched for it, such as `https://accounts.google.com`.
    pub issuer: String,
    /// A mail address or a workflow's address.
    pub subject: String,
}

/// The name of the key that satisfies `signed`, and the key.
pub(super) fn signing_key(
    keys: &BTreeMap<String, PublicKey>,
    signed: impl Fn(&PublicKey) -> bool,
) -> Option<(&str, &PublicKey)> {
    keys.iter()
        .find(|(_, key)| signed(key))
        .map(|(name, key)| (name.as_str(), key))
}
