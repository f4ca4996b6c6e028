//! `plimsoll backup` and `plimsoll restore`: copies of the data folder, and back.

use crate::{
    clock,
    config::{self, ConfigError, Flags},
    http::chain,
};
use clap::Args;
use plimsoll_store::{BackupError, Manifest};
use std::{future::Future, io, path::PathBuf, process::ExitCode};

/// Copies the data folder.
#[derive(Debug, Args)]
pub struct BackupCommand {
    /// Folder to make; it gets plimsoll.db, samples.db and manifest.json
    #[arg(value_name = "DIR")]
    to: PathBuf,
    #[command(flatten)]
    data: DataFolder,
}

/// Puts a backup back.
#[derive(Debug, Args)]
pub struct RestoreCommand {
    /// Folder that `plimsoll backup` made
    #[arg(value_name = "BACKUP")]
    from: PathBuf,
    /// Only check the backup: checksums, health, and whether its files belong together
    #[arg(long)]
    verify: bool,
    /// Put it in the place of a history that is there, which is moved aside and not deleted
    #[arg(long, conflicts_with = "verify")]
    replace: bool,
    #[command(flatten)]
    data: DataFolder,
}

/// Where the data is.
#[derive(Debug, Args)]
pub(super) struct DataFolder {
    /// Folder the data is in [default: the one the server uses]
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// File with settings, as for serve
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl DataFolder {
    pub(super) fn path(&self) -> Result<PathBuf, ConfigError> {
        let flags = Flags {
            data: self.data.clone(),
            config: self.config.clone(),
            ..Flags::default()
        };
        Ok(config::load(&flags)?.config.data)
    }
}

/// Why it could not be done; the text is for the person at the terminal.
#[derive(Debug, thiserror::Error)]
enum CopyError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The backup, or the data folder.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The machine does not let it start.
    #[error("The work cannot begin.")]
    Start(#[from] io::Error),
}

impl BackupCommand {
    /// Makes the backup; prints what was made to standard output, and what went wrong to standard error.
    pub fn execute(&self) -> ExitCode {
        done(self.run())
    }

    fn run(&self) -> Result<(), CopyError> {
        let data = self.data.path()?;
        let made = waited(plimsoll_store::backup(&data, &self.to, clock::now().0))??;
        println!(
            "{} holds a backup of {}:",
            self.to.display(),
            data.display()
        );
        list(&made);
        Ok(())
    }
}

impl RestoreCommand {
    /// Puts the backup back or checks it; prints to standard output, and what went wrong to standard error.
    pub fn execute(&self) -> ExitCode {
        done(self.run())
    }

    fn run(&self) -> Result<(), CopyError> {
        if self.verify {
            let found = waited(plimsoll_store::verify(&self.from))??;
            println!("{} is a whole and healthy backup:", self.from.display());
            list(&found);
            return Ok(());
        }
        let data = self.data.path()?;
        let now = clock::now().0;
        let back = waited(plimsoll_store::restore(
            &self.from,
            &data,
            self.replace,
            now,
        ))??;
        println!(
            "{} is put back into {}:",
            self.from.display(),
            data.display()
        );
        list(&back);
        Ok(())
    }
}

fn list(manifest: &Manifest) {
    for file in &manifest.files {
        println!(
            "{:>14} bytes  sha256 {}  {}",
            file.bytes, file.sha256, file.name
        );
    }
}

/// Waits for it on this thread.
pub(super) fn waited<T>(work: impl Future<Output = T>) -> io::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(runtime.block_on(work))
}

fn done(done: Result<(), CopyError>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("plimsoll: {}", chain(&error));
            ExitCode::FAILURE
        }
    }
}
