//! Public keys of every kind that images are signed with, and what a signature by one must look like.

use ed25519_dalek::Verifier as _;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::{Pss, pkcs1v15::Pkcs1v15Sign, traits::PublicKeyParts};
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_cert::{
    der::{Decode, Encode, asn1::ObjectIdentifier},
    spki::SubjectPublicKeyInfoOwned,
};

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");

/// A public key, ready to check signatures.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicKey {
    kind: Kind,
    spki: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
    Rsa(rsa::PublicKey),
    Ed25519(ed25519_dalek::VerifyingKey),
}

/// The family a key belongs to, with its size where verifiers care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// ECDSA over the NIST curve of 256 bits.
    P256,
    /// ECDSA over the NIST curve of 384 bits.
    P384,
    /// ECDSA over the NIST curve of 521 bits.
    P521,
    /// RSA with a modulus of so many bits.
    Rsa(usize),
    /// Ed25519.
    Ed25519,
}

/// The digest a signature is made over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// Why bytes are not a key we can check signatures with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// Not DER of a SubjectPublicKeyInfo.
    #[error("the key is not a DER-encoded public key")]
    NotDer,
    /// Of a kind nobody here verifies.
    #[error("a key of the kind {0} is not supported")]
    Unsupported(String),
    /// Of a known kind, but not a key.
    #[error("the key has a known kind but no valid value")]
    Invalid,
}

impl Hash {
    /// The digest of `message`.
    pub fn of(self, message: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha256 => Sha256::digest(message).to_vec(),
            Hash::Sha384 => Sha384::digest(message).to_vec(),
            Hash::Sha512 => Sha512::digest(message).to_vec(),
        }
    }
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo in DER.
    pub fn from_spki(der: &[u8]) -> Result<Self, BadKey> {
        let info = SubjectPublicKeyInfoOwned::from_der(der).map_err(|_| BadKey::NotDer)?;
        let bits = info.subject_public_key.as_bytes().ok_or(BadKey::Invalid)?;
        let kind = match info.algorithm.oid {
            RSA => Kind::Rsa(
                rsa::pkcs1::RsaPublicKeyRef::from_der(bits)
                    .ok()
                    .and_then(|key| rsa::PublicKey::try_from(key).ok())
                    .ok_or(BadKey::Invalid)?,
            ),
            ED25519 => Kind::Ed25519(
                bits.try_into()
                    .ok()
                    .and_then(|bits| ed25519_dalek::VerifyingKey::from_bytes(bits).ok())
                    .ok_or(BadKey::Invalid)?,
            ),
            EC => {
                let curve = info
                    .algorithm
                    .parameters
                    .as_ref()
                    .and_then(|curve| curve.decode_as::<ObjectIdentifier>().ok())
                    .ok_or(BadKey::Invalid)?;
                match curve {
                    P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(bits).map(Kind::P256),
                    P384 => p384::ecdsa::VerifyingKey::from_sec1_bytes(bits).map(Kind::P384),
                    P521 => p521::ecdsa::VerifyingKey::from_sec1_bytes(bits).map(Kind::P521),
                    other => return Err(BadKey::Unsupported(other.to_string())),
                }
                .map_err(|_| BadKey::Invalid)?
            }
            other => return Err(BadKey::Unsupported(other.to_string())),
        };
        let spki = info.to_der().map_err(|_| BadKey::NotDer)?;
        Ok(PublicKey { kind, spki })
    }

    /// Reads the first `PUBLIC KEY` block of a text.
    pub fn from_pem(text: &str) -> Result<Self, BadKey> {
        let blocks = crate::pem::blocks(text).ok_or(BadKey::NotDer)?;
        let block = blocks
            .iter()
            .find(|block| block.label == "PUBLIC KEY")
            .ok_or(BadKey::NotDer)?;
        Self::from_spki(&block.bytes)
    }

    /// Reads the 32 bytes of an Ed25519 key.
    pub fn from_ed25519(bytes: &[u8]) -> Result<Self, BadKey> {
        // The one form RFC 8410 gives such a key.
        const HEAD: [u8; 12] = [
            0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
        ];
        if bytes.len() != 32 {
            return Err(BadKey::Invalid);
        }
        Self::from_spki(&[&HEAD, bytes].concat())
    }

    /// The key as a SubjectPublicKeyInfo in DER: two keys are one when these bytes are.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The family and size.
    pub fn kind(&self) -> KeyKind {
        match &self.kind {
            Kind::P256(_) => KeyKind::P256,
            Kind::P384(_) => KeyKind::P384,
            Kind::P521(_) => KeyKind::P521,
            Kind::Rsa(key) => KeyKind::Rsa(key.n().bit_width_vartime() as usize),
            Kind::Ed25519(_) => KeyKind::Ed25519,
        }
    }

    /// Whether `signature` is r and s side by side, each as wide as the curve's field, over `hash` of `message`.
    pub fn signed_ecdsa_raw(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        let digest = hash.of(message);
        match &self.kind {
            Kind::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok()),
            Kind::P384(key) => p384::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok()),
            Kind::P521(key) => p521::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok()),
            _ => false,
        }
    }

    /// Whether `signature` is the ASN.1 form of r and s over `hash` of `message`.
    pub fn signed_ecdsa_der(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        let digest = hash.of(message);
        match &self.kind {
            Kind::P256(key) => p256::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok()),
            Kind::P384(key) => p384::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok()),
            Kind::P521(key) => p521::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok()),
            _ => false,
        }
    }

    /// Whether `signature` is RSASSA-PSS over `hash` of `message`, with a salt exactly as long as the digest.
    pub fn signed_rsa_pss(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        let Kind::Rsa(key) = &self.kind else {
            return false;
        };
        let digest = hash.of(message);
        match hash {
            Hash::Sha256 => key.verify(Pss::<Sha256>::new_with_salt(32), &digest, signature),
            Hash::Sha384 => key.verify(Pss::<Sha384>::new_with_salt(48), &digest, signature),
            Hash::Sha512 => key.verify(Pss::<Sha512>::new_with_salt(64), &digest, signature),
        }
        .is_ok()
    }

    /// Whether `signature` is RSASSA-PKCS1-v1_5 over `hash` of `message`.
    pub fn signed_rsa_pkcs1(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        let Kind::Rsa(key) = &self.kind else {
            return false;
        };
        let scheme = match hash {
            Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
            Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
            Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
        };
        key.verify(scheme, &hash.of(message), signature).is_ok()
    }

    /// Whether `signature` is Ed25519 over `message` itself.
    pub fn signed_ed25519(&self, message: &[u8], signature: &[u8]) -> bool {
        let Kind::Ed25519(key) = &self.kind else {
            return false;
        };
        ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| key.verify(message, &signature).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The base point of P-256, a key whose secret everybody knows to be 1.
    fn known() -> PublicKey {
        let spki = crate::digest::bytes_of_hex(concat!(
            "3059301306072a8648ce3d020106082a8648ce3d030107034200046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0",
            "f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
        ));
        PublicKey::from_spki(&spki.unwrap()).unwrap()
    }

    #[test]
    fn a_point_that_is_not_on_the_curve_is_no_key() {
        let mut spki = known().spki().to_vec();
        *spki.last_mut().unwrap() ^= 1;
        assert_eq!(PublicKey::from_spki(&spki), Err(BadKey::Invalid));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let _ = PublicKey::from_spki(&bytes);
            let _ = PublicKey::from_ed25519(&bytes);
        }

    }

    proptest! {
        // Fewer cases: each costs two checks of a signature.
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn no_bytes_are_a_signature_by_chance(message: Vec<u8>, signature in prop::collection::vec(any::<u8>(), 0..80)) {
            let key = known();
            prop_assert!(!key.signed_ecdsa_raw(Hash::Sha256, &message, &signature));
            prop_assert!(!key.signed_ecdsa_der(Hash::Sha256, &message, &signature));
            prop_assert!(!key.signed_rsa_pss(Hash::Sha256, &message, &signature));
            prop_assert!(!key.signed_ed25519(&message, &signature));
        }
    }
}
