//! Readings in, compressed chunks and roll-ups out, and back.
//!
//! Bytes and numbers only: no IO, no clock, no SQL. What is kept passes through four forms:
//!
//! - a [`tail`]: one sweep of one host, appended as it arrives;
//! - a [`chunk`]: many tails of a host packed into columns, one shared time column for all its containers;
//! - a [`rollup`]: what is left of readings at a coarser [`tier`]: extremes, sums and increments per bucket;
//! - a [`gap`]: why a stretch has no readings.
//!
//! [`query`] makes a chart's answer out of decoded pieces; [`recent`] holds in memory what is not packed yet.
//!
//! **Which reading wins.** Readings may arrive late, twice or out of order. A chunk is in time order, and of two readings of one
//! life with the same instant the one given first stays. A roll-up takes readings in time order and passes over one that is not
//! later than the one before it.
//!
//! **Every form is one container format**, described in [`mod@format`], with a version and a checksum over every byte. What cannot
//! be read is a typed [`DecodeError`], never a panic and never memory out of proportion to the bytes given.

mod bytes;
pub mod chunk;
mod column;
mod error;
pub mod format;
pub mod gap;
mod presence;
pub mod query;
pub mod recent;
pub mod rollup;
mod row;
pub mod tail;
pub mod tier;

pub use error::{DecodeError, PackError};

/// One stretch of a container's running, by the small number the store knows it by.
///
/// Counters grow within a life; nothing joins the readings of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Life(pub u64);
