//! cosign: verdicts of cosign, of sigstore's own conformance suite, and of an independent verifier.

use crate::{
    registry::Registry,
    tally::{self, same},
};
use plimsoll_trust::{
    cosign::{
        Artifact, Identity, Outcome, Policy, Progress, Request, Signer, Signers, SigstoreRoot,
        Transparency, Verified, verify,
    },
    key::PublicKey,
    oci::{Image, Limits},
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

#[test]
fn images() {
    let Some(set) = tally::set("cosign/images") else {
        return;
    };
    let services = SigstoreRoot::public_good().unwrap();
    tally::count("cosign images", &tally::names(&set), |name| {
        judge(&set.join(name), &services)
    });
}

#[test]
fn bundles() {
    let Some(set) = tally::set("cosign/bundles") else {
        return;
    };
    tally::count("cosign bundles", &tally::names(&set), |name| {
        let accepted = open(&set, &set.join(name));
        match (accepted, name.ends_with("_fail")) {
            (Ok(()), false) | (Err(_), true) => Ok(()),
            (Ok(()), true) => Err("accepted".to_owned()),
            (Err(why), false) => Err(format!("refused: {why}")),
        }
    });
}

#[test]
fn attestations() {
    let Some(set) = tally::set("cosign/attestations") else {
        return;
    };
    let services = SigstoreRoot::public_good().unwrap();
    let accepted: BTreeMap<_, _> = [
        ("sigstore.js@2.0.0-provenance.sigstore.json", true),
        ("dsse.sigstore.json", true),
        ("dsse-2sigs.sigstore.json", false),
    ]
    .into();
    let names: Vec<_> = accepted.keys().map(|name| (*name).to_owned()).collect();
    tally::count("cosign attestations", &names, |name| {
        let bundle = fs::read_to_string(set.join(name)).unwrap();
        let digest = subject(&bundle);
        let checked = services.check(&bundle, Artifact::Digest(&digest), Signer::Anybody);
        same(
            &format!("{:?}", checked.as_ref().err()),
            checked.is_ok(),
            accepted[name],
        )
    });
}

fn open(set: &Path, folder: &Path) -> Result<(), String> {
    let text = |name: &str| fs::read_to_string(folder.join(name)).ok();
    let services = match text("trusted_root.json") {
        Some(root) => SigstoreRoot::from_json(&root),
        None => SigstoreRoot::public_good(),
    }
    .map_err(|error| error.to_string())?;
    let bundle = text("bundle.sigstore.json").unwrap();
    let artifact = match folder.join("artifact") {
        own if own.exists() => fs::read(own),
        _ => fs::read(set.join("a.txt")),
    }
    .unwrap();
    let key = text("key.pub").map(|pem| PublicKey::from_pem(&pem));
    let key = key.transpose().map_err(|error| error.to_string())?;
    let signer = key.as_ref().map_or(Signer::Anybody, Signer::Key);
    let witnessed = services
        .check(&bundle, Artifact::Bytes(&artifact), signer)
        .map_err(|doubt| doubt.to_string())?;
    let expected = Identity {
        issuer: text("issuer").unwrap_or_else(|| "https://token.actions.githubusercontent.com".to_owned()),
        subject: text("identity").unwrap_or_else(|| {
            "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main".to_owned()
        }),
    };
    match witnessed.identity {
        Some(identity) => same("identity", identity, expected),
        None => Ok(()),
    }
}

/// The digest of the first subject of a bundle's statement.
fn subject(bundle: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let bundle: Value = serde_json::from_str(bundle).unwrap();
    let payload = bundle["dsseEnvelope"]["payload"].as_str().unwrap();
    let statement: Value = serde_json::from_slice(&STANDARD.decode(payload).unwrap()).unwrap();
    let digests = statement["subject"][0]["digest"].as_object().unwrap();
    match digests.get("sha256") {
        Some(digest) => format!("sha256:{}", digest.as_str().unwrap()),
        None => format!("sha512:{}", digests["sha512"].as_str().unwrap()),
    }
}

fn judge(folder: &Path, services: &SigstoreRoot) -> Result<(), String> {
    let vector = tally::json(&folder.join("vector.json"));
    let image = &vector["image"];
    let digest = image["digest"].as_str().unwrap();
    let expect = &vector["expect"];
    compare(&ask(folder, &vector, digest, services)?, expect)?;
    let running = &expect["running"];
    if running.is_object() {
        let digest = image["running_digest"].as_str().unwrap();
        compare(&ask(folder, &vector, digest, services)?, running)?;
    }
    Ok(())
}

pub fn ask(
    folder: &Path,
    vector: &Value,
    digest: &str,
    services: &SigstoreRoot,
) -> Result<Outcome, String> {
    let policy = policy(&vector["policy"]);
    let request = Request {
        image: Image {
            repository: vector["image"]["repo"].as_str().unwrap(),
            digest,
        },
        policy: &policy,
        services: Some(services),
        limits: Limits::default(),
    };
    Registry::open(folder).settle(|evidence| match verify(&request, evidence) {
        Progress::Wanted(wanted) => Err(wanted),
        Progress::Settled(outcome) => Ok(outcome),
    })
}

pub fn policy(json: &Value) -> Policy {
    let strings = |value: &Value| -> BTreeMap<String, String> {
        let pairs = value.as_object().cloned().unwrap_or_default();
        pairs
            .iter()
            .map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned()))
            .collect()
    };
    let signers = match json["type"].as_str().unwrap() {
        "keys" => Signers::Keys {
            keys: strings(&json["keys"])
                .into_iter()
                .map(|(name, pem)| (name, PublicKey::from_pem(&pem).unwrap()))
                .collect(),
            threshold: usize::try_from(json["threshold"].as_u64().unwrap()).unwrap(),
            required: json["required"]
                .as_array()
                .map(|list| {
                    list.iter()
                        .map(|name| name.as_str().unwrap().to_owned())
                        .collect()
                })
                .unwrap_or_default(),
            logged: json["require_tlog"] == true,
        },
        "keyless" => Signers::Identities(
            json["identities"]
                .as_array()
                .unwrap()
                .iter()
                .map(|identity| Identity {
                    issuer: identity["issuer"].as_str().unwrap().to_owned(),
                    subject: identity["subject"].as_str().unwrap().to_owned(),
                })
                .collect(),
        ),
        other => panic!("a policy of the type {other}"),
    };
    Policy {
        signers,
        annotations: strings(&json["annotations"]),
    }
}

fn compare(outcome: &Outcome, expect: &Value) -> Result<(), String> {
    let expected = match expect["verified"].as_bool().unwrap() {
        true => "verified",
        false => expect["error"].as_str().unwrap(),
    };
    let (ours, why) = match outcome {
        Outcome::Verified(_) => ("verified", String::new()),
        Outcome::Unsigned { .. } => ("unsigned", String::new()),
        Outcome::Refused { fault, .. } => (fault.class.name(), fault.to_string()),
    };
    same("verdict", ours, expected).map_err(|error| format!("{error} ({why})"))?;
    let signatures = match outcome {
        Outcome::Verified(verified) => &verified.signatures,
        Outcome::Refused { signatures, .. } => signatures,
        Outcome::Unsigned { .. } => return Ok(()),
    };
    if let Some(signers) = expect["signers"].as_array() {
        let ours: Vec<_> = signatures
            .iter()
            .map(|signature| signature.signer.as_str())
            .collect();
        let expected: Vec<_> = signers.iter().map(|name| name.as_str().unwrap()).collect();
        same("signers", ours, expected)?;
    }
    match outcome {
        Outcome::Verified(verified) => compare_verified(verified, expect),
        _ => Ok(()),
    }
}

fn compare_verified(verified: &Verified, expect: &Value) -> Result<(), String> {
    let identity = &expect["identity"];
    if identity.is_object() {
        let ours = verified.signatures[0].identity.clone();
        let text = |key: &str| identity[key].as_str().unwrap().to_owned();
        let expected = Identity {
            issuer: text("issuer"),
            subject: text("subject"),
        };
        same("identity", ours, Some(expected))?;
        let times: Vec<_> = verified.signatures[0]
            .times
            .iter()
            .map(|time| time.as_second())
            .collect();
        same(
            "time",
            times,
            vec![expect["integrated_time"].as_i64().unwrap()],
        )?;
    }
    if let Some(types) = expect["attestations"].as_array() {
        // The vectors list the signature's own statement among them.
        let mut ours: BTreeSet<_> = verified
            .attestations
            .iter()
            .map(|attestation| attestation.predicate_type.as_str())
            .collect();
        ours.insert(plimsoll_trust::cosign::SIGNATURE);
        let expected = types.iter().map(|kind| kind.as_str().unwrap()).collect();
        same("attestations", ours, expected)?;
    }
    if expect["provenance"].is_object() {
        let ours = verified
            .attestations
            .iter()
            .find_map(|attestation| attestation.provenance.clone());
        let ours = ours.ok_or("no provenance")?;
        let text = |key: &str| expect["provenance"][key].as_str().map(str::to_owned);
        same("builder", ours.builder, text("builder"))?;
        same("source", ours.source, text("source"))?;
        same("commit", ours.commit, text("commit"))?;
    }
    Ok(())
}
