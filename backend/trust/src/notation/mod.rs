//! Notary Project signatures (notation): envelopes, certificates and the trust policy they are judged under.
//!
//! Follows the specifications of the Notary Project, version 1.1, and the verdicts of notation-go where those leave room. A result of
//! a policy that only logs, or checks nothing, is told as what it is: [`Outcome::Verified`] carries what was logged, and
//! [`Outcome::Skipped`] is no verification.

mod chain;
mod cose;
mod envelope;
mod identity;
mod jws;
mod policy;
mod verify;

pub use envelope::{Scheme, Target};
pub use identity::{BadIdentity, Identity};
pub use policy::{
    Action, BadPolicy, Level, TimestampUse, TrustPolicy, TrustPolicyDocument, TrustStoreKind,
    TrustStores,
};
pub use verify::{Check, Failure, FailureClass, Outcome, Progress, Request, Verified, verify};
