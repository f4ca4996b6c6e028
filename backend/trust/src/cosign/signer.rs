//! Whose a signature is, if it is somebody's who counts.

use super::{
    classic,
    dsse::Envelope,
    outcome::{Fault, FaultClass, Signature},
    policy::{Identity, Signers, signing_key},
    transparency::{Artifact, Doubt, DoubtClass, Signer},
    verify::Request,
};
use crate::{key::PublicKey, oci::Descriptor};
use jiff::Timestamp;

/// The signer of a classic signature.
pub(super) fn classic_signer(
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

/// The signer of a bundle.
pub(super) fn bundle_signer(
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
