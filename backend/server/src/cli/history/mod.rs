//! `plimsoll history`: history out of a data folder as lines of text, and into another.

mod export;
mod import;
mod line;
#[cfg(test)]
mod tests;

use super::backup::{DataFolder, waited};
use crate::{
    clock,
    config::ConfigError,
    http::{chain, moment},
    recorder::Archive,
};
use clap::{Args, Subcommand};
use plimsoll_model::ContainerFacts;
use plimsoll_shared::{HostId, UnixMs};
use plimsoll_store::{Store, StoreError};
use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Takes history out, or in.
#[derive(Debug, Args)]
pub struct HistoryCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Write history as lines of JSON, also while the server runs
    Export {
        /// File to make; standard output unless told
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// Only of this host
        #[arg(long)]
        host: Option<HostId>,
        /// Only of this container: its name, its id, or the beginning of its id
        #[arg(long, value_name = "CONTAINER")]
        container: Option<String>,
        /// Only from this time on: Unix milliseconds, RFC 3339, or how long ago, such as now-2h
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
        /// Only up to this time
        #[arg(long, value_name = "TIME")]
        to: Option<String>,
        #[command(flatten)]
        data: DataFolder,
    },
    /// Take exported history in; what is there already stays. The server must not run
    Import {
        /// File that was exported; standard input for -
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        data: DataFolder,
    },
}

/// Why it could not be done; the text is for the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub(super) enum HistoryError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data folder.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A time cannot be understood.
    #[error("{0}")]
    Time(String),
    /// A file cannot be opened.
    #[error("{} cannot be opened.", .path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A line says something that cannot be.
    #[error(
        "Line {number} cannot be taken in: {why}. What came before it is kept; importing again goes on from there."
    )]
    Line {
        /// Which, counted from 1.
        number: u64,
        /// What is wrong.
        why: String,
    },
    /// It could not be read on.
    #[error("The exported history could not be read.")]
    Read(#[source] io::Error),
    /// It could not be written.
    #[error("The history could not be written.")]
    Write(#[source] io::Error),
}

impl HistoryError {
    /// Something is wrong with the line that is taken in.
    fn line(why: &str) -> Self {
        Self::Line {
            number: 0,
            why: why.to_owned(),
        }
    }

    /// The same, of a line.
    fn at(self, number: u64) -> Self {
        match self {
            Self::Line { why, .. } => Self::Line { number, why },
            other => other,
        }
    }
}

/// What is exported.
pub(super) struct Selection {
    host: Option<HostId>,
    container: Option<String>,
    from: UnixMs,
    to: UnixMs,
}

impl Selection {
    /// Everything.
    fn all() -> Self {
        Self {
            host: None,
            container: None,
            from: UnixMs(i64::MIN / 2),
            to: UnixMs(i64::MAX / 2),
        }
    }

    fn names(&self, facts: &ContainerFacts) -> bool {
        let named = |wanted: &String| {
            facts.name == *wanted || (wanted.len() >= 4 && facts.id.as_str().starts_with(wanted))
        };
        self.container.as_ref().is_none_or(named)
    }

    fn touches(&self, from: UnixMs, to: UnixMs) -> bool {
        from < self.to && to > self.from
    }

    fn holds(&self, at: UnixMs) -> bool {
        at >= self.from && at < self.to
    }
}

impl HistoryCommand {
    /// Does what was asked for; says on standard error what went wrong.
    pub fn execute(&self) -> ExitCode {
        match self.run() {
            Ok(()) => ExitCode::SUCCESS,
            // Whoever read the output has seen enough.
            Err(HistoryError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
                ExitCode::SUCCESS
            }
            Err(error) => {
                eprintln!("plimsoll: {}", chain(&error));
                ExitCode::FAILURE
            }
        }
    }

    fn run(&self) -> Result<(), HistoryError> {
        match &self.action {
            Action::Export {
                file,
                host,
                container,
                from,
                to,
                data,
            } => {
                let now = clock::now();
                let time = |text: &Option<String>, usual: UnixMs| match text {
                    Some(text) => moment(text, now).map_err(HistoryError::Time),
                    None => Ok(usual),
                };
                let all = Selection::all();
                let selection = Selection {
                    host: host.clone(),
                    container: container.clone(),
                    from: time(from, all.from)?,
                    to: time(to, all.to)?,
                };
                let data = data.path()?;
                let mut out: Box<dyn Write + Send> = match file {
                    None => Box::new(io::stdout()),
                    Some(path) => Box::new(File::create_new(path).map_err(opened(path))?),
                };
                let work = async {
                    let store = Archive::new(Store::open_to_read(&data));
                    export::export(&store, &selection, &mut BufWriter::new(&mut out)).await
                };
                waited(work).map_err(HistoryError::Write)?
            }
            Action::Import { file, data } => {
                let data = data.path()?;
                let mut from: Box<dyn io::Read + Send> = match file.to_str() {
                    Some("-") => Box::new(io::stdin()),
                    _ => Box::new(File::open(file).map_err(opened(file))?),
                };
                let work = async {
                    let store = Store::open(&data).await?;
                    let done = import::import(&store, &mut BufReader::new(&mut from)).await;
                    store.close().await?;
                    done
                };
                waited(work).map_err(HistoryError::Read)?
            }
        }
    }
}

fn opened(path: &Path) -> impl Fn(io::Error) -> HistoryError + use<'_> {
    move |source| HistoryError::Open {
        path: path.to_owned(),
        source,
    }
}
