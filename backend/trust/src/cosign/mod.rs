//! cosign signatures and attestations: the classic tags, and Sigstore bundles that refer to an image.
//!
//! With keys everything is checked here. What was signed without keys, by an identity that a certificate authority and a transparency
//! log vouch for, is checked behind one trait, [`Transparency`]: its implementation rests on a young crate that may have to be
//! replaced. An attestation says something about an image; it is never counted as a signature of it.

mod classic;
mod dsse;
mod found;
mod outcome;
mod policy;
mod signer;
mod statement;
mod transparency;
mod verify;

pub use outcome::{Attestation, Fault, FaultClass, Outcome, Signature, Verified};
pub use policy::{Identity, Policy, Signers};
pub use statement::{Provenance, SIGNATURE};
pub use transparency::{
    Artifact, BadRoot, Doubt, DoubtClass, Signer, SigstoreRoot, Transparency, Witnessed,
};
pub use verify::{Progress, Request, verify};
