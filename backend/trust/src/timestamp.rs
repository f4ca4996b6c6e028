//! Timestamps by others: RFC 3161 tokens over a signature, as notation countersigns with them.

use crate::{
    asn1::{self, Element, elements},
    certificate::{Certificate, SignedWith},
    key::{Hash, KeyKind},
};
use jiff::{SignedDuration, Timestamp};
use x509_cert::der::{Decode, asn1::GeneralizedTime, asn1::ObjectIdentifier};

/// When a signature existed at the latest, by the word of a trusted authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamped {
    /// The authority's time.
    pub at: Timestamp,
    /// How far off it may be in either direction.
    pub accuracy: SignedDuration,
}

/// Why a token proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the timestamp token {0}")]
pub struct NoProof(&'static str);

const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");

/// Checks `token` over `signature` by an authority that chains up to one of `roots`.
pub fn verify(token: &[u8], signature: &[u8], roots: &[Certificate]) -> Result<Stamped, NoProof> {
    let token = Token::read(token).ok_or(NoProof("is malformed"))?;
    let info = Info::read(token.content).ok_or(NoProof("holds no well-formed time"))?;
    if info.hash.of(signature) != info.imprint {
        return Err(NoProof("is over another signature"));
    }
    let signer = token
        .certificates
        .iter()
        .find(|certificate| token.signer.is(certificate))
        .ok_or(NoProof("does not carry its signer's certificate"))?;
    if !token.signer.signed(signer, token.content) {
        return Err(NoProof("is not validly signed"));
    }
    if !may_stamp(signer) {
        return Err(NoProof(
            "is by a certificate that is not for timestamps alone",
        ));
    }
    if !chains_up(signer, &token.certificates, roots, info.stamped.at) {
        return Err(NoProof("is by an authority that no trusted root issued"));
    }
    Ok(info.stamped)
}

struct Token<'a> {
    content: &'a [u8],
    certificates: Vec<Certificate>,
    signer: Signer<'a>,
}

struct Signer<'a> {
    /// Issuer and serial number, or the key's identifier.
    id: Element<'a>,
    hash: Hash,
    /// The attributes without their tag.
    attributes: &'a [u8],
    algorithm: String,
    signature: &'a [u8],
}

struct Info {
    hash: Hash,
    imprint: Vec<u8>,
    stamped: Stamped,
}

impl<'a> Token<'a> {
    fn read(token: &'a [u8]) -> Option<Self> {
        let [outer] = elements(token)?[..] else {
            return None;
        };
        let outer = outer.inside(asn1::SEQUENCE)?;
        let [kind, wrapped] = outer[..] else {
            return None;
        };
        if kind.oid()? != SIGNED_DATA {
            return None;
        }
        let [data] = wrapped.inside(0xa0)?[..] else {
            return None;
        };
        let parts = data.inside(asn1::SEQUENCE)?;
        let [_version, _digests, content, rest @ ..] = &parts[..] else {
            return None;
        };
        let content = content.inside(asn1::SEQUENCE)?;
        let [kind, wrapped] = content[..] else {
            return None;
        };
        if kind.oid()? != TST_INFO {
            return None;
        }
        let [octets] = wrapped.inside(0xa0)?[..] else {
            return None;
        };
        if octets.tag != asn1::OCTETS {
            return None;
        }
        let certificates = rest
            .iter()
            .find(|part| part.tag == 0xa0)
            .map(|part| elements(part.value))
            .unwrap_or(Some(vec![]))?
            .iter()
            .filter_map(|certificate| Certificate::from_der(certificate.whole).ok())
            .collect();
        let signers = rest.last()?.inside(asn1::SET)?;
        let [signer] = signers[..] else {
            return None;
        };
        Some(Token {
            content: octets.value,
            certificates,
            signer: Signer::read(signer)?,
        })
    }
}

impl<'a> Signer<'a> {
    fn read(signer: Element<'a>) -> Option<Self> {
        let parts = signer.inside(asn1::SEQUENCE)?;
        let [_version, id, digest, attributes, algorithm, signature, ..] = parts[..] else {
            return None;
        };
        if attributes.tag != 0xa0 || signature.tag != asn1::OCTETS {
            return None;
        }
        Some(Signer {
            id,
            hash: hash(digest)?,
            attributes: attributes.value,
            algorithm: algorithm.inside(asn1::SEQUENCE)?.first()?.oid()?,
            signature: signature.value,
        })
    }

    fn is(&self, certificate: &Certificate) -> bool {
        match self.id.tag {
            asn1::SEQUENCE => certificate.issuer_and_serial() == Some(self.id.value.to_vec()),
            0x80 => certificate.key_identifier().as_deref() == Some(self.id.value),
            _ => false,
        }
    }

    /// Whether the attributes speak of `content` and `certificate`'s key signed them.
    fn signed(&self, certificate: &Certificate, content: &[u8]) -> bool {
        let digest = self.hash.of(content);
        let Some(attributes) = elements(self.attributes) else {
            return false;
        };
        let value = |wanted: &str| {
            let mut found = attributes.iter().filter_map(|attribute| {
                let parts = attribute.inside(asn1::SEQUENCE)?;
                let [kind, values] = parts[..] else {
                    return None;
                };
                (kind.oid()? == wanted).then_some(values)
            });
            let values = found.next()?.inside(asn1::SET)?;
            match (&values[..], found.next()) {
                ([value], None) => Some(*value),
                _ => None,
            }
        };
        let digest_matches = value(MESSAGE_DIGEST)
            .is_some_and(|value| value.tag == asn1::OCTETS && value.value == digest);
        let content_matches =
            value(CONTENT_TYPE).and_then(|value| value.oid()).as_deref() == Some(TST_INFO);
        digest_matches && content_matches && self.signed_attributes(certificate)
    }

    fn signed_attributes(&self, certificate: &Certificate) -> bool {
        // What is signed are the attributes as a set, not under the tag they are sent with.
        let message = set_of(self.attributes);
        let key = certificate.key();
        let hash = self.hash;
        match self.algorithm.as_str() {
            "1.2.840.113549.1.1.1"
            | "1.2.840.113549.1.1.11"
            | "1.2.840.113549.1.1.12"
            | "1.2.840.113549.1.1.13" => {
                long_enough(key.kind()) && key.signed_rsa_pkcs1(hash, &message, self.signature)
            }
            "1.2.840.113549.1.1.10" => {
                long_enough(key.kind()) && key.signed_rsa_pss(hash, &message, self.signature)
            }
            "1.2.840.10045.4.3.2" => key.signed_ecdsa_der(Hash::Sha256, &message, self.signature),
            "1.2.840.10045.4.3.3" => key.signed_ecdsa_der(Hash::Sha384, &message, self.signature),
            "1.2.840.10045.4.3.4" => key.signed_ecdsa_der(Hash::Sha512, &message, self.signature),
            "1.2.840.10045.2.1" => key.signed_ecdsa_der(hash, &message, self.signature),
            _ => false,
        }
    }
}

impl Info {
    fn read(content: &[u8]) -> Option<Self> {
        let [outer] = elements(content)?[..] else {
            return None;
        };
        let parts = outer.inside(asn1::SEQUENCE)?;
        let [_version, _policy, imprint, _serial, time, rest @ ..] = &parts[..] else {
            return None;
        };
        let imprint = imprint.inside(asn1::SEQUENCE)?;
        let [algorithm, hashed] = imprint[..] else {
            return None;
        };
        let accuracy = match rest.first() {
            Some(accuracy) if accuracy.tag == asn1::SEQUENCE => read_accuracy(accuracy)?,
            _ => SignedDuration::ZERO,
        };
        Some(Info {
            hash: hash(algorithm)?,
            imprint: hashed.value.to_vec(),
            stamped: Stamped {
                at: read_time(time)?,
                accuracy,
            },
        })
    }
}

/// Seconds, and thousandths and millionths under tags of their own.
fn read_accuracy(accuracy: &Element<'_>) -> Option<SignedDuration> {
    let mut total = SignedDuration::ZERO;
    for part in elements(accuracy.value)? {
        let number = part.value.iter().try_fold(0i64, |number, byte| {
            number.checked_mul(256)?.checked_add(i64::from(*byte))
        })?;
        let add = match part.tag {
            asn1::INTEGER => SignedDuration::from_secs(number),
            0x80 => SignedDuration::from_millis(number),
            0x81 => SignedDuration::from_micros(number),
            _ => return None,
        };
        total = total.checked_add(add)?;
    }
    Some(total)
}

/// A generalised time; fractions of a second, which DER libraries refuse, are cut off.
fn read_time(time: &Element<'_>) -> Option<Timestamp> {
    if time.tag != asn1::TIME {
        return None;
    }
    let text = std::str::from_utf8(time.value).ok()?;
    let whole = match text.strip_suffix('Z')?.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|digit| digit.is_ascii_digit()) => whole,
        Some(_) => return None,
        None => text.strip_suffix('Z')?,
    };
    let length = u8::try_from(whole.len() + 1).ok()?;
    let plain = [&[asn1::TIME, length], whole.as_bytes(), b"Z"].concat();
    let parsed = GeneralizedTime::from_der(&plain).ok()?;
    Timestamp::from_second(i64::try_from(parsed.to_unix_duration().as_secs()).ok()?).ok()
}

fn hash(algorithm: Element<'_>) -> Option<Hash> {
    match algorithm.inside(asn1::SEQUENCE)?.first()?.oid()?.as_str() {
        "2.16.840.1.101.3.4.2.1" => Some(Hash::Sha256),
        "2.16.840.1.101.3.4.2.2" => Some(Hash::Sha384),
        "2.16.840.1.101.3.4.2.3" => Some(Hash::Sha512),
        _ => None,
    }
}

fn set_of(value: &[u8]) -> Vec<u8> {
    let mut set = vec![asn1::SET];
    let length = value.len().to_be_bytes();
    let digits = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    match value.len() {
        0..=127 => set.extend(if digits.is_empty() { &[0][..] } else { digits }),
        _ => {
            set.push(0x80 | u8::try_from(digits.len()).expect("a length has at most eight bytes"));
            set.extend(digits);
        }
    }
    set.extend(value);
    set
}

/// Whether a certificate is for timestamps and nothing else, and says that critically (RFC 3161, 2.3).
fn may_stamp(signer: &Certificate) -> bool {
    !signer.is_authority()
        && signer.extended_key_usage_is_critical()
        && signer.extended_key_usage().as_deref() == Some(&[TIME_STAMPING])
        && signer
            .key_usage()
            .is_none_or(|(_, usage)| usage.digital_signature() || usage.non_repudiation())
}

fn long_enough(kind: KeyKind) -> bool {
    !matches!(kind, KeyKind::Rsa(bits) if bits < 2048)
}

/// Whether a chain of certificates, each valid at `at`, leads from `signer` to one of `roots`.
fn chains_up(
    signer: &Certificate,
    between: &[Certificate],
    roots: &[Certificate],
    at: Timestamp,
) -> bool {
    const DEEPEST: usize = 8;
    let sound = |certificate: &Certificate| {
        certificate.is_valid_at(at)
            && certificate.signed_with() != SignedWith::Sha1
            && !certificate.demands_unknown()
    };
    let mut from = signer;
    for below in 0..DEEPEST {
        if !sound(from) {
            return false;
        }
        let issues = |issuer: &&Certificate| from.is_issued_by(issuer, below);
        if roots
            .iter()
            .any(|root| root.is_valid_at(at) && issues(&root))
        {
            return true;
        }
        match between
            .iter()
            .find(|next| next.der() != from.der() && issues(next))
        {
            Some(next) => from = next,
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_time_with_fractions_is_cut_to_the_second() {
        let element = |text: &'static [u8]| Element {
            tag: asn1::TIME,
            whole: text,
            value: text,
        };
        let read = |text| read_time(&element(text)).map(|time| time.to_string());
        assert_eq!(
            read(b"20240618062933Z").as_deref(),
            Some("2024-06-18T06:29:33Z")
        );
        assert_eq!(
            read(b"20240618062933.125Z").as_deref(),
            Some("2024-06-18T06:29:33Z")
        );
        for text in [
            &b"20240618062933"[..],
            b"20240618062933.1x5Z",
            b"20241318062933Z",
            b"",
        ] {
            assert_eq!(read_time(&element(text)), None);
        }
    }

    #[test]
    fn a_set_is_encoded_at_every_length() {
        assert_eq!(set_of(&[])[..], [0x31, 0]);
        assert_eq!(set_of(&[7; 127])[..2], [0x31, 127]);
        assert_eq!(set_of(&[7; 128])[..3], [0x31, 0x81, 128]);
        assert_eq!(set_of(&[7; 256])[..4], [0x31, 0x82, 1, 0]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            prop_assert!(verify(&bytes, b"signature", &[]).is_err());
        }
    }
}
