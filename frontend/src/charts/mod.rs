//! Charts: what they show is decided in modules without a browser (`trail`, `unit`, `clock`, `frame`, `picture`), drawn by `paint` on
//! any plotters backend, and brought to the page by `canvas` and `chart`.

mod clock;
mod frame;
mod inks;
mod paint;
mod picture;
mod trail;
mod unit;
