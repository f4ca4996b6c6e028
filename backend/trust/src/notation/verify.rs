//! The check itself: every signature of an image, until one satisfies the policy.

use super::{
    envelope::Envelope,
    outcome::{Check, Failure, FailureClass, Outcome, Verified},
    policy::{Level, TrustPolicy, TrustPolicyDocument, TrustStores},
    results::results,
};
use crate::{
    certificate::Certificate,
    oci::{Evidence, Image, Limits, Manifest, Shelf, Unusable, Wanted},
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
