//! What a compiled program carries of its making: Go's build information, and the list that `cargo auditable` puts in.

use super::{golang, rust};
use crate::package::{Package, Unreadable};

/// What was found in a program, small enough to keep where the program is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carried {
    /// Go's version, then what it knows of the modules.
    Go {
        /// `go1.22.1`.
        version: String,
        /// Lines of tab-separated words.
        modules: String,
    },
    /// The crates as JSON.
    Rust(Vec<u8>),
}

/// What a program carries; `None` for one that carries nothing, or is no program.
///
/// # Errors
/// When it carries something that cannot be read.
pub fn carried(bytes: &[u8]) -> Result<Option<Carried>, Unreadable> {
    if !is_program(bytes) {
        return Ok(None);
    }
    if let Some(list) = rust::find(bytes)? {
        return Ok(Some(Carried::Rust(list)));
    }
    golang::find(bytes)
}

impl Carried {
    /// The packages that the program was built from.
    ///
    /// # Errors
    /// When the list is damaged.
    pub fn packages(&self) -> Result<Vec<Package>, Unreadable> {
        match self {
            Self::Go { version, modules } => Ok(golang::packages(version, modules)),
            Self::Rust(list) => rust::packages(list),
        }
    }
}

/// Whether bytes start like an ELF, PE or Mach-O program.
fn is_program(bytes: &[u8]) -> bool {
    let starts: [&[u8]; 7] = [
        b"\x7fELF",
        b"MZ",
        b"\xfe\xed\xfa\xce",
        b"\xfe\xed\xfa\xcf",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe",
    ];
    starts.iter().any(|start| bytes.starts_with(start))
}
