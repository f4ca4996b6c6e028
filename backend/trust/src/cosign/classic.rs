//! The classic form: signatures as layers of an image manifest under the tag `sha256-<hex>.sig`.

use super::dsse;
use crate::{json::Json, key::PublicKey, oci::Descriptor, pem};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::collections::BTreeMap;

pub(super) const SIMPLE_SIGNING: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
pub(super) const ENVELOPE: &str = "application/vnd.dsse.envelope.v1+json";
const SIGNATURE: &str = "dev.cosignproject.cosign/signature";
const CERTIFICATE: &str = "dev.sigstore.cosign/certificate";
const LOG_ENTRY: &str = "dev.sigstore.cosign/bundle";
const KIND: &str = "cosign container image signature";

/// The tag beside an image's digest under which cosign keeps `what`: `sig` or `att`.
pub(super) fn tag(digest: &str, what: &str) -> String {
    format!("{}.{what}", digest.replace(':', "-"))
}

/// What was signed: which image, and with which annotations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Payload {
    pub kind_is_right: bool,
    pub digest: String,
    /// The reference it was signed under; cosign ignores it, and so it is only told.
    pub reference: Option<String>,
    /// Those whose value is text.
    pub annotations: BTreeMap<String, String>,
}

impl Payload {
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let json = Json::parse(bytes).ok()?;
        let critical = json.get("critical")?;
        let annotations = match json.get("optional") {
            None | Some(Json::Null) => BTreeMap::new(),
            Some(optional) => optional
                .object()?
                .iter()
                .filter_map(|(key, value)| Some((key.clone(), value.text()?.to_owned())))
                .collect(),
        };
        Some(Payload {
            kind_is_right: critical.get("type")?.text()? == KIND,
            digest: critical
                .get("image")?
                .get("docker-manifest-digest")?
                .text()?
                .to_owned(),
            reference: critical
                .get("identity")
                .and_then(|identity| identity.get("docker-reference"))
                .and_then(Json::text)
                .filter(|reference| !reference.is_empty())
                .map(str::to_owned),
            annotations,
        })
    }
}

/// Whether the layer's signature over `payload` is by `key`.
pub(super) fn signed_by(layer: &Descriptor, payload: &[u8], key: &PublicKey) -> bool {
    signature(layer).is_some_and(|signature| dsse::signed(key, payload, &signature))
}

fn signature(layer: &Descriptor) -> Option<Vec<u8>> {
    STANDARD.decode(layer.annotations.get(SIGNATURE)?).ok()
}

/// Whether the layer says that it stands in a transparency log.
pub(super) fn has_log_entry(layer: &Descriptor) -> bool {
    layer.annotations.contains_key(LOG_ENTRY)
}

/// The layer in the form of a Sigstore bundle, so that one verifier judges both forms; nothing when an annotation is malformed.
///
/// `key` stands in for the certificate where the signer is a key.
pub(super) fn as_bundle(
    layer: &Descriptor,
    payload: &[u8],
    key: Option<&PublicKey>,
) -> Option<String> {
    let entry = Json::parse(layer.annotations.get(LOG_ENTRY)?.as_bytes()).ok()?;
    let stated = entry.get("Payload")?;
    let body = stated.get("body")?.text()?;
    let kind = Json::parse(&STANDARD.decode(body).ok()?).ok()?;
    let log = crate::digest::bytes_of_hex(stated.get("logID")?.text()?)?;
    let signer = match key {
        Some(key) => {
            let hint = STANDARD.encode(crate::digest::sha256_hex(key.spki()));
            serde_json::json!({ "publicKey": { "hint": hint } })
        }
        None => {
            let blocks = pem::blocks(layer.annotations.get(CERTIFICATE)?)?;
            let leaf = STANDARD.encode(&blocks.first()?.bytes);
            serde_json::json!({ "x509CertificateChain": { "certificates": [{ "rawBytes": leaf }] } })
        }
    };
    let mut material = signer;
    material["tlogEntries"] = serde_json::json!([{
        "logIndex": stated.get("logIndex")?.natural()?.to_string(),
        "logId": { "keyId": STANDARD.encode(log) },
        "kindVersion": {
            "kind": kind.get("kind")?.text()?,
            "version": kind.get("apiVersion")?.text()?,
        },
        "integratedTime": stated.get("integratedTime")?.natural()?.to_string(),
        "inclusionPromise": { "signedEntryTimestamp": entry.get("SignedEntryTimestamp")?.text()? },
        "canonicalizedBody": body,
    }]);
    let digest = crate::key::Hash::Sha256.of(payload);
    let bundle = serde_json::json!({
        "mediaType": "application/vnd.dev.sigstore.bundle+json;version=0.1",
        "verificationMaterial": material,
        "messageSignature": {
            "messageDigest": { "algorithm": "SHA2_256", "digest": STANDARD.encode(digest) },
            "signature": STANDARD.encode(signature(layer)?),
        },
    });
    Some(bundle.to_string())
}
