//! Decisions without a browser: what to show, in which order, and in which words' place. Pure, and tested as ordinary code.

pub(crate) mod attention;
pub(crate) mod cells;
pub(crate) mod columns;
pub(crate) mod csv;
pub(crate) mod fleet;
pub(crate) mod history;
pub(crate) mod lately;
pub(crate) mod link;
pub(crate) mod load;
pub(crate) mod look;
pub(crate) mod moment;
pub(crate) mod order;
pub(crate) mod overview;
pub(crate) mod palette;
pub(crate) mod query;
pub(crate) mod question;
pub(crate) mod range;
pub(crate) mod route;
#[cfg(test)]
pub(crate) mod sample;
pub(crate) mod sequence;
pub(crate) mod sorting;
pub(crate) mod spark;
pub(crate) mod sums;
pub(crate) mod text;
pub(crate) mod time;
pub(crate) mod virtual_rows;
pub(crate) mod window;
