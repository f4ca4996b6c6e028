//! The five results of a signature, and what the policy makes of them.

use super::{
    envelope::{Envelope, Scheme, Target},
    policy::{
        Action, Level, TimestampUse, TrustPolicy, TrustPolicyDocument, TrustStoreKind, TrustStores,
    },
};
use crate::{
    certificate::Certificate,
    oci::{Evidence, Image, Limits, Manifest, Shelf, Unusable, Wanted},
    timestamp,
};
use jiff::Timestamp;

/// A question: does a trusted signer vouch for this image?
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The image.
    pub image: Image<'a>,
    /// The policies.
    pub policies: &'a TrustPolicyDocument,
    /// The certificates of the stores they name.
    pub stores: &'a TrustStores,
    /// The instant at which the answer must hold.
    pub now: Timestamp,
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

/// A failure and its sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Failure {
    /// Its kind.
    pub class: FailureClass,
    /// What failed.
    pub sentence: String,
}

const KIND: &str = "application/vnd.cncf.notary.signature";

/// Checks an image as far as `evidence` reaches.
///
/// The image's own manifest is wanted too, since a signature also speaks of its size; a registry that has none of it is no obstacle.
pub fn verify(request: &Request<'_>, evidence: &Evidence) -> Progress {
    let Some(policy) = request.policies.policy_for(request.image.repository) else {
        return Progress::Settled(Outcome::Refused(Failure {
            class: FailureClass::NoApplicablePolicy,
            sentence: format!("no trust policy speaks of {:?}", request.image.repository),
        }));
    };
    let Level::Check { .. } = policy.level else {
        return Progress::Settled(Outcome::Skipped {
            policy: policy.name.clone(),
        });
    };
    let shelf = Shelf::new(evidence, request.limits);
    let outcome = judge(request, policy, &shelf);
    match (outcome, shelf.wanted()) {
        (_, wanted) if !wanted.is_empty() => Progress::Wanted(wanted),
        (Ok(outcome), _) => Progress::Settled(outcome),
        (Err(failure), _) => Progress::Settled(Outcome::Refused(failure)),
    }
}

fn judge(
    request: &Request<'_>,
    policy: &TrustPolicy,
    shelf: &Shelf<'_>,
) -> Result<Outcome, Failure> {
    let size = match shelf.manifest(request.image.digest) {
        Ok(bytes) => Some(bytes.len() as u64),
        Err(Unusable::Missing | Unusable::Wanted) => None,
        Err(unusable) => return Err(lost(&unusable)),
    };
    let referrers = match shelf.referrers(request.image.digest) {
        Ok(referrers) => referrers,
        Err(unusable) => return Err(lost(&unusable)),
    };
    let mut seen = 0;
    let mut first_failure = None;
    for referrer in referrers {
        if referrer
            .artifact_type
            .as_deref()
            .is_some_and(|kind| kind != KIND)
        {
            continue;
        }
        let manifest = shelf.manifest(&referrer.digest).and_then(Manifest::read);
        if manifest
            .as_ref()
            .is_ok_and(|manifest| manifest.kind.as_deref() != Some(KIND))
        {
            continue;
        }
        seen += 1;
        if seen > shelf.limits().signatures {
            break;
        }
        let judged = match manifest {
            Ok(manifest) => signature(request, policy, shelf, &manifest, size),
            Err(unusable) => Err(lost(&unusable)),
        };
        match judged {
            Ok(verified) => return Ok(Outcome::Verified(Box::new(verified))),
            Err(failure) => first_failure = first_failure.or(Some(failure)),
        }
    }
    match first_failure {
        Some(failure) => Err(failure),
        None => Ok(Outcome::Unsigned),
    }
}

fn signature(
    request: &Request<'_>,
    policy: &TrustPolicy,
    shelf: &Shelf<'_>,
    manifest: &Manifest,
    size: Option<u64>,
) -> Result<Verified, Failure> {
    if manifest.subject.as_deref() != Some(request.image.digest) {
        return Err(broken("the signature's manifest refers to another image"));
    }
    let [layer] = &manifest.layers[..] else {
        return Err(broken("the signature's manifest must hold one envelope"));
    };
    let bytes = shelf
        .blob(&layer.digest)
        .map_err(|unusable| lost(&unusable))?;
    let envelope =
        Envelope::open(&layer.media_type, bytes).map_err(|sentence| broken(&sentence))?;
    if envelope.target.digest != request.image.digest {
        return Err(broken(&format!(
            "it signs another image, {}",
            envelope.target.digest
        )));
    }
    if size.is_some_and(|size| size != envelope.target.size) {
        return Err(broken("it signs a manifest of another size"));
    }
    if let Some(plugin) = &envelope.plugin {
        return Err(Failure {
            class: FailureClass::PluginRequired,
            sentence: format!(
                "the signer demands the verification plugin {plugin:?}, and there are no plugins here"
            ),
        });
    }
    if let Some(unknown) = envelope.unknown_critical.first() {
        return Err(broken(&format!(
            "it has a critical attribute that is not known here, {unknown:?}"
        )));
    }
    let logged = results(request, policy, &envelope)?;
    let leaf = &envelope.chain[0];
    Ok(Verified {
        policy: policy.name.clone(),
        signer: leaf.subject(),
        algorithm: envelope.algorithm.name(),
        scheme: envelope.scheme,
        signed_at: envelope.signed_at,
        expires: envelope.expires,
        certificates_until: envelope
            .chain
            .iter()
            .map(Certificate::not_after)
            .min()
            .unwrap_or(leaf.not_after()),
        target: envelope.target.clone(),
        logged,
    })
}

/// The four results beside integrity, in notation's order: the first enforced failure, or all logged ones.
fn results(
    request: &Request<'_>,
    policy: &TrustPolicy,
    envelope: &Envelope,
) -> Result<Vec<Failure>, Failure> {
    let Level::Check {
        authenticity,
        timestamp,
        expiry,
        revocation,
    } = policy.level
    else {
        return Ok(vec![]);
    };
    let mut logged = Vec::new();
    let mut made = |check, action, result: &dyn Fn() -> Result<(), String>| {
        if action == Action::Skip {
            return Ok(());
        }
        let Err(sentence) = result() else {
            return Ok(());
        };
        let failure = Failure {
            class: FailureClass::Check(check),
            sentence,
        };
        if action == Action::Enforce {
            return Err(failure);
        }
        logged.push(failure);
        Ok(())
    };
    made(Check::Authenticity, authenticity, &|| {
        authentic(request, policy, envelope)
    })?;
    made(Check::Expiry, expiry, &|| unexpired(request.now, envelope))?;
    made(Check::AuthenticTimestamp, timestamp, &|| {
        in_time(request, policy, envelope)
    })?;
    made(Check::Revocation, revocation, &|| unrevoked(envelope))?;
    Ok(logged)
}

fn authentic(
    request: &Request<'_>,
    policy: &TrustPolicy,
    envelope: &Envelope,
) -> Result<(), String> {
    let kind = match envelope.scheme {
        Scheme::Signer => TrustStoreKind::Authority,
        Scheme::SigningAuthority => TrustStoreKind::SigningAuthority,
    };
    let trusted = store(request, policy, kind);
    let known = envelope
        .chain
        .iter()
        .any(|ours| trusted.iter().any(|theirs| theirs.der() == ours.der()));
    let leaf = &envelope.chain[0];
    if !known {
        return Err(format!(
            "no trust store of the policy holds a certificate of the signer {:?}",
            leaf.subject()
        ));
    }
    match policy.identities.is_empty() || policy.identities.iter().any(|identity| identity.is(leaf))
    {
        true => Ok(()),
        false => Err(format!(
            "the signer {:?} is none of the trusted identities",
            leaf.subject()
        )),
    }
}

fn unexpired(now: Timestamp, envelope: &Envelope) -> Result<(), String> {
    match envelope.expires {
        Some(expires) if expires <= now => Err(format!("the signature expired on {expires}")),
        _ => Ok(()),
    }
}

fn in_time(request: &Request<'_>, policy: &TrustPolicy, envelope: &Envelope) -> Result<(), String> {
    let invalid_at = |at: Timestamp| {
        envelope
            .chain
            .iter()
            .find(|certificate| !certificate.is_valid_at(at))
    };
    let failed = |certificate: &Certificate, when: String| {
        Err(format!(
            "the certificate of {:?} is valid from {} to {}, not {when}",
            certificate.subject(),
            certificate.not_before(),
            certificate.not_after()
        ))
    };
    if envelope.scheme == Scheme::SigningAuthority {
        return match invalid_at(envelope.signed_at) {
            Some(certificate) => failed(
                certificate,
                format!("when it signed, on {}", envelope.signed_at),
            ),
            None => Ok(()),
        };
    }
    let invalid_now = invalid_at(request.now);
    let needs_token = policy
        .stores
        .iter()
        .any(|(kind, _)| *kind == TrustStoreKind::Timestamp)
        && (policy.timestamps == TimestampUse::Always || invalid_now.is_some());
    if !needs_token {
        return match invalid_now {
            Some(certificate) => failed(
                certificate,
                "now, and no timestamp proves that the signature is older".to_owned(),
            ),
            None => Ok(()),
        };
    }
    let Some(token) = &envelope.countersignature else {
        return Err(
            "the policy wants a timestamp by an authority, and the signature carries none"
                .to_owned(),
        );
    };
    let roots = store(request, policy, TrustStoreKind::Timestamp);
    let stamped =
        timestamp::verify(token, &envelope.signature, &roots).map_err(|error| error.to_string())?;
    let edges = [
        stamped.at.checked_sub(stamped.accuracy),
        stamped.at.checked_add(stamped.accuracy),
    ];
    for edge in edges.into_iter().flatten() {
        if let Some(certificate) = invalid_at(edge) {
            return failed(
                certificate,
                format!("at the time of its timestamp, {}", stamped.at),
            );
        }
    }
    Ok(())
}

/// Revocation is asked over the network, which nobody does here: a certificate that says where to ask is of unknown state.
fn unrevoked(envelope: &Envelope) -> Result<(), String> {
    let issued = &envelope.chain[..envelope.chain.len() - 1];
    match issued
        .iter()
        .find(|certificate| certificate.can_be_revoked())
    {
        Some(certificate) => Err(format!(
            "whether the certificate of {:?} was revoked is not known: nobody was asked",
            certificate.subject()
        )),
        None => Ok(()),
    }
}

fn store(request: &Request<'_>, policy: &TrustPolicy, kind: TrustStoreKind) -> Vec<Certificate> {
    policy
        .stores
        .iter()
        .filter(|(of, _)| *of == kind)
        .filter_map(|store| request.stores.get(store))
        .flatten()
        .cloned()
        .collect()
}

fn broken(sentence: &str) -> Failure {
    Failure {
        class: FailureClass::Check(Check::Integrity),
        sentence: sentence.to_owned(),
    }
}

fn lost(unusable: &Unusable) -> Failure {
    let class = match unusable {
        Unusable::NoAccess(_) => FailureClass::NoAccess,
        Unusable::Unreachable(_) | Unusable::Missing | Unusable::Wanted => {
            FailureClass::Unreachable
        }
        Unusable::TooLong(_) | Unusable::OtherBytes(_) | Unusable::Malformed(_) => {
            FailureClass::Check(Check::Integrity)
        }
    };
    Failure {
        class,
        sentence: unusable.to_string(),
    }
}
