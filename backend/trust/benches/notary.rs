//! What verifying costs: a repository with ten thousand tags, first and again, and verdicts from what is remembered.
#![expect(clippy::unwrap_used, reason = "a bench stops where it fails")]

#[path = "../tests/forged/forge.rs"]
mod forge;

use forge::{Files, Forge, GUN, Key, NOW, Role};
use plimsoll_trust::{
    notary::{
        Answer, Evidence, Limits, Progress, Remembered, Repository, Request, TrustPinning, verify,
    },
    verdict::{Finding, NotarySigners, Question},
};
use std::time::{Duration, Instant};

fn main() {
    let mut forge = Forge::sound();
    forge.tags = (0..10_000)
        .map(|tag| (format!("1.{tag}"), tag.to_string()))
        .collect();
    let first = forge.files();
    let mut served = Files::new();
    served.insert("1.root".to_owned(), first["root"].clone());
    // Seven roots, each with a new key that the one before it consents to.
    for version in 2..=7u8 {
        let before = forge.root.keys.clone();
        let key = Key::certified(10 + version, GUN, version);
        forge.root = Role {
            keys: vec![key.clone()],
            threshold: 1,
            signers: [before, vec![key]].concat(),
        };
        forge.root_version = u64::from(version);
        forge.version = u64::from(version);
        let files = forge.files();
        served.insert(format!("{version}.root"), files["root"].clone());
        served.extend(files);
    }
    let only_root = Remembered([("root".to_owned(), first["root"].clone())].into());
    let walked = told("7 roots walked, 10,000 tags", 20, || {
        settle(&only_root, &served).1
    });
    let again = told("the same, nothing changed", 20, || {
        settle(&walked.files, &served).1
    });
    let (requests, _) = settle(&walked.files, &served);
    println!("requests of a poll when nothing changed: {requests}");
    let digests: Vec<_> = (0..1000)
        .map(|tag| digest_of(&again, &format!("1.{tag}")))
        .collect();
    let progress = Progress::Sound(Box::new(again));
    told("1,000 images' findings from one repository", 20, || {
        for (tag, digest) in digests.iter().enumerate() {
            let tag = format!("1.{tag}");
            let question = Question {
                repository: GUN,
                tag: Some(&tag),
                digests: &[digest],
            };
            let finding = Finding::of_notary(&progress, &question, &NotarySigners::default());
            assert!(finding.unwrap().state.is_vouched_for());
        }
    });
    let small = Forge::sound().files();
    let (_, small_remembered) = settle(&Remembered::default(), &small);
    told(
        "1,000 small repositories from what is remembered",
        3,
        || {
            for _ in 0..1000 {
                settle(&small_remembered.files, &small);
            }
        },
    );
}

fn digest_of(repository: &Repository, tag: &str) -> String {
    let entries = repository.entries();
    entries
        .into_iter()
        .find(|entry| entry.tag == tag)
        .unwrap()
        .digest
        .unwrap()
}

/// Runs it a few times and tells the best.
fn told<T>(what: &str, times: usize, mut run: impl FnMut() -> T) -> T {
    let mut best = Duration::MAX;
    let mut result = None;
    for _ in 0..times {
        let began = Instant::now();
        result = Some(run());
        best = best.min(began.elapsed());
    }
    println!("{what}: {best:.2?}");
    result.unwrap()
}

fn settle(remembered: &Remembered, served: &Files) -> (usize, Repository) {
    let pinning = TrustPinning::default();
    let request = Request {
        gun: GUN,
        pinning: &pinning,
        remembered,
        now: NOW.parse().unwrap(),
        limits: Limits::default(),
    };
    let mut evidence = Evidence::new();
    loop {
        match verify(&request, &evidence) {
            Progress::Wanted(wanted) => {
                for file in wanted {
                    let role = file.name.strip_suffix(".json").unwrap();
                    let role = match role.rsplit_once('.') {
                        Some((role, digest)) if digest.len() == 64 => role,
                        _ => role,
                    };
                    let answer = served
                        .get(role)
                        .map_or(Answer::Missing, |bytes| Answer::Found(bytes.clone()));
                    evidence.insert(file.name, answer);
                }
            }
            Progress::Sound(repository) => return (evidence.len(), *repository),
            other => panic!("{other:?}"),
        }
    }
}
