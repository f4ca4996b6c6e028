//! Roots of trust: which one is accepted, and how one follows another.

use super::{
    fault::{Fault, FaultClass},
    key::Key,
    metadata::{Document, FileMeta, Root},
    pinning::{self, Anchor, Chain, Rule, TrustPinning},
    signatures,
};
use crate::certificate::Certificate;
use jiff::Timestamp;
use std::collections::BTreeMap;

const ROLE: &str = "root";

/// A root that was accepted.
#[derive(Debug, Clone)]
pub(super) struct TrustedRoot {
    pub bytes: Vec<u8>,
    pub root: Root,
    /// The certificates of it that we accept, by key id.
    pub certificates: BTreeMap<String, Certificate>,
    pub signed_by: Vec<String>,
    pub anchor: Anchor,
}

/// How a root is looked at.
#[derive(Clone, Copy)]
pub(super) struct Rules<'a> {
    pub gun: &'a str,
    /// What the new root must satisfy beside following the previous one; `None` for one that is a step on the way.
    pub pinning: Option<&'a TrustPinning>,
    /// The lowest version that is no step back.
    pub at_least: u64,
    /// Whether it must not be expired.
    pub current: bool,
    /// Digests that were announced for it.
    pub announced: Option<&'a FileMeta>,
    pub now: Timestamp,
}

/// Accepts `bytes` as the root that follows `previous`, or as the first.
pub(super) fn accept(
    bytes: &[u8],
    previous: Option<&TrustedRoot>,
    rules: Rules<'_>,
) -> Result<TrustedRoot, Fault> {
    let fault = |class, sentence: String| Fault::new(class, ROLE, sentence);
    if let Some(announced) = rules.announced {
        announced
            .check(bytes)
            .map_err(|sentence| fault(FaultClass::Hash, sentence))?;
    }
    let document = Document::read(ROLE, bytes)?;
    let root = Root::read(&document.signed)?;
    let chains = chains(&root);
    let ours = named_for(&chains, rules.gun, Some(rules.now));
    if ours.is_empty() {
        return Err(fault(
            FaultClass::RootUntrusted,
            format!(
                "none of its keys is a valid certificate for {:?}{}",
                rules.gun,
                others(&chains)
            ),
        ));
    }
    if let Some(previous) = previous {
        follows(&document, previous, rules.gun)?;
    }
    let (anchor, accepted) = anchor(&ours, previous.is_some(), rules)?;
    let signed_by = signed_by(&document, &accepted, root.threshold_of(ROLE), rules.now)
        .map_err(|found| fault(FaultClass::RootUntrusted, found.sentence))?;
    if root.common.version < rules.at_least {
        return Err(fault(
            FaultClass::Rollback,
            format!(
                "the server offers version {} and version {} was seen before",
                root.common.version, rules.at_least
            ),
        ));
    }
    if rules.current && root.common.expires < rules.now {
        return Err(fault(
            FaultClass::Expired,
            format!("it expired on {}", root.common.expires),
        ));
    }
    let certificates = accepted
        .into_iter()
        .map(|(id, chain)| (id.to_owned(), chain.leaf.clone()))
        .collect();
    Ok(TrustedRoot {
        bytes: bytes.to_vec(),
        root,
        certificates,
        signed_by,
        anchor,
    })
}

/// Holds a root that was trusted before against the pins of today, which may be newer than it.
pub(super) fn still_pinned(trusted: &TrustedRoot, rules: Rules<'_>) -> Result<(), Fault> {
    let chains = chains(&trusted.root);
    let ours = named_for(&chains, rules.gun, Some(rules.now));
    anchor(&ours, true, rules).map(|_| ())
}

type Chains = BTreeMap<String, Chain>;
type Named<'a> = BTreeMap<&'a str, &'a Chain>;

/// Every root key that is a well-formed certificate bundle, by key id.
fn chains(root: &Root) -> Chains {
    root.keys_of(ROLE)
        .into_values()
        .filter_map(|key| Some((key.id().to_owned(), Chain::of(key)?)))
        .collect()
}

/// Those whose certificate is for `gun` and, where `now` is given, valid then.
fn named_for<'a>(chains: &'a Chains, gun: &str, now: Option<Timestamp>) -> Named<'a> {
    chains
        .iter()
        .filter(|(_, chain)| {
            let name = chain.leaf.common_name().unwrap_or_default();
            pinning::names(&name, gun) && pinning::is_acceptable(&chain.leaf, now)
        })
        .map(|(id, chain)| (id.as_str(), chain))
        .collect()
}

fn others(chains: &Chains) -> String {
    let described = |chain: &Chain| {
        format!(
            "{:?} until {}",
            chain.leaf.common_name().unwrap_or_default(),
            chain.leaf.not_after()
        )
    };
    match chains.values().map(described).collect::<Vec<_>>() {
        list if list.is_empty() => String::new(),
        list => format!("; they are for {}", list.join(", ")),
    }
}

/// Whether enough keys of `previous` signed the new root. Their certificates may have expired since.
fn follows(document: &Document, previous: &TrustedRoot, gun: &str) -> Result<(), Fault> {
    let chains = chains(&previous.root);
    let named = named_for(&chains, gun, None);
    if named.is_empty() {
        return Err(Fault::new(
            FaultClass::RootUntrusted,
            ROLE,
            "the root trusted before has no certificate for this repository",
        ));
    }
    let keys = keys(&named, None);
    let threshold = previous.root.threshold_of(ROLE);
    signatures::count(ROLE, document, &by_id(&keys), threshold)
        .map(|_| ())
        .map_err(|found| {
            let before = previous.root.common.version;
            let sentence = format!(
                "it was not signed by the keys of version {before}, which is trusted: {}",
                found.sentence
            );
            Fault::new(FaultClass::RootRotation, ROLE, sentence)
        })
}

/// What the pins say: why the root may be believed, and which of its keys may speak for it.
fn anchor<'a>(
    ours: &Named<'a>,
    continues: bool,
    rules: Rules<'_>,
) -> Result<(Anchor, Named<'a>), Fault> {
    let untrusted = |sentence: String| Err(Fault::new(FaultClass::RootUntrusted, ROLE, sentence));
    let unpinned = match continues {
        true => Anchor::Remembered,
        false => Anchor::FirstUse,
    };
    let Some(pinning) = rules.pinning else {
        return Ok((unpinned, ours.clone()));
    };
    let keep = |test: &dyn Fn(&Chain) -> bool| -> Named<'a> {
        ours.iter()
            .filter(|(_, chain)| test(chain))
            .map(|(id, chain)| (*id, *chain))
            .collect()
    };
    match pinning.rule(rules.gun) {
        Rule::Certificates(entry, ids) => {
            let kept = keep(&|chain| {
                key_of(chain, Some(rules.now)).is_some_and(|key| ids.iter().any(|id| id == key.id()))
            });
            match kept.is_empty() {
                true => untrusted(format!("no certificate of it is pinned by {entry:?}")),
                false => Ok((Anchor::Certificate(entry.to_owned()), kept)),
            }
        }
        Rule::Authorities(prefix, pem) => {
            let authorities = match Certificate::bundle(pem) {
                Ok(authorities) => authorities,
                Err(error) => {
                    return untrusted(format!("the authority pinned by {prefix:?} is unusable: {error}"));
                }
            };
            let kept = keep(&|chain| {
                let between = valid_between(chain, Some(rules.now));
                pinning::is_issued_under(&chain.leaf, &between, &authorities, rules.now)
            });
            match kept.is_empty() {
                true => untrusted(format!("the authority pinned by {prefix:?} issued no certificate of it")),
                false => Ok((Anchor::Authority(prefix.to_owned()), kept)),
            }
        }
        Rule::None if !continues && pinning.refuse_first_use => untrusted(
            "nothing is pinned for this repository, and believing the first root seen is switched off".to_owned(),
        ),
        Rule::None => Ok((unpinned, ours.clone())),
    }
}

fn signed_by(
    document: &Document,
    accepted: &Named<'_>,
    threshold: u64,
    now: Timestamp,
) -> Result<Vec<String>, Fault> {
    let keys = keys(accepted, Some(now));
    signatures::count(ROLE, document, &by_id(&keys), threshold)
}

/// The authorities of a chain that may take part.
fn valid_between(chain: &Chain, now: Option<Timestamp>) -> Vec<Certificate> {
    let acceptable =
        |authority: &&Certificate| now.is_none() || pinning::is_acceptable(authority, now);
    chain.between.iter().filter(acceptable).cloned().collect()
}

fn key_of(chain: &Chain, now: Option<Timestamp>) -> Option<Key> {
    let valid = Chain {
        leaf: chain.leaf.clone(),
        between: valid_between(chain, now),
    };
    valid.key()
}

fn keys(chains: &Named<'_>, now: Option<Timestamp>) -> Vec<Key> {
    chains
        .values()
        .filter_map(|chain| key_of(chain, now))
        .collect()
}

fn by_id(keys: &[Key]) -> BTreeMap<&str, &Key> {
    keys.iter().map(|key| (key.id(), key)).collect()
}
