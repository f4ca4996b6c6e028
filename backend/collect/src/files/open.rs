//! Reading a kernel file again and again through one open handle.

use std::fs::File;
use std::io::{Error, ErrorKind};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Largest kernel file that is read whole.
const LIMIT: usize = 1024 * 1024;

/// First size of the buffer; grows when a file does not fit.
const FIRST: usize = 4 * 1024;

/// A kernel file kept open.
#[derive(Debug)]
pub(super) struct Kept(File);

impl Kept {
    pub(super) fn open(path: &Path) -> std::io::Result<Self> {
        File::open(path).map(Self)
    }

    /// `None` when the kernel has no such file.
    pub(super) fn open_if_there(path: &Path) -> std::io::Result<Option<Self>> {
        match File::open(path) {
            Ok(file) => Ok(Some(Self(file))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Its present text, for files that the kernel writes as one record: they come whole in one read that fits.
    pub(super) fn text<'b>(&self, buffer: &'b mut Vec<u8>) -> std::io::Result<&'b str> {
        if buffer.len() < FIRST {
            buffer.resize(FIRST, 0);
        }
        let end = loop {
            let end = self.0.read_at(buffer, 0)?;
            if end < buffer.len() {
                break end;
            }
            grow(buffer)?;
        };
        text(&buffer[..end])
    }

    /// Its present text, for files of many records, which may come in pieces.
    pub(super) fn long_text<'b>(&self, buffer: &'b mut Vec<u8>) -> std::io::Result<&'b str> {
        if buffer.len() < FIRST {
            buffer.resize(FIRST, 0);
        }
        let mut end = 0;
        loop {
            let offset = u64::try_from(end).map_err(Error::other)?;
            match self.0.read_at(&mut buffer[end..], offset)? {
                0 => return text(&buffer[..end]),
                more => end += more,
            }
            if end == buffer.len() {
                grow(buffer)?;
            }
        }
    }

    /// The one number in it; `None` when it is `max` or not a number.
    pub(super) fn number(&self, buffer: &mut Vec<u8>) -> std::io::Result<Option<u64>> {
        Ok(self.text(buffer)?.trim_ascii_end().parse().ok())
    }

    /// The one number in it, which must be there.
    pub(super) fn count(&self, buffer: &mut Vec<u8>) -> std::io::Result<u64> {
        self.number(buffer)?
            .ok_or_else(|| Error::new(ErrorKind::InvalidData, "not a number"))
    }
}

fn grow(buffer: &mut Vec<u8>) -> std::io::Result<()> {
    if buffer.len() >= LIMIT {
        return Err(Error::new(
            ErrorKind::FileTooLarge,
            "a kernel file larger than 1 MiB",
        ));
    }
    buffer.resize(buffer.len() * 2, 0);
    Ok(())
}

fn text(bytes: &[u8]) -> std::io::Result<&str> {
    std::str::from_utf8(bytes).map_err(|error| Error::new(ErrorKind::InvalidData, error))
}
