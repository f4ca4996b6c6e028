//! One column of numbers: as few bytes as its kind of change allows.
//!
//! A column's length is known from elsewhere; a column of nothing takes no bytes. Else it begins with a tag:
//!
//! | tag | then |
//! |---|---|
//! | 0 zero | nothing: every value is 0 |
//! | 1 constant | the value, a varint |
//! | 2 seldom | the first value, a varint; the number of changes, a varint; per change how many places after the last one (varint) and the zigzag step (varint) |
//! | 3 steps | the first value, a varint; then every zigzag step, a varint each |
//! | 4 packed | length in bytes, a varint; the values as one `pco` wrapped chunk of `u64` with one page |
//! | 5 packed steps | the first value, a varint; length in bytes, a varint; the zigzag steps as in 4 |
//!
//! All arithmetic wraps, so every column comes back whatever it holds.

use crate::{
    DecodeError,
    bytes::{Cursor, put_count, put_varint, step, stepped},
};
use pco::{
    ChunkConfig,
    metadata::{DeltaEncoding, Mode},
    wrapped::{FileCompressor, FileDecompressor},
};

const ZERO: u8 = 0;
const CONSTANT: u8 = 1;
const SELDOM: u8 = 2;
const STEPS: u8 = 3;
const PACKED: u8 = 4;
const PACKED_STEPS: u8 = 5;

/// Shorter columns are not worth `pco`'s own header.
const WORTH_PACKING: usize = 24;

/// The version of `pco`'s format, which the version of ours stands for: it is left out of every column.
const PCO_HEADER: [u8; 2] = [4, 1];

/// How a column is expected to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Up and down.
    Level,
    /// Mostly up, so that its steps may pack better than its values.
    Total,
}

/// Appends `values` in the shortest form that is found.
pub(crate) fn put(out: &mut Vec<u8>, values: &[u64], shape: Shape) {
    let Some(&first) = values.first() else {
        return;
    };
    let changes = values.windows(2).filter(|pair| pair[0] != pair[1]).count();
    if changes == 0 && first == 0 {
        out.push(ZERO);
    } else if changes == 0 {
        out.push(CONSTANT);
        put_varint(out, first);
    } else if changes <= values.len() / 24 {
        put_seldom(out, values, changes);
    } else {
        let mut best = Vec::new();
        put_steps(&mut best, values);
        let mut other = |put: &dyn Fn(&mut Vec<u8>)| {
            let mut form = Vec::new();
            put(&mut form);
            if !form.is_empty() && form.len() < best.len() {
                best = form;
            }
        };
        if changes <= values.len() / 4 {
            other(&|form| put_seldom(form, values, changes));
        }
        if values.len() >= WORTH_PACKING {
            other(&|form| put_packed(form, values));
            if shape == Shape::Total {
                other(&|form| put_packed_steps(form, values));
            }
        }
        out.append(&mut best);
    }
}

fn put_seldom(out: &mut Vec<u8>, values: &[u64], changes: usize) {
    out.push(SELDOM);
    put_varint(out, values[0]);
    put_count(out, changes);
    let mut last = 0;
    for (i, pair) in values.windows(2).enumerate() {
        if pair[0] != pair[1] {
            put_count(out, i + 1 - last);
            put_varint(out, step(pair[0], pair[1]));
            last = i + 1;
        }
    }
}

fn put_steps(out: &mut Vec<u8>, values: &[u64]) {
    out.push(STEPS);
    put_varint(out, values[0]);
    for pair in values.windows(2) {
        put_varint(out, step(pair[0], pair[1]));
    }
}

fn put_packed(out: &mut Vec<u8>, values: &[u64]) {
    if let Some(packed) = packed(values) {
        out.push(PACKED);
        put_count(out, packed.len());
        out.extend(packed);
    }
}

fn put_packed_steps(out: &mut Vec<u8>, values: &[u64]) {
    let steps: Vec<u64> = values
        .windows(2)
        .map(|pair| step(pair[0], pair[1]))
        .collect();
    if let Some(packed) = packed(&steps) {
        out.push(PACKED_STEPS);
        put_varint(out, values[0]);
        put_count(out, packed.len());
        out.extend(packed);
    }
}

/// `None` where `pco` cannot: another form takes its place.
fn packed(values: &[u64]) -> Option<Vec<u8>> {
    let config = ChunkConfig::default();
    let mut chunk = FileCompressor::default()
        .chunk_compressor(values, &config)
        .ok()?;
    if chunk.n_per_page().len() != 1 || !is_bounded(chunk.meta()) {
        return None;
    }
    let out = chunk.write_meta(Vec::new()).ok()?;
    chunk.write_page(0, out).ok()
}

/// Whether unpacking needs no more memory than the values it gives: dictionaries and windows may be large.
fn is_bounded(meta: &pco::metadata::ChunkMeta) -> bool {
    !matches!(meta.mode, Mode::Dict(_))
        && !matches!(meta.delta_encoding, DeltaEncoding::Lookback { .. })
}

/// Reads a column of `count` values; the caller has seen to it that `count` is bearable.
pub(crate) fn get(cursor: &mut Cursor<'_>, count: usize) -> Result<Vec<u64>, DecodeError> {
    if count == 0 {
        return Ok(Vec::new());
    }
    match cursor.u8()? {
        ZERO => Ok(vec![0; count]),
        CONSTANT => Ok(vec![cursor.varint()?; count]),
        SELDOM => {
            let mut value = cursor.varint()?;
            let changes = cursor.count("changes in a column", count)?;
            let mut values = Vec::with_capacity(count);
            for _ in 0..changes {
                let places = cursor.count("places in a column", count - values.len())?;
                values.resize(values.len() + places, value);
                value = stepped(value, cursor.varint()?);
            }
            values.resize(count, value);
            Ok(values)
        }
        STEPS => {
            let first = cursor.varint()?;
            // A step takes a byte at least.
            if cursor.0.len() < count - 1 {
                return Err(DecodeError::Truncated);
            }
            let mut values = Vec::with_capacity(count);
            values.push(first);
            for i in 1..count {
                values.push(stepped(values[i - 1], cursor.varint()?));
            }
            Ok(values)
        }
        PACKED => unpacked(cursor, count),
        PACKED_STEPS => {
            let mut value = cursor.varint()?;
            let mut values = vec![value];
            for step in unpacked(cursor, count - 1)? {
                value = stepped(value, step);
                values.push(value);
            }
            Ok(values)
        }
        _ => Err(DecodeError::Malformed("a column's form")),
    }
}

/// Passes over a column of `count` values.
pub(crate) fn skip(cursor: &mut Cursor<'_>, count: usize) -> Result<(), DecodeError> {
    if count == 0 {
        return Ok(());
    }
    let numbers = match cursor.u8()? {
        ZERO => 0,
        CONSTANT => 1,
        SELDOM => {
            cursor.varint()?;
            2 * cursor.count("changes in a column", count)?
        }
        STEPS => count,
        form @ (PACKED | PACKED_STEPS) => {
            if form == PACKED_STEPS {
                cursor.varint()?;
            }
            let length = cursor.count("bytes of a column", cursor.0.len())?;
            cursor.take(length)?;
            0
        }
        _ => return Err(DecodeError::Malformed("a column's form")),
    };
    for _ in 0..numbers {
        cursor.varint()?;
    }
    Ok(())
}

fn unpacked(cursor: &mut Cursor<'_>, count: usize) -> Result<Vec<u64>, DecodeError> {
    let length = cursor.count("bytes of a column", cursor.0.len())?;
    let bytes = cursor.take(length)?;
    let bad = |_| DecodeError::Malformed("a packed column");
    let (file, _) = FileDecompressor::new(&PCO_HEADER[..]).map_err(bad)?;
    let (mut chunk, rest) = file.chunk_decompressor::<u64, _>(bytes).map_err(bad)?;
    if !is_bounded(chunk.meta()) {
        return Err(DecodeError::Malformed("the mode of a packed column"));
    }
    let mut values = vec![0; count];
    let mut page = chunk.page_decompressor(rest, count).map_err(bad)?;
    let progress = page.read(&mut values).map_err(bad)?;
    if progress.n_processed == count && progress.finished && page.into_src().is_empty() {
        Ok(values)
    } else {
        Err(DecodeError::Malformed("the length of a packed column"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn there_and_back(values: &[u64], shape: Shape) -> usize {
        let mut out = Vec::new();
        put(&mut out, values, shape);
        let mut cursor = Cursor(&out);
        assert_eq!(get(&mut cursor, values.len()).as_deref(), Ok(values));
        assert!(cursor.0.is_empty());
        let mut cursor = Cursor(&out);
        assert_eq!(skip(&mut cursor, values.len()), Ok(()));
        assert!(cursor.0.is_empty());
        out.len()
    }

    #[test]
    fn the_version_left_out_is_the_version_pco_writes() {
        let header = FileCompressor::default().write_header(Vec::new()).unwrap();
        assert_eq!(
            header, PCO_HEADER,
            "a new pco format needs a new version of ours"
        );
    }

    #[test]
    fn a_constant_column_takes_its_value_and_a_byte() {
        assert_eq!(there_and_back(&[0; 900], Shape::Total), 1);
        assert_eq!(there_and_back(&[7; 900], Shape::Level), 2);
        assert_eq!(there_and_back(&[], Shape::Level), 0);
    }

    #[test]
    fn a_column_that_changes_once_takes_seven_bytes() {
        let mut values = vec![300; 900];
        values[700..].fill(301);
        assert_eq!(there_and_back(&values, Shape::Level), 7);
    }

    proptest! {
        #[test]
        fn every_column_comes_back(values in prop::collection::vec(prop_oneof![any::<u64>(), 0..9_u64, Just(u64::MAX), 4_000_000_000..4_000_100_000_u64], 0..400)) {
            there_and_back(&values, Shape::Level);
            there_and_back(&values, Shape::Total);
        }

        #[test]
        fn a_counter_comes_back(steps in prop::collection::vec(0..5000_u64, 0..2000), first: u64) {
            let mut value = first;
            let values: Vec<u64> = steps.iter().map(|s| { value = value.wrapping_add(*s); value }).collect();
            there_and_back(&values, Shape::Total);
        }

        #[test]
        fn any_bytes_are_a_column_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300), count in 0..2000_usize, tag in 0..7_u8) {
            let mut tagged = vec![tag];
            tagged.extend(&bytes);
            let _ = skip(&mut Cursor(&tagged), count);
            if let Ok(values) = get(&mut Cursor(&tagged), count) {
                prop_assert_eq!(values.len(), count);
            }
        }

        #[test]
        fn a_changed_packed_column_is_a_column_or_an_error(at in any::<prop::sample::Index>(), to: u8, count in 1..600_usize) {
            let values: Vec<u64> = (0..500_u64).map(|i| i * 1000 + i * i % 37).collect();
            let mut out = Vec::new();
            put_packed(&mut out, &values);
            let at = at.index(out.len());
            out[at] = to;
            let _ = get(&mut Cursor(&out), count);
        }
    }
}
