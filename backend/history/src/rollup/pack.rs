//! Buckets into columns.
//!
//! In the container of [`crate::format`], kind 2; the detail is the tier's number, the instants are the buckets' starts. The front adds
//! nothing. A life's block:
//!
//! 1. presence of its buckets among the instants;
//! 2. columns over its buckets: readings; covered milliseconds;
//! 3. presence among the buckets of each gauge and then each counter in order: a varint of two bits each, lowest first (0 none, 1 all, 2 some),
//!    then the runs of those that some have;
//! 4. for each gauge in order five columns over the buckets that have it: readings of the bucket less measurements; smallest; largest
//!    less smallest; sum less smallest times measurements; latest less smallest. Of memory raw each of the five is the zigzag step from
//!    memory used's, which seldom changes;
//! 5. for each counter in order six columns: increment; increment less rated; covered milliseconds of the bucket less the counter's;
//!    readings less rates; slowest rate; fastest less slowest.
//!
//! Differences wrap. Those that are 0 throughout, as most are, take a byte.

use super::{Bucket, Gauge, Growth, Level};
use crate::{
    Life, PackError,
    bytes::{step, stepped},
    column::{self, Shape},
    format::{self, Kind, Packed},
    presence,
    tier::Tier,
};
use plimsoll_shared::UnixMs;

/// Columns of a gauge.
pub(super) const LEVEL: usize = 5;
/// Columns of a counter.
pub(super) const GROWTH: usize = 6;

/// Packs buckets of one host and tier; a life's buckets come in any order, and two of the same start are joined in the order given.
///
/// # Errors
/// When there are more than [`format::LIMIT`] starts or lives.
pub fn pack(tier: Tier, buckets: &[(Life, UnixMs, Bucket)]) -> Result<Packed, PackError> {
    let mut order: Vec<&(Life, UnixMs, Bucket)> = buckets.iter().collect();
    order.sort_by_key(|(life, at, _)| (*life, *at));
    let mut instants: Vec<i64> = order.iter().map(|(_, at, _)| at.0).collect();
    instants.sort_unstable();
    instants.dedup();
    let blocks = order
        .chunk_by(|a, b| a.0 == b.0)
        .map(|of_one| (of_one[0].0, block(of_one, &instants)))
        .collect();
    format::pack(Kind::Rollups, tier.number(), &instants, blocks, &[])
}

fn block(of_one: &[&(Life, UnixMs, Bucket)], instants: &[i64]) -> Vec<u8> {
    let mut there = vec![false; instants.len()];
    let mut place = 0;
    let mut joined: Vec<Bucket> = Vec::new();
    for same in of_one.chunk_by(|a, b| a.1 == b.1) {
        while instants[place] != same[0].1.0 {
            place += 1;
        }
        there[place] = true;
        let one = same.iter().fold(Bucket::default(), |sum, b| sum.then(&b.2));
        joined.push(one);
    }
    let mut out = Vec::new();
    presence::put(&mut out, there);
    put(&mut out, joined.iter().map(|b| [b.n]));
    put(&mut out, joined.iter().map(|b| [b.covered_ms]));
    let has = |there: &dyn Fn(&Bucket) -> bool| joined.iter().map(there).collect();
    let fields: Vec<Vec<bool>> = (0..super::GAUGES)
        .map(|gauge| has(&|b: &Bucket| b.levels[gauge].is_some()))
        .chain((0..super::COUNTERS).map(|counter| has(&|b| b.growths[counter].is_some())))
        .collect();
    presence::put_fields(&mut out, &fields);
    for gauge in 0..super::GAUGES {
        let levels = joined.iter().filter_map(|b| Some((b, b.levels[gauge]?)));
        put(&mut out, levels.map(|(b, level)| split(b, gauge, level)));
    }
    for counter in 0..super::COUNTERS {
        let growths = joined.iter().filter_map(|b| Some((b, b.growths[counter]?)));
        put(&mut out, growths.map(|(b, growth)| split_growth(b, growth)));
    }
    out
}

fn put<const N: usize>(out: &mut Vec<u8>, rows: impl Iterator<Item = [u64; N]>) {
    let rows: Vec<[u64; N]> = rows.collect();
    for column in 0..N {
        let values: Vec<u64> = rows.iter().map(|row| row[column]).collect();
        column::put(out, &values, Shape::Level);
    }
}

/// The five columns of a gauge.
fn split(bucket: &Bucket, gauge: usize, level: Level) -> [u64; LEVEL] {
    let mut columns = plain(bucket.n, level);
    if let Some(base) = base(bucket, gauge) {
        for (column, base) in columns.iter_mut().zip(plain(bucket.n, base)) {
            *column = step(base, *column);
        }
    }
    columns
}

fn plain(n: u64, level: Level) -> [u64; LEVEL] {
    [
        n.wrapping_sub(level.n),
        level.min,
        level.max.wrapping_sub(level.min),
        level.sum.wrapping_sub(level.min.wrapping_mul(level.n)),
        level.last.wrapping_sub(level.min),
    ]
}

/// The gauge that this one is told by its steps from.
fn base(bucket: &Bucket, gauge: usize) -> Option<Level> {
    bucket
        .level(Gauge::MemoryUsed)
        .filter(|_| gauge == Gauge::MemoryRaw as usize)
}

/// The inverse of [`split`], for a bucket of `readings` and the gauge that this one is told by its steps from.
pub(super) fn joined(readings: u64, base: Option<Level>, mut columns: [u64; LEVEL]) -> Level {
    if let Some(base) = base {
        for (column, base) in columns.iter_mut().zip(plain(readings, base)) {
            *column = stepped(base, *column);
        }
    }
    let [n, min, max, sum, last] = columns;
    let n = readings.wrapping_sub(n);
    Level {
        n,
        min,
        max: max.wrapping_add(min),
        sum: sum.wrapping_add(min.wrapping_mul(n)),
        last: last.wrapping_add(min),
    }
}

/// The six columns of a counter.
fn split_growth(bucket: &Bucket, growth: Growth) -> [u64; GROWTH] {
    [
        growth.increment,
        growth.increment.wrapping_sub(growth.rated),
        bucket.covered_ms.wrapping_sub(growth.covered_ms),
        bucket.n.wrapping_sub(growth.n),
        growth.min,
        growth.max.wrapping_sub(growth.min),
    ]
}

/// The inverse of [`split_growth`], for a bucket of so many readings and covered milliseconds.
pub(super) fn joined_growth(
    readings: u64,
    covered_ms: u64,
    [increment, unrated, uncovered, n, min, spread]: [u64; GROWTH],
) -> Growth {
    Growth {
        increment,
        rated: increment.wrapping_sub(unrated),
        n: readings.wrapping_sub(n),
        covered_ms: covered_ms.wrapping_sub(uncovered),
        min,
        max: min.wrapping_add(spread),
    }
}
