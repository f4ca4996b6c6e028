//! Evidence, policy and a clock in, a reasoned verdict out.

mod asn1;
pub mod certificate;
pub mod cosign;
pub mod digest;
pub mod json;
pub mod key;
pub mod notary;
pub mod notation;
pub mod oci;
mod pem;
mod timestamp;
