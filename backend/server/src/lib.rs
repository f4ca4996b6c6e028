//! The program `plimsoll`: the console's server and its command line. A library so that its benches reach the parts they measure.
//!
//! `serve` puts the parts together: `collect` tells what it sees over a bounded channel, `fold` turns that into the present
//! ([`fleet`]) and hands it to the [`recorder`], whose past [`pack`] keeps small, [`publish`] tells the tabs through the [`live`]
//! hub, and [`http`] answers everything else, pictures made by [`chart`] too. Only the [`supervisor`] starts tasks. [`config`] says what the server runs with,
//! [`cli`] is the rest.

#![recursion_limit = "256"]

mod app;
mod chart;
mod cli;
mod clock;
mod config;
mod fleet;
mod http;
mod live;
mod overview;
mod pack;
mod publish;
mod recorder;
mod serve;
mod site;
mod supervisor;

use clap::Parser;
use cli::{Cli, Command};
use std::{
    io::{self, IsTerminal},
    process::ExitCode,
};
use tracing_subscriber::EnvFilter;

pub use pack::{Packing, retention};
pub use recorder::{Archive, Keep, Recorder, horizon};

/// Does what the command line asks.
#[must_use]
pub fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Serve(flags) => run_server(&flags),
        Command::Stats(command) => return command.execute(),
        Command::Backup(command) => return command.execute(),
        Command::History(command) => return command.execute(),
        Command::Restore(command) => return command.execute(),
        Command::Config(command) => command.run(&mut io::stdout().lock()).map_err(Into::into),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("plimsoll: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run_server(flags: &config::Flags) -> anyhow::Result<()> {
    let loaded = config::load(flags)?;
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_new(&loaded.config.log)?)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .init();
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(serve::serve(&loaded))
}
