//! Which root certificates an administrator accepts for a repository.

use super::key::{Key, long_enough};
use crate::certificate::{Certificate, SignedWith};
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeMap;

/// What was decided beforehand about roots; the first of the three that speaks of a repository decides alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustPinning {
    /// Ids of root certificates, by repository or by a prefix that ends in `*`; the exact name first, then the longest prefix.
    pub certificates: BTreeMap<String, Vec<String>>,
    /// Authorities in PEM that must have issued the root's certificate, by prefix of the repository; the longest counts.
    pub authorities: BTreeMap<String, String>,
    /// Whether a repository nobody pinned is refused when it is first seen.
    pub refuse_first_use: bool,
}

/// What made us accept a root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchor {
    /// Its certificate is pinned, by the entry named.
    Certificate(String),
    /// A pinned authority issued it, by the entry named.
    Authority(String),
    /// Nothing was known of the repository: the first root seen was believed.
    FirstUse,
    /// It continues the root that was trusted before.
    Remembered,
}

/// The rule that decides about one repository's root.
pub(super) enum Rule<'a> {
    Certificates(&'a str, &'a [String]),
    Authorities(&'a str, &'a str),
    None,
}

impl TrustPinning {
    pub(super) fn rule(&self, gun: &str) -> Rule<'_> {
        if let Some((name, ids)) = self.certificates.get_key_value(gun) {
            return Rule::Certificates(name, ids);
        }
        let wildcard = |name: &str| {
            name.strip_suffix('*')
                .is_some_and(|prefix| gun.starts_with(prefix))
        };
        let longest = self
            .certificates
            .iter()
            .filter(|(name, _)| wildcard(name))
            .max_by_key(|(name, _)| name.len());
        if let Some((name, ids)) = longest {
            return Rule::Certificates(name, ids);
        }
        let longest = self
            .authorities
            .iter()
            .filter(|(prefix, _)| gun.starts_with(prefix.as_str()))
            .max_by_key(|(prefix, _)| prefix.len());
        match longest {
            Some((prefix, pem)) => Rule::Authorities(prefix, pem),
            None => Rule::None,
        }
    }
}

/// Whether `leaf` chains up to one of `authorities` through some of `between`, all valid at `now`.
///
/// Any purpose will do: Notary makes leaves for code signing, and its own check, which wants TLS servers, refuses those.
pub(super) fn is_issued_under(
    leaf: &Certificate,
    between: &[Certificate],
    authorities: &[Certificate],
    now: Timestamp,
) -> bool {
    let authorities: Vec<_> = authorities
        .iter()
        .filter(|authority| is_acceptable(authority, Some(now)) && authority.is_valid_at(now))
        .collect();
    let mut used = vec![false; between.len()];
    leaf.is_valid_at(now)
        && !leaf.demands_unknown()
        && climbs(leaf, 0, between, &mut used, &authorities, now)
}

/// The longest chain of authorities that is followed.
const DEEPEST: usize = 8;

fn climbs(
    from: &Certificate,
    below: usize,
    between: &[Certificate],
    used: &mut [bool],
    authorities: &[&Certificate],
    now: Timestamp,
) -> bool {
    let arrived = |authority: &&Certificate| {
        from.der() == authority.der() || from.is_issued_by(authority, below)
    };
    if authorities.iter().any(arrived) {
        return true;
    }
    if below >= DEEPEST {
        return false;
    }
    for at in 0..between.len() {
        let next = &between[at];
        if used[at] || !next.is_valid_at(now) || !from.is_issued_by(next, below) {
            continue;
        }
        // Never given back: a certificate that did not lead up from here leads up from nowhere worth the time.
        used[at] = true;
        if climbs(next, below + 1, between, used, authorities, now) {
            return true;
        }
    }
    false
}

/// Whether a certificate may take part at all: not over SHA-1, no short RSA key, and valid at `now` where that is asked.
///
/// One that becomes valid within a day is accepted, since clocks differ.
pub(super) fn is_acceptable(certificate: &Certificate, now: Option<Timestamp>) -> bool {
    let in_time = now.is_none_or(|now| {
        let tomorrow = now.checked_add(24.hours()).unwrap_or(Timestamp::MAX);
        certificate.not_before() <= tomorrow && now <= certificate.not_after()
    });
    in_time
        && certificate.not_before() <= certificate.not_after()
        && certificate.signed_with() != SignedWith::Sha1
        && long_enough(certificate.key())
}

/// Whether a certificate's common name allows it to be the root of `gun`: the name itself, or a prefix of it and `*`.
pub(super) fn names(common_name: &str, gun: &str) -> bool {
    match common_name.ends_with('*') {
        true => gun.starts_with(common_name.trim_end_matches('*')),
        false => common_name == gun,
    }
}

/// A root key's certificate with the authorities bundled behind it.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    pub leaf: Certificate,
    pub between: Vec<Certificate>,
}

impl Chain {
    /// Reads a root key's bundle: exactly one certificate that is no authority, and that first.
    pub fn of(key: &Key) -> Option<Self> {
        let mut certificates = key.certificates()?;
        let leaves = certificates
            .iter()
            .filter(|certificate| !certificate.is_authority())
            .count();
        if leaves != 1 || certificates[0].is_authority() {
            return None;
        }
        let between = certificates.split_off(1);
        let leaf = certificates.pop()?;
        Some(Chain { leaf, between })
    }

    /// The key that signs with this chain.
    pub fn key(&self) -> Option<Key> {
        Key::of_chain(&self.leaf, &self.between)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_common_name_stands_for_itself_or_for_what_its_star_leaves_open() {
        assert!(names("host/team/app", "host/team/app"));
        assert!(names("host/team/*", "host/team/app"));
        assert!(!names("host/team/*", "host/other/app"));
        assert!(!names("host/team/app", "host/team/app2"));
        assert!(!names("", "host/team/app"));
    }

    #[test]
    fn the_most_exact_pin_decides() {
        let ids = |id: &str| vec![id.to_owned()];
        let pinning = TrustPinning {
            certificates: [
                ("host/*".to_owned(), ids("wide")),
                ("host/team/*".to_owned(), ids("narrow")),
                ("host/team/app".to_owned(), ids("exact")),
            ]
            .into(),
            authorities: [("host/".to_owned(), String::new())].into(),
            refuse_first_use: false,
        };
        let chosen = |gun: &str| match pinning.rule(gun) {
            Rule::Certificates(_, ids) => ids[0].clone(),
            Rule::Authorities(prefix, _) => prefix.to_owned(),
            Rule::None => "none".to_owned(),
        };
        assert_eq!(chosen("host/team/app"), "exact");
        assert_eq!(chosen("host/team/other"), "narrow");
        assert_eq!(chosen("host/x"), "wide");
        assert_eq!(chosen("elsewhere/x"), "none");
    }
}
