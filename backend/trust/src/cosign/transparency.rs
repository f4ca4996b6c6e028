//! Signatures that Sigstore's services vouch for: certificates for identities, and the log that every use of one stands in.

use super::policy::Identity;
use crate::key::PublicKey;
use jiff::Timestamp;
use sigstore_verify::{
    Error, Policy, PublicKeyVerificationPolicy, TimestampError, VerificationPolicy,
    VerificationResult, Verifier,
    trust_root::{SigstoreInstance, TrustedRoot},
    types::{ArtifactDigest, Bundle, DerPublicKey, DigestBytes, HashAlgorithm},
};

/// Checks bundles against a trusted root of Sigstore services.
///
/// One trait, because what implements it changes: callers name nothing of the crate behind it.
pub trait Transparency {
    /// Checks a bundle in JSON over `artifact` by `signer`, with everything the services must vouch for.
    fn check(
        &self,
        bundle: &str,
        artifact: Artifact<'_>,
        signer: Signer<'_>,
    ) -> Result<Witnessed, Doubt>;
}

/// What a bundle must be about.
#[derive(Debug, Clone, Copy)]
pub enum Artifact<'a> {
    /// These bytes.
    Bytes(&'a [u8]),
    /// The thing with this digest, `sha256:…` or `sha512:…`.
    Digest(&'a str),
}

/// Who may have signed a bundle.
#[derive(Debug, Clone, Copy)]
pub enum Signer<'a> {
    /// Anybody with a certificate: whether the identity is a trusted one is for the caller to say.
    Anybody,
    /// The holder of this key.
    Key(&'a PublicKey),
}

/// What the services vouch for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnessed {
    /// Who signed, unless it was a key.
    pub identity: Option<Identity>,
    /// When it was signed, by every service that says so.
    pub times: Vec<Timestamp>,
}

/// Why a bundle proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Doubt {
    /// Its kind.
    pub class: DoubtClass,
    /// What is wrong.
    pub sentence: String,
}

/// The kinds of doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoubtClass {
    /// The signature is not over this, or not by this signer.
    Signature,
    /// It is about another artifact.
    Artifact,
    /// The certificate is not one of the authority's, or did not hold at the time.
    Certificate,
    /// The log does not vouch for it.
    Log,
    /// No trusted time is known for it.
    Time,
    /// It is malformed.
    Malformed,
}

/// The services that are trusted: certificate authorities, logs and timestamp authorities, with the times they are trusted for.
///
/// What a log vouches for in the future is refused, and what "now" is for that is the machine's clock: the crate behind this takes
/// no other.
pub struct SigstoreRoot {
    verifier: Verifier,
}

/// Why a text is no trusted root.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the trusted root is unusable: {0}")]
pub struct BadRoot(String);

impl SigstoreRoot {
    /// Sigstore's public services, as they were known when this program was built.
    pub fn public_good() -> Result<Self, BadRoot> {
        let root = TrustedRoot::from_embedded(SigstoreInstance::PublicGood);
        Self::of(&root.map_err(|error| BadRoot(error.to_string()))?)
    }

    /// Reads a `trusted_root.json`.
    pub fn from_json(json: &str) -> Result<Self, BadRoot> {
        Self::of(&TrustedRoot::from_json(json).map_err(|error| BadRoot(error.to_string()))?)
    }

    fn of(root: &TrustedRoot) -> Result<Self, BadRoot> {
        Verifier::new(root)
            .map(|verifier| SigstoreRoot { verifier })
            .map_err(|error| BadRoot(error.to_string()))
    }

    fn run(
        &self,
        bundle: &Bundle,
        artifact: Artifact<'_>,
        policy: &dyn Policy,
    ) -> Result<VerificationResult, Error> {
        match artifact {
            Artifact::Bytes(bytes) => self.verifier.verify(bytes, bundle, policy),
            Artifact::Digest(digest) => {
                let digest = artifact_digest(digest).ok_or_else(|| {
                    Error::UnsupportedArtifact(format!("{digest:?} is no digest"))
                })?;
                self.verifier.verify(digest, bundle, policy)
            }
        }
    }
}

impl Transparency for SigstoreRoot {
    fn check(
        &self,
        bundle: &str,
        artifact: Artifact<'_>,
        signer: Signer<'_>,
    ) -> Result<Witnessed, Doubt> {
        let bundle = Bundle::from_json(bundle).map_err(|error| Doubt {
            class: DoubtClass::Malformed,
            sentence: format!("the bundle is malformed: {error}"),
        })?;
        let policy: Box<dyn Policy> = match signer {
            Signer::Anybody => Box::new(VerificationPolicy::any_identity()),
            Signer::Key(key) => Box::new(PublicKeyVerificationPolicy::new(DerPublicKey::new(
                key.spki().to_vec(),
            ))),
        };
        let result = self
            .run(&bundle, artifact, policy.as_ref())
            .map_err(|error| doubt(&error))?;
        let identity = match signer {
            Signer::Key(_) => None,
            Signer::Anybody => Some(identity(&result)?),
        };
        Ok(Witnessed {
            identity,
            times: result.verified_timestamps().to_vec(),
        })
    }
}

/// The identity of a certificate that was checked in full; anything less is none.
fn identity(result: &VerificationResult) -> Result<Identity, Doubt> {
    let complete = result.certificate_verified() && result.sct_verified() && result.tlog_verified();
    match (complete, result.issuer(), result.identity()) {
        (true, Some(issuer), Some(subject)) => Ok(Identity {
            issuer: issuer.to_owned(),
            subject: subject.as_str().to_owned(),
        }),
        _ => Err(Doubt {
            class: DoubtClass::Certificate,
            sentence: "the certificate names no identity that was checked in full".to_owned(),
        }),
    }
}

fn artifact_digest(text: &str) -> Option<ArtifactDigest> {
    let (algorithm, hex) = text.split_once(':')?;
    let algorithm = match algorithm {
        "sha256" => HashAlgorithm::Sha2256,
        "sha512" => HashAlgorithm::Sha2512,
        _ => return None,
    };
    let bytes = DigestBytes::new(crate::digest::bytes_of_hex(hex)?);
    ArtifactDigest::new(algorithm, bytes).ok()
}

fn doubt(error: &Error) -> Doubt {
    let class = match error {
        Error::SignatureInvalid(_) | Error::Crypto(_) => DoubtClass::Signature,
        Error::ArtifactMismatch(_) | Error::UnsupportedArtifact(_) => DoubtClass::Artifact,
        Error::Certificate(_) => DoubtClass::Certificate,
        Error::TransparencyLog(_) => DoubtClass::Log,
        Error::Timestamp(TimestampError::NoVerifiedTimestamp(_)) => DoubtClass::Log,
        Error::Timestamp(_) => DoubtClass::Time,
        _ => DoubtClass::Malformed,
    };
    Doubt {
        class,
        sentence: error.to_string(),
    }
}
