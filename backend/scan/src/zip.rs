//! ZIP archives in memory: advisory feeds, Java archives, Python wheels.
//!
//! The central directory alone says what is in one; nothing is unpacked before it is asked for, and then up to a limit.

use flate2::read::DeflateDecoder;
use std::io::Read as _;

/// What is wrong with an archive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ZipError {
    /// It does not end like one.
    #[error("this is no ZIP archive: it has no directory at its end")]
    NoDirectory,
    /// Its directory or an entry contradicts itself.
    #[error("the ZIP archive is damaged at byte {at}: {what}")]
    Damaged {
        /// Where.
        at: usize,
        /// What should be there.
        what: &'static str,
    },
    /// It has more entries than are read.
    #[error("the ZIP archive has {found} entries, more than the limit of {limit}")]
    TooManyEntries {
        /// How many it says it has.
        found: usize,
        /// How many are read.
        limit: usize,
    },
    /// An entry is larger unpacked than is read.
    #[error("an entry of the ZIP archive unpacks to more than the limit of {limit} bytes")]
    TooLarge {
        /// How many bytes are read.
        limit: usize,
    },
    /// An entry is encrypted, or packed in a way that is not read.
    #[error(
        "an entry of the ZIP archive is encrypted or packed by method {method}, which is not read"
    )]
    Method {
        /// The number of the method.
        method: u16,
    },
}

/// An entry of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its name, as text; never a path to write to.
    pub name: String,
    method: u16,
    encrypted: bool,
    packed: usize,
    header: usize,
    all: &'a [u8],
}

const END: &[u8] = b"PK\x05\x06";
const END_BYTES: usize = 22;
const CENTRAL: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// The entries of an archive, folders left out.
///
/// # Errors
/// When it is no archive, or has more entries than `limit`.
pub fn entries(all: &[u8], limit: usize) -> Result<Vec<Entry<'_>>, ZipError> {
    let tail = all.len().saturating_sub(END_BYTES + usize::from(u16::MAX));
    let end = all[tail..]
        .windows(END.len())
        .rposition(|window| window == END)
        .ok_or(ZipError::NoDirectory)?
        + tail;
    let found = short(all, end + 10)?;
    let (length, stated) = (long(all, end + 12)?, long(all, end + 16)?);
    if found > limit {
        return Err(ZipError::TooManyEntries { found, limit });
    }
    // What stands before the archive, as in a program that carries one, shifts every place.
    let start = end
        .checked_sub(length)
        .ok_or(damaged(end, "the directory is longer than the file"))?;
    let shift = start
        .checked_sub(stated)
        .ok_or(damaged(end, "the directory is not where it says"))?;
    let mut entries = Vec::new();
    let mut at = start;
    while slice(all, at, 4).is_ok_and(|magic| magic == CENTRAL) {
        if entries.len() >= limit {
            return Err(ZipError::TooManyEntries {
                found: entries.len() + 1,
                limit,
            });
        }
        let (name, extra, comment) = (
            short(all, at + 28)?,
            short(all, at + 30)?,
            short(all, at + 32)?,
        );
        let text = String::from_utf8_lossy(slice(all, at + 46, name)?).into_owned();
        if !text.ends_with('/') {
            entries.push(Entry {
                name: text,
                method: number(all, at + 10)?,
                encrypted: short(all, at + 8)? & 1 == 1,
                packed: long(all, at + 20)?,
                header: long(all, at + 42)?.saturating_add(shift),
                all,
            });
        }
        at += 46 + name + extra + comment;
    }
    Ok(entries)
}

impl Entry<'_> {
    /// The entry's content.
    ///
    /// # Errors
    /// When it is encrypted, damaged, or larger than `limit`.
    pub fn read(&self, limit: usize) -> Result<Vec<u8>, ZipError> {
        if slice(self.all, self.header, 4)? != LOCAL {
            return Err(damaged(
                self.header,
                "an entry is not where the directory says",
            ));
        }
        let (name, extra) = (
            short(self.all, self.header + 26)?,
            short(self.all, self.header + 28)?,
        );
        let packed = slice(self.all, self.header + 30 + name + extra, self.packed)?;
        let mut content = Vec::new();
        let cap = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        match self.method {
            _ if self.encrypted => {
                return Err(ZipError::Method {
                    method: self.method,
                });
            }
            STORED => content.extend_from_slice(&packed[..packed.len().min(limit + 1)]),
            DEFLATED => DeflateDecoder::new(packed)
                .take(cap)
                .read_to_end(&mut content)
                .map(drop)
                .map_err(|_| damaged(self.header, "an entry does not unpack"))?,
            method => return Err(ZipError::Method { method }),
        }
        if content.len() > limit {
            return Err(ZipError::TooLarge { limit });
        }
        Ok(content)
    }
}

const fn damaged(at: usize, what: &'static str) -> ZipError {
    ZipError::Damaged { at, what }
}

fn slice(all: &[u8], at: usize, length: usize) -> Result<&[u8], ZipError> {
    at.checked_add(length)
        .and_then(|end| all.get(at..end))
        .ok_or(damaged(at, "it points past the end of the file"))
}

fn number(all: &[u8], at: usize) -> Result<u16, ZipError> {
    let bytes = slice(all, at, 2)?;
    Ok(u16::from_le_bytes([bytes[0], bytes[1]]))
}

fn short(all: &[u8], at: usize) -> Result<usize, ZipError> {
    number(all, at).map(usize::from)
}

fn long(all: &[u8], at: usize) -> Result<usize, ZipError> {
    let bytes = slice(all, at, 4)?;
    let number = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    usize::try_from(number).map_err(|_| damaged(at, "a number that fits"))
}
