//! Readings of one life held in memory in few bytes, until they are packed.
//!
//! No format that is kept: each reading is the difference from the one before it. A reading that changes nothing takes six bytes, a busy
//! one about thirty, where a [`Reading`] takes hundreds.

use crate::{
    bytes::{Cursor, put_varint, step, stepped, unzigzag, zigzag},
    row::{COLUMNS, Row},
};
use plimsoll_shared::{Reading, UnixMs};

const PERCENT: u8 = 1;
const PERCENT_ZERO: u8 = 2;
const OTHER_FIELDS: u8 = 4;
/// Room is made for a quarter of an hour in about eight steps, so that little of it stays empty.
const LEAST_ROOM: usize = 256;

/// Readings of one life, in the order they were added.
#[derive(Debug, Clone, Default)]
pub struct Recent {
    bytes: Vec<u8>,
    last_at: i64,
    last: Row,
    count: usize,
}

impl Recent {
    /// Adds a reading.
    pub fn push(&mut self, reading: &Reading) {
        let row = Row::of(reading);
        let percent = reading.cpu_percent.map(f64::to_bits);
        let mut marks = 0;
        marks |= if percent.is_some() { PERCENT } else { 0 };
        marks |= if percent == Some(0) { PERCENT_ZERO } else { 0 };
        let other_fields = row.groups != self.last.groups;
        marks |= if other_fields { OTHER_FIELDS } else { 0 };
        if self.bytes.capacity() - self.bytes.len() < LEAST_ROOM / 2 {
            self.bytes
                .reserve_exact(LEAST_ROOM.max(self.bytes.len() / 8));
        }
        let out = &mut self.bytes;
        out.push(marks);
        put_varint(out, zigzag(reading.at.0.wrapping_sub(self.last_at)));
        if other_fields {
            out.extend(row.groups.to_le_bytes());
        }
        if let Some(bits) = percent.filter(|bits| *bits != 0) {
            out.extend(bits.to_le_bytes());
        }
        let changed = |column: &usize| row.values[*column] != self.last.values[*column];
        let mask = (0..COLUMNS)
            .filter(changed)
            .fold(0_u64, |mask, column| mask | 1 << column);
        put_varint(out, mask);
        for column in (0..COLUMNS).filter(changed) {
            put_varint(out, step(self.last.values[column], row.values[column]));
        }
        self.last_at = reading.at.0;
        self.last = row;
        self.count += 1;
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The readings, in the order they were added.
    pub fn readings(&self) -> impl Iterator<Item = Reading> + '_ {
        let mut cursor = Cursor(&self.bytes);
        let (mut at, mut row) = (0, Row::default());
        (0..self.count).map_while(move |_| next(&mut cursor, &mut at, &mut row))
    }
}

/// Only what [`Recent::push`] wrote is read, so it never ends early.
fn next(cursor: &mut Cursor<'_>, at: &mut i64, row: &mut Row) -> Option<Reading> {
    let marks = cursor.u8().ok()?;
    *at = at.wrapping_add(unzigzag(cursor.varint().ok()?));
    if marks & OTHER_FIELDS != 0 {
        row.groups = u16::from_le_bytes(cursor.array().ok()?);
    }
    let percent = match (marks & PERCENT != 0, marks & PERCENT_ZERO != 0) {
        (false, _) => None,
        (true, true) => Some(0.0),
        (true, false) => Some(f64::from_bits(u64::from_le_bytes(cursor.array().ok()?))),
    };
    let mask = cursor.varint().ok()?;
    for column in (0..COLUMNS).filter(|column| mask & 1 << column != 0) {
        row.values[column] = stepped(row.values[column], cursor.varint().ok()?);
    }
    Some(row.reading(UnixMs(*at), percent))
}
