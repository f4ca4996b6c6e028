//! Many readings of many lives of one host over a stretch of time, as columns.
//!
//! In the container of [`crate::format`], kind 1. The front adds, after the index:
//!
//! 1. how many processors the machine has, as far as the percentages tell (varint, 1 if they do not);
//! 2. the machine's CPU time between each instant and the one before, in nanoseconds, where most lives agree on it: a column, one value an instant.
//!
//! A life's block:
//!
//! 1. presence of its readings among the instants;
//! 2. presence, among its readings, of the CPU percentage, throttling, memory limit, rss, cache, network, block, pids, pids limit and, of a
//!    machine, load, pressure and disk: a varint of two bits each, lowest first (0 none, 1 all, 2 some), then the runs of those that some have;
//! 3. columns over the readings that have them: CPU time; memory used; memory raw less memory used; throttling's periods, throttled periods,
//!    time; memory limit; rss; cache; network received, sent, received dropped, sent dropped; block read, written; pids; pids limit; load;
//!    pressure of processor, memory, block devices; disk used, total;
//! 4. among the readings with a CPU percentage, those whose percentage is kept as it is: presence as in 2, then a column of their bits
//!    (IEEE 754). The first reading of a block is one of them;
//! 5. for those whose CPU time grew, the machine time that makes the percentage out of it: a byte, 0 the front's, 1 a column of differences
//!    from the front's, 2 a column of its own. Where CPU time did not grow the percentage is 0.
//!
//! A percentage is `grown / machine time × processors × 100` and comes back to the last bit.
//!
//! **How long a chunk?** Measured on 25 minutes of five real containers at 1 Hz (`tests/real.rs` prints this), bytes a value with everything
//! in the file:
//!
//! | seconds | ten columns | with the CPU percentage as the eleventh | zstd -9 of the ten |
//! |---|---|---|---|
//! | 60 | 0.639 | 0.612 | 0.936 |
//! | 300 | 0.394 | 0.369 | 0.538 |
//! | **900** | **0.348** | **0.323** | **0.462** |
//! | 1500 | 0.330 | 0.304 | 0.431 |
//!
//! [`SECONDS`] is where longer chunks stop paying for a later start and more memory while packing.

mod cpu;
mod pack;
mod read;

pub use pack::pack;
pub use read::{Chunk, Index};

/// How many seconds a chunk best covers.
pub const SECONDS: i64 = 900;
