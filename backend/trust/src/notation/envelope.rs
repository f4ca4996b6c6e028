//! What both kinds of envelopes say, once their integrity is proved.

use super::{chain, cose, jws};
use crate::{
    certificate::Certificate,
    digest,
    json::Json,
    key::{Hash, KeyKind, PublicKey},
};
use jiff::Timestamp;

/// An envelope whose signature and certificates are in order; nobody vouches for the signer yet.
#[derive(Debug, Clone)]
pub(super) struct Envelope {
    pub target: Target,
    pub algorithm: Algorithm,
    pub scheme: Scheme,
    pub signed_at: Timestamp,
    pub expires: Option<Timestamp>,
    /// The verification plugin that the signer demands.
    pub plugin: Option<String>,
    /// Critical attributes that we do not know.
    pub unknown_critical: Vec<String>,
    /// From the signer's certificate up to its root.
    pub chain: Vec<Certificate>,
    pub signature: Vec<u8>,
    /// A timestamp token over the signature.
    pub countersignature: Option<Vec<u8>>,
}

/// Who vouches for the time of signing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// The signer alone (`notary.x509`).
    Signer,
    /// The service that signed (`notary.x509.signingAuthority`).
    SigningAuthority,
}

/// What was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The media type of the manifest.
    pub media_type: String,
    /// Its digest.
    pub digest: String,
    /// Its length in bytes.
    pub size: u64,
}

/// The signature algorithms; each goes with one kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    Es512,
}

/// The attributes that both envelope formats protect.
#[derive(Debug, Clone, Default)]
pub(super) struct Attributes {
    pub algorithm: Option<Algorithm>,
    pub content_type: Option<String>,
    pub critical: Vec<String>,
    pub scheme: Option<String>,
    pub signing_time: Option<Timestamp>,
    pub authentic_signing_time: Option<Timestamp>,
    pub expiry: Option<Timestamp>,
    pub plugin: Option<String>,
    /// The names of all others.
    pub others: Vec<String>,
}

/// An envelope taken apart, nothing of it checked.
pub(super) struct Parts {
    pub attributes: Attributes,
    /// What was signed, as it was signed.
    pub message: Vec<u8>,
    pub payload: Vec<u8>,
    pub signature: Vec<u8>,
    pub chain: Vec<Vec<u8>>,
    pub countersignature: Option<Vec<u8>>,
}

pub(super) const SCHEME: &str = "io.cncf.notary.signingScheme";
pub(super) const SIGNING_TIME: &str = "io.cncf.notary.signingTime";
pub(super) const AUTHENTIC_TIME: &str = "io.cncf.notary.authenticSigningTime";
pub(super) const EXPIRY: &str = "io.cncf.notary.expiry";
pub(super) const PLUGIN: &str = "io.cncf.notary.verificationPlugin";
pub(super) const PLUGIN_VERSION: &str = "io.cncf.notary.verificationPluginMinVersion";
pub(super) const COUNTERSIGNATURE: &str = "io.cncf.notary.timestampSignature";
const PAYLOAD: &str = "application/vnd.cncf.notary.payload.v1+json";

impl Algorithm {
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::Ps256 => "PS256",
            Algorithm::Ps384 => "PS384",
            Algorithm::Ps512 => "PS512",
            Algorithm::Es256 => "ES256",
            Algorithm::Es384 => "ES384",
            Algorithm::Es512 => "ES512",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [
            Algorithm::Ps256,
            Algorithm::Ps384,
            Algorithm::Ps512,
            Algorithm::Es256,
            Algorithm::Es384,
            Algorithm::Es512,
        ]
        .into_iter()
        .find(|algorithm| algorithm.name() == name)
    }

    /// The only algorithm a key may sign with.
    pub fn of(key: &PublicKey) -> Option<Self> {
        match key.kind() {
            KeyKind::Rsa(2048) => Some(Algorithm::Ps256),
            KeyKind::Rsa(3072) => Some(Algorithm::Ps384),
            KeyKind::Rsa(4096) => Some(Algorithm::Ps512),
            KeyKind::P256 => Some(Algorithm::Es256),
            KeyKind::P384 => Some(Algorithm::Es384),
            KeyKind::P521 => Some(Algorithm::Es512),
            _ => None,
        }
    }

    fn signed(self, key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Algorithm::Ps256 => key.signed_rsa_pss(Hash::Sha256, message, signature),
            Algorithm::Ps384 => key.signed_rsa_pss(Hash::Sha384, message, signature),
            Algorithm::Ps512 => key.signed_rsa_pss(Hash::Sha512, message, signature),
            Algorithm::Es256 => key.signed_ecdsa_raw(Hash::Sha256, message, signature),
            Algorithm::Es384 => key.signed_ecdsa_raw(Hash::Sha384, message, signature),
            Algorithm::Es512 => key.signed_ecdsa_raw(Hash::Sha512, message, signature),
        }
    }
}

impl Envelope {
    /// Opens an envelope and proves its integrity: form, certificates and signature. `Err` says what is wrong.
    pub fn open(media_type: &str, bytes: &[u8]) -> Result<Self, String> {
        let parts = match media_type {
            "application/jose+json" => jws::read(bytes)?,
            "application/cose" => cose::read(bytes)?,
            other => return Err(format!("an envelope of the type {other:?} is not known")),
        };
        let attributes = parts.attributes;
        let chain = parts
            .chain
            .iter()
            .map(|der| Certificate::from_der(der).map_err(|error| error.to_string()))
            .collect::<Result<Vec<_>, _>>()?;
        let scheme = scheme(&attributes)?;
        let signed_at = signed_at(&attributes, scheme)?;
        let vouched = (scheme == Scheme::SigningAuthority).then_some(signed_at);
        chain::check(&chain, vouched)?;
        let leaf = chain.first().ok_or("it carries no certificate")?;
        let algorithm = Algorithm::of(leaf.key())
            .ok_or("the signer's key is of a kind or size that must not sign")?;
        if attributes.algorithm != Some(algorithm) {
            return Err(format!(
                "it says another algorithm than {}, which goes with the signer's key",
                algorithm.name()
            ));
        }
        if !algorithm.signed(leaf.key(), &parts.message, &parts.signature) {
            return Err("its signature is not by the signer's key".to_owned());
        }
        if attributes.content_type.as_deref() != Some(PAYLOAD) {
            return Err("its payload is of another type than notation signs".to_owned());
        }
        if attributes.expiry.is_some_and(|expiry| expiry <= signed_at) {
            return Err("it expired before it was signed".to_owned());
        }
        let unknown_critical = unknown_critical(&attributes, scheme)?;
        Ok(Envelope {
            target: Target::read(&parts.payload).ok_or("its payload names no image")?,
            algorithm,
            scheme,
            signed_at,
            expires: attributes.expiry,
            plugin: attributes.plugin,
            unknown_critical,
            chain,
            signature: parts.signature,
            countersignature: parts.countersignature,
        })
    }
}

impl Target {
    fn read(payload: &[u8]) -> Option<Self> {
        let payload = Json::parse(payload).ok()?;
        let target = payload.get("targetArtifact")?;
        let digest = target.get("digest")?.text()?;
        digest::is_sha256(digest).then_some(())?;
        Some(Target {
            media_type: target.get("mediaType")?.text()?.to_owned(),
            digest: digest.to_owned(),
            size: target.get("size")?.natural()?,
        })
    }
}

fn scheme(attributes: &Attributes) -> Result<Scheme, String> {
    match attributes.scheme.as_deref() {
        Some("notary.x509") => Ok(Scheme::Signer),
        Some("notary.x509.signingAuthority") => Ok(Scheme::SigningAuthority),
        Some(other) => Err(format!("the signing scheme {other:?} is not known")),
        None => Err("it says no signing scheme".to_owned()),
    }
}

fn signed_at(attributes: &Attributes, scheme: Scheme) -> Result<Timestamp, String> {
    let (ours, other, name) = match scheme {
        Scheme::Signer => (
            attributes.signing_time,
            attributes.authentic_signing_time,
            SIGNING_TIME,
        ),
        Scheme::SigningAuthority => (
            attributes.authentic_signing_time,
            attributes.signing_time,
            AUTHENTIC_TIME,
        ),
    };
    match (ours, other) {
        (Some(time), None) => Ok(time),
        (None, _) => Err(format!("it lacks {name}, which its signing scheme needs")),
        (Some(_), Some(_)) => {
            Err("it says a time of signing that its scheme has no place for".to_owned())
        }
    }
}

/// Checks that what must be critical is, and returns those critical attributes that are not ours.
fn unknown_critical(attributes: &Attributes, scheme: Scheme) -> Result<Vec<String>, String> {
    let mut needed = vec![SCHEME];
    if scheme == Scheme::SigningAuthority {
        needed.push(AUTHENTIC_TIME);
    }
    if attributes.expiry.is_some() {
        needed.push(EXPIRY);
    }
    if let Some(missing) = needed.iter().find(|needed| {
        !attributes
            .critical
            .iter()
            .any(|critical| critical == **needed)
    }) {
        return Err(format!("it does not mark {missing} as critical"));
    }
    let mut unknown = Vec::new();
    for critical in &attributes.critical {
        let present = match critical.as_str() {
            name if needed.contains(&name) => continue,
            PLUGIN => attributes.plugin.is_some(),
            PLUGIN_VERSION => attributes.plugin.is_some() && attributes.others.contains(critical),
            SIGNING_TIME => attributes.signing_time.is_some(),
            _ => {
                unknown.push(critical.clone());
                attributes.others.contains(critical)
            }
        };
        if !present {
            return Err(format!("{critical:?} is marked as critical and not there"));
        }
    }
    Ok(unknown)
}
