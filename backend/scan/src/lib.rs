//! Layers in, inventory out; inventory and advisories in, findings out.
//!
//! Opens nothing: bytes and values come in, values go out.

pub mod apk;
pub mod dpkg;
pub mod os_release;
mod package;
pub mod rpm;
pub mod version;

pub use package::{Kind, Package, Source, Unreadable};
