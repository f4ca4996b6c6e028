//! One sweep of one host, as it is appended the moment it arrives.
//!
//! In the container of [`crate::format`], kind 4; the header's first instant is the sweep's, the last likewise, its instants are the
//! number of readings. The front:
//!
//! 1. how the readings were taken, a byte: 0 undecided, 1 cgroup 1, 2 cgroup 2, 3 streams;
//! 2. per reading: its life (varint); a byte of marks: 1 the CPU percentage is there, 2 it is 0, 4 the reading has a time of its own,
//!    8 it is a machine's; a byte that says which fields are there (lowest bit first: throttling, memory limit, rss, cache, network,
//!    block, pids, pids limit); of a machine's a second such byte (load, pressure, disk); if marked, the zigzag step in milliseconds from the
//!    sweep to the reading; if there and not 0, the percentage (IEEE 754, 8 bytes); then the columns in the order of a row (varints;
//!    memory raw less memory used; the limits as zigzag steps from the reading before, which are mostly 0).
//!
//! Unlike a chunk it keeps what it was given in the order given, duplicates included.

use crate::{
    DecodeError, Life, PackError,
    bytes::{Cursor, put_varint, step, stepped, unzigzag, zigzag},
    format::{self, Header, Kind},
    row::{ALWAYS, COLUMNS, GROUPS, MACHINE, MEMORY_RAW, Row},
};
use plimsoll_model::Batch;
use plimsoll_shared::{Collection, ContainerId, Reading, UnixMs};

const PERCENT: u8 = 1;
const PERCENT_ZERO: u8 = 2;
const OWN_TIME: u8 = 4;
const OF_MACHINE: u8 = 8;
/// A life, two bytes of marks and three columns.
const SHORTEST: usize = 6;
/// Memory limit and pids limit.
const LIMITS: [usize; 2] = [6, 16];

/// A sweep, its containers named by their lives.
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// When it began.
    pub at: UnixMs,
    /// How the readings were taken.
    pub collection: Collection,
    /// The readings, in the order given.
    pub readings: Vec<(Life, Reading)>,
}

impl Sweep {
    /// The sweep that `batch` tells of; a container to which `life` gives none is left out.
    pub fn of(batch: &Batch, mut life: impl FnMut(&ContainerId, &Reading) -> Option<Life>) -> Self {
        let readings = batch
            .readings
            .iter()
            .filter_map(|(id, reading)| Some((life(id, reading)?, *reading)))
            .collect();
        Self {
            at: batch.at,
            collection: batch.collection,
            readings,
        }
    }
}

/// The sweep as bytes.
///
/// # Errors
/// When it holds more than [`format::LIMIT`] readings.
pub fn encode(sweep: &Sweep) -> Result<Vec<u8>, PackError> {
    let mut front = vec![match sweep.collection {
        Collection::Undecided => 0,
        Collection::Cgroup1 => 1,
        Collection::Cgroup2 => 2,
        Collection::Streams => 3,
    }];
    let mut before = [0; COLUMNS];
    for (life, reading) in &sweep.readings {
        let row = Row::of(reading);
        let own_time = reading.at != sweep.at;
        let percent = reading.cpu_percent.map(f64::to_bits);
        let mut marks = 0;
        marks |= if percent.is_some() { PERCENT } else { 0 };
        marks |= if percent == Some(0) { PERCENT_ZERO } else { 0 };
        marks |= if own_time { OWN_TIME } else { 0 };
        let [fields, of_machine] = row.groups.to_le_bytes();
        marks |= if of_machine != 0 { OF_MACHINE } else { 0 };
        put_varint(&mut front, life.0);
        front.extend([marks, fields]);
        if of_machine != 0 {
            front.push(of_machine);
        }
        if own_time {
            put_varint(&mut front, zigzag(reading.at.0.wrapping_sub(sweep.at.0)));
        }
        if let Some(bits) = percent.filter(|bits| *bits != 0) {
            front.extend(bits.to_le_bytes());
        }
        for column in columns(row.groups) {
            let value = row.values[column];
            if LIMITS.contains(&column) {
                put_varint(&mut front, step(before[column], value));
                before[column] = value;
            } else {
                put_varint(&mut front, value);
            }
        }
    }
    let header = Header {
        detail: 0,
        from: sweep.at,
        to: sweep.at,
        instants: sweep.readings.len(),
        lives: 0,
    };
    format::seal(Kind::Tail, &header, &front)
}

/// The sweep that [`encode`] wrote.
///
/// # Errors
/// When the bytes are not a whole and unchanged tail.
pub fn decode(bytes: &[u8]) -> Result<Sweep, DecodeError> {
    decode_some(bytes, |_| true)
}

/// The sweep that [`encode`] wrote, of the lives for which `keep` says so: the way to pack a host of thousands a few hundred at a time.
///
/// # Errors
/// When the bytes are not a whole and unchanged tail.
pub fn decode_some(bytes: &[u8], mut keep: impl FnMut(Life) -> bool) -> Result<Sweep, DecodeError> {
    let (header, front, rest) = format::open(Kind::Tail, bytes)?;
    Cursor(rest).end("what follows a tail")?;
    let mut cursor = Cursor(front);
    let collection = match cursor.u8()? {
        0 => Collection::Undecided,
        1 => Collection::Cgroup1,
        2 => Collection::Cgroup2,
        3 => Collection::Streams,
        _ => return Err(DecodeError::Malformed("how readings were taken")),
    };
    if header.instants > cursor.0.len() / SHORTEST {
        return Err(DecodeError::Truncated);
    }
    let mut before = [0; COLUMNS];
    let mut readings = Vec::new();
    for _ in 0..header.instants {
        let life = Life(cursor.varint()?);
        let marks = cursor.u8()?;
        let mut row = Row {
            groups: fields(&mut cursor, marks)?,
            values: [0; COLUMNS],
        };
        let mut at = header.from;
        if marks & OWN_TIME != 0 {
            at = UnixMs(at.0.wrapping_add(unzigzag(cursor.varint()?)));
        }
        let percent = match (marks & PERCENT != 0, marks & PERCENT_ZERO != 0) {
            (false, _) => None,
            (true, true) => Some(0.0),
            (true, false) => Some(f64::from_bits(u64::from_le_bytes(cursor.array()?))),
        };
        for column in columns(row.groups) {
            let read = cursor.varint()?;
            row.values[column] = read;
            if LIMITS.contains(&column) {
                row.values[column] = stepped(before[column], read);
                before[column] = row.values[column];
            }
        }
        if keep(life) {
            readings.push((life, row.reading(at, percent)));
        }
    }
    cursor.end("what follows the readings of a tail")?;
    Ok(Sweep {
        at: header.from,
        collection,
        readings,
    })
}

/// Which groups a reading has.
fn fields(cursor: &mut Cursor<'_>, marks: u8) -> Result<u16, DecodeError> {
    let fields = cursor.u8()?;
    if marks & OF_MACHINE == 0 {
        return Ok(fields.into());
    }
    let of_machine = cursor.u8()?;
    if usize::from(of_machine) >> (GROUPS.len() - MACHINE) != 0 {
        return Err(DecodeError::Malformed("what a machine's reading has"));
    }
    Ok(u16::from_le_bytes([fields, of_machine]))
}

/// The columns of a row with these groups, in order.
fn columns(groups: u16) -> impl Iterator<Item = usize> {
    debug_assert_eq!(ALWAYS[2], MEMORY_RAW);
    let optional = GROUPS
        .into_iter()
        .enumerate()
        .filter(move |(group, _)| groups & 1 << group != 0);
    ALWAYS
        .into_iter()
        .chain(optional.flat_map(|(_, columns)| columns.iter().copied()))
}
