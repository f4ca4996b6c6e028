//! What came of a check.

use super::{policy::Identity, statement::Provenance};
use jiff::Timestamp;

/// What came of it.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The policy is satisfied.
    Verified(Verified),
    /// The image has no cosign signature; attestations are none.
    Unsigned {
        /// What is attested all the same.
        attestations: Vec<Attestation>,
    },
    /// It has signatures, and they do not satisfy the policy.
    Refused {
        /// Why.
        fault: Fault,
        /// The signatures that do count.
        signatures: Vec<Signature>,
    },
}

/// An image whose signatures satisfy the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The signatures that count, each signer once, sorted.
    pub signatures: Vec<Signature>,
    /// Everything else that the same signers say about it.
    pub attestations: Vec<Attestation>,
    /// What does not spoil the verdict but must be seen.
    pub notes: Vec<String>,
}

/// A signature that counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signature {
    /// The signer's name in the policy; for an identity its subject.
    pub signer: String,
    /// The identity, where one signed instead of a key.
    pub identity: Option<Identity>,
    /// When it was made, by every service that says so.
    pub times: Vec<Timestamp>,
    /// SHA-256 of the key, in hex; of an identity's certificate the key is used once and says nothing.
    pub key: Option<String>,
}

/// A verified statement about an image that is no signature of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// What kind of statement, such as `https://slsa.dev/provenance/v1`.
    pub predicate_type: String,
    /// Who makes it.
    pub signer: String,
    /// How the image was built, where the statement says that.
    pub provenance: Option<Provenance>,
}

/// The kinds of faults; of several the last one here is told, being the one that came furthest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultClass {
    /// No signature is by anybody who counts.
    NoMatchingSignature,
    /// The registry serves other bytes than it promised.
    BlobDigest,
    /// What was signed is no statement of cosign's.
    PayloadType,
    /// The signature is of another image.
    DigestMismatch,
    /// The signature lacks an annotation that the policy asks for.
    Annotation,
    /// The transparency log does not vouch for the signature.
    Log,
    /// The certificate is not one of the authority's, or did not hold.
    Certificate,
    /// Somebody else signed.
    Identity,
    /// Too few of those who count signed.
    Threshold,
    /// Somebody who must have signed did not.
    RequiredSignerMissing,
    /// Part of it cannot be fetched.
    Unreachable,
    /// The registry wants credentials.
    NoAccess,
}

/// A fault and its sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Fault {
    /// Its kind.
    pub class: FaultClass,
    /// What is wrong.
    pub sentence: String,
}

impl FaultClass {
    /// The class in one word, for machines.
    pub fn name(self) -> &'static str {
        match self {
            FaultClass::NoMatchingSignature => "no_matching_signature",
            FaultClass::BlobDigest => "blob_digest",
            FaultClass::PayloadType => "payload_type",
            FaultClass::DigestMismatch => "digest_mismatch",
            FaultClass::Annotation => "annotation",
            FaultClass::Log => "tlog",
            FaultClass::Certificate => "certificate",
            FaultClass::Identity => "identity",
            FaultClass::Threshold => "threshold",
            FaultClass::RequiredSignerMissing => "required_signer_missing",
            FaultClass::Unreachable => "unreachable",
            FaultClass::NoAccess => "no_access",
        }
    }
}
