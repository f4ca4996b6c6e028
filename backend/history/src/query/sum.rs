//! Pieces summed where the answer needs them: a bucket is a kilobyte, so none is made in between.

use super::{Piece, Reached};
use crate::{
    Life,
    rollup::{Bucket, Course},
    tier::{self, Tier},
};
use plimsoll_shared::{Reading, UnixMs};

/// The pieces as buckets of `width_ms` with a start from `from` up to `to`, in time order.
pub(super) fn rolled(
    from: UnixMs,
    to: UnixMs,
    width_ms: i64,
    pieces: &[(Life, Piece<'_>)],
    max_gap_ms: i64,
) -> Vec<(UnixMs, Bucket)> {
    let mut filled: Vec<(UnixMs, Bucket)> = Vec::new();
    each(pieces, max_gap_ms, |at, add| {
        let start = tier::bucket(at, width_ms);
        let inside = start >= from && start < to;
        add(inside.then(|| place(&mut filled, start)));
    });
    filled
}

/// One bucket of all that lies in the seconds from `from` up to `to`, whatever tier it comes from.
#[must_use]
pub fn total(from: UnixMs, to: UnixMs, pieces: &[(Life, Piece<'_>)], max_gap_ms: i64) -> Bucket {
    let mut sum = Bucket::default();
    each(pieces, max_gap_ms, |at, add| {
        let start = Tier::Second.bucket(at);
        let inside = start >= from && start < to;
        add(inside.then_some(&mut sum));
    });
    sum
}

/// Adds something to a bucket, or passes over it.
type Add<'a> = &'a mut dyn FnMut(Option<&mut Bucket>);

/// Offers every reading and bucket of the pieces once, with its time, to be added to a bucket.
fn each(pieces: &[(Life, Piece<'_>)], max_gap_ms: i64, mut offer: impl FnMut(UnixMs, Add<'_>)) {
    for of_one in pieces.chunk_by(|a, b| a.0 == b.0) {
        let mut before: &[Reading] = &[];
        let mut reached = Reached(None);
        for (_, piece) in of_one {
            match piece {
                Piece::Buckets(end, buckets) => {
                    reached.whole_buckets(*end);
                    for (at, bucket) in *buckets {
                        offer(*at, &mut |sum| {
                            if let Some(sum) = sum {
                                sum.absorb(bucket);
                            }
                        });
                    }
                }
                Piece::Readings(readings) => {
                    let (known, new) = reached.split(readings);
                    let before_new = if known.is_empty() { before } else { known };
                    let mut course = Course::after(before_new, max_gap_ms);
                    for reading in new {
                        offer(reading.at, &mut |sum| course.measure(reading, sum));
                    }
                    before = if readings.is_empty() {
                        before
                    } else {
                        readings
                    };
                }
            }
        }
    }
}

/// The bucket that begins at `start`: nearly always the last one, for pieces come in time order.
fn place(filled: &mut Vec<(UnixMs, Bucket)>, start: UnixMs) -> &mut Bucket {
    let found = match filled.last() {
        Some((last, _)) if *last == start => Ok(filled.len() - 1),
        Some((last, _)) if *last > start => filled.binary_search_by_key(&start, |(at, _)| *at),
        _ => Err(filled.len()),
    };
    let place = found.unwrap_or_else(|place| {
        filled.insert(place, (start, Bucket::default()));
        place
    });
    &mut filled[place].1
}
