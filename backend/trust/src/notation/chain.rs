//! The rules for a signer's certificates, as the Notary Project's signature specification sets them.

use crate::{
    certificate::{Certificate, SignedWith},
    key::KeyKind,
};
use jiff::Timestamp;
use x509_cert::{der::asn1::ObjectIdentifier, ext::pkix::KeyUsages};

const CODE_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.3");
/// Purposes that a signer's certificate must not have besides: any, TLS server, mail, timestamps, OCSP.
const OTHER_PURPOSES: [ObjectIdentifier; 5] = [
    ObjectIdentifier::new_unwrap("2.5.29.37.0"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9"),
];

/// The longest chain that is looked at.
const LONGEST: usize = 10;

/// Checks a chain from the signer's certificate to its root, in that order and complete; `Err` says what is wrong.
///
/// `at` is when the signature was made, where somebody vouches for that: then every certificate must hold at that instant.
pub(super) fn check(chain: &[Certificate], at: Option<Timestamp>) -> Result<(), String> {
    let Some((leaf, authorities)) = chain.split_first() else {
        return Err("it carries no certificate".to_owned());
    };
    if chain.len() > LONGEST {
        return Err(format!("it carries more than {LONGEST} certificates"));
    }
    for certificate in chain {
        sound(certificate)?;
        if at.is_some_and(|at| !certificate.is_valid_at(at)) {
            return Err(about(
                certificate,
                "was not valid when the signature was made",
            ));
        }
    }
    is_signer(leaf)?;
    for (below, authority) in authorities.iter().enumerate() {
        is_issuer(authority)?;
        let issued = &chain[below];
        if is_root(issued) {
            return Err(about(
                issued,
                "issued itself and yet is not the last of its chain",
            ));
        }
        if !issued.is_issued_by(authority, below) {
            return Err(about(
                issued,
                "was not issued by the certificate that follows it",
            ));
        }
    }
    let root = chain.last().unwrap_or(leaf);
    match is_root(root) {
        true => Ok(()),
        false => Err(about(
            root,
            "is the last of its chain and no root: the chain is incomplete",
        )),
    }
}

/// Whether a certificate signed itself; one that only shares its issuer's name did not.
fn is_root(certificate: &Certificate) -> bool {
    certificate.is_self_issued() && certificate.is_signed_by(certificate.key())
}

fn about(certificate: &Certificate, what: &str) -> String {
    format!("the certificate of {:?} {what}", certificate.subject())
}

fn sound(certificate: &Certificate) -> Result<(), String> {
    let key_is_strong = match certificate.key().kind() {
        KeyKind::Rsa(bits) => bits >= 2048,
        KeyKind::P256 | KeyKind::P384 | KeyKind::P521 => true,
        KeyKind::Ed25519 => false,
    };
    if !key_is_strong {
        return Err(about(
            certificate,
            "has a key of a kind or size that must not sign",
        ));
    }
    if certificate.demands_unknown() {
        return Err(about(
            certificate,
            "critically demands something that is not understood",
        ));
    }
    match certificate.signed_with() {
        SignedWith::Sha1 => Err(about(certificate, "was signed over SHA-1")),
        SignedWith::Other => Err(about(
            certificate,
            "was signed in a way that is not allowed",
        )),
        _ => Ok(()),
    }
}

fn is_signer(leaf: &Certificate) -> Result<(), String> {
    if leaf.is_authority() {
        return Err(about(leaf, "is an authority's and must not sign images"));
    }
    let Some((true, usage)) = leaf.key_usage() else {
        return Err(about(leaf, "has no critical key usage"));
    };
    if !usage.digital_signature() || usage.0 != KeyUsages::DigitalSignature {
        return Err(about(
            leaf,
            "must be for digital signatures and nothing else",
        ));
    }
    match leaf.extended_key_usage() {
        None => Ok(()),
        Some(purposes)
            if purposes
                .iter()
                .any(|purpose| OTHER_PURPOSES.contains(purpose)) =>
        {
            Err(about(
                leaf,
                "has a purpose that a signer of images must not have",
            ))
        }
        Some(purposes) if !purposes.contains(&CODE_SIGNING) => Err(about(
            leaf,
            "has purposes, and code signing is not among them",
        )),
        Some(_) => Ok(()),
    }
}

fn is_issuer(authority: &Certificate) -> Result<(), String> {
    match authority.basic_constraints() {
        Some((true, constraints)) if constraints.ca => {}
        _ => {
            return Err(about(
                authority,
                "is not critically marked as an authority's",
            ));
        }
    }
    match authority.key_usage() {
        Some((true, usage)) if usage.key_cert_sign() => Ok(()),
        _ => Err(about(
            authority,
            "is not critically allowed to issue certificates",
        )),
    }
}
