//! Repositories made for a test: real keys, real certificates, real signatures, and whatever trick is asked for.

use base64::{Engine, engine::general_purpose::STANDARD};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use p256::pkcs8::EncodePublicKey;
use plimsoll_trust::{digest, json::Json};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The repository that is forged.
pub const GUN: &str = "registry.example/team/app";
/// Far enough away for every file and certificate.
pub const EXPIRES: &str = "2040-01-01T00:00:00Z";
/// When the tests take place.
pub const NOW: &str = "2026-06-01T00:00:00Z";

/// Files by role, as a server has them.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A key that signs, bare or in a certificate.
#[derive(Clone)]
pub struct Key {
    secret: SigningKey,
    listed: Value,
    pub id: String,
}

impl Key {
    /// A bare key; the same seed gives the same key.
    pub fn bare(seed: u8) -> Self {
        let secret = SigningKey::from_slice(&[seed; 32]).unwrap();
        let spki = secret.verifying_key().to_public_key_der().unwrap();
        Self::listed(secret, "ecdsa", spki.as_bytes())
    }

    /// The same key in a certificate of its own for `common_name`, told apart from others by its serial number.
    pub fn certified(seed: u8, common_name: &str, serial: u8) -> Self {
        let secret = SigningKey::from_slice(&[seed; 32]).unwrap();
        let pem = armour(&certificate(&secret, common_name, serial));
        Self::listed(secret, "ecdsa-x509", pem.as_bytes())
    }

    fn listed(secret: SigningKey, kind: &str, public: &[u8]) -> Self {
        let listed = json!({ "keytype": kind, "keyval": { "private": null, "public": STANDARD.encode(public) } });
        let id = digest::sha256_hex(&canonical(&listed));
        Key { secret, listed, id }
    }

    fn sign(&self, message: &[u8]) -> Value {
        let signature: Signature = self.secret.sign(message);
        json!({ "keyid": self.id, "method": "ecdsa", "sig": STANDARD.encode(signature.to_bytes()) })
    }
}

/// What a role lists and who signs its file.
#[derive(Clone)]
pub struct Role {
    pub keys: Vec<Key>,
    pub threshold: u64,
    pub signers: Vec<Key>,
}

impl Role {
    /// One key, which signs.
    pub fn of(key: &Key) -> Self {
        Role {
            keys: vec![key.clone()],
            threshold: 1,
            signers: vec![key.clone()],
        }
    }

    fn told(&self) -> Value {
        let ids: Vec<_> = self.keys.iter().map(|key| &key.id).collect();
        json!({ "keyids": ids, "threshold": self.threshold })
    }
}

/// A delegation, what it may sign, and its file.
#[derive(Clone)]
pub struct Delegation {
    pub name: &'static str,
    pub role: Role,
    pub paths: Vec<&'static str>,
    pub tags: Vec<(&'static str, &'static str)>,
    pub version: u64,
}

/// A repository before it is signed.
#[derive(Clone)]
pub struct Forge {
    pub root: Role,
    pub targets: Role,
    pub version: u64,
    pub root_version: u64,
    pub tags: Vec<(String, String)>,
    /// Parents before children.
    pub delegations: Vec<Delegation>,
}

impl Forge {
    /// A sound repository with the tag `1.0`.
    pub fn sound() -> Self {
        Forge {
            root: Role::of(&Key::certified(1, GUN, 1)),
            targets: Role::of(&Key::bare(2)),
            version: 1,
            root_version: 1,
            tags: vec![("1.0".to_owned(), "one".to_owned())],
            delegations: vec![],
        }
    }

    /// Signs everything.
    pub fn files(&self) -> Files {
        let (snapshot, timestamp) = (Key::bare(3), Key::bare(4));
        let listed = [
            &self.root.keys[..],
            &self.targets.keys[..],
            &[snapshot.clone(), timestamp.clone()],
        ]
        .concat();
        let mut files = Files::new();
        let root = json!({
            "_type": "Root", "consistent_snapshot": false, "expires": EXPIRES, "version": self.root_version,
            "keys": keys(&listed),
            "roles": {
                "root": self.root.told(), "targets": self.targets.told(),
                "snapshot": Role::of(&snapshot).told(), "timestamp": Role::of(&timestamp).told(),
            },
        });
        files.insert("root".to_owned(), signed(&root, &self.root.signers));
        let tags = self
            .tags
            .iter()
            .map(|(tag, content)| (tag.as_str(), content.as_str()));
        let targets = self.targets_file("targets", self.version, tags);
        files.insert(
            "targets".to_owned(),
            signed(&targets, &self.targets.signers),
        );
        for delegation in &self.delegations {
            let file = self.targets_file(
                delegation.name,
                delegation.version,
                delegation.tags.iter().copied(),
            );
            files.insert(
                delegation.name.to_owned(),
                signed(&file, &delegation.role.signers),
            );
        }
        let meta: Value = files
            .iter()
            .map(|(role, bytes)| (role.clone(), about(bytes)))
            .collect::<serde_json::Map<_, _>>()
            .into();
        let file = json!({ "_type": "Snapshot", "expires": EXPIRES, "version": self.version, "meta": meta });
        files.insert("snapshot".to_owned(), signed(&file, &[snapshot]));
        let meta = json!({ "snapshot": about(&files["snapshot"]) });
        let file = json!({ "_type": "Timestamp", "expires": EXPIRES, "version": self.version, "meta": meta });
        files.insert("timestamp".to_owned(), signed(&file, &[timestamp]));
        files
    }

    fn targets_file<'a>(
        &self,
        role: &str,
        version: u64,
        tags: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Value {
        let targets: serde_json::Map<_, _> = tags
            .map(|(tag, content)| (tag.to_owned(), about(content.as_bytes())))
            .collect();
        let children: Vec<_> = self
            .delegations
            .iter()
            .filter(|child| {
                child
                    .name
                    .rsplit_once('/')
                    .is_some_and(|(parent, _)| parent == role)
            })
            .collect();
        let listed: Vec<_> = children
            .iter()
            .flat_map(|child| child.role.keys.clone())
            .collect();
        let roles: Vec<_> = children
            .iter()
            .map(|child| {
                let mut told = child.role.told();
                told["name"] = json!(child.name);
                told["paths"] = json!(child.paths);
                told
            })
            .collect();
        json!({
            "_type": "Targets", "expires": EXPIRES, "version": version, "targets": targets,
            "delegations": { "keys": keys(&listed), "roles": roles },
        })
    }
}

fn keys(listed: &[Key]) -> Value {
    let map: serde_json::Map<_, _> = listed
        .iter()
        .map(|key| (key.id.clone(), key.listed.clone()))
        .collect();
    map.into()
}

/// Length and digest as files are announced.
fn about(bytes: &[u8]) -> Value {
    let hash = digest::bytes_of_hex(&digest::sha256_hex(bytes)).unwrap();
    json!({ "length": bytes.len(), "hashes": { "sha256": STANDARD.encode(hash) } })
}

/// A file signed by each of `signers`, however often one stands among them.
pub fn signed(content: &Value, signers: &[Key]) -> Vec<u8> {
    let message = canonical(content);
    let signatures: Vec<_> = signers.iter().map(|key| key.sign(&message)).collect();
    json!({ "signed": content, "signatures": signatures })
        .to_string()
        .into_bytes()
}

fn canonical(value: &Value) -> Vec<u8> {
    Json::parse(value.to_string().as_bytes())
        .unwrap()
        .canonical()
        .unwrap()
}

/// A certificate of version 3 that signed itself and issues nothing.
fn certificate(key: &SigningKey, common_name: &str, serial: u8) -> Vec<u8> {
    // SHA-256 with ECDSA.
    let algorithm = tlv(
        0x30,
        &tlv(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]),
    );
    let attribute = [
        tlv(0x06, &[0x55, 0x04, 0x03]),
        tlv(0x0c, common_name.as_bytes()),
    ]
    .concat();
    let name = tlv(0x30, &tlv(0x31, &tlv(0x30, &attribute)));
    let validity = [tlv(0x17, b"200101000000Z"), tlv(0x17, b"491231235959Z")].concat();
    let spki = key.verifying_key().to_public_key_der().unwrap();
    let content = [
        tlv(0xa0, &tlv(0x02, &[2])),
        tlv(0x02, &[serial]),
        algorithm.clone(),
        name.clone(),
        tlv(0x30, &validity),
        name,
        spki.as_bytes().to_vec(),
    ]
    .concat();
    let content = tlv(0x30, &content);
    let signature: Signature = key.sign(&content);
    let bits = [&[0], signature.to_der().as_bytes()].concat();
    tlv(0x30, &[content, algorithm, tlv(0x03, &bits)].concat())
}

fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut element = vec![tag];
    match value.len() {
        length @ 0..=127 => element.push(u8::try_from(length).unwrap()),
        length => {
            let length = u16::try_from(length).unwrap().to_be_bytes();
            element.extend([&[0x82], &length[..]].concat());
            if length[0] == 0 {
                element.splice(1..3, [0x81]);
            }
        }
    }
    element.extend(value);
    element
}

fn armour(der: &[u8]) -> String {
    let encoded = STANDARD.encode(der);
    let lines: Vec<_> = encoded
        .as_bytes()
        .chunks(64)
        .map(|line| String::from_utf8_lossy(line))
        .collect();
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    )
}
