//! Copies of the data folder: made while a server writes, checked, and described by a manifest.
//!
//! A backup is a folder of three files: `plimsoll.db` and `samples.db`, each a whole SQLite database, and `manifest.json`, a
//! [`Manifest`]. The samples are copied first, so that every life they name is in the other file.

use crate::{
    MAIN, SAMPLES, StoreError,
    database::{Database, Kind},
    error::Cause,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

/// The manifest's name in a backup.
const MANIFEST: &str = "manifest.json";
/// The version of this layout.
const VERSION: u32 = 1;
/// Longest manifest that is read.
const LONGEST_MANIFEST: u64 = 64 * 1024;

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the layout, 1.
    pub plimsoll_backup: u32,
    /// When it was made, in Unix milliseconds.
    pub made_at: i64,
    /// The files.
    pub files: Vec<Copied>,
}

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// Its name.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// The SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: String,
}

/// Why a backup could not be made, checked or put back; the text is a sentence for the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is something at the place already.
    #[error("{} is there already. Name a place that is not, for nothing is overwritten.", .path.display())]
    There {
        /// The place.
        path: PathBuf,
    },
    /// A file cannot be read or written.
    #[error("{} cannot be used while {doing}.", .path.display())]
    Io {
        /// What we were doing.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The folder is no backup.
    #[error("{} is no backup made by `plimsoll backup`: {why}.", .path.display())]
    NoBackup {
        /// The folder.
        path: PathBuf,
        /// What is missing or wrong.
        why: String,
    },
    /// A file of the backup is not as it was written.
    #[error("{} is not as it was when the backup was made: {why}. Use another backup.", .path.display())]
    Changed {
        /// The file.
        path: PathBuf,
        /// What was seen.
        why: String,
    },
    /// The data folder has files that would be replaced.
    #[error("{} has a history already. Say --replace to put the backup in its place; what is there is then moved aside, not deleted.", .dir.display())]
    Occupied {
        /// The folder.
        dir: PathBuf,
    },
    /// The data folder.
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub(crate) fn io_failed<'p>(
    doing: &'static str,
    path: &'p Path,
) -> impl Fn(io::Error) -> BackupError + use<'p> {
    move |source| BackupError::Io {
        doing,
        path: path.to_owned(),
        source,
    }
}

/// Copies the history in `dir` into the new folder `to`, also while a server writes to it. The folder appears when all is in it.
///
/// # Errors
/// [`BackupError`] says what and what to do; nothing is left behind then.
pub async fn backup(dir: &Path, to: &Path, made_at: i64) -> Result<Manifest, BackupError> {
    if to.exists() {
        return Err(BackupError::There {
            path: to.to_owned(),
        });
    }
    let mut unfinished = to.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let unfinished = PathBuf::from(unfinished);
    let failed = io_failed("making a backup", &unfinished);
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(&failed)?;
    }
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&unfinished).map_err(&failed)?;
    let made = async {
        let manifest = copy(dir, &unfinished, made_at).await?;
        fs::rename(&unfinished, to).map_err(io_failed("making a backup", to))?;
        Ok(manifest)
    };
    let made = made.await;
    if made.is_err() {
        let _ = fs::remove_dir_all(&unfinished);
    }
    made
}

async fn copy(dir: &Path, to: &Path, made_at: i64) -> Result<Manifest, BackupError> {
    let mut files = Vec::new();
    for kind in [&SAMPLES, &MAIN] {
        let path = to.join(kind.name);
        let source = Database::open_to_read(dir, kind);
        source.copy_to(&path).await?;
        files.push(described(&path, kind.name)?);
    }
    let manifest = Manifest {
        plimsoll_backup: VERSION,
        made_at,
        files,
    };
    let path = to.join(MANIFEST);
    let failed = io_failed("making a backup", &path);
    let text = serde_json::to_vec_pretty(&manifest).expect("names and numbers are JSON");
    fs::write(&path, text).map_err(&failed)?;
    for path in [path.as_path(), to] {
        let file = File::open(path).map_err(&failed)?;
        file.sync_all().map_err(&failed)?;
    }
    Ok(manifest)
}

/// A file's length and checksum; it is on disk afterwards.
fn described(path: &Path, name: &str) -> Result<Copied, BackupError> {
    let failed = io_failed("checking a backup", path);
    let mut file = File::open(path).map_err(&failed)?;
    let mut sum = Sha256::new();
    let mut block = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut block).map_err(&failed)?;
        if read == 0 {
            break;
        }
        sum.update(&block[..read]);
        bytes += u64::try_from(read).unwrap_or(0);
    }
    file.sync_all().map_err(&failed)?;
    let sha256 = sum.finalize().iter().map(|b| format!("{b:02x}")).collect();
    Ok(Copied {
        name: name.to_owned(),
        bytes,
        sha256,
    })
}

/// Checks that `from` is a whole backup whose files are as they were written, healthy, and belong together.
///
/// # Errors
/// [`BackupError`] says which file and what is wrong.
pub async fn verify(from: &Path) -> Result<Manifest, BackupError> {
    let manifest = manifest(from)?;
    for kind in [&MAIN, &SAMPLES] {
        let path = from.join(kind.name);
        let Some(told) = manifest.files.iter().find(|file| file.name == kind.name) else {
            return Err(BackupError::NoBackup {
                path: from.to_owned(),
                why: format!("its {MANIFEST} does not name {}", kind.name),
            });
        };
        let found = described(&path, kind.name)?;
        let why = match &found {
            found if found.bytes != told.bytes => {
                format!("it has {} bytes instead of {}", found.bytes, told.bytes)
            }
            found if found.sha256 != told.sha256 => "its checksum differs".to_owned(),
            _ => continue,
        };
        return Err(BackupError::Changed { path, why });
    }
    healthy(from).await?;
    Ok(manifest)
}

fn manifest(from: &Path) -> Result<Manifest, BackupError> {
    let none = |why: String| BackupError::NoBackup {
        path: from.to_owned(),
        why,
    };
    let path = from.join(MANIFEST);
    let mut text = Vec::new();
    File::open(&path)
        .and_then(|file| file.take(LONGEST_MANIFEST).read_to_end(&mut text))
        .map_err(|error| none(format!("its {MANIFEST} cannot be read ({error})")))?;
    let manifest: Manifest = serde_json::from_slice(&text)
        .map_err(|error| none(format!("its {MANIFEST} says nothing useful ({error})")))?;
    match manifest.plimsoll_backup {
        VERSION => Ok(manifest),
        newer => Err(none(format!(
            "its layout is version {newer}, this program knows {VERSION}"
        ))),
    }
}

/// Whether the two files in `dir` are whole databases of this program that belong together; nothing else has them open.
pub(crate) async fn healthy(dir: &Path) -> Result<(), BackupError> {
    let mut words = Vec::new();
    for kind in [&MAIN, &SAMPLES] {
        words.push(word(dir, kind).await?);
    }
    match words[0] == words[1] {
        true => Ok(()),
        false => Err(StoreError::Unpaired {
            path: dir.join(SAMPLES.name),
        }
        .into()),
    }
}

async fn word(dir: &Path, kind: &'static Kind) -> Result<String, BackupError> {
    let path = dir.join(kind.name);
    let damaged = |why: Cause| StoreError::Damaged {
        path: path.clone(),
        source: why,
    };
    let mut connection = Database::open_copy(dir, kind).await?;
    let checked = crate::database::verdict(&mut connection, &path).await?;
    if checked != "ok" {
        return Err(damaged(checked.into()).into());
    }
    crate::word(&mut connection)
        .await
        .map_err(|error| damaged(error.into()).into())
}
