//! Where this verifier is stricter than Notary's own client, and what else no recorded vector shows.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod forge;

use forge::{Delegation, Files, Forge, GUN, Key, NOW, Role, signed};
use plimsoll_trust::notary::{
    Anchor, Answer, Evidence, Fault, FaultClass, Limits, Progress, Remembered, Repository, Request,
    TagState, TrustPinning, WarningKind, verify,
};

struct Client {
    pinning: TrustPinning,
    remembered: Remembered,
    limits: Limits,
}

impl Client {
    fn new() -> Self {
        Client {
            pinning: TrustPinning::default(),
            remembered: Remembered::default(),
            limits: Limits::default(),
        }
    }

    fn check(&self, served: &Files) -> Result<Repository, Fault> {
        let request = Request {
            gun: GUN,
            pinning: &self.pinning,
            remembered: &self.remembered,
            now: NOW.parse().unwrap(),
            limits: self.limits,
        };
        let mut evidence = Evidence::new();
        loop {
            match verify(&request, &evidence) {
                Progress::Sound(repository) => return Ok(*repository),
                Progress::Refused(fault) => return Err(fault),
                Progress::Unsigned => panic!("it has trust data"),
                Progress::Wanted(wanted) => {
                    for file in wanted {
                        let role = file.name.strip_suffix(".json").unwrap();
                        let role = match role.rsplit_once('.') {
                            Some((role, digest)) if digest.len() == 64 => role,
                            _ => role,
                        };
                        let answer = match served.get(role) {
                            Some(bytes) => Answer::Found(bytes.clone()),
                            None => Answer::Missing,
                        };
                        assert!(
                            evidence.insert(file.name, answer).is_none(),
                            "asked for twice"
                        );
                    }
                }
            }
        }
    }

    fn class(&self, served: &Files) -> FaultClass {
        self.check(served).unwrap_err().class
    }

    fn remembering(files: &Files) -> Self {
        let mut client = Client::new();
        client.remembered = client.check(files).unwrap().files;
        client
    }
}

fn digest_of(repository: &Repository, tag: &str) -> Option<String> {
    match repository.tag(tag) {
        TagState::Signed(signed) => Some(signed.digest),
        _ => None,
    }
}

fn delegation(
    name: &'static str,
    key: &Key,
    paths: &[&'static str],
    tags: &[(&'static str, &'static str)],
) -> Delegation {
    Delegation {
        name,
        role: Role::of(key),
        paths: paths.to_vec(),
        tags: tags.to_vec(),
        version: 1,
    }
}

#[test]
fn a_forged_repository_is_sound_until_something_is_done_to_it() {
    let repository = Client::new().check(&Forge::sound().files()).unwrap();
    assert!(digest_of(&repository, "1.0").is_some());
    assert_eq!(repository.anchor, Anchor::FirstUse);
    assert!(
        repository
            .warnings
            .iter()
            .any(|warning| warning.kind == WarningKind::FirstUse)
    );
}

#[test]
fn one_key_in_two_certificates_counts_once() {
    let mut forge = Forge::sound();
    let both = vec![Key::certified(1, GUN, 1), Key::certified(1, GUN, 2)];
    assert_ne!(both[0].id, both[1].id);
    forge.root = Role {
        keys: both.clone(),
        threshold: 2,
        signers: both,
    };
    assert_eq!(
        Client::new().class(&forge.files()),
        FaultClass::RootUntrusted
    );
}

#[test]
fn a_key_that_is_listed_twice_or_signs_twice_counts_once() {
    let key = Key::bare(2);
    let mut forge = Forge::sound();
    forge.targets = Role {
        keys: vec![key.clone(), key.clone()],
        threshold: 2,
        signers: vec![key.clone(), key],
    };
    assert_eq!(Client::new().class(&forge.files()), FaultClass::Signature);
}

#[test]
fn an_object_that_names_a_key_twice_is_refused_although_it_is_signed() {
    let mut files = Forge::sound().files();
    let timestamp = String::from_utf8(files["timestamp"].clone()).unwrap();
    let doubled = timestamp.replace("\"version\":1", "\"version\":1,\"version\":1");
    assert_ne!(timestamp, doubled);
    files.insert("timestamp".to_owned(), doubled.into_bytes());
    assert_eq!(Client::new().class(&files), FaultClass::Structure);
}

#[test]
fn a_pin_also_binds_a_root_that_was_believed_before_it_was_set() {
    let files = Forge::sound().files();
    let mut client = Client::remembering(&files);
    let pin = |id: &str| [(GUN.to_owned(), vec![id.to_owned()])].into();
    client.pinning.certificates = pin(&"0".repeat(64));
    assert_eq!(client.class(&files), FaultClass::RootUntrusted);
    client.pinning.certificates = pin(&Key::certified(1, GUN, 1).id);
    assert!(client.check(&files).is_ok());
}

#[test]
fn a_pin_of_the_next_certificate_waits_for_the_root_that_brings_it() {
    let old = Forge::sound();
    let next = Key::certified(9, GUN, 9);
    let mut client = Client::remembering(&old.files());
    client.pinning.certificates = [(GUN.to_owned(), vec![next.id.clone()])].into();
    let mut new = old.clone();
    new.root = Role {
        keys: vec![next.clone()],
        threshold: 1,
        signers: vec![old.root.keys[0].clone(), next],
    };
    new.root_version = 2;
    assert!(client.check(&new.files()).is_ok());
    // The same root without the old key's consent is a hijack, pinned or not.
    new.root.signers.remove(0);
    assert_eq!(client.class(&new.files()), FaultClass::RootRotation);
}

#[test]
fn a_delegation_must_not_go_back_even_when_nothing_else_changed() {
    let key = Key::bare(5);
    let mut forge = Forge::sound();
    forge.delegations = vec![delegation(
        "targets/releases",
        &key,
        &[""],
        &[("2.0", "two")],
    )];
    forge.delegations[0].version = 5;
    let client = Client::remembering(&forge.files());
    // Only the delegation's file is older; the files that announce it are newer.
    forge.delegations[0].version = 3;
    let mut files = forge.files();
    assert_eq!(client.class(&files), FaultClass::Rollback);
    forge.delegations[0].version = 6;
    files = forge.files();
    assert!(client.check(&files).is_ok());
}

#[test]
fn a_delegation_signs_only_below_its_own_and_its_parents_paths() {
    let key = Key::bare(5);
    let mut forge = Forge::sound();
    forge.delegations = vec![
        delegation(
            "targets/releases",
            &key,
            &["rel-"],
            &[("rel-1", "a"), ("1.0", "b"), ("2.0", "b")],
        ),
        delegation("targets/alice", &key, &["rel-"], &[]),
        delegation(
            "targets/alice/deep",
            &key,
            &["", "rel-x"],
            &[("rel-x1", "c"), ("other", "d")],
        ),
    ];
    let repository = Client::new().check(&forge.files()).unwrap();
    assert!(digest_of(&repository, "rel-1").is_some());
    // Releases may not sign 1.0, so the owner's own word stands; and nobody's for 2.0.
    let TagState::Signed(own) = repository.tag("1.0") else {
        panic!("{:?}", repository.tag("1.0"));
    };
    assert_eq!(own.role, "targets");
    assert_eq!(repository.tag("2.0"), TagState::Absent);
    // A child cannot be given more than its parent has.
    assert_eq!(repository.tag("other"), TagState::Absent);
    let deep = TagState::NotReleased {
        role: "targets/alice/deep".to_owned(),
    };
    assert_eq!(repository.tag("rel-x1"), deep);
    assert_eq!(repository.entries().len(), 3);
}

#[test]
fn an_unsigned_delegation_spoils_the_repository_and_a_wrongly_signed_one_is_left_out() {
    let key = Key::bare(5);
    let mut forge = Forge::sound();
    forge.delegations = vec![delegation(
        "targets/releases",
        &key,
        &[""],
        &[("1.0", "other")],
    )];
    forge.delegations[0].role.signers = vec![];
    assert_eq!(Client::new().class(&forge.files()), FaultClass::Signature);
    forge.delegations[0].role.signers = vec![Key::bare(6)];
    let repository = Client::new().check(&forge.files()).unwrap();
    let dropped = |kind| {
        repository
            .warnings
            .iter()
            .any(|warning| warning.kind == kind)
    };
    assert!(dropped(WarningKind::DelegationDropped));
    assert!(matches!(repository.tag("1.0"), TagState::Signed(signed) if signed.role == "targets"));
}

#[test]
fn a_delegation_that_is_left_out_for_a_while_must_not_come_back_older() {
    let key = Key::bare(5);
    let mut forge = Forge::sound();
    forge.delegations = vec![delegation(
        "targets/releases",
        &key,
        &[""],
        &[("2.0", "two")],
    )];
    forge.delegations[0].version = 5;
    let mut client = Client::remembering(&forge.files());
    let sound = forge.clone();
    forge.delegations[0].role.signers = vec![Key::bare(6)];
    client.remembered = client.check(&forge.files()).unwrap().files;
    forge = sound;
    forge.delegations[0].version = 4;
    assert_eq!(client.class(&forge.files()), FaultClass::Rollback);
}

#[test]
fn more_delegations_than_allowed_are_refused() {
    let key = Key::bare(5);
    let mut forge = Forge::sound();
    forge.delegations = vec![
        delegation("targets/a", &key, &[""], &[]),
        delegation("targets/a/b", &key, &[""], &[]),
        delegation("targets/a/b/c", &key, &[""], &[]),
    ];
    let mut client = Client::new();
    assert!(client.check(&forge.files()).is_ok());
    client.limits.delegations = 2;
    assert_eq!(client.class(&forge.files()), FaultClass::Structure);
}

#[test]
fn a_role_whose_name_leads_elsewhere_is_refused_before_any_file_of_it_is_asked_for() {
    for name in [
        "targets/../root",
        "targets/A",
        "targets//a",
        "other",
        "targets/a/../../x",
    ] {
        let mut forge = Forge::sound();
        forge.delegations = vec![delegation(name, &Key::bare(5), &[""], &[])];
        let mut files = forge.files();
        // As its own file: the forge lists a child only below its parent.
        let mut targets: serde_json::Value = serde_json::from_slice(&files["targets"]).unwrap();
        let role = serde_json::json!({ "name": name, "paths": [""], "keyids": [], "threshold": 1 });
        targets["signed"]["delegations"]["roles"] = serde_json::json!([role]);
        files.insert(
            "targets".to_owned(),
            signed(&targets["signed"], &forge.targets.signers),
        );
        assert_ne!(
            Client::new().class(&files),
            FaultClass::Unreachable,
            "{name}"
        );
    }
}

#[test]
fn a_file_announced_beyond_every_bound_is_not_even_asked_for() {
    let mut client = Client::new();
    let files = Forge::sound().files();
    client.limits.file = files["root"].len() as u64;
    let mut forge = Forge::sound();
    forge.tags = (0..100)
        .map(|tag| (tag.to_string(), "x".to_owned()))
        .collect();
    assert_eq!(client.class(&forge.files()), FaultClass::Length);
}
