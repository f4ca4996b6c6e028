//! DSSE envelopes: a payload with its type, and signatures over both.

use crate::{
    json::Json,
    key::{Hash, KeyKind, PublicKey},
};
use base64::{Engine, engine::general_purpose::STANDARD};

/// An envelope; nobody vouches for its payload yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Envelope {
    pub payload_type: String,
    pub payload: Vec<u8>,
    pub signatures: Vec<Vec<u8>>,
}

impl Envelope {
    pub fn read(json: &Json) -> Option<Self> {
        let decode = |json: &Json| STANDARD.decode(json.text()?).ok();
        Some(Envelope {
            payload_type: json.get("payloadType")?.text()?.to_owned(),
            payload: decode(json.get("payload")?)?,
            signatures: json
                .get("signatures")?
                .list()?
                .iter()
                .map(|signature| decode(signature.get("sig")?))
                .collect::<Option<_>>()?,
        })
    }

    /// Whether one of the signatures is by `key`.
    pub fn signed_by(&self, key: &PublicKey) -> bool {
        let message = self.signed_bytes();
        self.signatures
            .iter()
            .any(|signature| signed(key, &message, signature))
    }

    /// The "pre-authentication encoding" that is signed.
    fn signed_bytes(&self) -> Vec<u8> {
        let head = format!(
            "DSSEv1 {} {} {} ",
            self.payload_type.len(),
            self.payload_type,
            self.payload.len()
        );
        [head.as_bytes(), &self.payload].concat()
    }
}

/// Whether `signature` over `message` is by `key`, in the one form cosign gives each kind of key.
pub(super) fn signed(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    match key.kind() {
        KeyKind::P256 => key.signed_ecdsa_der(Hash::Sha256, message, signature),
        // Sigstore signs with the digest that goes with the curve; cosign itself always with SHA-256.
        KeyKind::P384 => {
            key.signed_ecdsa_der(Hash::Sha256, message, signature)
                || key.signed_ecdsa_der(Hash::Sha384, message, signature)
        }
        KeyKind::P521 => {
            key.signed_ecdsa_der(Hash::Sha256, message, signature)
                || key.signed_ecdsa_der(Hash::Sha512, message, signature)
        }
        KeyKind::Rsa(bits) => {
            bits >= 2048 && key.signed_rsa_pkcs1(Hash::Sha256, message, signature)
        }
        KeyKind::Ed25519 => key.signed_ed25519(message, signature),
    }
}
