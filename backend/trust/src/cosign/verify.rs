//! The check itself: every signature and attestation of an image, and what a policy makes of them.

use super::{
    classic::{self, Payload},
    dsse::Envelope,
    policy::{Identity, Policy, Signers, signing_key},
    statement::{Provenance, SIGNATURE, Statement},
    transparency::{Artifact, Doubt, DoubtClass, Signer, Transparency},
};
use crate::{
    json::Json,
    key::PublicKey,
    oci::{Descriptor, Evidence, Image, Limits, Manifest, Shelf, Unusable, Wanted},
};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// A question: do those whose signatures count vouch for this image?
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The image.
    pub image: Image<'a>,
    /// Whose signatures count.
    pub policy: &'a Policy,
    /// The services that vouch for identities and keep the log; without them nothing of that kind is believed.
    pub services: Option<&'a dyn Transparency>,
    /// How much may be asked for.
    pub limits: Limits,
}

/// How far a check has come.
#[derive(Debug, Clone)]
pub enum Progress {
    /// These things must be seen next.
    Wanted(Vec<Wanted>),
    /// It is settled.
    Settled(Outcome),
}

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

/// A fault and its sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Fault {
    /// Its kind.
    pub class: FaultClass,
    /// What is wrong.
    pub sentence: String,
}

/// Checks an image as far as `evidence` reaches.
pub fn verify(request: &Request<'_>, evidence: &Evidence) -> Progress {
    let shelf = Shelf::new(evidence, request.limits);
    let mut found = Found::default();
    collect_classic(request, &shelf, &mut found);
    collect_bundles(request, &shelf, &mut found);
    let wanted = shelf.wanted();
    match wanted.is_empty() {
        true => Progress::Settled(found.settle(request.policy)),
        false => Progress::Wanted(wanted),
    }
}

/// Everything that was found, counted or not.
#[derive(Default)]
struct Found {
    /// How many things claim to be a signature of an image.
    claims: usize,
    signatures: BTreeSet<Signature>,
    attestations: Vec<Attestation>,
    faults: Vec<Fault>,
    notes: BTreeSet<String>,
}

impl Found {
    fn fault(&mut self, class: FaultClass, sentence: impl Into<String>) {
        self.faults.push(Fault {
            class,
            sentence: sentence.into(),
        });
    }

    fn lost(&mut self, what: &str, unusable: &Unusable) {
        let class = match unusable {
            Unusable::Wanted => return,
            Unusable::NoAccess(_) => FaultClass::NoAccess,
            Unusable::Unreachable(_) | Unusable::Missing => FaultClass::Unreachable,
            Unusable::OtherBytes(_) => FaultClass::BlobDigest,
            Unusable::TooLong(_) | Unusable::Malformed(_) => FaultClass::NoMatchingSignature,
        };
        self.claims += 1;
        self.fault(class, format!("{what}: {unusable}"));
    }

    fn settle(mut self, policy: &Policy) -> Outcome {
        self.faults.sort_by_key(|fault| fault.class);
        if let Some(fault) = self.shortfall(policy) {
            if self.claims == 0 {
                return Outcome::Unsigned {
                    attestations: self.attestations,
                };
            }
            return Outcome::Refused {
                fault,
                signatures: self.signatures.into_iter().collect(),
            };
        }
        Outcome::Verified(Verified {
            signatures: self.signatures.into_iter().collect(),
            attestations: self.attestations,
            notes: self.notes.into_iter().collect(),
        })
    }

    /// What is missing to satisfy the policy.
    fn shortfall(&self, policy: &Policy) -> Option<Fault> {
        let unreachable = self
            .faults
            .last()
            .filter(|fault| fault.class >= FaultClass::Unreachable);
        if let Signers::Keys {
            required,
            threshold,
            ..
        } = &policy.signers
            && !self.signatures.is_empty()
        {
            let names: BTreeSet<_> = self
                .signatures
                .iter()
                .map(|by| by.signer.as_str())
                .collect();
            let missing = required.iter().find(|name| !names.contains(name.as_str()));
            let short = match missing {
                Some(missing) => Fault {
                    class: FaultClass::RequiredSignerMissing,
                    sentence: format!("{missing:?} must have signed and did not"),
                },
                None if self.keys() < *threshold => Fault {
                    class: FaultClass::Threshold,
                    sentence: format!(
                        "{threshold} different keys must have signed, and {} did",
                        self.keys()
                    ),
                },
                None => return None,
            };
            // What could not be fetched might have been the signature that is missing.
            return Some(unreachable.cloned().unwrap_or(short));
        }
        match self.signatures.is_empty() {
            false => None,
            true => Some(self.faults.last().cloned().unwrap_or(Fault {
                class: FaultClass::NoMatchingSignature,
                sentence: "no signature is by anybody who counts".to_owned(),
            })),
        }
    }

    /// How many different keys signed: two names for one key are one, and so are two forms of one signature.
    fn keys(&self) -> usize {
        self.signatures
            .iter()
            .map(|by| &by.key)
            .collect::<BTreeSet<_>>()
            .len()
    }
}

fn collect_classic(request: &Request<'_>, shelf: &Shelf<'_>, found: &mut Found) {
    let digest = request.image.digest;
    match shelf
        .manifest(&classic::tag(digest, "sig"))
        .and_then(Manifest::read)
    {
        Ok(manifest) => {
            for layer in manifest.layers.iter().take(shelf.limits().signatures) {
                found.claims += 1;
                classic_signature(request, shelf, layer, found);
            }
        }
        Err(Unusable::Missing) => {}
        Err(unusable) => found.lost("the tag of its signatures", &unusable),
    }
    match shelf
        .manifest(&classic::tag(digest, "att"))
        .and_then(Manifest::read)
    {
        Ok(manifest) => {
            for layer in manifest.layers.iter().take(shelf.limits().signatures) {
                classic_attestation(request, shelf, layer, found);
            }
        }
        Err(Unusable::Missing | Unusable::Wanted) => {}
        Err(unusable) => {
            found
                .notes
                .insert(format!("the tag of its attestations: {unusable}"));
        }
    }
}

fn classic_signature(
    request: &Request<'_>,
    shelf: &Shelf<'_>,
    layer: &Descriptor,
    found: &mut Found,
) {
    if layer.media_type != classic::SIMPLE_SIGNING {
        found.fault(
            FaultClass::NoMatchingSignature,
            format!("a layer of the type {:?} is no signature", layer.media_type),
        );
        return;
    }
    let payload = match shelf.blob(&layer.digest) {
        Ok(payload) => payload,
        Err(unusable) => return found.lost("a signature's payload", &unusable),
    };
    let signature = match classic_signer(request, layer, payload) {
        Ok(signature) => signature,
        Err(fault) => return found.faults.push(fault),
    };
    let Some(payload) = Payload::read(payload).filter(|payload| payload.kind_is_right) else {
        return found.fault(
            FaultClass::PayloadType,
            format!(
                "what {} signed is no signature of a container image",
                signature.signer
            ),
        );
    };
    if payload.digest != request.image.digest {
        return found.fault(
            FaultClass::DigestMismatch,
            format!(
                "{} signed another image, {}",
                signature.signer, payload.digest
            ),
        );
    }
    for (key, value) in &request.policy.annotations {
        if payload.annotations.get(key) != Some(value) {
            return found.fault(
                FaultClass::Annotation,
                format!(
                    "the signature by {} does not say {key}={value}",
                    signature.signer
                ),
            );
        }
    }
    if let Some(reference) = payload.reference
        && !names(&reference, request.image.repository)
    {
        found
            .notes
            .insert(format!("it was signed under another name, {reference}"));
    }
    found.signatures.insert(signature);
}

/// Whose the signature is, if it is somebody's who counts.
fn classic_signer(
    request: &Request<'_>,
    layer: &Descriptor,
    payload: &[u8],
) -> Result<Signature, Fault> {
    match &request.policy.signers {
        Signers::Keys { keys, logged, .. } => {
            let (name, key) = signing_key(keys, |key| classic::signed_by(layer, payload, key))
                .ok_or_else(stranger)?;
            let times = match logged {
                false => vec![],
                true => {
                    let bundle =
                        classic::as_bundle(layer, payload, Some(key)).ok_or_else(unlogged)?;
                    witnessed(request, &bundle, Artifact::Bytes(payload), Signer::Key(key))?.1
                }
            };
            Ok(by_key(name, key, times))
        }
        Signers::Identities(accepted) => {
            if !classic::has_log_entry(layer) {
                return Err(unlogged());
            }
            let bundle = classic::as_bundle(layer, payload, None).ok_or_else(|| Fault {
                class: FaultClass::Log,
                sentence: "the entry of the transparency log is malformed".to_owned(),
            })?;
            let (identity, times) =
                witnessed(request, &bundle, Artifact::Bytes(payload), Signer::Anybody)?;
            accept(accepted, identity, times)
        }
    }
}

fn classic_attestation(
    request: &Request<'_>,
    shelf: &Shelf<'_>,
    layer: &Descriptor,
    found: &mut Found,
) {
    if layer.media_type != classic::ENVELOPE {
        return;
    }
    let Ok(bytes) = shelf.blob(&layer.digest) else {
        return;
    };
    let Some(envelope) = Json::parse(bytes)
        .ok()
        .and_then(|json| Envelope::read(&json))
    else {
        return;
    };
    // Without keys a classic attestation would need its log entry rebuilt; those signers use bundles today.
    if let Signers::Keys {
        keys,
        logged: false,
        ..
    } = &request.policy.signers
        && let Some((name, _)) = signing_key(keys, |key| envelope.signed_by(key))
    {
        attest(request, &envelope, name, found);
    }
}

fn attest(request: &Request<'_>, envelope: &Envelope, signer: &str, found: &mut Found) {
    let statement = Statement::read(&envelope.payload_type, &envelope.payload);
    if let Some(statement) = statement.filter(|statement| statement.is_about(request.image.digest))
    {
        found.attestations.push(Attestation {
            provenance: statement.provenance(),
            predicate_type: statement.predicate_type,
            signer: signer.to_owned(),
        });
    }
}

fn collect_bundles(request: &Request<'_>, shelf: &Shelf<'_>, found: &mut Found) {
    const KIND: &str = "application/vnd.dev.sigstore.bundle";
    let referrers = match shelf.referrers(request.image.digest) {
        Ok(referrers) => referrers,
        Err(unusable) => return found.lost("the list of what refers to it", &unusable),
    };
    let is_bundle = |kind: &str| kind.starts_with(KIND);
    let mut seen = 0;
    for referrer in referrers {
        if referrer
            .artifact_type
            .as_deref()
            .is_some_and(|kind| !is_bundle(kind))
        {
            continue;
        }
        let manifest = match shelf.manifest(&referrer.digest).and_then(Manifest::read) {
            Ok(manifest) => manifest,
            Err(unusable) => {
                found.lost("a manifest that refers to it", &unusable);
                continue;
            }
        };
        if !manifest.kind.as_deref().is_some_and(is_bundle)
            || manifest.subject.as_deref() != Some(request.image.digest)
        {
            continue;
        }
        seen += 1;
        if seen > shelf.limits().signatures {
            break;
        }
        for layer in manifest
            .layers
            .iter()
            .filter(|layer| is_bundle(&layer.media_type))
        {
            match shelf.blob(&layer.digest) {
                Ok(bytes) => bundle(request, bytes, found),
                Err(unusable) => found.lost("a bundle", &unusable),
            }
        }
    }
}

fn bundle(request: &Request<'_>, bytes: &[u8], found: &mut Found) {
    let envelope = Json::parse(bytes)
        .ok()
        .and_then(|json| Envelope::read(json.get("dsseEnvelope")?))
        .filter(|envelope| envelope.signatures.len() == 1);
    let Some(envelope) = envelope else {
        found.claims += 1;
        return found.fault(
            FaultClass::NoMatchingSignature,
            "a bundle holds no statement with one signature",
        );
    };
    let statement = Statement::read(&envelope.payload_type, &envelope.payload);
    // Of what cannot be read nobody knows that it was no signature.
    let claims = statement
        .as_ref()
        .is_none_or(|statement| statement.predicate_type == SIGNATURE);
    if claims {
        found.claims += 1;
    }
    let signature = match bundle_signer(request, bytes, &envelope) {
        Ok(signature) => signature,
        Err(fault) if claims => return found.faults.push(fault),
        Err(_) => return,
    };
    match statement {
        None => found.fault(
            FaultClass::PayloadType,
            format!("what {} signed is no statement", signature.signer),
        ),
        Some(statement) if !statement.is_about(request.image.digest) => {
            if claims {
                found.fault(
                    FaultClass::DigestMismatch,
                    format!(
                        "{} signed a statement about another image",
                        signature.signer
                    ),
                );
            }
        }
        Some(_) if !claims => attest(request, &envelope, &signature.signer, found),
        Some(_) if !request.policy.annotations.is_empty() => found.fault(
            FaultClass::Annotation,
            format!(
                "the signature by {} carries no annotations",
                signature.signer
            ),
        ),
        Some(_) => {
            found.signatures.insert(signature);
        }
    }
}

fn bundle_signer(
    request: &Request<'_>,
    bytes: &[u8],
    envelope: &Envelope,
) -> Result<Signature, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|_| stranger())?;
    let image = Artifact::Digest(request.image.digest);
    match &request.policy.signers {
        Signers::Keys { keys, logged, .. } => {
            let (name, key) =
                signing_key(keys, |key| envelope.signed_by(key)).ok_or_else(stranger)?;
            let times = match logged {
                false => vec![],
                true => witnessed(request, text, image, Signer::Key(key))?.1,
            };
            Ok(by_key(name, key, times))
        }
        Signers::Identities(accepted) => {
            let (identity, times) = witnessed(request, text, image, Signer::Anybody)?;
            accept(accepted, identity, times)
        }
    }
}

fn witnessed(
    request: &Request<'_>,
    bundle: &str,
    artifact: Artifact<'_>,
    signer: Signer<'_>,
) -> Result<(Option<Identity>, Vec<Timestamp>), Fault> {
    let Some(services) = request.services else {
        return Err(Fault {
            class: FaultClass::Log,
            sentence: "no trusted root says whose word on the transparency log counts".to_owned(),
        });
    };
    match services.check(bundle, artifact, signer) {
        Ok(witnessed) => Ok((witnessed.identity, witnessed.times)),
        Err(Doubt { class, sentence }) => Err(Fault {
            class: match class {
                DoubtClass::Signature | DoubtClass::Malformed => FaultClass::NoMatchingSignature,
                DoubtClass::Artifact => FaultClass::DigestMismatch,
                DoubtClass::Certificate => FaultClass::Certificate,
                DoubtClass::Log | DoubtClass::Time => FaultClass::Log,
            },
            sentence,
        }),
    }
}

fn accept(
    accepted: &[Identity],
    identity: Option<Identity>,
    times: Vec<Timestamp>,
) -> Result<Signature, Fault> {
    match identity {
        Some(identity) if accepted.contains(&identity) => Ok(Signature {
            signer: identity.subject.clone(),
            identity: Some(identity),
            times,
            key: None,
        }),
        Some(Identity { issuer, subject }) => Err(Fault {
            class: FaultClass::Identity,
            sentence: format!(
                "{subject:?} signed, for whom {issuer:?} vouches, and that is nobody who counts"
            ),
        }),
        None => Err(stranger()),
    }
}

fn by_key(name: &str, key: &PublicKey, times: Vec<Timestamp>) -> Signature {
    Signature {
        signer: name.to_owned(),
        identity: None,
        times,
        key: Some(crate::digest::sha256_hex(key.spki())),
    }
}

fn stranger() -> Fault {
    Fault {
        class: FaultClass::NoMatchingSignature,
        sentence: "a signature is by nobody who counts".to_owned(),
    }
}

fn unlogged() -> Fault {
    Fault {
        class: FaultClass::Log,
        sentence: "the signature brings no usable entry of the transparency log, so that nothing says when it was made".to_owned(),
    }
}

/// Whether a reference is to the repository, whatever its tag or digest.
fn names(reference: &str, repository: &str) -> bool {
    let bare = |text: &str| {
        let text = text.split('@').next().unwrap_or(text).to_owned();
        match text.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => name.to_owned(),
            _ => text,
        }
    };
    bare(reference) == bare(repository)
}
