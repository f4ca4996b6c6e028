//! notation: verdicts of notation-go and of an independent verifier.

use crate::{
    registry::Registry,
    tally::{self, same},
};
use jiff::Timestamp;
use plimsoll_trust::{
    certificate::Certificate,
    notation::{
        Outcome, Progress, Request, TrustPolicyDocument, TrustStoreKind, TrustStores, verify,
    },
    oci::{Image, Limits},
};
use serde_json::Value;
use std::{fs, path::Path};

#[test]
fn images() {
    let Some(set) = tally::set("notation/images") else {
        return;
    };
    tally::count("notation", &tally::names(&set), |name| {
        judge(&set.join(name))
    });
}

/// One vector, read.
pub struct Vector {
    json: Value,
    policies: TrustPolicyDocument,
    stores: TrustStores,
}

impl Vector {
    pub fn open(folder: &Path) -> Result<Self, String> {
        let policies = fs::read(folder.join("trustpolicy.json")).unwrap();
        Ok(Vector {
            json: tally::json(&folder.join("vector.json")),
            policies: TrustPolicyDocument::read(&policies).map_err(|error| error.to_string())?,
            stores: stores(&folder.join("truststore/x509")),
        })
    }

    pub fn request(&self) -> Request<'_> {
        let image = &self.json["image"];
        Request {
            image: Image {
                repository: image["repo"].as_str().unwrap(),
                digest: image["digest"].as_str().unwrap(),
            },
            policies: &self.policies,
            stores: &self.stores,
            now: self.json["now"].as_str().unwrap().parse().unwrap(),
            limits: Limits::default(),
        }
    }
}

fn judge(folder: &Path) -> Result<(), String> {
    let vector = Vector::open(folder)?;
    let outcome =
        Registry::open(folder).settle(|evidence| match verify(&vector.request(), evidence) {
            Progress::Wanted(wanted) => Err(wanted),
            Progress::Settled(outcome) => Ok(outcome),
        })?;
    let expect = &vector.json["expect"];
    let (ours, why) = match &outcome {
        Outcome::Verified(_) => ("verified", String::new()),
        Outcome::Skipped { .. } => ("skipped", String::new()),
        Outcome::Unsigned => ("unsigned", String::new()),
        Outcome::Refused(failure) => (failure.class.name(), failure.sentence.clone()),
    };
    let expected = match (
        expect["verified"].as_bool().unwrap(),
        expect["skipped"].as_bool(),
    ) {
        (true, Some(true)) => "skipped",
        (true, _) => "verified",
        (false, _) => expect["error"].as_str().unwrap(),
    };
    same("verdict", ours, expected).map_err(|error| format!("{error} ({why})"))?;
    let Outcome::Verified(verified) = outcome else {
        return Ok(());
    };
    let mut logged: Vec<_> = verified
        .logged
        .iter()
        .map(|failure| failure.class.name())
        .collect();
    logged.retain(|class| *class != "revocation");
    let warnings: Vec<_> = match expect["warnings"].as_array() {
        Some(list) => list
            .iter()
            .map(|warning| warning.as_str().unwrap())
            .collect(),
        None => vec![],
    };
    same("logged", logged, warnings)?;
    if let Some(signer) = expect["signer"].as_str() {
        same("signer", verified.signer.as_str(), signer)?;
    }
    if let Some(algorithm) = expect["alg"].as_str() {
        same("algorithm", verified.algorithm, algorithm)?;
    }
    if let Some(expires) = expect["expires"].as_str() {
        same(
            "expiry",
            verified.expires,
            Some(expires.parse::<Timestamp>().unwrap()),
        )?;
    }
    let target = &expect["target"];
    if target.is_object() {
        same(
            "digest",
            verified.target.digest.as_str(),
            target["digest"].as_str().unwrap(),
        )?;
        same("size", Some(verified.target.size), target["size"].as_u64())?;
        same(
            "media type",
            Some(verified.target.media_type.as_str()),
            target["mediaType"].as_str(),
        )?;
    }
    Ok(())
}

fn stores(folder: &Path) -> TrustStores {
    let mut stores = TrustStores::new();
    for (name, kind) in [
        ("ca", TrustStoreKind::Authority),
        ("signingAuthority", TrustStoreKind::SigningAuthority),
        ("tsa", TrustStoreKind::Timestamp),
    ] {
        let Ok(found) = fs::read_dir(folder.join(name)) else {
            continue;
        };
        for store in found {
            let store = store.unwrap();
            let certificates = fs::read_dir(store.path())
                .unwrap()
                .flat_map(|file| {
                    let pem = fs::read_to_string(file.unwrap().path()).unwrap();
                    Certificate::bundle(&pem).unwrap()
                })
                .collect();
            stores.insert(
                (kind, store.file_name().into_string().unwrap()),
                certificates,
            );
        }
    }
    stores
}
