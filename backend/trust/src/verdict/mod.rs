//! The verdict on one running image: a state, the reasons as sentences, what it rests on, and when to look again.
//!
//! Three systems may each have found something ([`Finding`]); a [`Policy`] says whose word an image needs; [`judge`] makes one
//! verdict of it. Asked and there is none, could not ask, and asked and refused are three different states.

mod document;
mod finding;
mod judge;
mod policy;

pub use document::{BadPolicy, PolicyDocument};
pub use finding::{Basis, Expiry, Finding, System};
pub use judge::{Question, judge};
pub use policy::{BadPattern, Mode, Need, NotarySigners, Pattern, Policy, Rule};

use jiff::Timestamp;

/// What is to be thought of a running image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Those whose word it needs vouch for exactly this digest.
    Trusted,
    /// They did when they were last heard; they cannot be reached now.
    Stale,
    /// A rule says that nothing is asked of it, or lets it through all the same.
    Exempt,
    /// It was built on its host and came from no registry, so that nobody can vouch for it.
    LocalBuild,
    /// Nobody signed it.
    Unsigned,
    /// They could not be asked.
    Unreachable,
    /// They want credentials that we lack.
    NoAccess,
    /// Somebody signed it, but nobody who may release it.
    NotReleased,
    /// Another digest is signed under its tag.
    Drifted,
    /// There are signatures, and they do not hold.
    Rejected(Rejection),
}

/// Why signatures do not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rejection {
    /// A signature is invalid, or there are too few.
    Signature,
    /// Something is not what was announced.
    Hash,
    /// Something is past its end.
    Expired,
    /// Something is older than what was seen before.
    RolledBack,
    /// It is signed by nobody who counts.
    UnknownKey,
    /// The root of trust is not accepted.
    RootUntrusted,
    /// The root of trust was replaced without its own consent.
    RootChanged,
    /// The signature is of another image.
    OtherImage,
    /// Too few of those who count signed, or one who must is missing.
    Threshold,
    /// The transparency log does not vouch for it.
    Log,
    /// Something is malformed.
    Malformed,
    /// Policy demands what cannot be checked here.
    Unverifiable,
}

/// A verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The state.
    pub state: State,
    /// Whether the rule only tries out what it would do.
    pub dry_run: bool,
    /// Why, in sentences, the decisive ones first; they may quote tags and names from outside, so escape them when shown.
    pub reasons: Vec<String>,
    /// What it rests on: files, keys and digests.
    pub basis: Vec<Basis>,
    /// Everything it rests on that ends, soonest first.
    pub expiries: Vec<Expiry>,
    /// When it must be looked at again, at the latest.
    pub look_again: Timestamp,
}

impl State {
    /// The state in one word, for machines.
    pub fn name(self) -> &'static str {
        match self {
            State::Trusted => "trusted",
            State::Stale => "stale",
            State::Exempt => "exempt",
            State::LocalBuild => "local_build",
            State::Unsigned => "unsigned",
            State::Unreachable => "unreachable",
            State::NoAccess => "no_access",
            State::NotReleased => "not_released",
            State::Drifted => "drifted",
            State::Rejected(_) => "rejected",
        }
    }

    /// Whether those whose word is needed gave it, now or when they were last heard.
    pub fn is_vouched_for(self) -> bool {
        matches!(self, State::Trusted | State::Stale)
    }
}
