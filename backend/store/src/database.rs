//! One SQLite file: recognised before SQLite touches it, brought to this program's schema, opened for one writer and a few readers.

use crate::{
    error::{StoreError, failed, io_failed},
    folder,
};
use sqlx::{
    ConnectOptions, Connection, SqliteConnection, SqlitePool,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    time::Duration,
};

const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const READERS: u32 = 4;
/// A file up to this size is looked through page by page when it is opened.
const CHECKED_WHOLE: u64 = 64 * 1024 * 1024;

/// What sets one of the store's files apart.
#[derive(Debug)]
pub(crate) struct Kind {
    /// Its name in the data folder.
    pub(crate) name: &'static str,
    /// SQLite's `application_id`: how the file is told from other programs'.
    pub(crate) application_id: u32,
    /// What survives a power cut: every transaction, or all but the last few seconds.
    pub(crate) synchronous: SqliteSynchronous,
    /// Pages of write-ahead log before they are folded into the file.
    pub(crate) checkpoint_pages: u32,
    /// Its schema.
    pub(crate) migrations: &'static Migrator,
}

/// An opened file.
#[derive(Debug)]
pub(crate) struct Database {
    kind: &'static Kind,
    path: PathBuf,
    /// Connections that only read.
    pub(crate) readers: SqlitePool,
}

impl Database {
    /// Opens the file, making it if there is none.
    ///
    /// `closed` says that the last who had it closed it in order.
    pub(crate) async fn open(
        dir: &Path,
        kind: &'static Kind,
        closed: bool,
    ) -> Result<Self, StoreError> {
        let path = dir.join(kind.name);
        let fresh = recognise(&path, kind)?;
        if closed && !unlogged(&path) {
            return Err(StoreError::Damaged {
                path,
                source: "the write-ahead log beside it is not its own".into(),
            });
        }
        folder::private(&path).map_err(|e| io_failed(&path, e))?;
        if !fresh {
            check(&path, kind).await?;
        }
        let mut connection = connect(&path, kind).await?;
        if fresh {
            begin_file(&mut connection, kind)
                .await
                .map_err(failed(&path, "making it"))?;
        }
        migrate(&mut connection, &path, kind).await?;
        // One stays open for good: the last to close a file removes its shared memory, and on a full disk there would be no
        // room to make that again for those who only read.
        let readers = SqlitePoolOptions::new()
            .min_connections(1)
            .max_connections(READERS)
            .acquire_timeout(BUSY_TIMEOUT)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options(&path, kind).pragma("query_only", "true"))
            .await
            .map_err(failed(&path, "opening it"))?;
        connection
            .close()
            .await
            .map_err(failed(&path, "opening it"))?;
        Ok(Self {
            kind,
            path,
            readers,
        })
    }

    /// Opens the file only to be read, whatever its state: what cannot be read is an error when it is asked for.
    pub(crate) fn open_to_read(dir: &Path, kind: &'static Kind) -> Self {
        let path = dir.join(kind.name);
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(BUSY_TIMEOUT)
            .connect_lazy_with(to_read(&path, kind));
        Self {
            kind,
            path,
            readers,
        }
    }

    /// Opens a copy that nobody else has, to look it over; it is not changed, nor is anything laid beside it.
    pub(crate) async fn open_copy(
        dir: &Path,
        kind: &'static Kind,
    ) -> Result<SqliteConnection, StoreError> {
        let path = dir.join(kind.name);
        if recognise(&path, kind)? {
            return Err(StoreError::Damaged {
                path,
                source: "there is nothing in it".into(),
            });
        }
        options(&path, kind)
            .read_only(true)
            .immutable(true)
            .connect()
            .await
            .map_err(failed(&path, "opening it"))
    }

    /// Writes everything that is in it at one moment to a new file.
    pub(crate) async fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        recognise(&self.path, self.kind)?;
        folder::private(path).map_err(|e| io_failed(path, e))?;
        sqlx::query("vacuum into ?")
            .bind(path.to_string_lossy())
            .execute(&self.readers)
            .await
            .map_err(self.failed("copying it"))?;
        self.readers.close().await;
        Ok(())
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A connection that may write. The caller sees to it that there is one at a time.
    pub(crate) async fn writer(&self) -> Result<SqliteConnection, StoreError> {
        connect(&self.path, self.kind).await
    }

    /// Names this file and the deed for an error.
    pub(crate) fn failed(&self, doing: &'static str) -> impl Fn(sqlx::Error) -> StoreError {
        failed(&self.path, doing)
    }
}

fn options(path: &Path, kind: &Kind) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .busy_timeout(BUSY_TIMEOUT)
        .synchronous(kind.synchronous)
        .pragma("wal_autocheckpoint", kind.checkpoint_pages.to_string())
        .disable_statement_logging()
}

/// Without shared memory beside it a file on a read-only disk can only be read as if nobody ever wrote to it.
fn to_read(path: &Path, kind: &Kind) -> SqliteConnectOptions {
    let unwritable = path
        .parent()
        .and_then(|dir| rustix::fs::statvfs(dir).ok())
        .is_some_and(|disk| disk.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY));
    let shared = beside(path, "-shm").exists() && !unlogged(path);
    options(path, kind)
        .read_only(true)
        .immutable(unwritable && !shared)
}

async fn connect(path: &Path, kind: &Kind) -> Result<SqliteConnection, StoreError> {
    options(path, kind)
        .connect()
        .await
        .map_err(failed(path, "opening it"))
}

/// Whether the file is still to be made; an error when it is not ours. Reads the file only, so that a stranger's stays as it is.
///
/// Offsets: <https://www.sqlite.org/fileformat2.html#the_database_header>.
fn recognise(path: &Path, kind: &Kind) -> Result<bool, StoreError> {
    let mut header = Vec::new();
    let length = match File::open(path) {
        Ok(file) => {
            let found = file.metadata().map_err(|e| io_failed(path, e))?;
            file.take(100)
                .read_to_end(&mut header)
                .map_err(|e| io_failed(path, e))?;
            found.len()
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(io_failed(path, error)),
    };
    if length == 0 {
        return Ok(true);
    }
    let damaged = |what: &str| StoreError::Damaged {
        path: path.to_owned(),
        source: what.into(),
    };
    let number = |at: usize| {
        let bytes = header.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(bytes))
    };
    let application_id = number(68);
    if !header.starts_with(b"SQLite format 3\0") {
        return Err(match application_id {
            Some(id) if id == kind.application_id => damaged("its first bytes are not SQLite's"),
            _ => StoreError::Foreign {
                path: path.to_owned(),
            },
        });
    }
    if application_id != Some(kind.application_id) {
        return Err(StoreError::Foreign {
            path: path.to_owned(),
        });
    }
    let page_size = match (header[16], header[17]) {
        (0, 1) => 65536,
        (high, low) => u64::from(u16::from_be_bytes([high, low])),
    };
    let pages = u64::from(number(28).unwrap_or(0));
    if unlogged(path) && length < pages * page_size {
        return Err(damaged("it is shorter than its header says"));
    }
    Ok(false)
}

/// Whether no write-ahead log could still complete the file.
fn unlogged(path: &Path) -> bool {
    std::fs::metadata(beside(path, "-wal")).map_or(true, |found| found.len() == 0)
}

/// One of the files that SQLite keeps beside a database.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The file's identity comes before write-ahead logging, so that it is in the file itself from the first moment.
async fn begin_file(connection: &mut SqliteConnection, kind: &Kind) -> Result<(), sqlx::Error> {
    sqlx::query("pragma auto_vacuum = incremental")
        .execute(&mut *connection)
        .await?;
    let identity = format!("pragma application_id = {}", kind.application_id);
    sqlx::query(sqlx::AssertSqlSafe(identity))
        .execute(&mut *connection)
        .await?;
    Ok(())
}

async fn migrate(
    connection: &mut SqliteConnection,
    path: &Path,
    kind: &Kind,
) -> Result<(), StoreError> {
    let doing = "bringing it to this version's schema";
    sqlx::query("pragma journal_mode = wal")
        .execute(&mut *connection)
        .await
        .map_err(failed(path, "opening it"))?;
    match kind.migrations.run(&mut *connection).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(found) | MigrateError::VersionTooNew(found, _)) => {
            Err(StoreError::Newer {
                path: path.to_owned(),
                found,
                known: kind.migrations.iter().map(|m| m.version).max().unwrap_or(0),
            })
        }
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => {
            Err(failed(path, doing)(error))
        }
        Err(error) => Err(StoreError::Statement {
            doing,
            path: path.to_owned(),
            source: error.into(),
        }),
    }
}

/// What SQLite says of a file: `ok`, or what is wrong with it.
pub(crate) async fn verdict(
    connection: &mut SqliteConnection,
    path: &Path,
) -> Result<String, StoreError> {
    sqlx::query_scalar("pragma quick_check(1)")
        .fetch_one(connection)
        .await
        .map_err(failed(path, "checking it"))
}

/// Looks a file over that is not too large, over a connection that cannot change it.
async fn check(path: &Path, kind: &Kind) -> Result<(), StoreError> {
    let length = std::fs::metadata(path)
        .map_err(|e| io_failed(path, e))?
        .len();
    if length > CHECKED_WHOLE {
        return Ok(());
    }
    let mut connection = to_read(path, kind)
        .connect()
        .await
        .map_err(failed(path, "opening it"))?;
    let verdict = verdict(&mut connection, path).await?;
    connection
        .close()
        .await
        .map_err(failed(path, "checking it"))?;
    match verdict.as_str() {
        "ok" => Ok(()),
        _ => Err(StoreError::Damaged {
            path: path.to_owned(),
            source: verdict.into(),
        }),
    }
}
