//! Berkeley DB's hash, the oldest form: pages of keys and values, of which large ones lie on chains of pages of their own.

use super::bytes::Bytes;
use crate::package::Unreadable;

const FORMAT: &str = "RPM database (Berkeley DB)";
const MAGIC: u32 = 0x0006_1561;
const PAGE_HEAD: usize = 26;

const HASH_UNSORTED: u8 = 2;
const OVERFLOW: u8 = 7;
const HASH: u8 = 13;

const INLINE: u8 = 1;
const OFF_PAGE: u8 = 3;

/// Whether the file starts like one, whichever end its numbers begin with.
pub(super) fn is_hash(all: &[u8]) -> bool {
    big_endian(all).is_some()
}

fn big_endian(all: &[u8]) -> Option<bool> {
    let magic: [u8; 4] = all.get(12..16)?.try_into().ok()?;
    match (u32::from_le_bytes(magic), u32::from_be_bytes(magic)) {
        (MAGIC, _) => Some(false),
        (_, MAGIC) => Some(true),
        _ => None,
    }
}

/// Every header of the database.
pub(super) fn headers(all: &[u8]) -> Result<Vec<Vec<u8>>, Unreadable> {
    let bytes = Bytes {
        all,
        format: FORMAT,
        big_endian: big_endian(all).unwrap_or(false),
    };
    let size = bytes.long(20)?;
    if !size.is_power_of_two() || !(512..=65536).contains(&size) {
        return Err(bytes.damaged(20, "no page has this size"));
    }
    if bytes.byte(24)? != 0 {
        return Err(bytes.damaged(24, "it is encrypted"));
    }
    let pages = bytes.long(32)?.saturating_add(1);
    // A file that was cut short lacks packages: say so before reading the rest.
    bytes.slice(0, pages.saturating_mul(size))?;
    let book = Book { bytes, size, pages };
    let mut headers = Vec::new();
    let mut total = 0;
    for page in 1..pages {
        let start = page * size;
        if ![HASH, HASH_UNSORTED].contains(&bytes.byte(start + 25)?) {
            continue;
        }
        let entries = bytes.short(start + 20)?;
        for nth in (1..entries).step_by(2) {
            // The one record that is no package counts them, under the key 0.
            let key = book.inline(start, nth - 1)?;
            if key.iter().all(|byte| *byte == 0) {
                continue;
            }
            let header = book.value(start, nth)?;
            total += header.len();
            if total > all.len() {
                return Err(bytes.damaged(start, "its headers overlap"));
            }
            headers.push(header);
        }
    }
    Ok(headers)
}

struct Book<'a> {
    bytes: Bytes<'a>,
    size: usize,
    pages: usize,
}

impl<'a> Book<'a> {
    /// Where an item of a page lies, without the page's start: items fill the page from its end.
    fn item(&self, start: usize, nth: usize) -> Result<(usize, usize), Unreadable> {
        let index = start + PAGE_HEAD + nth * 2;
        let at = self.bytes.short(index)?;
        let end = match nth {
            0 => self.size,
            _ => self.bytes.short(index - 2)?,
        };
        if PAGE_HEAD <= at && at < end && end <= self.size {
            Ok((at, end))
        } else {
            Err(self.bytes.damaged(index, "an item lies outside its page"))
        }
    }

    /// An item that lies on the page itself, without its type.
    fn inline(&self, start: usize, nth: usize) -> Result<&'a [u8], Unreadable> {
        let (at, end) = self.item(start, nth)?;
        self.bytes.slice(start + at + 1, end - at - 1)
    }

    fn value(&self, start: usize, nth: usize) -> Result<Vec<u8>, Unreadable> {
        let (at, _) = self.item(start, nth)?;
        match self.bytes.byte(start + at)? {
            INLINE => self.inline(start, nth).map(<[u8]>::to_vec),
            OFF_PAGE => {
                let (page, length) = (
                    self.bytes.long(start + at + 4)?,
                    self.bytes.long(start + at + 8)?,
                );
                self.chain(page, length)
            }
            _ => Err(self
                .bytes
                .damaged(start + at, "an item is of no known type")),
        }
    }

    /// A value that lies on a chain of pages.
    fn chain(&self, mut page: usize, length: usize) -> Result<Vec<u8>, Unreadable> {
        let mut value = Vec::new();
        for _ in 0..self.pages {
            let start = page.saturating_mul(self.size);
            if page == 0 || page >= self.pages || self.bytes.byte(start + 25)? != OVERFLOW {
                return Err(self
                    .bytes
                    .damaged(start, "here should be the rest of a header"));
            }
            let used = self.bytes.short(start + 22)?;
            if used > self.size - PAGE_HEAD {
                return Err(self.bytes.damaged(start, "a page holds more than its size"));
            }
            value.extend_from_slice(self.bytes.slice(start + PAGE_HEAD, used)?);
            page = self.bytes.long(start + 16)?;
            if page == 0 || value.len() > length {
                break;
            }
        }
        if value.len() == length {
            Ok(value)
        } else {
            Err(self
                .bytes
                .damaged(page * self.size, "a header is not as long as it says"))
        }
    }
}
