//! Advisories in memory, found by ecosystem and name.

use super::ecosystem::canonical_name;
use super::{FixState, Key, Rating, Unmatched, Verdict, fix_state, judge_entries, keys, rate};
use crate::{advisory::Advisory, os_release::Distribution, package::Package, version::Version};
use std::collections::{HashMap, HashSet};

/// Advisories by what they affect. Withdrawn ones are left out: a feed keeps them, an answer does not.
#[derive(Debug, Default)]
pub struct Index {
    advisories: Vec<Advisory>,
    /// By ecosystem and name: the advisory's place, and that of the entry within it.
    places: HashMap<String, HashMap<String, Vec<(usize, usize)>>>,
}

/// One advisory that applies to one package.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding<'a> {
    /// The advisory.
    pub advisory: &'a Advisory,
    /// The version that fixes it, as the advisory writes it.
    pub fixed: Option<String>,
    /// Whether it can be fixed.
    pub state: FixState,
    /// How bad it is; `None` when nobody says.
    pub rating: Option<Rating>,
}

/// What advisories say of one package.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome<'a> {
    /// Those that apply, by id.
    pub findings: Vec<Finding<'a>>,
    /// Those of which nobody can tell, because a version in them has no place in the order.
    pub unclear: Vec<&'a Advisory>,
}

impl Index {
    /// Adds an advisory.
    pub fn add(&mut self, advisory: Advisory) {
        if advisory.withdrawn.is_some() {
            return;
        }
        let place = self.advisories.len();
        for (entry, affected) in advisory.affected.iter().enumerate() {
            if let Some(named) = &affected.package {
                let by_name = self.places.entry(named.ecosystem.clone()).or_default();
                let name = canonical_name(&named.ecosystem, &named.name).into_owned();
                by_name.entry(name).or_default().push((place, entry));
            }
        }
        self.advisories.push(advisory);
    }

    /// How many advisories there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.advisories.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.advisories.is_empty()
    }

    /// Whether any advisory speaks of an ecosystem: without one, no finding says nothing.
    #[must_use]
    pub fn covers(&self, ecosystem: &str) -> bool {
        self.places.contains_key(ecosystem)
    }

    /// What the advisories say of a package.
    ///
    /// # Errors
    /// When it cannot be held against advisories, with the reason.
    pub fn matches(
        &self,
        package: &Package,
        distribution: Option<&Distribution>,
    ) -> Result<Outcome<'_>, Unmatched> {
        Ok(self.about(&keys(package, distribution)?))
    }

    /// What the advisories say under some keys; of two keys that one advisory names, the first decides.
    #[must_use]
    pub fn about(&self, keys: &[Key]) -> Outcome<'_> {
        let mut outcome = Outcome {
            findings: Vec::new(),
            unclear: Vec::new(),
        };
        let mut decided = HashSet::new();
        for (nth, key) in keys.iter().enumerate() {
            let version = key.scheme.parse(&key.version);
            let mut here = Vec::new();
            for ecosystem in key.ecosystems() {
                let places = self
                    .places
                    .get(ecosystem)
                    .and_then(|by_name| by_name.get(&key.name));
                here.extend(places.into_iter().flatten().copied());
            }
            here.sort_unstable();
            for entries in here.chunk_by(|this, that| this.0 == that.0) {
                let place = entries[0].0;
                let is_decided = keys.len() > 1 && decided.contains(&place);
                if !is_decided {
                    self.decide(place, entries, key, version.as_ref(), &mut outcome);
                }
                if nth + 1 < keys.len() {
                    decided.insert(place);
                }
            }
        }
        outcome
            .findings
            .sort_by(|this, that| this.advisory.id.cmp(&that.advisory.id));
        outcome.unclear.sort_by(|this, that| this.id.cmp(&that.id));
        outcome
    }

    fn decide<'a>(
        &'a self,
        place: usize,
        entries: &[(usize, usize)],
        key: &Key,
        version: Option<&Version>,
        outcome: &mut Outcome<'a>,
    ) {
        let advisory = &self.advisories[place];
        let affected = || entries.iter().map(|(_, entry)| &advisory.affected[*entry]);
        match judge_entries(advisory, key, version, affected()) {
            Verdict::NotAffected => {}
            Verdict::CannotTell => outcome.unclear.push(advisory),
            verdict @ Verdict::Affected { .. } => {
                let first = &advisory.affected[entries[0].1];
                let state = fix_state(&verdict, first);
                let Verdict::Affected { fixed } = verdict else {
                    return;
                };
                outcome.findings.push(Finding {
                    advisory,
                    fixed,
                    state,
                    rating: rate(advisory, first),
                });
            }
        }
    }
}
