//! Charts on the server: what metrics are called, and pictures of lines.

pub(crate) mod unit;
