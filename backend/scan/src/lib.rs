//! Layers in, inventory out; inventory and advisories in, findings out.
//!
//! Opens nothing: bytes and values come in, values go out.

pub mod version;
