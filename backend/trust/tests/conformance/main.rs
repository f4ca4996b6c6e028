//! Verdicts on the shared vectors, beside those of the real docker, notary, cosign and notation.
//!
//! Reads `$PLIMSOLL_VECTORS/trust`, or the folder `data/trust` of the material beside the project. A set that is not there is said
//! to be absent; a wrong verdict fails.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod cosign;
mod hostile;
mod notary;
mod notation;
mod registry;
mod tally;
mod verdict;
