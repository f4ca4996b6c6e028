//! The JWS envelope: one signature in flattened JSON form.

use super::envelope::{
    AUTHENTIC_TIME, Algorithm, Attributes, COUNTERSIGNATURE, EXPIRY, PLUGIN, Parts, SCHEME,
    SIGNING_TIME,
};
use crate::json::Json;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jiff::Timestamp;

/// Takes an envelope apart; `Err` says what is malformed.
pub(super) fn read(bytes: &[u8]) -> Result<Parts, String> {
    let envelope =
        Json::parse(bytes).map_err(|error| format!("the envelope is not strict JSON: {error}"))?;
    let text = |key: &str| {
        envelope
            .get(key)
            .and_then(Json::text)
            .ok_or_else(|| format!("the envelope has no {key:?}"))
    };
    let decode = |key: &str| {
        URL_SAFE_NO_PAD
            .decode(text(key)?)
            .map_err(|_| format!("the envelope's {key:?} is not base64url"))
    };
    let protected = Json::parse(&decode("protected")?)
        .map_err(|error| format!("the protected header is not strict JSON: {error}"))?;
    let header = envelope.get("header").ok_or("the envelope has no header")?;
    let certificates = header
        .get("x5c")
        .and_then(Json::list)
        .and_then(|chain| {
            chain
                .iter()
                .map(|certificate| STANDARD.decode(certificate.text()?).ok())
                .collect()
        })
        .ok_or("the header has no certificates")?;
    let countersignature = match header.get(COUNTERSIGNATURE) {
        None => None,
        Some(token) => Some(
            token
                .text()
                .and_then(|token| STANDARD.decode(token).ok())
                .ok_or("the timestamp is not base64")?,
        ),
    };
    Ok(Parts {
        attributes: attributes(&protected)?,
        message: format!("{}.{}", text("protected")?, text("payload")?).into_bytes(),
        payload: decode("payload")?,
        signature: decode("signature")?,
        chain: certificates,
        countersignature,
    })
}

fn attributes(protected: &Json) -> Result<Attributes, String> {
    let mut attributes = Attributes::default();
    let members = protected
        .object()
        .ok_or("the protected header is no object")?;
    for (name, value) in members {
        let malformed = || format!("the attribute {name:?} is malformed");
        let text = || value.text().map(str::to_owned).ok_or_else(malformed);
        let time = || text()?.parse::<Timestamp>().map_err(|_| malformed());
        match name.as_str() {
            "alg" => attributes.algorithm = Algorithm::named(&text()?),
            "cty" => attributes.content_type = Some(text()?),
            "crit" => {
                attributes.critical = value
                    .list()
                    .and_then(|list| {
                        list.iter()
                            .map(|name| name.text().map(str::to_owned))
                            .collect()
                    })
                    .ok_or_else(malformed)?;
            }
            SCHEME => attributes.scheme = Some(text()?),
            SIGNING_TIME => attributes.signing_time = Some(time()?),
            AUTHENTIC_TIME => attributes.authentic_signing_time = Some(time()?),
            EXPIRY => attributes.expiry = Some(time()?),
            PLUGIN => attributes.plugin = Some(text()?),
            // Would change what is signed (RFC 7797).
            "b64" => {
                return Err(
                    "the envelope's payload is not encoded as notation encodes it".to_owned(),
                );
            }
            other => attributes.others.push(other.to_owned()),
        }
    }
    Ok(attributes)
}
