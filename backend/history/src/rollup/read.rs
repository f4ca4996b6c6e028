//! Columns back into buckets, a life at a time.

use super::{
    Bucket, COUNTERS, GAUGES, Gauge, Growth, Level,
    fill::at,
    join,
    pack::{GROWTH, LEVEL, joined, joined_growth},
};
use crate::{
    DecodeError, Life,
    bytes::Cursor,
    column,
    format::{self, Front, Header, Kind},
    presence,
    query::Selection,
    tier::{self, Tier},
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
        self.select(life, block, Selection::ALL, 1)
    }

    /// As [`Index::read`], but only what is `wanted`, and summed to buckets of `width_ms`: a whole number of the tier's.
    ///
    /// # Errors
    /// As [`Index::read`].
    pub fn select(
        &self,
        life: Life,
        block: &[u8],
        wanted: Selection,
        width_ms: i64,
    ) -> Result<Vec<(UnixMs, Bucket)>, DecodeError> {
        let Some(entry) = self.front.entry(life) else {
            return Ok(Vec::new());
        };
        let mut cursor = entry.check(block)?;
        let there = presence::get(&mut cursor, self.front.instants.len())?;
        let starts = self.front.instants.iter().zip(&there);
        let starts = starts.filter_map(|(at, there)| there.then_some(UnixMs(*at)));
        let count = presence::count(&there);
        let readings = column::get(&mut cursor, count)?;
        let covered = column::get(&mut cursor, count)?;
        let mut sums = Sums::of(starts, readings, covered, width_ms);
        let fields = presence::get_fields(&mut cursor, GAUGES + COUNTERS, count)?;
        let (gauges, counters) = fields.split_at(GAUGES);
        let mut used: Vec<Option<Level>> = Vec::new();
        for (gauge, has) in gauges.iter().enumerate() {
            if !wanted.gauge(gauge) {
                skip(&mut cursor, has, LEVEL)?;
                continue;
            }
            let is_base = gauge == Gauge::MemoryUsed as usize;
            if is_base && wanted.gauge(Gauge::MemoryRaw as usize) {
                used = vec![None; count];
            }
            let is_raw = gauge == Gauge::MemoryRaw as usize;
            each(&mut cursor, has, |i, columns| {
                let base = used.get(i).copied().flatten().filter(|_| is_raw);
                let level = joined(sums.rows[i].n, base, columns);
                if let Some(used) = used.get_mut(i).filter(|_| is_base) {
                    *used = Some(level);
                }
                join(&mut sums.bucket(i).levels[gauge], level, Level::then);
            })?;
        }
        for (counter, has) in counters.iter().enumerate() {
            if !wanted.counter(counter) {
                skip(&mut cursor, has, GROWTH)?;
                continue;
            }
            each(&mut cursor, has, |i, columns| {
                let row = sums.rows[i];
                let growth = joined_growth(row.n, row.covered_ms, columns);
                join(&mut sums.bucket(i).growths[counter], growth, Growth::then);
            })?;
        }
        cursor.end("what follows a life's columns")?;
        Ok(sums.filled)
    }
}

/// Buckets that several of a life's own may be summed in, so that few are made.
struct Sums {
    filled: Vec<(UnixMs, Bucket)>,
    rows: Vec<Summed>,
}

/// One of the life's own buckets: which sum it belongs to, and what its columns are told by.
#[derive(Clone, Copy)]
struct Summed {
    place: usize,
    n: u64,
    covered_ms: u64,
}

impl Sums {
    fn of(
        starts: impl Iterator<Item = UnixMs>,
        readings: Vec<u64>,
        covered: Vec<u64>,
        width_ms: i64,
    ) -> Self {
        let mut sums = Self {
            filled: Vec::new(),
            rows: Vec::with_capacity(readings.len()),
        };
        for ((start, n), covered_ms) in starts.zip(readings).zip(covered) {
            let sum = at(&mut sums.filled, tier::bucket(start, width_ms));
            sum.n = sum.n.saturating_add(n);
            sum.covered_ms = sum.covered_ms.saturating_add(covered_ms);
            sums.rows.push(Summed {
                place: sums.filled.len() - 1,
                n,
                covered_ms,
            });
        }
        sums
    }

    fn bucket(&mut self, row: usize) -> &mut Bucket {
        &mut self.filled[self.rows[row].place].1
    }
}

fn skip(cursor: &mut Cursor<'_>, has: &[bool], columns: usize) -> Result<(), DecodeError> {
    let count = presence::count(has);
    (0..columns).try_for_each(|_| column::skip(cursor, count))
}

/// Reads so many columns; gives the numbers of each row that has them.
fn each<const N: usize>(
    cursor: &mut Cursor<'_>,
    has: &[bool],
    mut add: impl FnMut(usize, [u64; N]),
) -> Result<(), DecodeError> {
    let count = presence::count(has);
    let mut rows = vec![[0; N]; count];
    for column in 0..N {
        for (row, value) in rows.iter_mut().zip(column::get(cursor, count)?) {
            row[column] = value;
        }
    }
    let places = (0..has.len()).filter(|place| has[*place]);
    for (place, row) in places.zip(rows) {
        add(place, row);
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
