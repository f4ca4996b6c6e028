//! The command line of `plimsoll`.

pub mod backup;
pub mod config;
pub mod history;
pub mod stats;

use crate::config::Flags;
use clap::{Parser, Subcommand};

/// One console for everything a team asks about its running containers.
#[derive(Debug, Parser)]
#[command(name = "plimsoll", version, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What `plimsoll` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the console's server
    Serve(Flags),
    /// Look at the configuration
    Config(config::ConfigCommand),
    /// Copy the data folder, also while the server runs
    Backup(backup::BackupCommand),
    /// Take history out as lines of text, or in
    History(history::HistoryCommand),
    /// Put a backup back, or check it
    Restore(backup::RestoreCommand),
    /// Show what containers use, as docker stats does
    Stats(stats::StatsCommand),
}
