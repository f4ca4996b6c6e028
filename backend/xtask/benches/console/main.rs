//! Measures the release build of the console: `cargo xtask bench`.
//!
//! A file per bench; each prints tables of what we need beside what a peer needs, or beside the limit we set ourselves. Numbers never
//! fail a run: the machine may be slow. What could not be measured does.

mod cpu;
mod frames;
mod history;
mod latency;
#[path = "../../src/bench/name.rs"]
mod name;
mod report;
mod setting;
mod stats;
mod weight;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use name::Bench;

#[derive(Parser)]
struct Arguments {
    /// Which bench; all when left out.
    bench: Option<Bench>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let only = Arguments::parse().bench;
    let mut failed = 0;
    for bench in Bench::value_variants()
        .iter()
        .filter(|bench| only.is_none_or(|only| only == **bench))
    {
        let outcome = match bench {
            Bench::Weight => weight::run().await,
            Bench::Stats => stats::run().await,
            Bench::Latency => latency::run().await,
            Bench::Frames => frames::run().await,
            Bench::History => history::run().await,
        };
        if let Err(error) = outcome {
            eprintln!("\nerror: {bench:?} could not be measured: {error:#}");
            failed += 1;
        }
    }
    (failed == 0)
        .then_some(())
        .with_context(|| format!("{failed} benches could not be measured"))
}
