//! The COSE envelope: `COSE_Sign1` (RFC 9052) with notation's attributes under the same names.

use super::envelope::{
    AUTHENTIC_TIME, Algorithm, Attributes, COUNTERSIGNATURE, EXPIRY, PLUGIN, Parts, SCHEME,
    SIGNING_TIME,
};
use coset::{
    CoseSign1, Label, RegisteredLabel, RegisteredLabelWithPrivate, TaggedCborSerializable,
    cbor::value::Value, iana,
};
use jiff::Timestamp;

/// The header label of a certificate chain (RFC 9360).
const CHAIN: i64 = 33;

/// Takes an envelope apart; `Err` says what is malformed.
pub(super) fn read(bytes: &[u8]) -> Result<Parts, String> {
    let envelope = CoseSign1::from_tagged_slice(bytes)
        .map_err(|error| format!("the envelope is no COSE_Sign1: {error}"))?;
    let message = envelope.tbs_data(b"");
    let header = &envelope.protected.header;
    let mut attributes = Attributes {
        algorithm: match &header.alg {
            Some(RegisteredLabelWithPrivate::Assigned(algorithm)) => named(*algorithm),
            _ => None,
        },
        content_type: match &header.content_type {
            Some(RegisteredLabel::Text(text)) => Some(text.clone()),
            _ => None,
        },
        ..Attributes::default()
    };
    for label in &header.crit {
        attributes.critical.push(match label {
            RegisteredLabelWithPrivate::Text(name) => name.clone(),
            other => format!("{other:?}"),
        });
    }
    for (label, value) in &header.rest {
        let Label::Text(name) = label else {
            attributes.others.push(format!("{label:?}"));
            continue;
        };
        let malformed = || format!("the attribute {name:?} is malformed");
        let text = || value.as_text().map(str::to_owned).ok_or_else(malformed);
        let time = || instant(value).ok_or_else(malformed);
        match name.as_str() {
            SCHEME => attributes.scheme = Some(text()?),
            SIGNING_TIME => attributes.signing_time = Some(time()?),
            AUTHENTIC_TIME => attributes.authentic_signing_time = Some(time()?),
            EXPIRY => attributes.expiry = Some(time()?),
            PLUGIN => attributes.plugin = Some(text()?),
            other => attributes.others.push(other.to_owned()),
        }
    }
    let unprotected = |wanted: Label| {
        envelope
            .unprotected
            .rest
            .iter()
            .find(|(label, _)| *label == wanted)
            .map(|(_, value)| value)
    };
    let chain = match unprotected(Label::Int(CHAIN)) {
        Some(Value::Bytes(one)) => vec![one.clone()],
        Some(Value::Array(many)) => many
            .iter()
            .map(|certificate| certificate.as_bytes().cloned())
            .collect::<Option<_>>()
            .ok_or("the certificates are malformed")?,
        _ => return Err("the envelope carries no certificates".to_owned()),
    };
    let countersignature = match unprotected(Label::Text(COUNTERSIGNATURE.to_owned())) {
        None => None,
        Some(token) => Some(
            token
                .as_bytes()
                .cloned()
                .ok_or("the timestamp is no byte string")?,
        ),
    };
    Ok(Parts {
        attributes,
        message,
        payload: envelope.payload.ok_or("the envelope has no payload")?,
        signature: envelope.signature,
        chain,
        countersignature,
    })
}

fn named(algorithm: iana::Algorithm) -> Option<Algorithm> {
    match algorithm {
        iana::Algorithm::PS256 => Some(Algorithm::Ps256),
        iana::Algorithm::PS384 => Some(Algorithm::Ps384),
        iana::Algorithm::PS512 => Some(Algorithm::Ps512),
        iana::Algorithm::ES256 => Some(Algorithm::Es256),
        iana::Algorithm::ES384 => Some(Algorithm::Es384),
        iana::Algorithm::ES512 => Some(Algorithm::Es512),
        _ => None,
    }
}

/// Seconds since 1970 under tag 1.
fn instant(value: &Value) -> Option<Timestamp> {
    let Value::Tag(1, seconds) = value else {
        return None;
    };
    let seconds = seconds.as_integer()?;
    Timestamp::from_second(i64::try_from(i128::from(seconds)).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let _ = read(&bytes);
            let _ = super::super::jws::read(&bytes);
        }
    }
}
