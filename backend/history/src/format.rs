//! The container that every form of history is written in: a header, a front, and a block per life.
//!
//! Little-endian. Varints are LEB128; a zigzag varint is a signed number folded to an unsigned one.
//!
//! | at | bytes | |
//! |---|---|---|
//! | 0 | 4 | `PLHS` |
//! | 4 | 1 | format version, 1 |
//! | 5 | 1 | kind: 1 readings, 2 roll-ups, 3 gaps, 4 tail |
//! | 6 | 2 | detail: of roll-ups the tier's number, else 0 |
//! | 8 | 8 | first instant, milliseconds since 1970, signed |
//! | 16 | 8 | last instant |
//! | 24 | 4 | number of instants (of gaps: of gaps; of a tail: of readings) |
//! | 28 | 4 | number of lives (0 for gaps and tails) |
//! | 32 | 4 | length of the front in bytes |
//! | 36 | 4 | CRC-32 (IEEE) of bytes 0 to 35 and the front |
//! | 40 | | the front |
//! | | | the blocks of the lives, in the order of the index, nothing between or after them |
//!
//! The front of readings and roll-ups is, one after the other:
//!
//! 1. the times: a column of the steps between instants, one fewer than instants, each at least 1;
//! 2. the index: per life, ascending, its number less the number before it (varint; the first as it is), the length of its block
//!    (varint) and the CRC-32 of its block (4 bytes);
//! 3. what the kind adds (see [`crate::chunk`]).
//!
//! A block begins with the life's presence, one place an instant; columns follow, one value for each place that is filled. So one life is
//! read with the front and its own block; the other blocks need not be there. Columns and presence are described in the source
//! of `column` and `presence`.
//!
//! **Limits.** At most 131,072 instants and as many lives; every list in the bytes is checked against these and against the bytes
//! that are left before memory is taken for it.

use crate::{
    DecodeError, Life, PackError,
    bytes::{Cursor, put_count, put_varint},
    column::{self, Shape},
};
use plimsoll_shared::UnixMs;
use std::ops::Range;

/// Length of the header in bytes.
pub const HEADER: usize = 40;
/// The most instants in one chunk, and the most lives.
pub const LIMIT: usize = 1 << 17;

const MAGIC: [u8; 4] = *b"PLHS";
const VERSION: u8 = 1;
/// Number, length and checksum of a life in the index.
const SHORTEST_ENTRY: usize = 6;

/// What a container holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Readings = 1,
    Rollups = 2,
    Gaps = 3,
    Tail = 4,
}

/// What the header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Roll-ups: the tier's number.
    pub(crate) detail: u16,
    /// First instant.
    pub from: UnixMs,
    /// Last instant.
    pub to: UnixMs,
    /// How many instants.
    pub instants: usize,
    /// How many lives.
    pub lives: usize,
}

/// Readings or roll-ups of one host as bytes: a front, and a block per life that can be kept and read on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// Header and front.
    pub front: Vec<u8>,
    /// The lives' blocks, ascending by life.
    pub blocks: Vec<(Life, Vec<u8>)>,
}

impl Packed {
    /// Front and blocks in one piece.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        let mut bytes = self.front;
        for (_, block) in self.blocks {
            bytes.extend(block);
        }
        bytes
    }

    /// Length in one piece.
    #[must_use]
    pub fn size(&self) -> usize {
        self.front.len()
            + self
                .blocks
                .iter()
                .map(|(_, block)| block.len())
                .sum::<usize>()
    }
}

fn fits(what: &'static str, found: usize) -> Result<u32, PackError> {
    u32::try_from(found)
        .ok()
        .filter(|_| found <= LIMIT)
        .ok_or(PackError::TooMany {
            what,
            found,
            limit: LIMIT,
        })
}

/// Puts header and checksum before `front`.
pub(crate) fn seal(kind: Kind, header: &Header, front: &[u8]) -> Result<Vec<u8>, PackError> {
    let instants = fits("instants", header.instants)?;
    let lives = fits("lives", header.lives)?;
    let length = u32::try_from(front.len()).map_err(|_| PackError::TooMany {
        what: "bytes",
        found: front.len(),
        limit: u32::MAX as usize,
    })?;
    let mut out = Vec::with_capacity(HEADER + front.len());
    out.extend(MAGIC);
    out.extend([VERSION, kind as u8]);
    out.extend(header.detail.to_le_bytes());
    out.extend(header.from.0.to_le_bytes());
    out.extend(header.to.0.to_le_bytes());
    out.extend(instants.to_le_bytes());
    out.extend(lives.to_le_bytes());
    out.extend(length.to_le_bytes());
    let mut sum = crc32fast::Hasher::new();
    sum.update(&out);
    sum.update(front);
    out.extend(sum.finalize().to_le_bytes());
    out.extend(front);
    Ok(out)
}

/// Checks header and checksum; gives the header, the front and what follows it.
pub(crate) fn open(kind: Kind, bytes: &[u8]) -> Result<(Header, &[u8], &[u8]), DecodeError> {
    let magic = bytes.get(..4.min(bytes.len())).unwrap_or_default();
    if !MAGIC.starts_with(magic) || bytes.is_empty() {
        return Err(DecodeError::Foreign);
    }
    let mut cursor = Cursor(bytes);
    cursor.take(4)?;
    let version = cursor.u8()?;
    if version > VERSION {
        return Err(DecodeError::Newer {
            found: version,
            known: VERSION,
        });
    }
    let found = cursor.u8()?;
    let detail = u16::from_le_bytes(cursor.array()?);
    let from = UnixMs(i64::from_le_bytes(cursor.array()?));
    let to = UnixMs(i64::from_le_bytes(cursor.array()?));
    let instants = u32::from_le_bytes(cursor.array()?);
    let lives = u32::from_le_bytes(cursor.array()?);
    let length = u32::from_le_bytes(cursor.array()?);
    let expected = u32::from_le_bytes(cursor.array()?);
    let front = cursor.take(usize::try_from(length).map_err(|_| DecodeError::Truncated)?)?;
    let mut sum = crc32fast::Hasher::new();
    sum.update(&bytes[..HEADER - 4]);
    sum.update(front);
    if version != VERSION || sum.finalize() != expected {
        return Err(DecodeError::Checksum("the front"));
    }
    if found != kind as u8 {
        return Err(DecodeError::Kind {
            wanted: kind as u8,
            found,
        });
    }
    let header = Header {
        detail,
        from,
        to,
        instants: bearable("instants", instants)?,
        lives: bearable("lives", lives)?,
    };
    Ok((header, front, cursor.0))
}

fn bearable(what: &'static str, found: u32) -> Result<usize, DecodeError> {
    usize::try_from(found)
        .ok()
        .filter(|count| *count <= LIMIT)
        .ok_or(DecodeError::TooMany {
            what,
            found: found.into(),
            limit: 1 << 17,
        })
}

/// Packs instants, index and blocks; `instants` ascend strictly, `blocks` ascend by life.
pub(crate) fn pack(
    kind: Kind,
    detail: u16,
    instants: &[i64],
    blocks: Vec<(Life, Vec<u8>)>,
    extra: &[u8],
) -> Result<Packed, PackError> {
    let mut front = Vec::new();
    let steps: Vec<u64> = instants
        .windows(2)
        .map(|pair| pair[1].wrapping_sub(pair[0]).cast_unsigned())
        .collect();
    column::put(&mut front, &steps, Shape::Level);
    let mut before = 0;
    for (life, block) in &blocks {
        put_varint(&mut front, life.0.wrapping_sub(before));
        put_count(&mut front, block.len());
        front.extend(crc32fast::hash(block).to_le_bytes());
        before = life.0;
    }
    front.extend(extra);
    let header = Header {
        detail,
        from: UnixMs(instants.first().copied().unwrap_or_default()),
        to: UnixMs(instants.last().copied().unwrap_or_default()),
        instants: instants.len(),
        lives: blocks.len(),
    };
    let front = seal(kind, &header, &front)?;
    Ok(Packed { front, blocks })
}

/// A front, read: the times all lives share, and where each life's block lies.
#[derive(Debug, Clone)]
pub(crate) struct Front {
    pub(crate) header: Header,
    pub(crate) instants: Vec<i64>,
    pub(crate) index: Vec<Entry>,
}

/// A life in the index.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) life: Life,
    /// Where its block lies, counted from the start of the front.
    pub(crate) range: Range<usize>,
    sum: u32,
}

impl Front {
    /// Reads a front; gives besides what the kind added to it and the blocks that follow.
    pub(crate) fn open(kind: Kind, bytes: &[u8]) -> Result<(Self, Cursor<'_>, &[u8]), DecodeError> {
        let (header, front, rest) = open(kind, bytes)?;
        let mut cursor = Cursor(front);
        let steps = column::get(&mut cursor, header.instants.saturating_sub(1))?;
        let mut instants = Vec::with_capacity(header.instants);
        if header.instants > 0 {
            instants.push(header.from.0);
        }
        for step in steps {
            let before = instants.last().copied().unwrap_or_default();
            let next = i64::try_from(i128::from(before) + i128::from(step));
            match next {
                Ok(next) if next > before => instants.push(next),
                _ => return Err(DecodeError::Malformed("a time that does not go on")),
            }
        }
        if instants.last().is_some_and(|last| *last != header.to.0) {
            return Err(DecodeError::Malformed("the last instant"));
        }
        if header.lives > cursor.0.len() / SHORTEST_ENTRY {
            return Err(DecodeError::Truncated);
        }
        let mut index: Vec<Entry> = Vec::with_capacity(header.lives);
        let mut start = bytes.len() - rest.len();
        for _ in 0..header.lives {
            let life = match (index.last(), cursor.varint()?) {
                (None, life) => Some(life),
                (Some(_), 0) => None,
                (Some(before), step) => before.life.0.checked_add(step),
            };
            let life = Life(life.ok_or(DecodeError::Malformed("the order of lives"))?);
            let length = cursor.count("bytes of a block", u32::MAX as usize)?;
            let end = start
                .checked_add(length)
                .ok_or(DecodeError::Malformed("the length of a block"))?;
            let sum = u32::from_le_bytes(cursor.array()?);
            index.push(Entry {
                life,
                range: start..end,
                sum,
            });
            start = end;
        }
        let front = Self {
            header,
            instants,
            index,
        };
        Ok((front, cursor, rest))
    }

    pub(crate) fn entry(&self, life: Life) -> Option<&Entry> {
        let place = self.index.binary_search_by_key(&life, |entry| entry.life);
        self.index.get(place.ok()?)
    }

    /// Length of front and blocks together.
    pub(crate) fn size(&self) -> Option<usize> {
        self.index.last().map(|entry| entry.range.end)
    }
}

impl Entry {
    /// Checks the block's length and checksum.
    pub(crate) fn check<'a>(&self, block: &'a [u8]) -> Result<Cursor<'a>, DecodeError> {
        if block.len() < self.range.len() {
            return Err(DecodeError::Truncated);
        }
        if block.len() != self.range.len() || crc32fast::hash(block) != self.sum {
            return Err(DecodeError::Checksum("a life's block"));
        }
        Ok(Cursor(block))
    }
}

/// Refuses one piece of front and blocks that is not as long as its index says.
pub(crate) fn whole(front: &Front, bytes: &[u8], rest: &[u8]) -> Result<(), DecodeError> {
    let size = front.size().unwrap_or(bytes.len() - rest.len());
    match bytes.len() {
        length if length < size => Err(DecodeError::Truncated),
        length if length > size => Err(DecodeError::Malformed("what follows the last block")),
        _ => Ok(()),
    }
}
