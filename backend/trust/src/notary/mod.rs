//! Docker Content Trust: the metadata of Notary v1, checked as its own client checks it and told in full.
//!
//! [`verify`] is asked again and again with everything the server answered so far; each time it says which files it must see
//! next, until it settles. Where it differs from TUF 1.0 it follows Notary 0.7, whose verdicts its tests hold it to. Stricter
//! than Notary it is in four places: an object that names a key twice is refused, two certificates of one key count once, pins
//! also bind a root that was trusted before they were set, and versions of delegations are remembered like all others.

mod delegations;
mod evidence;
mod fault;
mod fetch;
mod history;
mod key;
mod metadata;
mod parts;
mod pinning;
mod repository;
mod role;
mod root;
mod rotation;
mod seen;
mod signatures;
mod verify;

pub use evidence::{Answer, Evidence, Limits, Remembered, Request, Wanted};
pub use fault::{Fault, FaultClass};
pub use history::{RootVersion, history};
pub use key::Key;
pub use pinning::{Anchor, TrustPinning};
pub use repository::{
    Entry, Repository, RoleState, RootCertificate, SignedTag, TagState, Warning, WarningKind,
};
pub use verify::{Progress, verify};
