//! Keys as Notary's metadata lists them, their ids, and its signature methods.

use crate::{
    certificate::Certificate,
    digest,
    json::Json,
    key::{Hash, KeyKind, PublicKey},
    pem,
};
use base64::{Engine, engine::general_purpose::STANDARD};

/// RSA keys below this many bits sign nothing.
pub(super) const RSA_BITS: usize = 2048;

/// A listed key; whether it can be used shows when a signature by it is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    kind: String,
    public: Vec<u8>,
    id: String,
}

impl Key {
    pub(super) fn new(kind: &str, public: Vec<u8>) -> Self {
        let id = key_id(kind, &public);
        Key {
            kind: kind.to_owned(),
            public,
            id,
        }
    }

    /// Reads `{"keytype":…,"keyval":{"public":…}}`.
    pub(super) fn read(json: &Json) -> Option<Self> {
        let kind = json.get("keytype")?.text()?;
        let public = json.get("keyval")?.get("public")?.text()?;
        Some(Self::new(kind, STANDARD.decode(public).ok()?))
    }

    /// The key that a root's certificate chain stands for, or nothing for kinds that sign no roots.
    pub(super) fn of_chain(leaf: &Certificate, authorities: &[Certificate]) -> Option<Self> {
        let kind = match leaf.key().kind() {
            KeyKind::P256 | KeyKind::P384 | KeyKind::P521 => "ecdsa-x509",
            KeyKind::Rsa(_) => "rsa-x509",
            KeyKind::Ed25519 => return None,
        };
        let armoured: String = std::iter::once(leaf)
            .chain(authorities)
            .map(|certificate| pem::armour("CERTIFICATE", certificate.der()))
            .collect();
        Some(Self::new(kind, armoured.into_bytes()))
    }

    /// The id: SHA-256 of the key's canonical form, in hex.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The kind in Notary's words, such as `ecdsa-x509`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The id of the bare key: for a certificate that of the key in it, which is what `docker trust` shows for signers.
    pub fn canonical_id(&self) -> String {
        let bare = match self.kind.as_str() {
            "ecdsa-x509" => "ecdsa",
            "rsa-x509" => "rsa",
            _ => return self.id.clone(),
        };
        match self.certificate() {
            Some(leaf) => key_id(bare, leaf.key().spki()),
            None => self.id.clone(),
        }
    }

    pub(super) fn certificates(&self) -> Option<Vec<Certificate>> {
        Certificate::bundle(std::str::from_utf8(&self.public).ok()?).ok()
    }

    fn certificate(&self) -> Option<Certificate> {
        let blocks = pem::blocks(std::str::from_utf8(&self.public).ok()?)?;
        Certificate::from_der(&blocks.first()?.bytes).ok()
    }

    fn usable(&self) -> Option<PublicKey> {
        match self.kind.as_str() {
            "ecdsa" | "rsa" => PublicKey::from_spki(&self.public).ok(),
            "ecdsa-x509" | "rsa-x509" => Some(self.certificate()?.key().clone()),
            "ed25519" => PublicKey::from_ed25519(&self.public).ok(),
            _ => None,
        }
    }

    /// Whether `signature` over `message` is this key's by `method`, which must be in lower case.
    pub(super) fn signed(&self, method: &str, message: &[u8], signature: &[u8]) -> bool {
        if method == "pycrypto-pkcs#1 pss" {
            let key = (self.kind == "rsa")
                .then(|| std::str::from_utf8(&self.public).ok())
                .flatten()
                .and_then(|text| PublicKey::from_pem(text).ok());
            return key.is_some_and(|key| rsa_pss(&key, message, signature));
        }
        let Some(key) = self.usable() else {
            return false;
        };
        match method {
            "ecdsa" => {
                self.kind.starts_with("ecdsa")
                    && key.signed_ecdsa_raw(Hash::Sha256, message, signature)
            }
            "rsapss" => self.kind.starts_with("rsa") && rsa_pss(&key, message, signature),
            "rsapkcs1v15" => {
                self.kind.starts_with("rsa")
                    && long_enough(&key)
                    && key.signed_rsa_pkcs1(Hash::Sha256, message, signature)
            }
            "eddsa" => self.kind == "ed25519" && key.signed_ed25519(message, signature),
            _ => false,
        }
    }
}

/// Whether a key is not RSA or has bits enough.
pub(super) fn long_enough(key: &PublicKey) -> bool {
    !matches!(key.kind(), KeyKind::Rsa(bits) if bits < RSA_BITS)
}

fn rsa_pss(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    long_enough(key) && key.signed_rsa_pss(Hash::Sha256, message, signature)
}

/// SHA-256 of `{"keytype":…,"keyval":{"private":null,"public":…}}` in canonical form.
fn key_id(kind: &str, public: &[u8]) -> String {
    let text = |text: &str| Json::Text(text.to_owned());
    let object = |members: [(&str, Json); 2]| {
        Json::Object(members.map(|(key, value)| (key.to_owned(), value)).into())
    };
    let value = object([
        ("private", Json::Null),
        ("public", text(&STANDARD.encode(public))),
    ]);
    let canonical = object([("keytype", text(kind)), ("keyval", value)])
        .canonical()
        .expect("there is no number in it");
    digest::sha256_hex(&canonical)
}
