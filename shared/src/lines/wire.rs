//! Lines as few bytes, for the browser.
//!
//! All whole numbers are varints (seven bits a byte, lowest first, the eighth says that more follow), signed ones zigzag; a text is its
//! length and UTF-8; a list is its count and its items; values are IEEE 754, least byte first. In order:
//!
//! 1. the four bytes `PLL` and the version, 1;
//! 2. the first bucket's start (signed), the width of a bucket, how many buckets, the width of stored buckets;
//! 3. the lines, each: whose (text), its name (text), its columns, gaps, begins and wholes.
//!
//! A column: the metric's word (text); the measurements in its newest bucket; a bit a bucket, lowest first, 1 where anything was measured; the
//! means of those, 4 bytes each; a bit for each of those, 1 where smallest and largest are the mean; the smallest of the others; the largest
//! of the others. Values are kept in 4 bytes and come back rounded to hundredths: up to 131,072 they come back as they were.
//!
//! A gap: its start (signed, from the first bucket's), its length, the reason as a byte (0 unknown, 1 host down, 2 container stopped, 3 hub
//! stopped, 4 buffer overflow). A begin: when (signed, from the first bucket's), the container, its name and image (texts), a byte that is 1 for a redeploy. A
//! whole: the metric's word; a byte of marks (1 mean, 2 smallest, 4 largest, 8 total are there, 16 exact); those that are there, 8 bytes each;
//! the percentiles, each a byte that is 1 if it is there and then 8 bytes.

mod read;
mod write;

use super::{Line, Lines};
use crate::{UnixMs, series::GapReason};
use read::Reader;
use std::fmt;
use write::Writer;

/// The form's name in `Content-Type` and `Accept`.
pub const MEDIA_TYPE: &str = "application/vnd.plimsoll.lines";

const MAGIC: &[u8; 3] = b"PLL";
const VERSION: u8 = 1;
/// More buckets than this are not believed.
const MOST_POINTS: u64 = 1 << 16;
const REASONS: [GapReason; 5] = [
    GapReason::Unknown,
    GapReason::HostDown,
    GapReason::ContainerStopped,
    GapReason::HubStopped,
    GapReason::BufferOverflow,
];

/// Why bytes are not lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireError {
    /// They are something else.
    Foreign,
    /// They are of a version that this program does not read.
    Version(u8),
    /// They end too soon.
    Truncated,
    /// Something in them cannot be: what.
    Malformed(&'static str),
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign => f.write_str("the answer is not in the binary form of lines"),
            Self::Version(found) => write!(
                f,
                "the answer is in version {found} of the binary form and this page reads version {VERSION}; load the page again"
            ),
            Self::Truncated => f.write_str("the answer ends too soon"),
            Self::Malformed(what) => write!(f, "the answer is damaged: {what}"),
        }
    }
}

impl std::error::Error for WireError {}

impl Lines {
    /// The lines as bytes; see the module's text for the form.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer(MAGIC.to_vec());
        out.0.push(VERSION);
        out.signed(self.from.0);
        out.whole(self.step_ms.unsigned_abs());
        out.count(self.points);
        out.whole(self.tier_ms.unsigned_abs());
        out.count(self.lines.len());
        for line in &self.lines {
            out.text(&line.of.to_string());
            out.text(&line.name);
            out.count(line.columns.len());
            for column in &line.columns {
                out.column(column, self.points);
            }
            out.count(line.gaps.len());
            for gap in &line.gaps {
                out.signed(gap.from.since(self.from));
                out.whole(gap.to.since(gap.from).unsigned_abs());
                out.0.push(match gap.reason {
                    GapReason::Unknown => 0,
                    GapReason::HostDown => 1,
                    GapReason::ContainerStopped => 2,
                    GapReason::HubStopped => 3,
                    GapReason::BufferOverflow => 4,
                });
            }
            out.count(line.begins.len());
            for begin in &line.begins {
                out.signed(begin.at.since(self.from));
                out.text(begin.container.as_str());
                out.text(&begin.name);
                out.text(&begin.image);
                out.0.push(u8::from(begin.redeployed));
            }
            out.count(line.whole.len());
            for whole in &line.whole {
                out.sum(whole);
            }
        }
        out.0
    }

    /// The lines that [`Lines::encode`] made these bytes of.
    ///
    /// # Errors
    /// When they are not whole, of another version, or something else. Never takes much more memory than a few hundred times the bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut read = Reader(bytes);
        if read.take(MAGIC.len()).ok() != Some(MAGIC) {
            return Err(WireError::Foreign);
        }
        match read.byte()? {
            VERSION => {}
            other => return Err(WireError::Version(other)),
        }
        let from = UnixMs(read.signed()?);
        let step_ms = read.length("the width of a bucket")?;
        let points = read.whole()?;
        if points > MOST_POINTS {
            return Err(WireError::Malformed("the number of buckets"));
        }
        let points = usize::try_from(points).map_err(|_| WireError::Truncated)?;
        let tier_ms = read.length("the width of stored buckets")?;
        let lines = read.list(6, |read| {
            Ok(Line {
                of: read.parsed("whose line it is")?,
                name: read.text()?,
                columns: read.list(3, |read| read.column(points))?,
                gaps: read.list(3, |read| read.gap(from))?,
                begins: read.list(5, |read| read.begin(from))?,
                whole: read.list(3, Reader::sum)?,
            })
        })?;
        if !read.0.is_empty() {
            return Err(WireError::Malformed("what follows the lines"));
        }
        Ok(Self {
            from,
            step_ms,
            points,
            tier_ms,
            lines,
        })
    }
}

#[cfg(test)]
mod tests;
