//! Bytes on their way through a layer: unpacked, counted against the limits, and hashed.

use super::{LayerError, Limit, Limits};
use flate2::bufread::MultiGzDecoder;
use sha2::{Digest as _, Sha256};
use std::{
    cell::Cell,
    fmt::Write as _,
    io::{self, BufRead as _, BufReader, Read},
    rc::Rc,
};

/// Bytes asked for at once.
const BUFFER: usize = 64 << 10;
const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// Counts what passes.
struct Counted<R> {
    from: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.count.set(self.count.get() + read as u64);
        Ok(read)
    }
}

/// The unpacked bytes of a layer, which end in a refusal where they pass a limit.
pub(super) struct Unpacked<'a> {
    from: Box<dyn Read + 'a>,
    packed: Rc<Cell<u64>>,
    unpacked: u64,
    limits: Limits,
    /// Unpacked bytes that the image has left for this layer.
    left: u64,
    hash: Sha256,
}

impl<'a> Unpacked<'a> {
    /// Unpacks what is packed, whatever its media type says, and passes on what is not.
    pub(super) fn new(
        from: impl Read + 'a,
        limits: &Limits,
        left: u64,
    ) -> Result<Self, LayerError> {
        let packed = Rc::new(Cell::new(0));
        let counted = Counted {
            from,
            count: Rc::clone(&packed),
        };
        let mut buffered = BufReader::with_capacity(BUFFER, counted);
        let start = buffered.fill_buf().map_err(LayerError::from_io)?;
        let from: Box<dyn Read + 'a> = if start.starts_with(GZIP) {
            Box::new(MultiGzDecoder::new(buffered))
        } else if start.starts_with(ZSTD) {
            let mut decoder = zstd::Decoder::with_buffer(buffered).map_err(LayerError::Io)?;
            // A frame may ask for a window of gigabytes; 128 MiB is what the command line tool takes unasked.
            decoder.window_log_max(27).map_err(LayerError::Io)?;
            Box::new(decoder)
        } else {
            Box::new(buffered)
        };
        Ok(Self {
            from,
            packed,
            unpacked: 0,
            limits: *limits,
            left,
            hash: Sha256::new(),
        })
    }

    fn refusal(&self) -> Option<Limit> {
        let limits = &self.limits;
        if self.unpacked > limits.layer_bytes {
            Some(Limit::LayerBytes(limits.layer_bytes))
        } else if self.unpacked > self.left {
            Some(Limit::ImageBytes(limits.image_bytes))
        } else if self.unpacked > limits.ratio_after
            && self.unpacked / self.packed.get().max(1) > limits.ratio
        {
            Some(Limit::Ratio(limits.ratio))
        } else {
            None
        }
    }

    /// Reads what is left, and returns the digest of everything with its length.
    pub(super) fn finish(mut self) -> Result<(String, u64), LayerError> {
        let mut buffer = vec![0; BUFFER];
        while self.read(&mut buffer).map_err(LayerError::from_io)? > 0 {}
        Ok((digest(self.hash), self.unpacked))
    }
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.unpacked += read as u64;
        self.hash.update(&buffer[..read]);
        match self.refusal() {
            Some(limit) => Err(LayerError::Refused(limit).into_io()),
            None => Ok(read),
        }
    }
}

/// Hashes what passes.
pub(super) struct Hashed<R> {
    from: R,
    hash: Sha256,
}

impl<R: Read> Hashed<R> {
    pub(super) fn new(from: R) -> Self {
        Self {
            from,
            hash: Sha256::new(),
        }
    }

    /// Reads what is left, and returns the digest of everything.
    pub(super) fn finish(mut self) -> Result<String, LayerError> {
        io::copy(&mut self, &mut io::sink()).map_err(LayerError::from_io)?;
        Ok(digest(self.hash))
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.hash.update(&buffer[..read]);
        Ok(read)
    }
}

fn digest(hash: Sha256) -> String {
    let mut text = String::from("sha256:");
    for byte in hash.finalize() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The digest of bytes that are at hand.
pub(super) fn digest_of(bytes: &[u8]) -> String {
    digest(Sha256::new_with_prefix(bytes))
}
