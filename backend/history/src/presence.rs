//! Which places of a list are filled, run-length coded.
//!
//! Runs are varints: so many places empty, so many filled, and so on until the list's length is reached; the last run is left out
//! when it is empty. A filled list is `0, n`; the common cases of a field have their own mark, see [`put_marked`].

use crate::{
    DecodeError,
    bytes::{Cursor, put_count},
};

const NONE: u8 = 0;
const ALL: u8 = 1;
const SOME: u8 = 2;

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

/// Appends a byte that says none, all or some, and the runs for some.
pub(crate) fn put_marked(out: &mut Vec<u8>, filled: &[bool]) {
    if filled.iter().all(|place| !place) {
        out.push(NONE);
    } else if filled.iter().all(|place| *place) {
        out.push(ALL);
    } else {
        out.push(SOME);
        put(out, filled.iter().copied());
    }
}

/// Reads what [`put_marked`] wrote for `count` places.
pub(crate) fn get_marked(cursor: &mut Cursor<'_>, count: usize) -> Result<Vec<bool>, DecodeError> {
    match cursor.u8()? {
        NONE => Ok(vec![false; count]),
        ALL => Ok(vec![true; count]),
        SOME => get(cursor, count),
        _ => Err(DecodeError::Malformed("the mark of a field")),
    }
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
            let (mut plain, mut marked) = (Vec::new(), Vec::new());
            put(&mut plain, filled.iter().copied());
            put_marked(&mut marked, &filled);
            let (mut plain, mut marked) = (Cursor(&plain), Cursor(&marked));
            prop_assert_eq!(&get(&mut plain, filled.len()).unwrap(), &filled);
            prop_assert_eq!(&get_marked(&mut marked, filled.len()).unwrap(), &filled);
            prop_assert!(plain.0.is_empty() && marked.0.is_empty());
        }
    }
}
