//! The verdicts that all sets together lead to: what must not be trusted never is.

use crate::{cosign, notary, notation, registry::Registry, tally};
use plimsoll_trust::{
    cosign::{self as cosigning, SigstoreRoot},
    notary::{Progress, TrustPinning},
    notation as notating,
    verdict::{
        Finding, Mode, Need, NotarySigners, Pattern, Policy, Question, Rejection, Rule, State,
        Verdict, judge,
    },
};
use serde_json::Value;
use std::path::Path;

/// A digest that nobody signed.
const OTHER: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// A verdict on one system's finding, under a rule that asks only that system.
fn judged(finding: &Finding, question: &Question<'_>, now: jiff::Timestamp) -> Verdict {
    use plimsoll_trust::verdict::System;
    let policy = Policy(vec![Rule {
        pattern: Pattern::read("*").unwrap(),
        mode: Mode::Enforce,
        need: Need::All,
        notary: (finding.system == System::Notary).then(NotarySigners::default),
        cosign: (finding.system == System::Cosign).then(|| cosigning::Policy {
            signers: cosigning::Signers::Identities(vec![]),
            annotations: Default::default(),
        }),
        notation: finding.system == System::Notation,
    }]);
    judge(question, &policy, std::slice::from_ref(finding), now)
}

#[test]
fn notary_vectors_are_trusted_exactly_where_their_digest_runs() {
    let Some(set) = tally::set("notary-v1") else {
        return;
    };
    tally::count("verdicts on notary-v1", &tally::names(&set), |name| {
        let folder = set.join(name);
        let vector = tally::json(&folder.join("vector.json"));
        let pinning = notary::pinning(&folder, &vector["trust_pinning"]);
        let progress = notary::check(&folder, &vector, &pinning);
        for tag in vector["query_tags"].as_array().unwrap() {
            let tag = tag.as_str().unwrap();
            let expected = &vector["expect"]["tags"][tag];
            let digest = expected["digest"].as_str().unwrap_or(OTHER);
            let repository = vector["gun"].as_str().unwrap();
            let now = vector["now"].as_str().unwrap().parse().unwrap();
            let verdict = |digests: &[&str]| {
                let question = Question {
                    repository,
                    tag: Some(tag),
                    digests,
                };
                let finding =
                    Finding::of_notary(&progress, &question, &NotarySigners::default()).unwrap();
                judged(&finding, &question, now)
            };
            let right = verdict(&[digest]);
            tally::same(
                "vouched for",
                right.state.is_vouched_for(),
                expected["status"] == "signed",
            )?;
            let wrong = verdict(&[OTHER]);
            tally::same(
                "another digest vouched for",
                wrong.state.is_vouched_for(),
                false,
            )?;
            sound(&right, now)?;
            sound(&wrong, now)?;
        }
        Ok(())
    });
}

/// Every verdict says why, and when to look again.
fn sound(verdict: &Verdict, now: jiff::Timestamp) -> Result<(), String> {
    tally::same("silent", verdict.reasons.is_empty(), false)?;
    tally::same("looked at again later", verdict.look_again > now, true)?;
    tally::same(
        "trusted without a basis",
        verdict.state == State::Trusted && verdict.basis.is_empty(),
        false,
    )
}

fn notary_state(name: &str, tag: Option<&str>, needed: &NotarySigners) -> Option<State> {
    let folder = tally::set("notary-v1")?.join(name);
    let vector = tally::json(&folder.join("vector.json"));
    let progress = notary::check(&folder, &vector, &TrustPinning::default());
    let Progress::Sound(repository) = &progress else {
        let question = Question {
            repository: "",
            tag,
            digests: &[OTHER],
        };
        return Some(
            Finding::of_notary(&progress, &question, needed)
                .unwrap()
                .state,
        );
    };
    // What runs is what the first queried tag has.
    let signed = vector["expect"]["tags"]["1.0"]["digest"]
        .as_str()
        .unwrap_or(OTHER);
    let question = Question {
        repository: &repository.gun,
        tag,
        digests: &[signed],
    };
    Some(
        Finding::of_notary(&progress, &question, needed)
            .unwrap()
            .state,
    )
}

#[test]
fn each_way_of_not_being_trusted_has_its_own_state() {
    let anybody = NotarySigners::default();
    for (name, tag, expected) in [
        ("deleg-releases", "1.0", State::Trusted),
        ("offline-with-valid-cache", "1.0", State::Stale),
        ("offline-no-cache", "1.0", State::Unreachable),
        ("unsigned-repository", "1.0", State::Unsigned),
        ("target-absent", "9.9", State::Unsigned),
        ("real-api-conflict", "only-alice", State::NotReleased),
        ("real-api-conflict", "2.0", State::Drifted),
        (
            "target-sha512-only",
            "1.0",
            State::Rejected(Rejection::Malformed),
        ),
        (
            "badsig-targets",
            "1.0",
            State::Rejected(Rejection::Signature),
        ),
        (
            "hash-mismatch-targets",
            "1.0",
            State::Rejected(Rejection::Hash),
        ),
        (
            "expired-targets",
            "1.0",
            State::Rejected(Rejection::Expired),
        ),
        (
            "rollback-targets",
            "1.0",
            State::Rejected(Rejection::RolledBack),
        ),
        (
            "gun-mismatch",
            "1.0",
            State::Rejected(Rejection::RootUntrusted),
        ),
        (
            "root-rotate-new-key-only",
            "1.0",
            State::Rejected(Rejection::RootChanged),
        ),
        (
            "keyid-not-content-id",
            "1.0",
            State::Rejected(Rejection::UnknownKey),
        ),
    ] {
        let Some(state) = notary_state(name, Some(tag), &anybody) else {
            return;
        };
        assert_eq!(state, expected, "{name}");
    }
}

#[test]
fn the_signers_a_rule_asks_for_must_have_signed() {
    let needed = |required: &[&str], at_least| NotarySigners {
        required: required.iter().map(|name| (*name).to_owned()).collect(),
        at_least,
    };
    let threshold = State::Rejected(Rejection::Threshold);
    for (needed, expected) in [
        (needed(&["alice", "carol"], 3), State::Trusted),
        (needed(&["dave"], 0), threshold),
        (needed(&[], 4), threshold),
    ] {
        let Some(state) = notary_state("deleg-three-signers", Some("1.0"), &needed) else {
            return;
        };
        assert_eq!(state, expected, "{needed:?}");
    }
}

#[test]
fn what_runs_by_its_digest_is_trusted_if_it_is_released_under_some_tag() {
    let anybody = NotarySigners::default();
    let Some(state) = notary_state("real-api-conflict", None, &anybody) else {
        return;
    };
    assert_eq!(state, State::Trusted);
    assert_eq!(
        notary_state("target-sha512-only", None, &anybody),
        Some(State::Unsigned)
    );
}

#[test]
fn cosign_and_notation_vectors_are_trusted_exactly_where_they_verify_in_full() {
    let now: jiff::Timestamp = "2026-11-23T22:00:00Z".parse().unwrap();
    let check = |finding: &Finding, vector: &Value| {
        let expect = &vector["expect"];
        let question = Question {
            repository: "registry.example/app",
            tag: None,
            digests: &[OTHER],
        };
        let verdict = judged(finding, &question, now);
        let in_full = expect["verified"] == true
            && expect["warnings"].is_null()
            && expect["skipped"].is_null();
        tally::same("trusted", verdict.state == State::Trusted, in_full)?;
        tally::same(
            "unsigned",
            verdict.state == State::Unsigned,
            expect["error"] == "unsigned",
        )?;
        sound(&verdict, now)
    };
    if let Some(set) = tally::set("cosign/images") {
        let services = SigstoreRoot::public_good().unwrap();
        tally::count("verdicts on cosign images", &tally::names(&set), |name| {
            let vector = tally::json(&set.join(name).join("vector.json"));
            let digest = vector["image"]["digest"].as_str().unwrap();
            let outcome = cosign::ask(&set.join(name), &vector, digest, &services)?;
            check(&Finding::of_cosign(&outcome), &vector)
        });
    }
    if let Some(set) = tally::set("notation/images") {
        tally::count("verdicts on notation", &tally::names(&set), |name| {
            let folder = set.join(name);
            let vector = notation::Vector::open(&folder)?;
            let outcome = settle(&folder, &vector)?;
            check(
                &Finding::of_notation(&outcome),
                &tally::json(&folder.join("vector.json")),
            )
        });
    }
}

fn settle(folder: &Path, vector: &notation::Vector) -> Result<notating::Outcome, String> {
    Registry::open(folder).settle(
        |evidence| match notating::verify(&vector.request(), evidence) {
            notating::Progress::Wanted(wanted) => Err(wanted),
            notating::Progress::Settled(outcome) => Ok(outcome),
        },
    )
}
