//! What can be measured, by name.

use clap::ValueEnum;

/// One bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bench {
    /// How heavy the pages are, and how soon the first row stands.
    Weight,
    /// What measuring idle containers costs beside `docker stats`, and the server's memory.
    Stats,
    /// How long a sample takes to the browser.
    Latency,
    /// How smoothly a table of a thousand containers scrolls and sorts.
    Frames,
    /// What history takes on disk, what recording costs, and how soon charts are answered and drawn.
    History,
}
