//! What is wrong with the configuration, and where it was written.

use super::Origin;
use std::{io, net::SocketAddr, path::PathBuf};

/// Why the configuration cannot be used; the text is a sentence for the person who wrote it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file has a setting that does not exist.
    #[error("{}:{line}: there is no setting {name:?}; the settings are {known}.", .path.display())]
    NoSuchSetting {
        /// The file.
        path: PathBuf,
        /// Its line.
        line: usize,
        /// What was written.
        name: String,
        /// All settings.
        known: String,
    },
    /// A value is not what it should be.
    #[error("{from}: {value:?} will not do for {name}; expected {expected}.")]
    BadValue {
        /// Where it was written.
        from: Origin,
        /// The setting.
        name: &'static str,
        /// What was written.
        value: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// The file is not TOML.
    #[error("{}:{line}: this is not TOML: {message}.", .path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Its line.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// The file cannot be read.
    #[error("The configuration file {} cannot be read.", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The address is reachable from other machines, and there are no accounts.
    #[error(
        "{from}: listening on {listen} would show everything to everyone who reaches it, for there are no accounts yet. Listen on \
         127.0.0.1, or say --allow-unauthenticated if that is what you want."
    )]
    Exposed {
        /// The address.
        listen: SocketAddr,
        /// Where it was written.
        from: Origin,
    },
    /// There is no home folder, so no data folder can be chosen.
    #[error(
        "No folder for the data can be chosen, because this user has no home folder; choose one with --data."
    )]
    Homeless,
}
