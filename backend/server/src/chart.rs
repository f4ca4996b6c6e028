//! Charts on the server: what metrics are called, and pictures of lines.

mod look;
pub(crate) mod picture;
pub(crate) mod raster;
mod scale;
pub(crate) mod unit;

pub(crate) use look::Theme;
