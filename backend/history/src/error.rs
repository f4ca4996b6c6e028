//! What can be wrong with bytes, and with what should become bytes.

use thiserror::Error;

/// Why bytes could not be read as history.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// They do not begin like history.
    #[error("these bytes are not Plimsoll history")]
    Foreign,
    /// They are history of another kind: a roll-up where readings were expected, say.
    #[error("these bytes hold history of kind {found} where kind {wanted} was expected")]
    Kind {
        /// The kind that was asked for.
        wanted: u8,
        /// The kind the header names.
        found: u8,
    },
    /// A newer version of the program wrote them.
    #[error("written in format {found}, and this program reads formats up to {known}")]
    Newer {
        /// The format they are in.
        found: u8,
        /// The newest format that can be read.
        known: u8,
    },
    /// They end before they should.
    #[error("the bytes end early")]
    Truncated,
    /// They are not the bytes that were written.
    #[error("the checksum of {0} does not match")]
    Checksum(&'static str),
    /// The checksum holds and the content still makes no sense.
    #[error("{0} makes no sense")]
    Malformed(&'static str),
    /// They claim more than can be true.
    #[error("{what}: {found} is more than the limit of {limit}")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How much is claimed.
        found: u64,
        /// How much is allowed.
        limit: u64,
    },
}

/// Why readings, buckets or gaps could not be packed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PackError {
    /// They are more than fits in one chunk: pack a shorter stretch.
    #[error("{found} {what} do not fit in one chunk, which holds {limit}")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How much was given.
        found: usize,
        /// How much fits.
        limit: usize,
    },
}
