//! Evidence, policy and a clock in, a reasoned verdict out.
//!
//! Nothing is opened here: no file, no connection, no clock. A check of [`notary`], [`cosign`] or [`notation`] is given what was fetched so
//! far and answers either what it must see next, each thing with the most bytes it may have, or its result. The same evidence
//! gives the same result, so that a recorded check can be replayed. [`verdict`] makes one verdict of the three under a policy, and
//! [`dockerfile`] finds the images that a build rests on.
//!
//! Everything that is read comes from outside and may be hostile: parsers refuse what is malformed with a sentence, never panic,
//! and never take more memory than a small multiple of what they were given.

mod asn1;
pub mod certificate;
pub mod cosign;
pub mod digest;
pub mod dockerfile;
pub mod json;
pub mod key;
pub mod notary;
pub mod notation;
pub mod oci;
mod pem;
pub mod reference;
mod timestamp;
pub mod verdict;
