//! Advisories in memory, found by ecosystem and name.

use super::ecosystem::canonical_name;
use super::{FixState, Key, Rating, Unmatched, Verdict, fix_state, judge, keys, rate};
use crate::{advisory::Advisory, os_release::Distribution, package::Package};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Advisories by what they affect. Withdrawn ones are left out: a feed keeps them, an answer does not.
#[derive(Debug, Default)]
pub struct Index {
    advisories: Vec<Advisory>,
    places: HashMap<String, HashMap<String, Vec<usize>>>,
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
        for named in advisory
            .affected
            .iter()
            .filter_map(|affected| affected.package.as_ref())
        {
            let by_name = self.places.entry(named.ecosystem.clone()).or_default();
            let name = canonical_name(&named.ecosystem, &named.name).into_owned();
            let places = by_name.entry(name).or_default();
            if places.last() != Some(&place) {
                places.push(place);
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
        let mut decided = BTreeMap::new();
        for key in keys {
            let places: BTreeSet<usize> = key
                .ecosystems()
                .filter_map(|ecosystem| self.places.get(ecosystem)?.get(&key.name))
                .flatten()
                .copied()
                .collect();
            for place in places {
                let advisory = &self.advisories[place];
                decided
                    .entry((advisory.id.as_str(), place))
                    .or_insert_with(|| (advisory, key, judge(advisory, key)));
            }
        }
        let mut outcome = Outcome {
            findings: Vec::new(),
            unclear: Vec::new(),
        };
        for (advisory, key, verdict) in decided.into_values() {
            let Verdict::Affected { fixed } = &verdict else {
                if verdict == Verdict::CannotTell {
                    outcome.unclear.push(advisory);
                }
                continue;
            };
            let affected = advisory.affected.iter().find(|affected| {
                affected
                    .package
                    .as_ref()
                    .is_some_and(|named| key.names(named))
            });
            let Some(affected) = affected else { continue };
            outcome.findings.push(Finding {
                advisory,
                fixed: fixed.clone(),
                state: fix_state(&verdict, affected),
                rating: rate(advisory, affected),
            });
        }
        outcome
    }
}
