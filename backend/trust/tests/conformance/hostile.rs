//! Real trust data with something changed: whatever a registry or server does to it, nothing new becomes trusted.

use crate::{
    notary::{files, role_of, settle},
    registry::Registry,
    tally,
};
use plimsoll_trust::{
    certificate::Certificate,
    cosign, notary,
    notary::{Answer, Evidence, FaultClass, Limits, Progress, Remembered, Request, TrustPinning},
    notation,
    oci::{self, Image},
};
use std::{collections::BTreeMap, path::PathBuf};

/// A repository of the vectors, and what it says when nothing was changed.
struct Repository {
    gun: String,
    now: jiff::Timestamp,
    remembered: Remembered,
    served: BTreeMap<String, Vec<u8>>,
}

impl Repository {
    fn open(name: &str) -> Option<Self> {
        let folder = tally::set("notary-v1")?.join(name);
        let vector = tally::json(&folder.join("vector.json"));
        Some(Repository {
            gun: vector["gun"].as_str().unwrap().to_owned(),
            now: vector["now"].as_str().unwrap().parse().unwrap(),
            remembered: Remembered(files(&folder.join("cache"))),
            served: files(&folder.join("repo")),
        })
    }

    fn check(&self, served: &BTreeMap<String, Vec<u8>>, now: jiff::Timestamp) -> Progress {
        let pinning = TrustPinning::default();
        let request = Request {
            gun: &self.gun,
            pinning: &pinning,
            remembered: &self.remembered,
            now,
            limits: Limits::default(),
        };
        settle(&request, Some(served))
    }

    fn says(&self, served: &BTreeMap<String, Vec<u8>>) -> Option<Vec<notary::Entry>> {
        match self.check(served, self.now) {
            Progress::Sound(repository) => Some(repository.entries()),
            Progress::Wanted(_) => panic!("it never settles"),
            _ => None,
        }
    }
}

/// Every kind of change at places all over a file.
fn changed(bytes: &[u8], stride: usize) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for at in (0..bytes.len()).step_by(stride) {
        let mut flipped = bytes.to_vec();
        flipped[at] ^= 1;
        all.push(flipped);
        all.push(bytes[..at].to_vec());
        let mut doubled = bytes.to_vec();
        doubled.insert(at, bytes[at]);
        all.push(doubled);
    }
    all.push([bytes, bytes].concat());
    all.push(vec![]);
    all
}

#[test]
fn a_changed_file_never_makes_a_repository_say_something_else() {
    for name in [
        "deleg-releases",
        "real-delegations-x509",
        "real-rotation-from-v1-cache",
    ] {
        let Some(repository) = Repository::open(name) else {
            return;
        };
        let says = repository.says(&repository.served).unwrap();
        for (role, bytes) in &repository.served {
            for bytes in changed(bytes, 997) {
                let mut served = repository.served.clone();
                served.insert(role.clone(), bytes);
                // A changed delegation spoils all; a file nobody needs may change at will.
                if let Some(other) = repository.says(&served) {
                    assert_eq!(other, says, "{name} with another {role}");
                }
            }
        }
    }
}

#[test]
fn files_that_change_places_are_refused() {
    let Some(repository) = Repository::open("deleg-releases") else {
        return;
    };
    for role in repository.served.keys() {
        for (other, bytes) in &repository.served {
            let mut served = repository.served.clone();
            served.insert(role.clone(), bytes.clone());
            let needed = !role.ends_with(".root") && !other.ends_with("root");
            if role != other && needed {
                assert_eq!(
                    repository.says(&served),
                    None,
                    "{other} in the place of {role}"
                );
            }
        }
    }
}

#[test]
fn a_body_beyond_its_cap_is_refused_whoever_noticed_it() {
    let Some(repository) = Repository::open("deleg-releases") else {
        return;
    };
    let pinning = TrustPinning::default();
    let request = Request {
        gun: &repository.gun,
        pinning: &pinning,
        remembered: &repository.remembered,
        now: repository.now,
        limits: Limits::default(),
    };
    for long in [Answer::TooLong, Answer::Found(vec![b' '; 9 << 20])] {
        let mut evidence = Evidence::new();
        loop {
            match notary::verify(&request, &evidence) {
                Progress::Wanted(wanted) => {
                    for file in wanted {
                        let answer = match file.name.as_str() {
                            "timestamp.json" => long.clone(),
                            name => Answer::Found(repository.served[&role_of(name)].clone()),
                        };
                        evidence.insert(file.name, answer);
                    }
                }
                Progress::Refused(fault) => {
                    assert_eq!(fault.class, FaultClass::Length, "{fault}");
                    break;
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn a_clock_that_is_wrong_by_years_trusts_nothing() {
    let Some(repository) = Repository::open("deleg-releases") else {
        return;
    };
    for now in ["2001-01-01T00:00:00Z", "2099-01-01T00:00:00Z"] {
        let progress = repository.check(&repository.served, now.parse().unwrap());
        assert!(
            matches!(progress, Progress::Refused(_)),
            "{now}: {progress:?}"
        );
    }
}

#[test]
fn what_is_remembered_is_believed_before_anything_the_server_says() {
    let Some(mut repository) = Repository::open("deleg-releases") else {
        return;
    };
    let Some(stranger) = Repository::open("ed25519-targets") else {
        return;
    };
    // Another repository's root is remembered: not even then is the server's own believed instead.
    repository.remembered =
        Remembered([("root".to_owned(), stranger.served["root"].clone())].into());
    let progress = repository.check(&repository.served, repository.now);
    let Progress::Refused(fault) = progress else {
        panic!("{progress:?}");
    };
    assert_eq!(fault.class, FaultClass::RootUntrusted);
}

#[test]
fn a_server_that_forgot_a_repository_does_not_make_it_unsigned() {
    let Some(mut repository) = Repository::open("deleg-releases") else {
        return;
    };
    repository.remembered =
        Remembered([("root".to_owned(), repository.served["root"].clone())].into());
    let progress = repository.check(&BTreeMap::new(), repository.now);
    let Progress::Refused(fault) = progress else {
        panic!("{progress:?}");
    };
    assert_eq!(fault.class, FaultClass::Unreachable);
}

#[test]
fn the_same_evidence_gives_the_same_answer() {
    let Some(repository) = Repository::open("real-delegations-x509") else {
        return;
    };
    let first = repository.check(&repository.served, repository.now);
    let Progress::Sound(first) = first else {
        panic!("{first:?}");
    };
    // What was trusted becomes what is remembered, and one answer is enough from then on.
    let pinning = TrustPinning::default();
    let request = Request {
        gun: &repository.gun,
        pinning: &pinning,
        remembered: &first.files,
        now: repository.now,
        limits: Limits::default(),
    };
    let Progress::Wanted(wanted) = notary::verify(&request, &Evidence::new()) else {
        panic!("it asks for nothing");
    };
    assert_eq!(wanted.len(), 1);
    assert_eq!(wanted[0].name, "timestamp.json");
    let timestamp = Answer::Found(repository.served["timestamp"].clone());
    let evidence = [("timestamp.json".to_owned(), timestamp)].into();
    let Progress::Sound(second) = notary::verify(&request, &evidence) else {
        panic!("one answer is not enough");
    };
    assert_eq!(first.entries(), second.entries());
    assert_eq!(first.roles, second.roles);
    assert_eq!(second.anchor, notary::Anchor::Remembered);
}

#[test]
fn a_changed_registry_never_adds_a_signer() {
    let Some(set) = tally::set("cosign/images") else {
        return;
    };
    for name in [
        "keyed-p256",
        "bundle-referrers-keyed",
        "real-multi-threshold2",
    ] {
        let folder: PathBuf = set.join(name);
        let vector = tally::json(&folder.join("vector.json"));
        let policy = crate::cosign::policy(&vector["policy"]);
        let request = cosign::Request {
            image: Image {
                repository: vector["image"]["repo"].as_str().unwrap(),
                digest: vector["image"]["digest"].as_str().unwrap(),
            },
            policy: &policy,
            services: None,
            limits: oci::Limits::default(),
        };
        let signers = |outcome: cosign::Outcome| match outcome {
            cosign::Outcome::Verified(verified) => Some(
                verified
                    .signatures
                    .into_iter()
                    .map(|by| by.signer)
                    .collect::<Vec<_>>(),
            ),
            _ => None,
        };
        let check = |evidence: &oci::Evidence| match cosign::verify(&request, evidence) {
            cosign::Progress::Wanted(wanted) => Err(wanted),
            cosign::Progress::Settled(outcome) => Ok(outcome),
        };
        let registry = Registry::open(&folder);
        let (evidence, outcome) = registry.settle_with(check).unwrap();
        let before = signers(outcome).unwrap();
        for (item, answer) in &evidence {
            let oci::Answer::Found(bytes) = answer else {
                continue;
            };
            for bytes in changed(bytes, 67) {
                let mut evidence = evidence.clone();
                evidence.insert(item.clone(), oci::Answer::Found(bytes));
                // A wish for something else is no verdict, and none is granted here.
                if let Ok(outcome) = check(&evidence)
                    && let Some(after) = signers(outcome)
                {
                    assert_eq!(after, before, "{name} with another {item:?}");
                }
            }
        }
    }
}

#[test]
fn a_changed_envelope_never_changes_the_signer() {
    let Some(set) = tally::set("notation/images") else {
        return;
    };
    for name in ["jws-p256", "cose-p256", "real-timestamp-cose"] {
        let folder: PathBuf = set.join(name);
        let question = crate::notation::Vector::open(&folder).unwrap();
        let check = |evidence: &oci::Evidence| match notation::verify(&question.request(), evidence)
        {
            notation::Progress::Wanted(wanted) => Err(wanted),
            notation::Progress::Settled(outcome) => Ok(outcome),
        };
        let said = |outcome: notation::Outcome| match outcome {
            notation::Outcome::Verified(verified) => {
                Some((verified.signer, verified.target, verified.signed_at))
            }
            _ => None,
        };
        let (evidence, outcome) = Registry::open(&folder).settle_with(check).unwrap();
        let before = said(outcome).unwrap();
        for (item, answer) in &evidence {
            let oci::Answer::Found(bytes) = answer else {
                continue;
            };
            let is_envelope = matches!(item, oci::Item::Blob(_));
            for bytes in changed(bytes, 113) {
                let mut evidence = evidence.clone();
                let mut item = item.clone();
                if is_envelope {
                    // Under its own digest, so that it is opened at all.
                    let digest = plimsoll_trust::digest::sha256(&bytes);
                    rename(&mut evidence, &item, &digest);
                    item = oci::Item::Blob(digest);
                }
                evidence.insert(item.clone(), oci::Answer::Found(bytes));
                if let Ok(outcome) = check(&evidence)
                    && let Some(after) = said(outcome)
                {
                    assert_eq!(after, before, "{name} with another {item:?}");
                }
            }
        }
    }
}

/// Puts another digest in the place of a blob's in every manifest, and follows the manifests' own digests up to the list.
fn rename(evidence: &mut oci::Evidence, blob: &oci::Item, digest: &str) {
    let oci::Item::Blob(old) = blob else { return };
    let mut renamed = vec![(old.clone(), digest.to_owned())];
    while let Some((old, new)) = renamed.pop() {
        let holding: Vec<_> = evidence
            .iter()
            .filter_map(|(item, answer)| match answer {
                oci::Answer::Found(bytes) if !matches!(item, oci::Item::Blob(_)) => {
                    let text = String::from_utf8(bytes.clone()).ok()?;
                    text.contains(&old)
                        .then(|| (item.clone(), text.replace(&old, &new)))
                }
                _ => None,
            })
            .collect();
        for (item, text) in holding {
            evidence.remove(&item);
            let item = match item {
                oci::Item::Manifest(reference) if reference.contains(':') => {
                    let digest = plimsoll_trust::digest::sha256(text.as_bytes());
                    renamed.push((reference, digest.clone()));
                    oci::Item::Manifest(digest)
                }
                item => item,
            };
            evidence.insert(item, oci::Answer::Found(text.into_bytes()));
        }
    }
}

#[test]
fn what_could_not_be_fetched_is_never_told_as_unsigned() {
    let image = Image {
        repository: "host/app",
        digest: "sha256:8a5735c970941d62db8421d4465921bd32db8ec973ad5779a72ed764fb182bf4",
    };
    let policy = cosign::Policy {
        signers: cosign::Signers::Identities(vec![]),
        annotations: BTreeMap::new(),
    };
    let request = cosign::Request {
        image,
        policy: &policy,
        services: None,
        limits: oci::Limits::default(),
    };
    for (answer, class) in [
        (
            oci::Answer::Unreachable("no route".to_owned()),
            cosign::FaultClass::Unreachable,
        ),
        (
            oci::Answer::NoAccess("401".to_owned()),
            cosign::FaultClass::NoAccess,
        ),
    ] {
        let mut evidence = oci::Evidence::new();
        let outcome = loop {
            match cosign::verify(&request, &evidence) {
                cosign::Progress::Wanted(wanted) => {
                    evidence.extend(
                        wanted
                            .into_iter()
                            .map(|wanted| (wanted.item, answer.clone())),
                    );
                }
                cosign::Progress::Settled(outcome) => break outcome,
            }
        };
        let cosign::Outcome::Refused { fault, .. } = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(fault.class, class);
    }
}

#[test]
fn a_changed_certificate_is_read_or_refused_and_never_issued_by_the_same_authority() {
    let Some(set) = tally::set("notation/images") else {
        return;
    };
    for name in ["jws-p256", "real-ca-valid", "real-timestamp-jws"] {
        let folder = set.join(name).join("truststore/x509");
        for pem in files(&folder).values() {
            let pem = String::from_utf8(pem.clone()).unwrap();
            let certificate = Certificate::bundle(&pem).unwrap().remove(0);
            assert!(
                certificate.is_signed_by(certificate.key()),
                "{name} trusts a root"
            );
            for der in changed(certificate.der(), 3) {
                let Ok(other) = Certificate::from_der(&der) else {
                    continue;
                };
                // Everything it can be asked for, whatever it answers.
                let _ = (
                    other.subject(),
                    other.common_name(),
                    other.extended_key_usage(),
                );
                let _ = (
                    other.key_usage(),
                    other.key_identifier(),
                    other.can_be_revoked(),
                );
                let _ = (
                    other.not_before(),
                    other.not_after(),
                    other.demands_unknown(),
                );
                assert!(
                    !other.is_issued_by(&certificate, 0),
                    "{name}: a changed certificate is believed"
                );
            }
        }
    }
}
