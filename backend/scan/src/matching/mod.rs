//! Which advisories apply to a package: pure, and the same answer whichever way the advisories are kept.
//!
//! [`keys`] says what to look a package up under, [`judge`] what an advisory found there says of it, and [`Index`] does both over
//! advisories in memory.

mod ecosystem;
mod evaluate;
mod index;
mod keys;
mod severity;
mod state;
mod unite;

pub use evaluate::{Verdict, evaluate};
pub use index::{Finding, Index, Outcome};
pub use keys::{Key, Unmatched, keys};
pub use severity::{Rating, Severity, rate};
pub use state::{FixState, fix_state};
pub use unite::unite;

use crate::{
    advisory::{Advisory, Affected},
    version::Version,
};

/// What an advisory says of a package that was looked up under a key.
///
/// An advisory may list a package more than once; it is affected where any entry says so. One that could tell nothing counts only
/// where none says that it is affected.
#[must_use]
pub fn judge(advisory: &Advisory, key: &Key) -> Verdict {
    let names = |affected: &&Affected| {
        affected
            .package
            .as_ref()
            .is_some_and(|named| key.names(named))
    };
    let version = key.scheme.parse(&key.version);
    judge_entries(
        advisory,
        key,
        version.as_ref(),
        advisory.affected.iter().filter(names),
    )
}

/// The same for entries that are known to be the key's, with its version read once for all of them.
fn judge_entries<'a>(
    advisory: &Advisory,
    key: &Key,
    version: Option<&Version>,
    entries: impl Iterator<Item = &'a Affected>,
) -> Verdict {
    let mut verdict = Verdict::NotAffected;
    if advisory.withdrawn.is_some() || !key.is_same_stream(&advisory.summary) {
        return verdict;
    }
    for affected in entries.filter(|affected| key.is_among(affected)) {
        let found = match evaluate::hold(key.scheme, &key.version, version, affected) {
            Verdict::Affected { fixed: Some(fixed) } if !key.is_same_build(&fixed) => {
                Verdict::NotAffected
            }
            found => found,
        };
        verdict = match (verdict, found) {
            (verdict, Verdict::NotAffected) => verdict,
            (Verdict::NotAffected, found) => found,
            (verdict, Verdict::CannotTell) => verdict,
            // Of several fixes of one advisory the last holds: an earlier one may be of another stream, or incomplete.
            (Verdict::Affected { fixed: earlier }, Verdict::Affected { fixed }) => {
                Verdict::Affected {
                    fixed: evaluate::later(key.scheme, earlier, fixed),
                }
            }
            (Verdict::CannotTell, found) => found,
        };
    }
    verdict
}
