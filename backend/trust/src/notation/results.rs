//! The four results beside integrity, and what the policy makes of each.

use super::{
    envelope::{Envelope, Scheme},
    outcome::{Check, Failure, FailureClass},
    policy::{Action, Level, TimestampUse, TrustPolicy, TrustStoreKind},
    verify::Request,
};
use crate::{certificate::Certificate, timestamp};
use jiff::Timestamp;

/// Makes the checks in notation's order: the first enforced failure, or all logged ones.
pub(super) fn results(
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
