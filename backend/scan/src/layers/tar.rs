//! The entries of a tar archive, one after the other.
//!
//! Read here because the archives are hostile: two lengths for one entry refuse the archive instead of letting one hide entries from
//! one reader that another sees (RUSTSEC-2025-0111 and its kin), and as in the engine the archive ends at its end mark.

use super::LayerError;
use std::io::{self, Read};

const BLOCK: usize = 512;
/// Bytes of an extension before an entry: long names and PAX records.
const MOST_EXTENSION: u64 = 1 << 20;
/// Extensions before one entry.
const MOST_EXTENSIONS: usize = 16;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryKind {
    File,
    HardLink,
    SymbolicLink,
    Folder,
    /// Devices, pipes, and what is not known.
    Other,
    /// A file with holes, whose content is not read.
    Sparse,
}

/// The head of an entry; its content follows in the stream.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) kind: EntryKind,
    pub(super) name: Vec<u8>,
    pub(super) link: Vec<u8>,
    pub(super) size: u64,
}

pub(super) struct Tar<R> {
    from: R,
    at: u64,
    /// Content of the present entry that was not read, and the filling after it.
    unread: u64,
    filling: u64,
}

/// What extensions say of the entry after them.
#[derive(Default)]
struct Extended {
    name: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    size: Option<u64>,
    sparse: bool,
}

impl<R: Read> Tar<R> {
    pub(super) fn new(from: R) -> Self {
        Self {
            from,
            at: 0,
            unread: 0,
            filling: 0,
        }
    }

    /// The next entry; `None` at the end of the archive.
    pub(super) fn next(&mut self) -> Result<Option<Entry>, LayerError> {
        let mut extended = Extended::default();
        for _ in 0..=MOST_EXTENSIONS {
            self.pass(self.unread.saturating_add(self.filling))?;
            (self.unread, self.filling) = (0, 0);
            let Some(head) = self.head()? else {
                return Ok(None);
            };
            let size =
                number(&head[124..136]).ok_or_else(|| self.damaged("a length is no number"))?;
            match head[156] {
                b'L' => extended.name = Some(self.extension(size)?),
                b'K' => extended.link = Some(self.extension(size)?),
                b'x' => {
                    let records = self.extension(size)?;
                    self.read_records(&records, &mut extended)?;
                }
                b'g' => {
                    let records = self.extension(size)?;
                    let mut global = Extended::default();
                    self.read_records(&records, &mut global)?;
                    if global.size.is_some() || global.name.is_some() || global.link.is_some() {
                        return Err(self.damaged("a global header names or measures entries"));
                    }
                }
                kind => return self.entry(kind, size, &head, extended).map(Some),
            }
        }
        Err(self.damaged("an entry has more than 16 headers"))
    }

    fn entry(
        &mut self,
        kind: u8,
        size: u64,
        head: &[u8; BLOCK],
        extended: Extended,
    ) -> Result<Entry, LayerError> {
        if extended.size.is_some_and(|stated| stated != size) {
            return Err(self.damaged("an entry has two lengths"));
        }
        let kind = match kind {
            _ if extended.sparse => EntryKind::Sparse,
            b'0' | b'\0' | b'7' => EntryKind::File,
            b'1' => EntryKind::HardLink,
            b'2' => EntryKind::SymbolicLink,
            b'5' => EntryKind::Folder,
            b'S' => EntryKind::Sparse,
            _ => EntryKind::Other,
        };
        let name = extended.name.unwrap_or_else(|| {
            let prefix = until_zero(&head[345..500]);
            let name = until_zero(&head[..100]);
            let is_ustar = &head[257..262] == b"ustar" && head[262] == 0;
            if is_ustar && !prefix.is_empty() {
                [prefix, b"/", name].concat()
            } else {
                name.to_vec()
            }
        });
        // A name that ends in a slash is a folder's, whatever its type says; old archives know no other way.
        let kind = match kind {
            EntryKind::File if size == 0 && name.ends_with(b"/") => EntryKind::Folder,
            kind => kind,
        };
        if head[156] == b'S' && head[482] != 0 {
            self.pass_sparse_map()?;
        }
        // Links and folders carry no content, even where their length says so.
        let size = match kind {
            EntryKind::File | EntryKind::Sparse | EntryKind::Other => size,
            EntryKind::HardLink | EntryKind::SymbolicLink | EntryKind::Folder => 0,
        };
        self.unread = size;
        self.filling = filling(size);
        Ok(Entry {
            kind,
            name,
            link: extended
                .link
                .unwrap_or_else(|| until_zero(&head[157..257]).to_vec()),
            size,
        })
    }

    /// The content of the present entry, as a stream of its own.
    pub(super) fn content(&mut self) -> Content<'_, R> {
        Content { tar: self }
    }

    /// The content of the present entry, which must not be longer than `most`.
    pub(super) fn read_content(&mut self, most: u64) -> Result<Vec<u8>, LayerError> {
        let mut bytes = Vec::new();
        let unread = self.unread.min(most);
        let stated = self.unread;
        self.content()
            .take(unread)
            .read_to_end(&mut bytes)
            .map_err(LayerError::from_io)?;
        if (bytes.len() as u64) < stated.min(most) {
            return Err(self.damaged("it ends within an entry"));
        }
        Ok(bytes)
    }

    /// What is left of the stream after the archive's end.
    pub(super) fn into_inner(self) -> R {
        self.from
    }

    fn head(&mut self) -> Result<Option<[u8; BLOCK]>, LayerError> {
        let mut head = [0; BLOCK];
        let read = self.fill(&mut head)?;
        // An end mark is two blocks of zeros; archives that lack it, or half of it, are read all the same.
        if read == 0 || (read == BLOCK && head.iter().all(|byte| *byte == 0)) {
            return Ok(None);
        }
        if read < BLOCK {
            return Err(self.damaged("it ends within a header"));
        }
        let stated = number(&head[148..156]);
        let sum = |signed: bool| {
            head.iter().enumerate().fold(0_i64, |sum, (at, byte)| {
                let byte = if (148..156).contains(&at) {
                    b' '
                } else {
                    *byte
                };
                sum + if signed {
                    i64::from(byte.cast_signed())
                } else {
                    i64::from(byte)
                }
            })
        };
        let matches = |sum: i64| u64::try_from(sum).ok() == stated;
        if matches(sum(false)) || matches(sum(true)) {
            Ok(Some(head))
        } else {
            Err(self.damaged("a header does not have the sum that it states"))
        }
    }

    fn extension(&mut self, size: u64) -> Result<Vec<u8>, LayerError> {
        if size > MOST_EXTENSION {
            return Err(self.damaged("a name or a PAX header is longer than 1 MiB"));
        }
        self.unread = size;
        self.filling = filling(size);
        let mut bytes = self.read_content(size)?;
        if let Some(end) = bytes.iter().position(|byte| *byte == 0)
            && !bytes.contains(&b'=')
        {
            bytes.truncate(end);
        }
        Ok(bytes)
    }

    /// `LENGTH KEY=VALUE\n`, one after the other.
    fn read_records(&self, mut records: &[u8], extended: &mut Extended) -> Result<(), LayerError> {
        let broken = || self.damaged("a PAX record is not as long as it says");
        while !records.is_empty() && records[0] != 0 {
            let space = records
                .iter()
                .position(|byte| *byte == b' ')
                .ok_or_else(broken)?;
            let length: usize = std::str::from_utf8(&records[..space])
                .ok()
                .and_then(|digits| digits.parse().ok())
                .ok_or_else(broken)?;
            let record = records.get(space + 1..length).ok_or_else(broken)?;
            let record = record.strip_suffix(b"\n").ok_or_else(broken)?;
            let equals = record
                .iter()
                .position(|byte| *byte == b'=')
                .ok_or_else(broken)?;
            let (key, value) = (&record[..equals], &record[equals + 1..]);
            match key {
                b"path" => extended.name = Some(value.to_vec()),
                b"linkpath" => extended.link = Some(value.to_vec()),
                b"size" => {
                    let size = std::str::from_utf8(value)
                        .ok()
                        .and_then(|digits| digits.parse().ok());
                    let size = size.ok_or_else(|| self.damaged("a PAX length is no number"))?;
                    if extended
                        .size
                        .replace(size)
                        .is_some_and(|before| before != size)
                    {
                        return Err(self.damaged("an entry has two lengths"));
                    }
                }
                key if key.starts_with(b"GNU.sparse.") => extended.sparse = true,
                _ => {}
            }
            records = &records[length..];
        }
        Ok(())
    }

    /// The map of an old GNU sparse file goes on in blocks of its own.
    fn pass_sparse_map(&mut self) -> Result<(), LayerError> {
        let mut block = [0; BLOCK];
        loop {
            if self.fill(&mut block)? < BLOCK {
                return Err(self.damaged("it ends within a header"));
            }
            if block[504] == 0 {
                return Ok(());
            }
        }
    }

    fn pass(&mut self, bytes: u64) -> Result<(), LayerError> {
        let passed = io::copy(&mut (&mut self.from).take(bytes), &mut io::sink())
            .map_err(LayerError::from_io)?;
        self.at += passed;
        // The filling after the last entry may be missing, its content may not.
        if passed < self.unread {
            return Err(self.damaged("it ends within an entry"));
        }
        Ok(())
    }

    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, LayerError> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.from.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(LayerError::from_io(error)),
            }
        }
        self.at += filled as u64;
        Ok(filled)
    }

    fn damaged(&self, what: &'static str) -> LayerError {
        LayerError::Damaged { at: self.at, what }
    }
}

pub(super) struct Content<'t, R> {
    tar: &'t mut Tar<R>,
}

impl<R: Read> Read for Content<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.tar.unread)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let read = self.tar.from.read(&mut buffer[..most])?;
        if read == 0 && most > 0 {
            return Err(self.tar.damaged("it ends within an entry").into_io());
        }
        self.tar.unread -= read as u64;
        self.tar.at += read as u64;
        Ok(read)
    }
}

fn filling(size: u64) -> u64 {
    let block = BLOCK as u64;
    (block - size % block) % block
}

fn until_zero(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// A number in octal digits, or in base 256 where its first bit is set; `None` when it is negative or does not fit.
fn number(field: &[u8]) -> Option<u64> {
    if field[0] & 0x80 != 0 {
        let (first, rest) = (field[0] & 0x7f, &field[1..]);
        return rest.iter().try_fold(u64::from(first), |sum, byte| {
            sum.checked_mul(256)?.checked_add(u64::from(*byte))
        });
    }
    let digits = field
        .iter()
        .copied()
        .skip_while(|byte| *byte == b' ')
        .take_while(|byte| *byte != 0 && *byte != b' ');
    digits.into_iter().try_fold(0_u64, |sum, byte| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 8)?;
        sum.checked_mul(8)?.checked_add(u64::from(digit))
    })
}
