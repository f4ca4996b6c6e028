//! Whether a finding can be fixed, in the words that distributions use.

use super::Verdict;
use crate::advisory::Affected;

/// What the one who looks after a package says of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FixState {
    /// A fixed version exists.
    Fixed,
    /// It is affected and not fixed yet.
    Affected,
    /// It will stay as it is.
    WillNotFix,
    /// A fix was put off.
    FixDeferred,
    /// Its release gets no fixes any more.
    EndOfLife,
    /// Nobody has decided yet.
    UnderInvestigation,
    /// The package is there and the flaw is not.
    NotAffected,
    /// The feed does not say.
    Unknown,
}

/// The state of a finding, from the verdict and what an ecosystem adds in its own words.
#[must_use]
pub fn fix_state(verdict: &Verdict, affected: &Affected) -> FixState {
    match verdict {
        Verdict::NotAffected => return FixState::NotAffected,
        Verdict::CannotTell => return FixState::Unknown,
        Verdict::Affected { fixed: Some(_) } => return FixState::Fixed,
        Verdict::Affected { fixed: None } => {}
    }
    let word = ["status", "urgency", "fix_state", "state"]
        .iter()
        .find_map(|key| {
            [&affected.ecosystem_specific, &affected.database_specific]
                .iter()
                .find_map(|more| more.get(key)?.as_str())
        });
    match word
        .unwrap_or_default()
        .to_ascii_lowercase()
        .replace(['-', '_'], " ")
        .as_str()
    {
        "ignored" | "will not fix" | "won't fix" | "wont fix" | "out of support scope" => {
            FixState::WillNotFix
        }
        "deferred" | "fix deferred" | "postponed" => FixState::FixDeferred,
        "end of life" | "eol" => FixState::EndOfLife,
        "needs triage" | "under investigation" | "undetermined" => FixState::UnderInvestigation,
        "not affected" | "dne" => FixState::NotAffected,
        _ => FixState::Affected,
    }
}
