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
mod outcome;
mod policy;
mod results;
mod verify;

pub use envelope::{Scheme, Target};
pub use identity::{BadIdentity, Identity};
pub use outcome::{Check, Failure, FailureClass, Outcome, Verified};
pub use policy::{
    Action, BadPolicy, Level, TimestampUse, TrustPolicy, TrustPolicyDocument, TrustStoreKind,
    TrustStores,
};
pub use verify::{Progress, Request, verify};
