//! Numbers at places of a file that may be damaged.

use crate::package::Unreadable;

/// A file and the name of what it should be.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'a> {
    pub(super) all: &'a [u8],
    pub(super) format: &'static str,
    pub(super) big_endian: bool,
}

impl<'a> Bytes<'a> {
    /// A part of the file.
    pub(super) fn slice(&self, at: usize, length: usize) -> Result<&'a [u8], Unreadable> {
        at.checked_add(length)
            .and_then(|end| self.all.get(at..end))
            .ok_or_else(|| self.damaged(at, "it points past the end of the file"))
    }

    /// One byte.
    pub(super) fn byte(&self, at: usize) -> Result<u8, Unreadable> {
        Ok(self.slice(at, 1)?[0])
    }

    /// Two bytes as a number.
    pub(super) fn short(&self, at: usize) -> Result<usize, Unreadable> {
        let bytes = self.slice(at, 2)?;
        let bytes = [bytes[0], bytes[1]];
        Ok(usize::from(if self.big_endian {
            u16::from_be_bytes(bytes)
        } else {
            u16::from_le_bytes(bytes)
        }))
    }

    /// Four bytes as a number.
    pub(super) fn long(&self, at: usize) -> Result<usize, Unreadable> {
        let bytes = self.slice(at, 4)?;
        let bytes = [bytes[0], bytes[1], bytes[2], bytes[3]];
        let number = if self.big_endian {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        };
        usize::try_from(number).map_err(|_| self.damaged(at, "a number does not fit"))
    }

    /// What is wrong with the file, and where.
    pub(super) fn damaged(&self, at: usize, what: &str) -> Unreadable {
        Unreadable::new(self.format, format!("at byte {at}: {what}"))
    }
}
