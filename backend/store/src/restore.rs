//! Putting a backup back: all of it or nothing, whenever it is interrupted.
//!
//! The backup's files are first copied beside the ones that are there, under names of their own. A marker then says that they are
//! whole, and from there on it only goes forward: what was there is moved aside, the copies take its place, the marker goes. Whoever
//! takes the folder next finishes what was begun.

use crate::{
    BackupError, MAIN, Manifest, SAMPLES, StoreError,
    backup::{healthy, io_failed, verify},
    database::beside,
    error,
    folder::{self, Folder},
};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// Says that the copies are whole; holds the ending of what is moved aside.
const MARKER: &str = "restoring";
/// Where the copies are until then.
const COPIES: &str = "restored";

/// Puts the backup `from` in the place of what is in `dir`, which is moved aside if it may be `replaced`.
///
/// # Errors
/// [`BackupError`] says what and what to do; the folder is then as it was.
pub async fn restore(
    from: &Path,
    dir: &Path,
    replace: bool,
    now: i64,
) -> Result<Manifest, BackupError> {
    let manifest = verify(from).await?;
    let folder = Folder::take(dir)?;
    finish(dir)?;
    let occupied = [&MAIN, &SAMPLES]
        .iter()
        .any(|kind| dir.join(kind.name).exists());
    if occupied && !replace {
        return Err(BackupError::Occupied {
            dir: dir.to_owned(),
        });
    }
    let copies = dir.join(COPIES);
    let copied = copy(from, &copies).await;
    if copied.is_err() {
        let _ = fs::remove_dir_all(&copies);
    }
    copied?;
    let marker = dir.join(MARKER);
    let marked = fs::write(dir.join("restoring.new"), format!("{now}"))
        .and_then(|()| File::open(dir.join("restoring.new"))?.sync_all())
        .and_then(|()| fs::rename(dir.join("restoring.new"), &marker))
        .and_then(|()| File::open(dir)?.sync_all());
    marked.map_err(io_failed("putting a backup back", &marker))?;
    finish(dir)?;
    folder.note_closed();
    Ok(manifest)
}

/// Copies the files and checks the copies.
async fn copy(from: &Path, copies: &Path) -> Result<(), BackupError> {
    let failed = io_failed("copying a backup", copies);
    if copies.exists() {
        fs::remove_dir_all(copies).map_err(&failed)?;
    }
    fs::create_dir(copies).map_err(&failed)?;
    for kind in [&MAIN, &SAMPLES] {
        let path = copies.join(kind.name);
        let failed = io_failed("copying a backup", &path);
        let mut to = folder::private(&path).map_err(&failed)?;
        let mut source = File::open(from.join(kind.name)).map_err(&failed)?;
        io::copy(&mut source, &mut to).map_err(&failed)?;
        to.sync_all().map_err(&failed)?;
    }
    File::open(copies)
        .and_then(|dir| dir.sync_all())
        .map_err(&failed)?;
    healthy(copies).await
}

/// Finishes what [`restore`] began in a folder that is taken, if it did.
pub(crate) fn finish(dir: &Path) -> Result<(), StoreError> {
    let marker = dir.join(MARKER);
    let Ok(ending) = fs::read_to_string(&marker) else {
        return Ok(());
    };
    let failed = |e| error::io_failed(&marker, e);
    for kind in [&MAIN, &SAMPLES] {
        let (path, copy) = (dir.join(kind.name), dir.join(COPIES).join(kind.name));
        if !copy.exists() {
            continue;
        }
        for file in [path.clone(), beside(&path, "-wal"), beside(&path, "-shm")] {
            let aside: PathBuf = beside(&file, &format!(".replaced-{}", ending.trim()));
            if file.exists() {
                fs::rename(&file, aside).map_err(failed)?;
            }
        }
        fs::rename(copy, path).map_err(failed)?;
    }
    File::open(dir)
        .and_then(|dir| dir.sync_all())
        .map_err(failed)?;
    fs::remove_dir_all(dir.join(COPIES)).map_err(failed)?;
    fs::remove_file(&marker).map_err(failed)
}
