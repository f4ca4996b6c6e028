//! Whose word the images of which repositories need.

use super::System;
use crate::cosign;
use std::fmt;

/// The rules, of which the most exact one that speaks of a repository decides alone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Policy(pub Vec<Rule>);

/// What the images of some repositories need.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The repositories.
    pub pattern: Pattern,
    /// How seriously it is meant.
    pub mode: Mode,
    /// Whether one of the systems below is enough.
    pub need: Need,
    /// Whose word Notary's trust data must carry, if it is asked.
    pub notary: Option<NotarySigners>,
    /// Whose cosign signatures count, if cosign is asked.
    pub cosign: Option<cosign::Policy>,
    /// Whether notation is asked; whose signatures count stands in its own `trustpolicy.json`.
    pub notation: bool,
}

/// Repositories: one in full, or all that begin with what stands before a final `*`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pattern {
    prefix: String,
    open: bool,
}

/// How seriously a rule is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// Its verdicts count.
    Enforce,
    /// Its verdicts are shown as what would be.
    DryRun,
    /// Nothing is asked; the reason is told with every verdict.
    Exempt(String),
}

/// How many of the systems that are asked must vouch for an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// One of them.
    Any,
    /// All of them.
    All,
}

/// The signers that Notary's trust data must name for a tag, beside whoever releases it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotarySigners {
    /// Those who must be among them.
    pub required: Vec<String>,
    /// How many different ones there must be.
    pub at_least: usize,
}

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the pattern {0:?} must be a repository in full, or a beginning of one and a final *")]
pub struct BadPattern(String);

impl Pattern {
    /// Reads `host/team/app`, `host/team/*` or `*`.
    pub fn read(text: &str) -> Result<Self, BadPattern> {
        let (prefix, open) = match text.strip_suffix('*') {
            Some(prefix) => (prefix, true),
            None => (text, false),
        };
        let complete = open || prefix.contains('/');
        if prefix.contains(['*', '@', ' ']) || !complete || text.is_empty() {
            return Err(BadPattern(text.to_owned()));
        }
        Ok(Pattern {
            prefix: prefix.to_owned(),
            open,
        })
    }

    fn matches(&self, repository: &str) -> bool {
        match self.open {
            true => repository.starts_with(&self.prefix),
            false => repository == self.prefix,
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let star = if self.open { "*" } else { "" };
        write!(formatter, "{}{star}", self.prefix)
    }
}

impl Policy {
    /// The rule for a repository: the one that names it, else the one with the longest beginning.
    pub fn rule_for(&self, repository: &str) -> Option<&Rule> {
        self.0
            .iter()
            .filter(|rule| rule.pattern.matches(repository))
            .max_by_key(|rule| (!rule.pattern.open, rule.pattern.prefix.len()))
    }
}

impl Rule {
    /// The systems that are asked.
    pub fn systems(&self) -> Vec<System> {
        [
            (self.notary.is_some(), System::Notary),
            (self.cosign.is_some(), System::Cosign),
            (self.notation, System::Notation),
        ]
        .into_iter()
        .filter_map(|(asked, system)| asked.then_some(system))
        .collect()
    }
}

impl NotarySigners {
    /// What is missing among `signers`, in a sentence's end.
    pub(super) fn missing(&self, signers: &[String]) -> Option<String> {
        if let Some(missing) = self.required.iter().find(|name| !signers.contains(name)) {
            return Some(format!("{missing} must have signed it and did not"));
        }
        (signers.len() < self.at_least).then(|| {
            format!(
                "{} signers must have signed it, and {} did",
                self.at_least,
                signers.len()
            )
        })
    }
}
