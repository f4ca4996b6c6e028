//! What came of a check.

use super::envelope::{Scheme, Target};
use jiff::Timestamp;

/// What came of it.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// A signature satisfies the policy; see what was logged before calling it trusted.
    Verified(Box<Verified>),
    /// The policy says that nothing is to be checked: this is no verification.
    Skipped {
        /// The policy's name.
        policy: String,
    },
    /// The image has no notation signature.
    Unsigned,
    /// No signature satisfies the policy: why the first of them does not.
    Refused(Failure),
}

/// A signature that satisfies the policy.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The policy's name.
    pub policy: String,
    /// The signer's subject.
    pub signer: String,
    /// The signature algorithm, such as `ES256`.
    pub algorithm: &'static str,
    /// Who vouches for the time of signing.
    pub scheme: Scheme,
    /// What was signed.
    pub target: Target,
    /// When it was signed, by the signer's or the signing authority's word.
    pub signed_at: Timestamp,
    /// The signature's own expiry.
    pub expires: Option<Timestamp>,
    /// The first of its certificates' ends.
    pub certificates_until: Timestamp,
    /// The checks that failed and that the policy only logs: with one of these the image is not trusted, only let through.
    pub logged: Vec<Failure>,
}

/// The checks whose failure a policy decides about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// Is the envelope whole, and its certificates in order?
    Integrity,
    /// Is the signer trusted?
    Authenticity,
    /// Did the signer's certificates hold when it signed?
    AuthenticTimestamp,
    /// Is the signature past its own expiry?
    Expiry,
    /// Were the certificates revoked?
    Revocation,
}

/// The kinds of failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureClass {
    /// A check failed.
    Check(Check),
    /// No policy speaks of the repository.
    NoApplicablePolicy,
    /// The signature demands a plugin that is not there.
    PluginRequired,
    /// The registry wants credentials.
    NoAccess,
    /// The registry cannot be asked.
    Unreachable,
}

/// A failure and its sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Failure {
    /// Its kind.
    pub class: FailureClass,
    /// What failed.
    pub sentence: String,
}

impl FailureClass {
    /// The class in one word, for machines.
    pub fn name(self) -> &'static str {
        match self {
            FailureClass::Check(Check::Integrity) => "integrity",
            FailureClass::Check(Check::Authenticity) => "authenticity",
            FailureClass::Check(Check::AuthenticTimestamp) => "authentic_timestamp",
            FailureClass::Check(Check::Expiry) => "expiry",
            FailureClass::Check(Check::Revocation) => "revocation",
            FailureClass::NoApplicablePolicy => "no_applicable_policy",
            FailureClass::PluginRequired => "plugin_required",
            FailureClass::NoAccess => "no_access",
            FailureClass::Unreachable => "unreachable",
        }
    }
}
