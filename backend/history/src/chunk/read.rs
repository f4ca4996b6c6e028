//! Columns back into readings, a life at a time.

use super::cpu;
use crate::{
    DecodeError, Life,
    bytes::Cursor,
    column,
    format::{self, Front, Header, Kind},
    presence,
    query::Selection,
    row::{ALWAYS, CPU_TOTAL, GROUPS, Row},
};
use plimsoll_shared::{Reading, UnixMs};
use std::ops::Range;

/// More processors than this are not believed.
const PROCESSORS: usize = 1 << 20;

/// What a chunk's front says: the times, and where each life's block is; the blocks may lie elsewhere.
#[derive(Debug, Clone)]
pub struct Index {
    front: Front,
    processors: u64,
    shared: Vec<u64>,
}

impl Index {
    /// Reads the front, which may be followed by blocks.
    ///
    /// # Errors
    /// When it is not the whole and unchanged front of a chunk of readings.
    pub fn open(bytes: &[u8]) -> Result<Self, DecodeError> {
        Self::split(bytes).map(|(index, _)| index)
    }

    fn split(bytes: &[u8]) -> Result<(Self, &[u8]), DecodeError> {
        let (front, mut cursor, rest) = Front::open(Kind::Readings, bytes)?;
        let processors = cursor.count("processors", PROCESSORS)?;
        let shared = column::get(&mut cursor, front.instants.len())?;
        cursor.end("what follows the front")?;
        let index = Self {
            front,
            processors: u64::try_from(processors).unwrap_or(1),
            shared,
        };
        Ok((index, rest))
    }

    /// Counts and time range.
    #[must_use]
    pub fn header(&self) -> Header {
        self.front.header
    }

    /// The instants at which any life has a reading.
    pub fn instants(&self) -> impl ExactSizeIterator<Item = UnixMs> + '_ {
        self.front.instants.iter().map(|at| UnixMs(*at))
    }

    /// The lives that have readings, ascending.
    pub fn lives(&self) -> impl ExactSizeIterator<Item = Life> + '_ {
        self.front.index.iter().map(|entry| entry.life)
    }

    /// Where a life's block lies in the one piece that begins with the front.
    #[must_use]
    pub fn block(&self, life: Life) -> Option<Range<usize>> {
        self.front.entry(life).map(|entry| entry.range.clone())
    }

    /// The readings of a life out of its block, in time order; empty when the index does not name it.
    ///
    /// # Errors
    /// When the block is not the one that was written with this front.
    pub fn read(&self, life: Life, block: &[u8]) -> Result<Vec<Reading>, DecodeError> {
        self.select(life, block, Selection::ALL)
    }

    /// As [`Index::read`], but of what a reading may lack only what is `wanted`.
    ///
    /// # Errors
    /// As [`Index::read`].
    pub fn select(
        &self,
        life: Life,
        block: &[u8],
        wanted: Selection,
    ) -> Result<Vec<Reading>, DecodeError> {
        let Some(entry) = self.front.entry(life) else {
            return Ok(Vec::new());
        };
        let mut cursor = entry.check(block)?;
        let there = presence::get(&mut cursor, self.front.instants.len())?;
        let places: Vec<usize> = (0..there.len()).filter(|place| there[*place]).collect();
        let mut rows = vec![Row::default(); places.len()];
        let mut fields = presence::get_fields(&mut cursor, 1 + GROUPS.len(), rows.len())?;
        let groups = fields.split_off(1);
        let percents = fields.swap_remove(0);
        for (group, has) in groups.iter().enumerate() {
            if wanted.group(group) {
                for (row, has) in rows.iter_mut().zip(has) {
                    row.groups |= u16::from(*has) << group;
                }
            }
        }
        for column in ALWAYS {
            fill(&mut cursor, &mut rows, column, |_| true)?;
        }
        for (group, columns) in GROUPS.into_iter().enumerate() {
            let count = presence::count(&groups[group]);
            for column in columns {
                if !wanted.group(group) {
                    column::skip(&mut cursor, count)?;
                    continue;
                }
                fill(&mut cursor, &mut rows, *column, |row| row.has(group))?;
            }
        }
        let percents = self.percents(&mut cursor, &places, &rows, &percents)?;
        cursor.end("what follows a life's columns")?;
        let rows = places.into_iter().zip(rows).zip(percents);
        Ok(rows
            .map(|((place, row), percent)| row.reading(UnixMs(self.front.instants[place]), percent))
            .collect())
    }

    fn percents(
        &self,
        cursor: &mut Cursor<'_>,
        places: &[usize],
        rows: &[Row],
        there: &[bool],
    ) -> Result<Vec<Option<f64>>, DecodeError> {
        let raw = presence::get_fields(cursor, 1, presence::count(there))?.swap_remove(0);
        let mut bits = column::get(cursor, presence::count(&raw))?.into_iter();
        let mut raw = raw.into_iter();
        let mut percents = vec![None; rows.len()];
        // Rows whose percentage follows from machine time, with the CPU time they used.
        let mut derived = Vec::new();
        for i in (0..rows.len()).filter(|i| there[*i]) {
            if raw.next() == Some(true) {
                percents[i] = bits.next().map(f64::from_bits);
                continue;
            }
            let total = |i: usize| rows.get(i).map(|row| row.values[CPU_TOTAL]);
            let before = i.checked_sub(1).and_then(total);
            let used = before.and_then(|before| rows[i].values[CPU_TOTAL].checked_sub(before));
            match used {
                None => return Err(DecodeError::Malformed("a percentage of nothing")),
                Some(0) => percents[i] = Some(0.0),
                Some(used) => derived.push((i, used)),
            }
        }
        let mode = cursor.u8()?;
        let own = match mode {
            0 => vec![0; derived.len()],
            1 | 2 => column::get(cursor, derived.len())?,
            _ => return Err(DecodeError::Malformed("the source of machine times")),
        };
        for ((i, used), own) in derived.into_iter().zip(own) {
            let passed = match mode {
                2 => own,
                _ => own.wrapping_add(self.shared[places[i]]),
            };
            percents[i] = Some(cpu::percent(used, passed, self.processors));
        }
        Ok(percents)
    }
}

fn fill(
    cursor: &mut Cursor<'_>,
    rows: &mut [Row],
    column: usize,
    there: impl Fn(&Row) -> bool,
) -> Result<(), DecodeError> {
    let count = rows.iter().filter(|row| there(row)).count();
    let values = column::get(cursor, count)?;
    for (row, value) in rows.iter_mut().filter(|row| there(row)).zip(values) {
        row.values[column] = value;
    }
    Ok(())
}

/// A chunk in one piece.
#[derive(Debug, Clone)]
pub struct Chunk<'a> {
    index: Index,
    bytes: &'a [u8],
}

impl<'a> Chunk<'a> {
    /// Reads the front and checks that all blocks are there; each block is checked when it is read.
    ///
    /// # Errors
    /// When the bytes are not a whole chunk of readings with an unchanged front.
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

    /// The readings of a life, in time order; empty when it has none.
    ///
    /// # Errors
    /// When the life's block was changed.
    pub fn read(&self, life: Life) -> Result<Vec<Reading>, DecodeError> {
        match self.index.block(life) {
            None => Ok(Vec::new()),
            Some(range) => {
                let block = self.bytes.get(range).ok_or(DecodeError::Truncated)?;
                self.index.read(life, block)
            }
        }
    }

    /// Every life with its readings, one at a time.
    pub fn readings(&self) -> impl Iterator<Item = Result<(Life, Vec<Reading>), DecodeError>> + '_ {
        let lives = self.index.lives();
        lives.map(|life| self.read(life).map(|readings| (life, readings)))
    }
}
