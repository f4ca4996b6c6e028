//! Whose word the images of which repositories need.

use super::System;
use std::fmt;

/// The rules, of which the most exact one that speaks of a repository decides alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy(pub Vec<Rule>);

/// What the images of some repositories need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The repositories.
    pub pattern: Pattern,
    /// How seriously it is meant.
    pub mode: Mode,
    /// Whose word is needed.
    pub need: Need,
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

/// Whose word is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// That of one of these systems.
    Any(Vec<System>),
    /// That of all of them.
    All(Vec<System>),
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

impl Need {
    /// The systems it speaks of.
    pub fn systems(&self) -> &[System] {
        match self {
            Need::Any(systems) | Need::All(systems) => systems,
        }
    }
}
