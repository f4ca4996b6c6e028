//! Layers in, inventory out; inventory and advisories in, findings out.
//!
//! Opens nothing: bytes and values come in, values go out.

mod advisory;
pub mod apk;
pub mod dpkg;
pub mod installed;
pub mod inventory;
pub mod layers;
pub mod lock;
pub mod matching;
pub mod os_release;
mod package;
pub mod rpm;
pub mod version;
pub mod zip;

pub use advisory::{Advisory, Affected, Event, Named, NoAdvisory, Range, Vector};
pub use package::{Kind, Origin, Package, Source, Unreadable};
