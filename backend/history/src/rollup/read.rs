//! Columns back into buckets, a life at a time.

use super::{
    Bucket, COUNTERS, GAUGES,
    pack::{GROWTH, LEVEL, joined, joined_growth},
};
use crate::{
    DecodeError, Life,
    bytes::Cursor,
    column,
    format::{self, Front, Header, Kind},
    presence,
    query::Selection,
    tier::Tier,
};
use plimsoll_shared::UnixMs;
use std::ops::Range;

/// What the front of packed roll-ups says; the blocks may lie elsewhere.
#[derive(Debug, Clone)]
pub struct Index {
    front: Front,
    tier: Tier,
}

impl Index {
    /// Reads the front, which may be followed by blocks.
    ///
    /// # Errors
    /// When it is not the whole and unchanged front of roll-ups.
    pub fn open(bytes: &[u8]) -> Result<Self, DecodeError> {
        Self::split(bytes).map(|(index, _)| index)
    }

    fn split(bytes: &[u8]) -> Result<(Self, &[u8]), DecodeError> {
        let (front, cursor, rest) = Front::open(Kind::Rollups, bytes)?;
        cursor.end("what follows the front")?;
        let tier =
            Tier::of_number(front.header.detail).ok_or(DecodeError::Malformed("the tier"))?;
        Ok((Self { front, tier }, rest))
    }

    /// The tier.
    #[must_use]
    pub fn tier(&self) -> Tier {
        self.tier
    }

    /// Counts and time range.
    #[must_use]
    pub fn header(&self) -> Header {
        self.front.header
    }

    /// The lives that have buckets, ascending.
    pub fn lives(&self) -> impl ExactSizeIterator<Item = Life> + '_ {
        self.front.index.iter().map(|entry| entry.life)
    }

    /// Where a life's block lies in the one piece that begins with the front.
    #[must_use]
    pub fn block(&self, life: Life) -> Option<Range<usize>> {
        self.front.entry(life).map(|entry| entry.range.clone())
    }

    /// The buckets of a life out of its block, with their starts, oldest first; empty when the index does not name it.
    ///
    /// # Errors
    /// When the block is not the one that was written with this front.
    pub fn read(&self, life: Life, block: &[u8]) -> Result<Vec<(UnixMs, Bucket)>, DecodeError> {
        self.select(life, block, Selection::ALL)
    }

    /// As [`Index::read`], but only what is `wanted` of the buckets.
    ///
    /// # Errors
    /// As [`Index::read`].
    pub fn select(
        &self,
        life: Life,
        block: &[u8],
        wanted: Selection,
    ) -> Result<Vec<(UnixMs, Bucket)>, DecodeError> {
        let Some(entry) = self.front.entry(life) else {
            return Ok(Vec::new());
        };
        let mut cursor = entry.check(block)?;
        let there = presence::get(&mut cursor, self.front.instants.len())?;
        let starts = self.front.instants.iter().zip(there);
        let starts: Vec<i64> = starts
            .filter_map(|(at, there)| there.then_some(*at))
            .collect();
        let count = starts.len();
        let readings = column::get(&mut cursor, count)?;
        let covered = column::get(&mut cursor, count)?;
        let mut buckets: Vec<Bucket> = readings
            .into_iter()
            .zip(covered)
            .map(|(n, covered_ms)| Bucket {
                n,
                covered_ms,
                ..Bucket::default()
            })
            .collect();
        let fields = presence::get_fields(&mut cursor, GAUGES + COUNTERS, count)?;
        let (gauges, counters) = fields.split_at(GAUGES);
        for (gauge, has) in gauges.iter().enumerate() {
            if !wanted.gauge(gauge) {
                skip(&mut cursor, has, LEVEL)?;
                continue;
            }
            fill(&mut cursor, &mut buckets, has, |bucket, columns| {
                bucket.levels[gauge] = Some(joined(bucket, gauge, columns));
            })?;
        }
        for (counter, has) in counters.iter().enumerate() {
            if !wanted.counter(counter) {
                skip(&mut cursor, has, GROWTH)?;
                continue;
            }
            fill(&mut cursor, &mut buckets, has, |bucket, columns| {
                bucket.growths[counter] = Some(joined_growth(bucket, columns));
            })?;
        }
        cursor.end("what follows a life's columns")?;
        Ok(starts.into_iter().map(UnixMs).zip(buckets).collect())
    }
}

fn skip(cursor: &mut Cursor<'_>, has: &[bool], columns: usize) -> Result<(), DecodeError> {
    let count = presence::count(has);
    (0..columns).try_for_each(|_| column::skip(cursor, count))
}

fn fill<const N: usize>(
    cursor: &mut Cursor<'_>,
    buckets: &mut [Bucket],
    has: &[bool],
    mut set: impl FnMut(&mut Bucket, [u64; N]),
) -> Result<(), DecodeError> {
    let count = presence::count(has);
    let mut rows = vec![[0; N]; count];
    for column in 0..N {
        for (row, value) in rows.iter_mut().zip(column::get(cursor, count)?) {
            row[column] = value;
        }
    }
    let filled = buckets.iter_mut().zip(has).filter(|(_, has)| **has);
    for ((bucket, _), row) in filled.zip(rows) {
        set(bucket, row);
    }
    Ok(())
}

/// Roll-ups in one piece.
#[derive(Debug, Clone)]
pub struct Rollups<'a> {
    index: Index,
    bytes: &'a [u8],
}

impl<'a> Rollups<'a> {
    /// Reads the front and checks that all blocks are there; each block is checked when it is read.
    ///
    /// # Errors
    /// When the bytes are not whole roll-ups with an unchanged front.
    pub fn open(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let (index, rest) = Index::split(bytes)?;
        format::whole(&index.front, bytes, rest)?;
        Ok(Self { index, bytes })
    }

    /// What the front says.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The buckets of a life, oldest first; empty when it has none.
    ///
    /// # Errors
    /// When the life's block was changed.
    pub fn read(&self, life: Life) -> Result<Vec<(UnixMs, Bucket)>, DecodeError> {
        match self.index.block(life) {
            None => Ok(Vec::new()),
            Some(range) => {
                let block = self.bytes.get(range).ok_or(DecodeError::Truncated)?;
                self.index.read(life, block)
            }
        }
    }
}
