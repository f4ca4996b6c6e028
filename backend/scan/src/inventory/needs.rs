//! What of an image is kept for its inventory.

use super::is_wanted;
use crate::{
    installed,
    layers::Wanted,
    package::{Package, Unreadable},
};

/// Everything that an inventory needs of a layer: files by their path, and what programs carry of their making.
#[derive(Debug, Clone, Copy, Default)]
pub struct Needs;

/// How what a program carries is kept.
const GO: u8 = b'g';
const RUST: u8 = b'r';
const BROKEN: u8 = b'!';

impl Wanted for Needs {
    fn file(&self, path: &str) -> bool {
        is_wanted(path)
    }

    fn program(&self, program: &[u8]) -> Option<Vec<u8>> {
        match installed::carried(program) {
            Ok(None) => None,
            Ok(Some(installed::Carried::Go { version, modules })) => {
                Some([&[GO], version.as_bytes(), b"\n", modules.as_bytes()].concat())
            }
            Ok(Some(installed::Carried::Rust(list))) => Some([&[RUST], list.as_slice()].concat()),
            Err(error) => Some([&[BROKEN], error.reason.as_bytes()].concat()),
        }
    }

    fn looks_into_programs(&self) -> bool {
        true
    }
}

/// The packages of a program, from what [`Needs`] kept of it.
pub(super) fn of_program(kept: &[u8]) -> Result<Vec<Package>, Unreadable> {
    match kept.split_first() {
        Some((&GO, rest)) => {
            let text = String::from_utf8_lossy(rest);
            let (version, modules) = text.split_once('\n').unwrap_or((&text, ""));
            let carried = installed::Carried::Go {
                version: version.to_owned(),
                modules: modules.to_owned(),
            };
            carried.packages()
        }
        Some((&RUST, rest)) => installed::Carried::Rust(rest.to_vec()).packages(),
        _ => Err(Unreadable::new(
            "build information of a program",
            String::from_utf8_lossy(kept.get(1..).unwrap_or_default()),
        )),
    }
}
