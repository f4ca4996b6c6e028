//! SQLite's file format, as much of it as the table `Packages` needs: a tree of pages, and rows that run over onto more of them.
//!
//! Read here and not through SQLite, since that wants a file, a lock and C, and images hold whatever somebody put there.

use super::bytes::Bytes;
use crate::package::Unreadable;

pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";
const LEAF: u8 = 0x0d;
const INTERIOR: u8 = 0x05;

/// Every header of the database.
pub(super) fn headers(all: &[u8]) -> Result<Vec<Vec<u8>>, Unreadable> {
    let file = File::read(all)?;
    let mut root = None;
    for row in file.rows(1)? {
        let columns = file.columns(&row)?;
        let text = |nth: usize| columns.get(nth).copied().unwrap_or_default();
        if text(0) == b"table" && text(1) == b"Packages" {
            root = Some(number(text(3)));
        }
    }
    let root = root.ok_or_else(|| file.bytes.damaged(0, "it has no table `Packages`"))?;
    let mut headers = Vec::new();
    for row in file.rows(root)? {
        let columns = file.columns(&row)?;
        let blob = columns.get(1).ok_or_else(|| {
            file.bytes
                .damaged(0, "a row of `Packages` has no second column")
        })?;
        headers.push(blob.to_vec());
    }
    Ok(headers)
}

/// A big-endian integer column; what is none is no page either.
fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0_usize, |sum, byte| {
        sum.saturating_mul(256).saturating_add(usize::from(*byte))
    })
}

struct File<'a> {
    bytes: Bytes<'a>,
    page: usize,
    /// Bytes of a page that hold data.
    usable: usize,
    pages: usize,
}

impl<'a> File<'a> {
    fn read(all: &'a [u8]) -> Result<Self, Unreadable> {
        let bytes = Bytes {
            all,
            format: "RPM database (SQLite)",
            big_endian: true,
        };
        let page = match bytes.short(16)? {
            1 => 65536,
            size => size,
        };
        let reserved = usize::from(bytes.byte(20)?);
        if !page.is_power_of_two() || page < 512 || page - reserved < 480 {
            return Err(bytes.damaged(16, "no page has this size"));
        }
        let stated = bytes.long(28)?;
        let pages = all.len() / page;
        if stated > pages {
            return Err(bytes.damaged(
                all.len(),
                &format!("it ends after {pages} pages and says it has {stated}"),
            ));
        }
        Ok(Self {
            bytes,
            page,
            usable: page - reserved,
            pages,
        })
    }

    fn start(&self, page: usize) -> Result<usize, Unreadable> {
        if page == 0 || page > self.pages {
            return Err(self.bytes.damaged(0, &format!("it has no page {page}")));
        }
        Ok((page - 1) * self.page)
    }

    /// The rows of a table, in the order of its tree.
    fn rows(&self, root: usize) -> Result<Vec<Vec<u8>>, Unreadable> {
        let mut rows = Vec::new();
        let mut total = 0;
        let mut waiting = vec![root];
        let mut seen = 0;
        while let Some(page) = waiting.pop() {
            seen += 1;
            let start = self.start(page)?;
            if seen > self.pages {
                return Err(self.bytes.damaged(start, "its pages form a ring"));
            }
            let head = if page == 1 { start + 100 } else { start };
            let cells = self.bytes.short(head + 3)?;
            match self.bytes.byte(head)? {
                LEAF => {
                    for nth in 0..cells {
                        let cell = start + self.bytes.short(head + 8 + nth * 2)?;
                        let row = self.payload(cell)?;
                        total += row.len();
                        if total > self.bytes.all.len() {
                            return Err(self.bytes.damaged(cell, "its rows overlap"));
                        }
                        rows.push(row);
                    }
                }
                INTERIOR => {
                    waiting.push(self.bytes.long(head + 8)?);
                    for nth in (0..cells).rev() {
                        let cell = start + self.bytes.short(head + 12 + nth * 2)?;
                        waiting.push(self.bytes.long(cell)?);
                    }
                }
                _ => return Err(self.bytes.damaged(head, "here should be a page of a table")),
            }
            if waiting.len() > self.pages {
                return Err(self.bytes.damaged(head, "it has more branches than pages"));
            }
        }
        Ok(rows)
    }

    /// The payload of a leaf's cell, gathered from the pages that it runs over onto.
    fn payload(&self, cell: usize) -> Result<Vec<u8>, Unreadable> {
        let (length, at) = self.varint(cell)?;
        let (_, at) = self.varint(at)?;
        let most = self.usable - 35;
        if length > self.bytes.all.len() {
            return Err(self.bytes.damaged(cell, "a row is longer than the file"));
        }
        if length <= most {
            return self.bytes.slice(at, length).map(<[u8]>::to_vec);
        }
        let least = (self.usable - 12) * 32 / 255 - 23;
        let fitting = least + (length - least) % (self.usable - 4);
        let local = if fitting <= most { fitting } else { least };
        let mut payload = self.bytes.slice(at, local)?.to_vec();
        let mut next = self.bytes.long(at + local)?;
        while payload.len() < length {
            let start = self.start(next)?;
            let part = (length - payload.len()).min(self.usable - 4);
            payload.extend_from_slice(self.bytes.slice(start + 4, part)?);
            next = self.bytes.long(start)?;
        }
        Ok(payload)
    }

    /// The columns of a row, as bytes.
    fn columns<'r>(&self, row: &'r [u8]) -> Result<Vec<&'r [u8]>, Unreadable> {
        let row = Bytes {
            all: row,
            ..self.bytes
        };
        let (head, mut at) = varint(&row, 0)?;
        let mut data = head;
        let mut columns = Vec::new();
        while at < head {
            let (kind, next) = varint(&row, at)?;
            let length = match kind {
                0 | 8..=11 => 0,
                1..=4 => kind,
                5 => 6,
                6 | 7 => 8,
                kind => (kind - 12) / 2,
            };
            columns.push(row.slice(data, length)?);
            data += length;
            at = next;
        }
        Ok(columns)
    }

    fn varint(&self, at: usize) -> Result<(usize, usize), Unreadable> {
        varint(&self.bytes, at)
    }
}

/// A number of one to nine bytes, and where it ends.
fn varint(bytes: &Bytes, mut at: usize) -> Result<(usize, usize), Unreadable> {
    let mut number = 0_u64;
    for nth in 0..9 {
        let byte = bytes.byte(at)?;
        at += 1;
        if nth == 8 {
            number = number << 8 | u64::from(byte);
            break;
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte < 0x80 {
            break;
        }
    }
    let number = usize::try_from(number).map_err(|_| bytes.damaged(at, "a number does not fit"))?;
    Ok((number, at))
}
