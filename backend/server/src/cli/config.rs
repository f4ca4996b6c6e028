//! `plimsoll config`: which values hold, and who said so.

use crate::config::{self, ConfigError, Flags, Told};
use clap::{Args, Subcommand, ValueEnum};
use std::io::{self, Write};

/// Looks at the configuration.
#[derive(Debug, Args)]
pub struct ConfigCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print every value and where it came from
    Show {
        /// How to print them
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
        #[command(flatten)]
        flags: Flags,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Table,
    Json,
}

impl ConfigCommand {
    /// Does what was asked for; prints to `out`.
    ///
    /// # Errors
    /// The configuration's own, and those of writing.
    pub fn run(&self, out: &mut impl Write) -> Result<(), ShowError> {
        let Action::Show { format, flags } = &self.action;
        let told = config::load(flags)?.told;
        let printed = match format {
            Format::Table => table(out, &told),
            Format::Json => json(out, &told),
        };
        match printed {
            // Whoever read the output has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            done => done.map_err(ShowError::Print),
        }
    }
}

/// Why the configuration could not be shown.
#[derive(Debug, thiserror::Error)]
pub enum ShowError {
    /// It cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// It could not be printed.
    #[error("The configuration could not be printed.")]
    Print(#[source] io::Error),
}

fn json(out: &mut impl Write, told: &[Told]) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, told)?;
    writeln!(out)
}

fn table(out: &mut impl Write, told: &[Told]) -> io::Result<()> {
    let shown = |told: &Told| match told.value.as_str() {
        "" => "-".to_owned(),
        value => value.to_owned(),
    };
    let rows: Vec<_> = told
        .iter()
        .map(|told| (told.name, shown(told), told.from.to_string()))
        .collect();
    let name = rows.iter().map(|(name, ..)| name.len()).max().unwrap_or(0);
    let value = rows
        .iter()
        .map(|(_, value, _)| value.chars().count())
        .max()
        .unwrap_or(0)
        .max("VALUE".len());
    writeln!(out, "{:name$}  {:value$}  FROM", "NAME", "VALUE")?;
    for (setting, text, from) in &rows {
        writeln!(out, "{setting:name$}  {text:value$}  {from}")?;
    }
    Ok(())
}
