//! The check itself: every signature and attestation of an image, and what a policy makes of them.

use super::{
    classic::{self, Payload},
    dsse::Envelope,
    found::Found,
    outcome::{Attestation, FaultClass, Outcome},
    policy::{Policy, Signers, signing_key},
    signer::{bundle_signer, classic_signer},
    statement::{SIGNATURE, Statement},
    transparency::Transparency,
};
use crate::{
    json::Json,
    oci::{Descriptor, Evidence, Image, Limits, Manifest, Shelf, Unusable, Wanted},
};

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
