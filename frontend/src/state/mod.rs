//! Decisions without a browser: what to show, in which order, and in which words' place. Pure, and tested as ordinary code.

pub(crate) mod link;
pub(crate) mod sequence;
pub(crate) mod text;
pub(crate) mod time;
pub(crate) mod window;
