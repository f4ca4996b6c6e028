//! Which places of a list are filled, run-length coded.
//!
//! Runs are varints: so many places empty, so many filled, and so on until the list's length is reached; the last run is left out
//! when it is empty. A filled list is `0, n`; the common cases of a field have their own mark, see [`put_fields`].

use crate::{
    DecodeError,
    bytes::{Cursor, put_count, put_varint},
};

const NONE: u64 = 0;
const ALL: u64 = 1;
const SOME: u64 = 2;
/// The most fields that [`put_fields`] takes at once.
const MOST_FIELDS: usize = 32;

/// Appends the runs of `filled`.
pub(crate) fn put(out: &mut Vec<u8>, filled: impl IntoIterator<Item = bool>) {
    let mut now = false;
    let mut run = 0;
    for place in filled {
        if place != now {
            put_count(out, run);
            now = place;
            run = 0;
        }
        run += 1;
    }
    put_count(out, run);
}

/// Reads the runs of a list of `count` places.
pub(crate) fn get(cursor: &mut Cursor<'_>, count: usize) -> Result<Vec<bool>, DecodeError> {
    let mut filled = Vec::with_capacity(count);
    let mut now = false;
    let mut first = true;
    while filled.len() < count || first {
        let run = cursor.count("places in a run", count - filled.len())?;
        if run == 0 && !first {
            return Err(DecodeError::Malformed("an empty run"));
        }
        filled.resize(filled.len() + run, now);
        now = !now;
        first = false;
    }
    Ok(filled)
}

/// Appends which of the places each of a few fields fills: a varint of two bits a field, the first lowest, that say none, all or some; then the
/// runs of those that fill some. So fields that nothing fills cost nothing where they come last.
pub(crate) fn put_fields(out: &mut Vec<u8>, fields: &[Vec<bool>]) {
    debug_assert!(fields.len() <= MOST_FIELDS);
    let mark = |filled: &[bool]| match count(filled) {
        0 => NONE,
        all if all == filled.len() => ALL,
        _ => SOME,
    };
    let marks = fields
        .iter()
        .rev()
        .fold(0, |marks, filled| marks << 2 | mark(filled));
    put_varint(out, marks);
    for filled in fields.iter().filter(|filled| mark(filled) == SOME) {
        put(out, filled.iter().copied());
    }
}

/// Reads what [`put_fields`] wrote for so many fields of `count` places.
pub(crate) fn get_fields(
    cursor: &mut Cursor<'_>,
    fields: usize,
    count: usize,
) -> Result<Vec<Vec<bool>>, DecodeError> {
    debug_assert!(fields <= MOST_FIELDS);
    let marks = cursor.varint()?;
    if fields < MOST_FIELDS && marks >> (2 * fields) != 0 {
        return Err(DecodeError::Malformed("a field that is not known"));
    }
    (0..fields)
        .map(|field| match marks >> (2 * field) & 3 {
            NONE => Ok(vec![false; count]),
            ALL => Ok(vec![true; count]),
            SOME => get(cursor, count),
            _ => Err(DecodeError::Malformed("the mark of a field")),
        })
        .collect()
}

/// How many places are filled.
pub(crate) fn count(filled: &[bool]) -> usize {
    filled.iter().filter(|place| **place).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_pattern_comes_back(filled in prop::collection::vec(any::<bool>(), 0..200)) {
            let mut plain = Vec::new();
            put(&mut plain, filled.iter().copied());
            let mut plain = Cursor(&plain);
            prop_assert_eq!(&get(&mut plain, filled.len()).unwrap(), &filled);
            prop_assert!(plain.0.is_empty());
        }

        #[test]
        fn every_set_of_fields_comes_back(
            (count, fields) in (0..40_usize).prop_flat_map(|count| {
                let filled = prop_oneof![Just(vec![false; count]), Just(vec![true; count]), prop::collection::vec(any::<bool>(), count)];
                (Just(count), prop::collection::vec(filled, 1..=MOST_FIELDS))
            })
        ) {
            let mut marked = Vec::new();
            put_fields(&mut marked, &fields);
            let mut marked = Cursor(&marked);
            let back = get_fields(&mut marked, fields.len(), count).unwrap();
            prop_assert_eq!(back, fields);
            prop_assert!(marked.0.is_empty());
        }
    }

    #[test]
    fn a_field_that_is_not_known_is_refused() {
        let mut out = Vec::new();
        put_fields(&mut out, &[vec![true], vec![true]]);
        assert!(get_fields(&mut Cursor(&out), 1, 1).is_err());
    }
}
