//! The data folder: made for this user alone, held by one process, with a reserve for when the disk is full.

use crate::error::{StoreError, io_failed};
use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
};

/// Bytes set aside so that old rows can still be deleted on a full disk: deleting writes to the log first.
const BALLAST: usize = 2 * 1024 * 1024;

/// What the lock says when nobody holds it and all was closed in order.
const CLOSED: &str = "closed";

/// A data folder that this process holds until it is dropped.
#[derive(Debug)]
pub(crate) struct Folder {
    dir: PathBuf,
    held: Option<File>,
    /// Whether the last who held it closed its files in order.
    pub(crate) closed: bool,
}

impl Folder {
    /// Makes the folder if there is none, and takes it.
    pub(crate) fn take(dir: &Path) -> Result<Self, StoreError> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(dir).map_err(|e| io_failed(dir, e))?;
        let (held, closed) = hold(dir)?;
        let folder = Self {
            dir: dir.to_owned(),
            held: Some(held),
            closed,
        };
        folder.restore_ballast();
        Ok(folder)
    }

    /// The folder, not taken: only to be read.
    pub(crate) fn look(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            held: None,
            closed: false,
        }
    }

    /// Notes that its files are closed in order, so that a log found beside them later is known not to be theirs.
    pub(crate) fn note_closed(&self) {
        if let Some(held) = &self.held
            && let Err(error) = note(held, CLOSED)
        {
            tracing::debug!(%error, "that the files are closed could not be noted");
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.dir
    }

    /// Gives up the reserve; whether there was one.
    pub(crate) fn release_ballast(&self) -> bool {
        fs::remove_file(self.ballast()).is_ok()
    }

    /// Sets the reserve aside again when there is room for it twice.
    pub(crate) fn restore_ballast(&self) {
        let path = self.ballast();
        let wanted = BALLAST as u64;
        if fs::metadata(&path).is_ok_and(|found| found.len() == wanted) {
            return;
        }
        let roomy = rustix::fs::statvfs(&self.dir)
            .is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) > 2 * wanted);
        if roomy && let Err(error) = write_ballast(&path) {
            tracing::debug!(%error, "no reserve could be set aside");
            let _ = fs::remove_file(&path);
        }
    }

    /// Bytes of everything in the folder.
    pub(crate) fn size(&self) -> io::Result<u64> {
        let mut total = 0;
        for entry in fs::read_dir(&self.dir)? {
            match entry?.metadata() {
                Ok(found) if found.is_file() => total += found.len(),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(total)
    }

    /// Bytes that this user may still write to the disk; `None` when that cannot be told.
    pub(crate) fn free(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(&self.dir).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    fn ballast(&self) -> PathBuf {
        self.dir.join("ballast")
    }
}

/// Opens a file that only this user may read, making it if there is none.
pub(crate) fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Takes the lock; also says whether the last who held it left it in order.
fn hold(dir: &Path) -> Result<(File, bool), StoreError> {
    let path = dir.join("plimsoll.lock");
    let mut file = private(&path).map_err(|e| io_failed(dir, e))?;
    let mut text = String::new();
    let locked = file.try_lock();
    let _ = (&mut file).take(32).read_to_string(&mut text);
    match locked {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(StoreError::InUse {
                dir: dir.to_owned(),
                pid: text.trim().parse().ok(),
            });
        }
        Err(TryLockError::Error(error)) => return Err(io_failed(&path, error)),
    }
    note(&file, &std::process::id().to_string()).map_err(|e| io_failed(&path, e))?;
    Ok((file, text.trim() == CLOSED))
}

/// Always the same length, so that an old file is overwritten in place even on a full disk.
fn note(mut file: &File, word: &str) -> io::Result<()> {
    file.rewind()?;
    writeln!(file, "{word:<10}")
}

/// Real bytes: a file of holes would reserve nothing.
fn write_ballast(path: &Path) -> io::Result<()> {
    let mut file = private(path)?;
    let mut noise: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut block = Vec::with_capacity(BALLAST);
    while block.len() < BALLAST {
        // xorshift: bytes that a compressing file system cannot fold away
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        block.extend_from_slice(&noise.to_le_bytes());
    }
    file.write_all(&block)?;
    file.sync_all()
}
