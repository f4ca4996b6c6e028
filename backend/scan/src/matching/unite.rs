//! Findings of one vulnerability under several names, put together.

use std::collections::BTreeMap;

/// Groups advisories that are the same vulnerability: places in the list that share an id or alias, directly or through others.
///
/// `upstream` is no alias: a distribution's advisory that passes on two CVEs does not make them one.
#[must_use]
pub fn unite<'a>(names: impl IntoIterator<Item = (&'a str, &'a [String])>) -> Vec<Vec<usize>> {
    let mut parents: Vec<usize> = Vec::new();
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, (id, aliases)) in names.into_iter().enumerate() {
        parents.push(at);
        for name in aliases.iter().map(String::as_str).chain([id]) {
            match owners.get(name) {
                Some(owner) => {
                    let (this, that) = (root(&parents, at), root(&parents, *owner));
                    parents[this.max(that)] = this.min(that);
                }
                None => {
                    owners.insert(name, at);
                }
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..parents.len() {
        groups.entry(root(&parents, at)).or_default().push(at);
    }
    groups.into_values().collect()
}

fn root(parents: &[usize], mut at: usize) -> usize {
    while parents[at] != at {
        at = parents[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(names: &[(&str, &[&str])]) -> Vec<Vec<usize>> {
        let owned: Vec<(&str, Vec<String>)> = names
            .iter()
            .map(|(id, aliases)| (*id, aliases.iter().map(|&alias| alias.to_owned()).collect()))
            .collect();
        unite(owned.iter().map(|(id, aliases)| (*id, aliases.as_slice())))
    }

    #[test]
    fn names_of_one_vulnerability_are_put_together_through_others() {
        let found = groups(&[
            ("GHSA-1", &["CVE-1"]),
            ("RUSTSEC-2", &["CVE-2"]),
            ("RUSTSEC-1", &["CVE-1", "GHSA-9"]),
            ("GHSA-9", &[]),
        ]);
        assert_eq!(found, [vec![0, 2, 3], vec![1]]);
    }

    #[test]
    fn advisories_that_share_nothing_stay_apart() {
        assert_eq!(
            groups(&[("DSA-1", &[]), ("CVE-1", &[]), ("CVE-2", &[])]).len(),
            3
        );
    }
}
