//! Evidence, policy and a clock in, a reasoned verdict out.

pub mod certificate;
pub mod digest;
pub mod json;
pub mod key;
pub mod notary;
mod pem;
