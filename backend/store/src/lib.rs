//! The only SQL: remembers containers, their lives, what happened to them, and what they used.
//!
//! Two SQLite files lie in the data folder, both with a write-ahead log. `plimsoll.db` holds what must survive a power cut;
//! every transaction on it is on disk before [`Store::record`] returns. `samples.db` holds the sample history: [`Tail`]s as they
//! arrive, [`Chunk`]s that they were packed into, coarser ones made of those, and gaps. It is bytes to this crate, which knows
//! only whose they are and of when. A power cut may cost its last few seconds. One connection writes, a few read. No SQLite type leaves this crate.
//!
//! A folder that cannot be written, or of which a file is damaged, is opened only to be read: [`Store::open_to_read`]. [`backup`] copies
//! both files while they are written, [`restore`] puts copies back whole or not at all. [`Store::room`] knows at any time how much room
//! each tier takes, [`Store::shrink`] keeps it within a budget.

mod backup;
mod chunks;
mod containers;
mod database;
mod error;
mod events;
mod folder;
mod kin;
mod lives;
mod prune;
mod readings;
mod record;
mod restore;
mod room;
mod shaping;
mod shares;
mod tails;
mod transfer;

pub use backup::{BackupError, Copied, Manifest, backup, verify};
pub use chunks::{Block, Chunk, Stretch, Wanted};
pub use containers::Remembered;
pub use error::{Cause, StoreError};
pub use events::{EventCursor, EventFilter, NoSuchPlace};
pub use kin::Kin;
pub use lives::{Life, LifeId};
pub use prune::Horizon;
pub use record::Recorded;
pub use restore::restore;
pub use room::{Room, Taken};
pub use shares::{Piece, Shares, Stretched};
pub use tails::{Missing, Tail};

use database::{Database, Kind};
use folder::Folder;
use plimsoll_shared::HostId;
use record::Writer;
use sqlx::{Connection, SqliteConnection, sqlite::SqliteSynchronous};
use std::{path::Path, sync::Arc};
use tokio::sync::Mutex;

static MAIN: Kind = Kind {
    name: "plimsoll.db",
    application_id: 0x504c_4d53,
    synchronous: SqliteSynchronous::Full,
    checkpoint_pages: 1000,
    migrations: &sqlx::migrate!("migrations/plimsoll"),
};

static SAMPLES: Kind = Kind {
    name: "samples.db",
    application_id: 0x504c_4d52,
    synchronous: SqliteSynchronous::Normal,
    checkpoint_pages: 4000,
    migrations: &sqlx::migrate!("migrations/samples"),
};

/// The opened history, cheap to clone; the folder is let go when the last clone is dropped.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    main: Database,
    samples: Database,
    writing: Mutex<Writing>,
    /// Held by whoever writes or deletes chunks; taken before `writing`.
    shaping: Mutex<()>,
    folder: Folder,
}

/// Who may write. Whoever writes takes the writer out and puts it back only when all went well: after a failure, or when the
/// caller went away half-way, its connections are not to be trusted and the next one opens its own.
#[derive(Debug)]
enum Writing {
    Idle(Option<Box<Writer>>),
    Closed,
}

impl Store {
    /// Opens the history in `dir`, making the folder and the files that are missing; no file that it does not understand is
    /// changed. A full disk is met by giving up the reserve kept for it.
    ///
    /// # Errors
    /// [`StoreError`] says which file and what to do.
    pub async fn open(dir: &Path) -> Result<Store, StoreError> {
        let folder = Folder::take(dir)?;
        restore::finish(dir)?;
        let (main, samples) = match open_both(dir, folder.closed).await {
            Err(StoreError::Full { .. }) if folder.release_ballast() => {
                open_both(dir, folder.closed).await?
            }
            done => done?,
        };
        Ok(Store(Arc::new(Inner {
            main,
            samples,
            writing: Mutex::new(Writing::Idle(None)),
            shaping: Mutex::new(()),
            folder,
        })))
    }

    /// Opens the history in `dir` only to be read, whatever its state and whoever else has it open: what cannot be read is an error
    /// when it is asked for. Nothing can be written through it.
    #[must_use]
    pub fn open_to_read(dir: &Path) -> Store {
        Store(Arc::new(Inner {
            main: Database::open_to_read(dir, &MAIN),
            samples: Database::open_to_read(dir, &SAMPLES),
            writing: Mutex::new(Writing::Closed),
            shaping: Mutex::new(()),
            folder: Folder::look(dir),
        }))
    }

    /// Keeps what was observed on `host`, apart from the readings, in one transaction; of each sweep it says which lives its
    /// readings belong to, one for one and the machine's last if it was read, so that [`Store::append`] can keep them. After an error, or when the process dies, giving
    /// the same observations again is right, for what is known already is not kept twice.
    ///
    /// # Errors
    /// [`StoreError::Full`], [`StoreError::ReadOnly`] and the like; the store goes on when the trouble ends.
    pub async fn record(
        &self,
        host: &HostId,
        recorded: &[Recorded],
    ) -> Result<Vec<Vec<LifeId>>, StoreError> {
        let mut writing = self.0.writing.lock().await;
        let mut writer = self.writer(&mut writing).await?;
        let lives = writer.record(&self.0, host, recorded).await?;
        *writing = Writing::Idle(Some(writer));
        Ok(lives)
    }

    /// Deletes at most about `max_rows` rows that are older than `horizon`; says how many. Less than `max_rows` means that
    /// nothing old is left.
    ///
    /// # Errors
    /// As [`Store::record`]; on a full disk the reserve is given up first.
    pub async fn prune(&self, horizon: Horizon, max_rows: u32) -> Result<u64, StoreError> {
        let mut writing = self.0.writing.lock().await;
        let mut writer = self.writer(&mut writing).await?;
        let deleted = match writer.prune(&self.0, horizon, max_rows).await {
            Err(StoreError::Full { .. }) if self.0.folder.release_ballast() => {
                writer = self.writer(&mut writing).await?;
                writer.prune(&self.0, horizon, max_rows).await?
            }
            done => done?,
        };
        *writing = Writing::Idle(Some(writer));
        self.0.folder.restore_ballast();
        Ok(deleted)
    }

    /// Bytes of everything in the data folder.
    ///
    /// # Errors
    /// [`StoreError::Folder`] when it cannot be looked into.
    pub async fn size(&self) -> Result<u64, StoreError> {
        let folder = &self.0.folder;
        folder
            .size()
            .map_err(|e| error::io_failed(folder.path(), e))
    }

    /// Folds the write-ahead logs into the files and ends all connections; what is asked afterwards answers
    /// [`StoreError::Closed`].
    ///
    /// # Errors
    /// When the logs could not be folded in; nothing is lost then, the next start reads them.
    pub async fn close(&self) -> Result<(), StoreError> {
        let mut writing = self.0.writing.lock().await;
        let Writing::Idle(idle) = std::mem::replace(&mut *writing, Writing::Closed) else {
            return Ok(());
        };
        self.0.main.readers.close().await;
        self.0.samples.readers.close().await;
        let writer = match idle {
            Some(writer) => *writer,
            None => Writer::open(&self.0).await?,
        };
        writer.close(&self.0).await?;
        self.0.folder.note_closed();
        Ok(())
    }

    async fn writer(&self, writing: &mut Writing) -> Result<Box<Writer>, StoreError> {
        match writing {
            Writing::Closed => Err(StoreError::Closed),
            Writing::Idle(idle) => match idle.take() {
                Some(writer) => Ok(writer),
                None => Ok(Box::new(Writer::open(&self.0).await?)),
            },
        }
    }
}

async fn open_both(dir: &Path, closed: bool) -> Result<(Database, Database), StoreError> {
    let main = Database::open(dir, &MAIN, closed).await?;
    let samples = Database::open(dir, &SAMPLES, closed).await?;
    pair(&main, &samples).await?;
    Ok((main, samples))
}

/// Sees to it that the readings are of the lives in the other file: both carry the same random word.
async fn pair(main: &Database, samples: &Database) -> Result<(), StoreError> {
    let doing = "pairing it with the file beside it";
    let mut connection = main.writer().await?;
    sqlx::query(
        "insert into meta (key, value)
         values ('pair', lower(hex(randomblob(16))))
         on conflict do nothing",
    )
    .execute(&mut connection)
    .await
    .map_err(main.failed(doing))?;
    let word = word(&mut connection).await.map_err(main.failed(doing))?;
    connection.close().await.map_err(main.failed(doing))?;

    let mut connection = samples.writer().await?;
    sqlx::query(
        "insert into meta (key, value)
         values ('pair', ?)
         on conflict do nothing",
    )
    .bind(&word)
    .execute(&mut connection)
    .await
    .map_err(samples.failed(doing))?;
    let theirs = self::word(&mut connection)
        .await
        .map_err(samples.failed(doing))?;
    connection.close().await.map_err(samples.failed(doing))?;
    if theirs != word {
        return Err(StoreError::Unpaired {
            path: samples.path().to_owned(),
        });
    }
    Ok(())
}

async fn word(connection: &mut SqliteConnection) -> Result<String, sqlx::Error> {
    sqlx::query_scalar(
        "select value
         from meta
         where key = 'pair'",
    )
    .fetch_one(connection)
    .await
}
