//! X.509 certificates, as far as image signatures rest on them.

use crate::{
    key::{Hash, PublicKey},
    pem,
};
use jiff::Timestamp;
use x509_cert::{
    Certificate as Parsed,
    der::{
        Decode, Encode, Reader, SliceReader,
        asn1::{AnyRef, ObjectIdentifier},
    },
    ext::pkix::{
        AuthorityInfoAccessSyntax, BasicConstraints, ExtendedKeyUsage, KeyUsage,
        SubjectKeyIdentifier,
    },
    spki::AlgorithmIdentifierOwned,
    time::Time,
};

/// A certificate whose fields were read; nothing about it is trusted yet.
#[derive(Debug, Clone)]
pub struct Certificate {
    der: Vec<u8>,
    /// What the issuer signed, byte for byte.
    signed: Vec<u8>,
    parsed: Parsed,
    key: PublicKey,
}

/// Why bytes are not a certificate we can use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadCertificate(String);

/// The algorithm a certificate was signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedWith {
    /// ECDSA over this digest.
    Ecdsa(Hash),
    /// RSASSA-PKCS1-v1_5 over this digest.
    RsaPkcs1(Hash),
    /// RSASSA-PSS over this digest.
    RsaPss(Hash),
    /// Ed25519.
    Ed25519,
    /// Anything over SHA-1, which nobody may rely on any more.
    Sha1,
    /// Something else.
    Other,
}

impl Certificate {
    /// Reads one certificate in DER.
    pub fn from_der(der: &[u8]) -> Result<Self, BadCertificate> {
        let parsed = Parsed::from_der(der)
            .map_err(|error| BadCertificate(format!("it is not a certificate: {error}")))?;
        let signed = signed_part(der)
            .ok_or_else(|| BadCertificate("its signed part cannot be told apart".to_owned()))?;
        let spki = parsed
            .tbs_certificate()
            .subject_public_key_info()
            .to_der()
            .map_err(|error| BadCertificate(format!("its key cannot be read: {error}")))?;
        let key = PublicKey::from_spki(&spki)
            .map_err(|error| BadCertificate(format!("its key cannot be used: {error}")))?;
        Ok(Certificate {
            der: der.to_vec(),
            signed,
            parsed,
            key,
        })
    }

    /// Reads every certificate of a text, which must hold one at least and no other block.
    pub fn bundle(text: &str) -> Result<Vec<Self>, BadCertificate> {
        let blocks = pem::blocks(text)
            .ok_or_else(|| BadCertificate("a block is cut off or not base64".to_owned()))?;
        if blocks.is_empty() {
            return Err(BadCertificate("it holds no certificate".to_owned()));
        }
        let read = |block: &pem::Block| match block.label.as_str() {
            "CERTIFICATE" => Self::from_der(&block.bytes),
            other => Err(BadCertificate(format!(
                "it holds a {other:?}, not a certificate"
            ))),
        };
        blocks.iter().map(read).collect()
    }

    /// The certificate as it was read.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Its public key.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The subject's last common name, if it is text.
    pub fn common_name(&self) -> Option<String> {
        const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
        self.subject_attributes()
            .into_iter()
            .filter(|(oid, _)| *oid == COMMON_NAME)
            .map(|(_, value)| value)
            .next_back()
    }

    /// The subject's attributes in the order they are encoded; one whose value is not text is left out.
    pub fn subject_attributes(&self) -> Vec<(ObjectIdentifier, String)> {
        self.parsed
            .tbs_certificate()
            .subject()
            .iter()
            .filter_map(|attribute| Some((attribute.oid, text_of(&attribute.value)?)))
            .collect()
    }

    /// The subject in the order it is encoded, such as `C=US, O=acme, CN=signer`.
    pub fn subject(&self) -> String {
        let named = |(oid, value): &(ObjectIdentifier, String)| match short_name(*oid) {
            Some(name) => format!("{name}={value}"),
            None => format!("{oid}={value}"),
        };
        let parts: Vec<_> = self.subject_attributes().iter().map(named).collect();
        parts.join(", ")
    }

    /// Whether it names itself as its issuer.
    pub fn is_self_issued(&self) -> bool {
        self.parsed.tbs_certificate().issuer() == self.parsed.tbs_certificate().subject()
    }

    /// Whether it says it may issue others.
    pub fn is_authority(&self) -> bool {
        self.basic_constraints().is_some_and(|(_, basic)| basic.ca)
    }

    /// Its basic constraints and whether they are critical; `None` when absent, doubled or unreadable.
    pub fn basic_constraints(&self) -> Option<(bool, BasicConstraints)> {
        self.parsed.tbs_certificate().get_extension().ok()?
    }

    /// Its key usage and whether it is critical; `None` when absent, doubled or unreadable.
    pub fn key_usage(&self) -> Option<(bool, KeyUsage)> {
        self.parsed.tbs_certificate().get_extension().ok()?
    }

    /// Its extended key usages; `None` when absent, an empty list when doubled or unreadable.
    pub fn extended_key_usage(&self) -> Option<Vec<ObjectIdentifier>> {
        match self
            .parsed
            .tbs_certificate()
            .get_extension::<ExtendedKeyUsage>()
        {
            Ok(found) => found.map(|(_, usage)| usage.0),
            Err(_) => Some(vec![]),
        }
    }

    /// Whether its extended key usage is marked critical.
    pub fn extended_key_usage_is_critical(&self) -> bool {
        matches!(
            self.parsed
                .tbs_certificate()
                .get_extension::<ExtendedKeyUsage>(),
            Ok(Some((true, _)))
        )
    }

    /// Issuer and serial number side by side in DER, as CMS names a signer.
    pub fn issuer_and_serial(&self) -> Option<Vec<u8>> {
        let certificate = self.parsed.tbs_certificate();
        let mut both = certificate.issuer().to_der().ok()?;
        both.extend(certificate.serial_number().to_der().ok()?);
        Some(both)
    }

    /// The key's identifier, if it says one.
    pub fn key_identifier(&self) -> Option<Vec<u8>> {
        let (_, found) = self
            .parsed
            .tbs_certificate()
            .get_extension::<SubjectKeyIdentifier>()
            .ok()??;
        Some(found.0.as_bytes().to_vec())
    }

    /// Whether it says where its revocation can be asked for: a list (CRL) or a responder (OCSP).
    pub fn can_be_revoked(&self) -> bool {
        const LISTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.31");
        const RESPONDER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
        let certificate = self.parsed.tbs_certificate();
        let lists = certificate
            .extensions()
            .is_some_and(|list| list.iter().any(|extension| extension.extn_id == LISTS));
        let responder = match certificate.get_extension::<AuthorityInfoAccessSyntax>() {
            Ok(found) => found.is_some_and(|(_, access)| {
                access.0.iter().any(|way| way.access_method == RESPONDER)
            }),
            Err(_) => true,
        };
        lists || responder
    }

    /// Whether it critically demands something that is not understood here, so that it must not be relied on.
    pub fn demands_unknown(&self) -> bool {
        // Key identifiers, key usage, other names, basic constraints, policies, purposes, and where to ask for revocation. Name
        // constraints are not among them: nobody here holds names against them.
        const KNOWN: [&str; 9] = [
            "2.5.29.14",
            "2.5.29.15",
            "2.5.29.17",
            "2.5.29.19",
            "2.5.29.31",
            "2.5.29.32",
            "2.5.29.35",
            "2.5.29.37",
            "1.3.6.1.5.5.7.1.1",
        ];
        let extensions = self.parsed.tbs_certificate().extensions();
        extensions.into_iter().flatten().any(|extension| {
            extension.critical && !KNOWN.contains(&extension.extn_id.to_string().as_str())
        })
    }

    /// The first instant at which it is valid.
    pub fn not_before(&self) -> Timestamp {
        instant(&self.parsed.tbs_certificate().validity().not_before)
    }

    /// The last instant at which it is valid.
    pub fn not_after(&self) -> Timestamp {
        instant(&self.parsed.tbs_certificate().validity().not_after)
    }

    /// Whether it is valid at an instant.
    pub fn is_valid_at(&self, instant: Timestamp) -> bool {
        self.not_before() <= instant && instant <= self.not_after()
    }

    /// What it was signed with.
    pub fn signed_with(&self) -> SignedWith {
        let outer = self.parsed.signature_algorithm();
        if outer != self.parsed.tbs_certificate().signature() {
            return SignedWith::Other;
        }
        signed_with(outer)
    }

    /// Whether `issuer` is named as the issuer, may issue, and signed this certificate.
    ///
    /// How deep a chain may go is `issuer`'s word too: `below` is the number of authorities between it and the chain's leaf.
    pub fn is_issued_by(&self, issuer: &Certificate, below: usize) -> bool {
        let depth_allows = issuer.basic_constraints().is_some_and(|(_, basic)| {
            basic.ca
                && basic
                    .path_len_constraint
                    .is_none_or(|limit| below <= usize::from(limit))
        });
        let usage_allows = issuer
            .key_usage()
            .is_none_or(|(_, usage)| usage.key_cert_sign());
        self.parsed.tbs_certificate().issuer() == issuer.parsed.tbs_certificate().subject()
            && !issuer.demands_unknown()
            && depth_allows
            && usage_allows
            && self.is_signed_by(&issuer.key)
    }

    /// Whether `key` made its signature; says nothing on whether it was allowed to.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        let Some(signature) = self.parsed.signature().as_bytes() else {
            return false;
        };
        match self.signed_with() {
            SignedWith::Ecdsa(hash) => key.signed_ecdsa_der(hash, &self.signed, signature),
            SignedWith::RsaPkcs1(hash) => key.signed_rsa_pkcs1(hash, &self.signed, signature),
            SignedWith::RsaPss(hash) => key.signed_rsa_pss(hash, &self.signed, signature),
            SignedWith::Ed25519 => key.signed_ed25519(&self.signed, signature),
            SignedWith::Sha1 | SignedWith::Other => false,
        }
    }
}

/// The attribute's short name as RFC 4514 and its users write it.
pub fn short_name(oid: ObjectIdentifier) -> Option<&'static str> {
    const NAMES: [(&str, &str); 10] = [
        ("2.5.4.3", "CN"),
        ("2.5.4.6", "C"),
        ("2.5.4.7", "L"),
        ("2.5.4.8", "ST"),
        ("2.5.4.9", "STREET"),
        ("2.5.4.10", "O"),
        ("2.5.4.11", "OU"),
        ("2.5.4.5", "SERIALNUMBER"),
        ("2.5.4.17", "POSTALCODE"),
        ("0.9.2342.19200300.100.1.25", "DC"),
    ];
    let written = oid.to_string();
    NAMES
        .iter()
        .find(|(number, _)| *number == written)
        .map(|(_, name)| *name)
}

fn text_of(value: &x509_cert::der::Any) -> Option<String> {
    use x509_cert::der::{Tag, Tagged};
    match value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String => {
            std::str::from_utf8(value.value()).ok().map(str::to_owned)
        }
        _ => None,
    }
}

fn signed_with(algorithm: &AlgorithmIdentifierOwned) -> SignedWith {
    match algorithm.oid.to_string().as_str() {
        "1.2.840.10045.4.3.2" => SignedWith::Ecdsa(Hash::Sha256),
        "1.2.840.10045.4.3.3" => SignedWith::Ecdsa(Hash::Sha384),
        "1.2.840.10045.4.3.4" => SignedWith::Ecdsa(Hash::Sha512),
        "1.2.840.113549.1.1.11" => SignedWith::RsaPkcs1(Hash::Sha256),
        "1.2.840.113549.1.1.12" => SignedWith::RsaPkcs1(Hash::Sha384),
        "1.2.840.113549.1.1.13" => SignedWith::RsaPkcs1(Hash::Sha512),
        "1.2.840.113549.1.1.10" => {
            pss_hash(algorithm).map_or(SignedWith::Other, SignedWith::RsaPss)
        }
        "1.3.101.112" => SignedWith::Ed25519,
        "1.2.840.10045.4.1" | "1.2.840.113549.1.1.5" | "1.2.840.10040.4.3" => SignedWith::Sha1,
        _ => SignedWith::Other,
    }
}

/// The digest that RSASSA-PSS parameters name; without parameters it would be SHA-1.
fn pss_hash(algorithm: &AlgorithmIdentifierOwned) -> Option<Hash> {
    let parameters = algorithm.parameters.as_ref()?;
    let mut fields = SliceReader::new(parameters.value()).ok()?;
    // [0] EXPLICIT AlgorithmIdentifier of the digest stands first when it is not SHA-1.
    let wrapped = AnyRef::decode(&mut fields).ok()?;
    let digest = AlgorithmIdentifierOwned::from_der(wrapped.value()).ok()?;
    match digest.oid.to_string().as_str() {
        "2.16.840.1.101.3.4.2.1" => Some(Hash::Sha256),
        "2.16.840.1.101.3.4.2.2" => Some(Hash::Sha384),
        "2.16.840.1.101.3.4.2.3" => Some(Hash::Sha512),
        _ => None,
    }
}

/// The first element of the certificate's outer sequence, with its header.
fn signed_part(der: &[u8]) -> Option<Vec<u8>> {
    let outer = AnyRef::from_der(der).ok()?;
    let mut inside = SliceReader::new(outer.value()).ok()?;
    inside.tlv_bytes().ok().map(<[u8]>::to_vec)
}

fn instant(time: &Time) -> Timestamp {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            prop_assert!(Certificate::from_der(&bytes).is_err());
        }
    }
}
