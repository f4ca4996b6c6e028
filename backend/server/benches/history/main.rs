//! Measures history: `cargo xtask bench history`.
//!
//! What a value costs on disk, what recording ten thousand containers costs, and how soon a chart of a database with 13 months of a thousand
//! containers is answered. Each table has a peer's number or the limit we set ourselves beside ours. Numbers never fail a run.

mod charts;
mod ingest;
mod made;
#[path = "../../../xtask/benches/console/report.rs"]
mod report;
mod seed;
mod size;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};

/// One part of the bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Bytes on disk.
    Size,
    /// Recording, packing, rolling up and pruning.
    Ingest,
    /// Charts over HTTP, and starting on a large file.
    Charts,
}

#[derive(Parser)]
struct Arguments {
    /// Which part; all when left out.
    part: Option<Part>,
    /// What cargo tells every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() -> Result<()> {
    let only = Arguments::parse().part;
    let mut failed = 0;
    for part in Part::value_variants()
        .iter()
        .filter(|part| only.is_none_or(|only| only == **part))
    {
        let outcome = match part {
            Part::Size => size::run().await,
            Part::Ingest => ingest::run().await,
            Part::Charts => charts::run().await,
        };
        if let Err(error) = outcome {
            eprintln!("\nerror: {part:?} could not be measured: {error:#}");
            failed += 1;
        }
    }
    (failed == 0)
        .then_some(())
        .with_context(|| format!("{failed} parts could not be measured"))
}
