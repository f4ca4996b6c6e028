//! One verdict of what the systems found.

use super::{Expiry, Finding, Mode, Need, Policy, Rejection, State, System, Verdict};
use jiff::{SignedDuration, Timestamp};

/// What runs, and where it came from.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The repository with its registry's host.
    pub repository: &'a str,
    /// The tag it was started by; none when it was started by its digest.
    pub tag: Option<&'a str>,
    /// The digests that mean what runs: of its manifest, and of the list of platforms it was taken from. None: built on the host.
    pub digests: &'a [&'a str],
}

/// How long a settled verdict stands without a look.
const SETTLED: SignedDuration = SignedDuration::from_mins(15);
/// How long one stands that rests on somebody not having been reached.
const UNSETTLED: SignedDuration = SignedDuration::from_mins(1);

/// Makes one verdict of the findings under a policy; a system that is needed and has no finding was not asked.
pub fn judge(
    question: &Question<'_>,
    policy: &Policy,
    findings: &[Finding],
    now: Timestamp,
) -> Verdict {
    let Some(rule) = policy.rule_for(question.repository) else {
        let reason = format!(
            "No rule says whose word an image of {} needs.",
            question.repository
        );
        return bare(State::Exempt, reason, false, now);
    };
    let dry_run = rule.mode == Mode::DryRun;
    if let Mode::Exempt(why) = &rule.mode {
        return bare(
            State::Exempt,
            format!("The rule {} asks for nothing: {why}.", rule.pattern),
            false,
            now,
        );
    }
    if question.digests.is_empty() {
        let reason = "The image was built on its host and came from no registry, so that nobody can vouch for it.";
        return bare(State::LocalBuild, reason.to_owned(), dry_run, now);
    }
    let asked: Vec<_> = rule
        .systems()
        .into_iter()
        .map(|system| found(system, findings))
        .collect();
    let Some(decisive) = decisive(rule.need, &asked) else {
        let reason = format!(
            "The rule {} names no system whose word would do.",
            rule.pattern
        );
        return bare(
            State::Rejected(Rejection::Unverifiable),
            reason,
            dry_run,
            now,
        );
    };
    let state = decisive.state;
    let mut ordered: Vec<_> = asked
        .iter()
        .filter(|finding| finding.state == state)
        .collect();
    ordered.extend(asked.iter().filter(|finding| finding.state != state));
    let reasons = ordered
        .iter()
        .flat_map(|finding| finding.reasons.clone())
        .collect();
    let basis = ordered
        .iter()
        .flat_map(|finding| finding.basis.clone())
        .collect();
    let mut expiries: Vec<Expiry> = ordered
        .iter()
        .flat_map(|finding| finding.expiries.clone())
        .collect();
    expiries.sort_by(|a, b| (a.at, &a.what).cmp(&(b.at, &b.what)));
    // A verdict ends with the first thing it rests on.
    let soonest = expiries.iter().map(|expiry| expiry.at).find(|at| *at > now);
    let regular = look_again(state, now);
    Verdict {
        state,
        dry_run,
        reasons,
        basis,
        look_again: soonest.map_or(regular, |soonest| soonest.min(regular)),
        expiries,
    }
}

/// The finding that decides: with any one needed the best if it vouches, else, and with all needed, the worst.
fn decisive(need: Need, asked: &[Finding]) -> Option<&Finding> {
    let worst = asked.iter().max_by_key(|finding| finding.state);
    match need {
        Need::All => worst,
        Need::Any => asked
            .iter()
            .min_by_key(|finding| finding.state)
            .filter(|best| best.state.is_vouched_for())
            .or(worst),
    }
}

fn found(system: System, findings: &[Finding]) -> Finding {
    let known = findings.iter().find(|finding| finding.system == system);
    known.cloned().unwrap_or_else(|| Finding {
        system,
        state: State::Unreachable,
        reasons: vec![format!("{} was not asked.", system.name())],
        basis: vec![],
        expiries: vec![],
    })
}

fn bare(state: State, reason: String, dry_run: bool, now: Timestamp) -> Verdict {
    Verdict {
        state,
        dry_run,
        reasons: vec![reason],
        basis: vec![],
        expiries: vec![],
        look_again: look_again(state, now),
    }
}

fn look_again(state: State, now: Timestamp) -> Timestamp {
    let wait = match state {
        State::Stale | State::Unreachable | State::NoAccess => UNSETTLED,
        _ => SETTLED,
    };
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cosign,
        verdict::{NotarySigners, Pattern, Rule},
    };

    const RUNS: &str = "sha256:aaaa";

    fn finding(system: System, state: State) -> Finding {
        Finding {
            system,
            state,
            reasons: vec![format!("{} says {}.", system.name(), state.name())],
            basis: vec![],
            expiries: vec![],
        }
    }

    fn rule(pattern: &str, mode: Mode, need: Need, systems: &[System]) -> Rule {
        Rule {
            pattern: Pattern::read(pattern).unwrap(),
            mode,
            need,
            notary: systems
                .contains(&System::Notary)
                .then(NotarySigners::default),
            cosign: systems.contains(&System::Cosign).then(|| cosign::Policy {
                signers: cosign::Signers::Identities(vec![]),
                annotations: Default::default(),
            }),
            notation: systems.contains(&System::Notation),
        }
    }

    fn state(need: Need, systems: &[System], digests: &[&str], findings: &[Finding]) -> State {
        let policy = Policy(vec![rule("host/*", Mode::Enforce, need, systems)]);
        let question = Question {
            repository: "host/app",
            tag: Some("1.0"),
            digests,
        };
        judge(&question, &policy, findings, Timestamp::UNIX_EPOCH).state
    }

    const BOTH: [System; 2] = [System::Notary, System::Cosign];

    #[test]
    fn one_good_word_is_enough_where_any_will_do_and_not_where_all_are_needed() {
        let findings = [
            finding(System::Notary, State::Trusted),
            finding(System::Cosign, State::Unsigned),
        ];
        assert_eq!(state(Need::Any, &BOTH, &[RUNS], &findings), State::Trusted);
        assert_eq!(state(Need::All, &BOTH, &[RUNS], &findings), State::Unsigned);
    }

    #[test]
    fn a_bad_signature_is_never_told_as_none() {
        let rejected = State::Rejected(Rejection::Signature);
        let findings = [
            finding(System::Notary, State::Unsigned),
            finding(System::Cosign, rejected),
        ];
        assert_eq!(state(Need::Any, &BOTH, &[RUNS], &findings), rejected);
    }

    #[test]
    fn what_a_policy_only_lets_through_is_not_trusted() {
        let findings = [finding(System::Notation, State::Exempt)];
        let exempt = state(Need::Any, &[System::Notation], &[RUNS], &findings);
        assert_eq!(exempt, State::Exempt);
        assert!(!State::Exempt.is_vouched_for());
    }

    #[test]
    fn a_system_that_was_not_asked_leaves_the_verdict_open() {
        let open = state(Need::Any, &[System::Notary], &[RUNS], &[]);
        assert_eq!(open, State::Unreachable);
    }

    #[test]
    fn what_came_from_no_registry_is_a_local_build() {
        let findings = [finding(System::Notary, State::Trusted)];
        let built = state(Need::Any, &[System::Notary], &[], &findings);
        assert_eq!(built, State::LocalBuild);
    }

    #[test]
    fn a_rule_that_names_no_system_trusts_nothing() {
        let verdict = state(Need::All, &[], &[RUNS], &[]);
        assert_eq!(verdict, State::Rejected(Rejection::Unverifiable));
    }

    #[test]
    fn the_verdict_is_looked_at_again_when_something_it_rests_on_ends() {
        let mut signed = finding(System::Notary, State::Trusted);
        let soon = Timestamp::from_second(60).unwrap();
        signed.expiries = vec![Expiry {
            what: "timestamp".to_owned(),
            at: soon,
        }];
        let systems = [System::Notary];
        let policy = Policy(vec![rule("host/app", Mode::DryRun, Need::Any, &systems)]);
        let question = Question {
            repository: "host/app",
            tag: Some("1.0"),
            digests: &[RUNS],
        };
        let verdict = judge(&question, &policy, &[signed], Timestamp::UNIX_EPOCH);
        assert_eq!((verdict.look_again, verdict.dry_run), (soon, true));
    }

    #[test]
    fn the_most_exact_rule_decides() {
        let rule = |pattern: &str| rule(pattern, Mode::Enforce, Need::Any, &BOTH);
        let policy = Policy(vec![
            rule("*"),
            rule("host/team/*"),
            rule("host/team/app"),
            rule("host/*"),
        ]);
        let chosen = |repository: &str| policy.rule_for(repository).unwrap().pattern.to_string();
        assert_eq!(chosen("host/team/app"), "host/team/app");
        assert_eq!(chosen("host/team/other"), "host/team/*");
        assert_eq!(chosen("host/x"), "host/*");
        assert_eq!(chosen("elsewhere/x"), "*");
        for text in ["", "host", "host/*/app", "host/app@x"] {
            assert!(Pattern::read(text).is_err(), "{text}");
        }
    }
}
