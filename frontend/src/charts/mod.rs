//! Charts: what they show is decided in modules without a browser (`trail`, `unit`, `clock`, `frame`, `quantity`, `picture`, `hover`), drawn
//! by `paint` on any plotters backend, and brought to the page by `canvas`, `chart` and what lies over it.

mod bar;
mod canvas;
mod chart;
mod clock;
mod frame;
mod hover;
mod inks;
mod paint;
mod paper;
mod picture;
mod quantity;
mod stack;
mod table;
mod tip;
mod trail;
mod unit;

pub(crate) use bar::TimeBar;
pub(crate) use chart::{Chart, Named, Plot};
pub(crate) use paper::{Paper, use_paper};
pub(crate) use picture::{Picture, sign};
pub(crate) use quantity::{Quantity, Scene, flags};
pub(crate) use stack::{Manner, names, newest, stack};
