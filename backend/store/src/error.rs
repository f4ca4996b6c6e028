//! What can go wrong with the data folder, each with what to do about it.

use std::{
    error::Error,
    fmt, io,
    path::{Path, PathBuf},
};

/// The cause of a [`StoreError`], for the log.
pub type Cause = Box<dyn Error + Send + Sync>;

/// Why the store could not do what it was asked; the text is a sentence for the console.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process holds the folder.
    #[error(
        "The data folder {} is in use by another plimsoll{}. Stop that one, or choose another folder with --data.",
        .dir.display(), Process(.pid)
    )]
    InUse {
        /// The folder.
        dir: PathBuf,
        /// The process that holds it; `None` when its lock file does not say.
        pid: Option<u32>,
    },
    /// The folder cannot be made or looked into.
    #[error("The data folder {} cannot be used. Check that it is a folder and that this user may write to it.", .dir.display())]
    Folder {
        /// The folder.
        dir: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file or its file system does not take writes.
    #[error("{} cannot be written: it or its file system is read-only. Make it writable, or choose another folder with --data.", .path.display())]
    ReadOnly {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: Cause,
    },
    /// The disk is full.
    #[error("There is no space left for {}. Free some on that disk; recording then goes on by itself.", .path.display())]
    Full {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: Cause,
    },
    /// The file was made by another program.
    #[error("{} was not made by plimsoll, so it was left as it is. Move it away, or choose another folder with --data.", .path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error("{} is damaged, so it was left as it is and nothing is written. Put a backup back with `plimsoll restore BACKUP --data {}`, or move the files of that folder away to begin anew.", .path.display(), Folder(.path))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was seen.
        #[source]
        source: Cause,
    },
    /// The file was written by a newer version.
    #[error("{} was written by a newer plimsoll (its schema is version {found}, this program knows {known}). Use that version, or choose another folder with --data.", .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema version.
        found: i64,
        /// The newest schema version this program knows.
        known: i64,
    },
    /// The two files do not belong together.
    #[error("{} does not belong to the plimsoll.db beside it: its readings are of other containers. Move it away, or put its plimsoll.db back.", .path.display())]
    Unpaired {
        /// The sample history.
        path: PathBuf,
    },
    /// Another program holds the file's lock for too long.
    #[error("{} is locked by another program, a backup perhaps; nothing could be written for five seconds.", .path.display())]
    Busy {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Cause,
    },
    /// The disk failed to read or write.
    #[error("{} could not be read or written: the disk reports an error. Check the disk and the system's log.", .path.display())]
    Disk {
        /// The file.
        path: PathBuf,
        /// What it said.
        #[source]
        source: Cause,
    },
    /// The store was closed.
    #[error("The history is closed because the server is stopping.")]
    Closed,
    /// Anything else a statement can meet.
    #[error("{} could not be used while {doing}.", .path.display())]
    Statement {
        /// What we were doing.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Cause,
    },
}

struct Folder<'a>(&'a Path);

impl fmt::Display for Folder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.parent().unwrap_or(self.0).display())
    }
}

struct Process<'a>(&'a Option<u32>);

impl fmt::Display for Process<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(pid) => write!(f, " (process {pid})"),
            None => Ok(()),
        }
    }
}

/// Names the file and the deed for whatever SQLite answers.
pub(crate) fn failed(path: &Path, doing: &'static str) -> impl Fn(sqlx::Error) -> StoreError {
    move |error| {
        let path = path.to_owned();
        // https://www.sqlite.org/rescode.html; the low byte is the primary code.
        let primary = match &error {
            sqlx::Error::Database(answer) => answer
                .code()
                .and_then(|code| code.parse::<u32>().ok())
                .map(|code| code & 0xff),
            _ => None,
        };
        let source: Cause = error.into();
        match primary {
            Some(5 | 6) => StoreError::Busy { path, source },
            Some(8) => StoreError::ReadOnly { path, source },
            Some(10 | 14) => disk_trouble(path, source),
            Some(11 | 26) => StoreError::Damaged { path, source },
            Some(13) => StoreError::Full { path, source },
            _ if source_is_busy(&source) => StoreError::Busy { path, source },
            _ if source_is_decoding(&source) => StoreError::Damaged { path, source },
            _ => StoreError::Statement {
                doing,
                path,
                source,
            },
        }
    }
}

/// Names the folder or file for what the system answered.
pub(crate) fn io_failed(path: &Path, source: io::Error) -> StoreError {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
            StoreError::ReadOnly {
                path,
                source: source.into(),
            }
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full {
            path,
            source: source.into(),
        },
        _ => StoreError::Folder { dir: path, source },
    }
}

/// SQLite reports a full or read-only disk as a general failure when it meets it beside the database file itself.
fn disk_trouble(path: PathBuf, source: Cause) -> StoreError {
    let disk = path.parent().and_then(|dir| rustix::fs::statvfs(dir).ok());
    match disk {
        Some(disk) if disk.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY) => {
            StoreError::ReadOnly { path, source }
        }
        Some(disk) if disk.f_bavail.saturating_mul(disk.f_frsize) < 64 * 1024 => {
            StoreError::Full { path, source }
        }
        _ => StoreError::Disk { path, source },
    }
}

fn source_is_busy(source: &Cause) -> bool {
    matches!(source.downcast_ref(), Some(sqlx::Error::PoolTimedOut))
}

fn source_is_decoding(source: &Cause) -> bool {
    use sqlx::Error::{ColumnDecode, Decode};
    matches!(source.downcast_ref(), Some(ColumnDecode { .. } | Decode(_)))
}
