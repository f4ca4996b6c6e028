//! What one system found about an image, in the words all of them share.

use super::{NotarySigners, Question, Rejection, State};
use crate::{cosign, notary, notation};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// The systems that images are signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum System {
    /// Docker Content Trust: Notary v1.
    Notary,
    /// cosign.
    Cosign,
    /// notation.
    Notation,
}

/// What a system found; whether that is enough is for the policy to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The system.
    pub system: System,
    /// What it alone would make of the image.
    pub state: State,
    /// Why, in sentences.
    pub reasons: Vec<String>,
    /// What it rests on.
    pub basis: Vec<Basis>,
    /// What it rests on that ends.
    pub expiries: Vec<Expiry>,
}

/// A thing that a verdict rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// The system it is of.
    pub system: System,
    /// The role, signer or kind of statement.
    pub what: String,
    /// Its version, where it has one.
    pub version: Option<u64>,
    /// The keys that signed it.
    pub keys: Vec<String>,
    /// Its digest, or that of the image it vouches for.
    pub digest: Option<String>,
}

/// The end of a thing that a verdict rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expiry {
    /// The thing.
    pub what: String,
    /// Its end.
    pub at: Timestamp,
}

impl Expiry {
    /// The whole days left, 0 on the last one and afterwards.
    pub fn days_left(&self, now: Timestamp) -> u32 {
        let hours = self.at.duration_since(now).as_hours();
        u32::try_from(hours / 24).unwrap_or(0)
    }
}

impl System {
    /// The name people know it by.
    pub fn name(self) -> &'static str {
        match self {
            System::Notary => "Notary",
            System::Cosign => "cosign",
            System::Notation => "notation",
        }
    }
}

impl Finding {
    /// What Notary's trust data says about the image, and whether `needed` signed it; nothing while files are still wanted.
    pub fn of_notary(
        progress: &notary::Progress,
        question: &Question<'_>,
        needed: &NotarySigners,
    ) -> Option<Self> {
        let found = |state, reason: String| Finding {
            system: System::Notary,
            state,
            reasons: vec![reason],
            basis: vec![],
            expiries: vec![],
        };
        match progress {
            notary::Progress::Wanted(_) => None,
            notary::Progress::Unsigned => Some(found(
                State::Unsigned,
                format!(
                    "The Notary server has no trust data for {}.",
                    question.repository
                ),
            )),
            notary::Progress::Refused(fault) => Some(found(
                notary_state(fault.class),
                format!("Notary, {fault}."),
            )),
            notary::Progress::Sound(repository) => {
                Some(of_repository(repository, question, needed))
            }
        }
    }

    /// What cosign's signatures say about the image.
    pub fn of_cosign(outcome: &cosign::Outcome) -> Self {
        let (state, reasons, basis) = match outcome {
            cosign::Outcome::Verified(verified) => {
                let signers: Vec<_> = verified
                    .signatures
                    .iter()
                    .map(|by| by.signer.clone())
                    .collect();
                let mut reasons = vec![format!("cosign: signed by {}.", signers.join(", "))];
                reasons.extend(verified.notes.iter().map(|note| format!("cosign: {note}.")));
                let basis = verified
                    .signatures
                    .iter()
                    .map(|by| basis(System::Cosign, &by.signer, by.key.clone()));
                (State::Trusted, reasons, basis.collect())
            }
            cosign::Outcome::Unsigned { attestations } => {
                let besides = match attestations.len() {
                    0 => "",
                    _ => "; it has attestations, which are no signatures",
                };
                (
                    State::Unsigned,
                    vec![format!("The image has no cosign signature{besides}.")],
                    vec![],
                )
            }
            cosign::Outcome::Refused { fault, .. } => (
                cosign_state(fault.class),
                vec![format!("cosign: {fault}.")],
                vec![],
            ),
        };
        Finding {
            system: System::Cosign,
            state,
            reasons,
            basis,
            expiries: vec![],
        }
    }

    /// What notation's signatures say about the image.
    pub fn of_notation(outcome: &notation::Outcome) -> Self {
        let mut finding = Finding {
            system: System::Notation,
            state: State::Unsigned,
            reasons: vec!["The image has no notation signature.".to_owned()],
            basis: vec![],
            expiries: vec![],
        };
        match outcome {
            notation::Outcome::Unsigned => {}
            notation::Outcome::Skipped { policy } => {
                finding.state = State::Exempt;
                finding.reasons = vec![format!("The notation policy {policy:?} checks nothing.")];
            }
            notation::Outcome::Refused(failure) => {
                finding.state = notation_state(failure.class);
                finding.reasons = vec![format!("notation: {failure}.")];
            }
            notation::Outcome::Verified(verified) => {
                let by = format!("notation: signed by {}.", verified.signer);
                finding.basis = vec![basis(System::Notation, &verified.signer, None)];
                finding.expiries.push(Expiry {
                    what: "a certificate of the notation signer".to_owned(),
                    at: verified.certificates_until,
                });
                finding.expiries.extend(verified.expires.map(|at| Expiry {
                    what: "the notation signature".to_owned(),
                    at,
                }));
                // What a policy only logs is let through, and that is all.
                finding.state = match verified.logged.is_empty() {
                    true => State::Trusted,
                    false => State::Exempt,
                };
                finding.reasons = verified
                    .logged
                    .iter()
                    .map(|failure| format!("notation lets it through although {failure}."))
                    .chain([by])
                    .collect();
            }
        }
        finding
    }
}

fn basis(system: System, what: &str, key: Option<String>) -> Basis {
    Basis {
        system,
        what: what.to_owned(),
        version: None,
        keys: key.into_iter().collect(),
        digest: None,
    }
}

fn of_repository(
    repository: &notary::Repository,
    question: &Question<'_>,
    needed: &NotarySigners,
) -> Finding {
    let (state, reason) = match question.tag {
        Some(tag) => by_tag(repository, tag, question, needed),
        None => by_digest(repository, question, needed),
    };
    let stale = repository
        .warnings
        .iter()
        .any(|warning| warning.kind == notary::WarningKind::Stale);
    let warnings = repository
        .warnings
        .iter()
        .map(|warning| format!("Notary: {}.", warning.sentence));
    let roles = repository.roles.iter().map(|(name, role)| Basis {
        system: System::Notary,
        what: name.clone(),
        version: Some(role.version),
        keys: role.signed_by.clone(),
        digest: Some(format!("sha256:{}", role.sha256)),
    });
    let files = repository.roles.iter().map(|(name, role)| Expiry {
        what: format!("Notary's {name}"),
        at: role.expires,
    });
    let certificates = repository
        .root_certificates
        .iter()
        .map(|certificate| Expiry {
            what: format!("the root certificate of {}", certificate.common_name),
            at: certificate.not_after,
        });
    Finding {
        system: System::Notary,
        state: match state {
            State::Trusted if stale => State::Stale,
            state => state,
        },
        reasons: [reason].into_iter().chain(warnings).collect(),
        basis: roles.collect(),
        expiries: files.chain(certificates).collect(),
    }
}

fn by_tag(
    repository: &notary::Repository,
    tag: &str,
    question: &Question<'_>,
    needed: &NotarySigners,
) -> (State, String) {
    match repository.tag(tag) {
        notary::TagState::Signed(signed) => {
            let by = match signed.signers.is_empty() {
                true => format!("{} alone", signed.role),
                false => format!("{} and {}", signed.role, signed.signers.join(", ")),
            };
            if !question.digests.contains(&signed.digest.as_str()) {
                let runs = question.digests.join(" or ");
                let sentence = format!(
                    "Notary: under the tag {tag:?} the digest {} is signed by {by}, and {runs} runs.",
                    signed.digest
                );
                return (State::Drifted, sentence);
            }
            match needed.missing(&signed.signers) {
                None => (
                    State::Trusted,
                    format!(
                        "Notary: the tag {tag:?} is signed by {by}, with the digest that runs."
                    ),
                ),
                Some(missing) => (
                    State::Rejected(Rejection::Threshold),
                    format!("Notary: the tag {tag:?} is signed by {by}; {missing}."),
                ),
            }
        }
        notary::TagState::Absent => (
            State::Unsigned,
            format!("Notary: nobody signed the tag {tag:?}."),
        ),
        notary::TagState::NotReleased { role } => (
            State::NotReleased,
            format!("Notary: {role} signed the tag {tag:?}, and nobody released it."),
        ),
        notary::TagState::NoUsableHash { role } => (
            State::Rejected(Rejection::Malformed),
            format!(
                "Notary: {role} signed the tag {tag:?} without a SHA-256, so that it names no image."
            ),
        ),
    }
}

/// What runs by its digest alone is trusted if it is released under some tag by those who must sign.
fn by_digest(
    repository: &notary::Repository,
    question: &Question<'_>,
    needed: &NotarySigners,
) -> (State, String) {
    let tags: BTreeSet<_> = repository
        .entries()
        .into_iter()
        .filter(|entry| {
            entry
                .digest
                .as_deref()
                .is_some_and(|digest| question.digests.contains(&digest))
        })
        .map(|entry| entry.tag)
        .collect();
    let mut best = (
        State::Unsigned,
        "Notary: the digest that runs is released under no tag.".to_owned(),
    );
    for tag in tags {
        match by_tag(repository, &tag, question, needed) {
            (State::Trusted, sentence) => return (State::Trusted, sentence),
            (state @ (State::Rejected(_) | State::NotReleased), sentence) => {
                best = (state, sentence);
            }
            _ => {}
        }
    }
    best
}

fn notary_state(class: notary::FaultClass) -> State {
    use notary::FaultClass as Class;
    State::Rejected(match class {
        Class::Unreachable => return State::Unreachable,
        Class::NoAccess => return State::NoAccess,
        Class::Expired => Rejection::Expired,
        Class::Signature => Rejection::Signature,
        Class::Hash | Class::Length => Rejection::Hash,
        Class::Rollback => Rejection::RolledBack,
        Class::RootUntrusted => Rejection::RootUntrusted,
        Class::RootRotation | Class::RootChain => Rejection::RootChanged,
        Class::Structure => Rejection::Malformed,
        Class::KeyId => Rejection::UnknownKey,
    })
}

fn cosign_state(class: cosign::FaultClass) -> State {
    use cosign::FaultClass as Class;
    State::Rejected(match class {
        Class::Unreachable => return State::Unreachable,
        Class::NoAccess => return State::NoAccess,
        Class::NoMatchingSignature | Class::Identity => Rejection::UnknownKey,
        Class::BlobDigest => Rejection::Hash,
        Class::PayloadType => Rejection::Malformed,
        Class::DigestMismatch => Rejection::OtherImage,
        Class::Annotation | Class::Threshold | Class::RequiredSignerMissing => Rejection::Threshold,
        Class::Log => Rejection::Log,
        Class::Certificate => Rejection::Signature,
    })
}

fn notation_state(class: notation::FailureClass) -> State {
    use notation::{Check, FailureClass as Class};
    State::Rejected(match class {
        Class::Unreachable => return State::Unreachable,
        Class::NoAccess => return State::NoAccess,
        Class::Check(Check::Integrity) => Rejection::Signature,
        Class::Check(Check::Authenticity) => Rejection::UnknownKey,
        Class::Check(Check::AuthenticTimestamp | Check::Expiry) => Rejection::Expired,
        Class::Check(Check::Revocation) | Class::NoApplicablePolicy | Class::PluginRequired => {
            Rejection::Unverifiable
        }
    })
}
