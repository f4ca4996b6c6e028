//! Tails: what one sweep of a host read, appended the moment it arrives, as bytes that this crate does not read; and gaps beside them.

use crate::{Store, StoreError, Writing, record::Writer};
use plimsoll_shared::{HostId, UnixMs};
use sqlx::{Connection, Row, SqliteConnection, sqlite::SqliteRow};

/// Most tails or gaps of one answer.
const MOST: u32 = 10_000;

/// One sweep of one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tail {
    /// When it began.
    pub at: UnixMs,
    /// What was read.
    pub bytes: Vec<u8>,
}

/// A stretch without readings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Its first moment.
    pub from: UnixMs,
    /// The first moment after it.
    pub to: UnixMs,
    /// Whose it is and why.
    pub bytes: Vec<u8>,
}

impl Store {
    /// Keeps tails and gaps of `host` in one transaction; a sweep or a gap that is there already stays as it is.
    ///
    /// # Errors
    /// As [`Store::record`].
    pub async fn append(
        &self,
        host: &HostId,
        tails: &[Tail],
        gaps: &[Missing],
    ) -> Result<(), StoreError> {
        let mut writing = self.0.writing.lock().await;
        let mut writer = self.writer(&mut writing).await?;
        let host = writer.host(&self.0, host).await?;
        insert(&mut writer.samples, host, tails, gaps)
            .await
            .map_err(self.0.samples.failed("recording readings"))?;
        *writing = Writing::Idle(Some(writer));
        Ok(())
    }

    /// The tails of `host` from `from` up to `to`, which is outside, oldest first; at most `limit`, and never more than 10,000.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn tails(
        &self,
        host: &HostId,
        from: UnixMs,
        to: UnixMs,
        limit: u32,
    ) -> Result<Vec<Tail>, StoreError> {
        let Some(host) = self.host_row(host).await? else {
            return Ok(Vec::new());
        };
        sqlx::query(
            "select at, bytes
             from tails
             where host = ?1 and at >= ?2 and at < ?3
               and not exists (select 1 from packed where packed.host = ?1 and packed.at = tails.at)
             order by at
             limit ?4",
        )
        .bind(host)
        .bind(from.0)
        .bind(to.0)
        .bind(limit.min(MOST))
        .try_map(|row: SqliteRow| {
            Ok(Tail {
                at: UnixMs(row.try_get(0)?),
                bytes: row.try_get(1)?,
            })
        })
        .fetch_all(&self.0.samples.readers)
        .await
        .map_err(self.0.samples.failed("reading readings"))
    }

    /// When the tails of `host` from `from` up to `to`, which is outside, began, oldest first; at most `limit`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn sweeps(
        &self,
        host: &HostId,
        from: UnixMs,
        to: UnixMs,
        limit: u32,
    ) -> Result<Vec<UnixMs>, StoreError> {
        let Some(host) = self.host_row(host).await? else {
            return Ok(Vec::new());
        };
        let instants: Vec<i64> = sqlx::query_scalar(
            "select at
             from tails
             where host = ?1 and at >= ?2 and at < ?3
               and not exists (select 1 from packed where packed.host = ?1 and packed.at = tails.at)
             order by at
             limit ?4",
        )
        .bind(host)
        .bind(from.0)
        .bind(to.0)
        .bind(limit)
        .fetch_all(&self.0.samples.readers)
        .await
        .map_err(self.0.samples.failed("reading when readings were taken"))?;
        Ok(instants.into_iter().map(UnixMs).collect())
    }

    /// The newest instant of which anything was kept of `host`; `None` when nothing was.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn newest(&self, host: &HostId) -> Result<Option<UnixMs>, StoreError> {
        let Some(host) = self.host_row(host).await? else {
            return Ok(None);
        };
        let at: Option<i64> = sqlx::query_scalar(
            "select max(at)
             from (
               select max(at) as at from tails where host = ?1
               union all
               select last_at from chunks where host = ?1 and tier = 0 and id not in (select chunk from hidden)
               union all
               select max(ended_at) from gaps where host = ?1
             )",
        )
        .bind(host)
        .fetch_one(&self.0.samples.readers)
        .await
        .map_err(self.0.samples.failed("looking for the newest readings"))?;
        Ok(at.map(UnixMs))
    }

    /// The gaps of `host` that touch `from` to `to`, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn gaps(
        &self,
        host: &HostId,
        from: UnixMs,
        to: UnixMs,
    ) -> Result<Vec<Missing>, StoreError> {
        let Some(host) = self.host_row(host).await? else {
            return Ok(Vec::new());
        };
        sqlx::query(
            "select began_at, ended_at, bytes
             from gaps
             where host = ? and began_at < ? and ended_at > ?
             order by began_at, id
             limit ?",
        )
        .bind(host)
        .bind(to.0)
        .bind(from.0)
        .bind(MOST)
        .try_map(|row: SqliteRow| {
            Ok(Missing {
                from: UnixMs(row.try_get(0)?),
                to: UnixMs(row.try_get(1)?),
                bytes: row.try_get(2)?,
            })
        })
        .fetch_all(&self.0.samples.readers)
        .await
        .map_err(self.0.samples.failed("reading gaps"))
    }

    /// The hosts of which anything was recorded, by name; at most 10,000.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn hosts(&self) -> Result<Vec<HostId>, StoreError> {
        sqlx::query(
            "select name
             from hosts
             order by name
             limit ?",
        )
        .bind(MOST)
        .try_map(|row: SqliteRow| crate::containers::parsed(row.try_get(0)?))
        .fetch_all(&self.0.main.readers)
        .await
        .map_err(self.0.main.failed("reading which hosts there are"))
    }

    /// Notes that this program runs at `at`.
    ///
    /// # Errors
    /// As [`Store::record`].
    pub async fn alive(&self, at: UnixMs) -> Result<(), StoreError> {
        let mut writing = self.0.writing.lock().await;
        let mut writer = self.writer(&mut writing).await?;
        sqlx::query(
            "insert into meta (key, value)
             values ('alive', ?)
             on conflict (key) do update set value = excluded.value",
        )
        .bind(at.0.to_string())
        .execute(&mut writer.samples)
        .await
        .map_err(self.0.samples.failed("noting the time"))?;
        *writing = Writing::Idle(Some(writer));
        Ok(())
    }

    /// What [`Store::alive`] noted last.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn last_alive(&self) -> Result<Option<UnixMs>, StoreError> {
        noted(&self.0.samples.readers)
            .await
            .map_err(self.0.samples.failed("reading the time noted last"))
    }

    /// The number the samples know a host by; `None` when nothing was recorded of it.
    pub(crate) async fn host_row(&self, host: &HostId) -> Result<Option<i64>, StoreError> {
        sqlx::query_scalar(
            "select id
             from hosts
             where name = ?",
        )
        .bind(host.as_str())
        .fetch_optional(&self.0.main.readers)
        .await
        .map_err(self.0.main.failed("looking for a host"))
    }
}

/// The time noted last.
pub(crate) async fn noted(
    db: impl sqlx::SqliteExecutor<'_>,
) -> Result<Option<UnixMs>, sqlx::Error> {
    let noted: Option<String> = sqlx::query_scalar(
        "select value
         from meta
         where key = 'alive'",
    )
    .fetch_optional(db)
    .await?;
    Ok(noted.and_then(|text| text.parse().ok()).map(UnixMs))
}

async fn insert(
    db: &mut SqliteConnection,
    host: i64,
    tails: &[Tail],
    gaps: &[Missing],
) -> Result<(), sqlx::Error> {
    let mut tx = db.begin_with("begin immediate").await?;
    for tail in tails {
        sqlx::query(
            "insert into tails (host, at, bytes)
             values (?, ?, ?)
             on conflict do nothing",
        )
        .bind(host)
        .bind(tail.at.0)
        .bind(tail.bytes.as_slice())
        .execute(&mut *tx)
        .await?;
    }
    for gap in gaps {
        sqlx::query(
            "insert into gaps (host, began_at, ended_at, bytes)
             values (?, ?, ?, ?)
             on conflict do nothing",
        )
        .bind(host)
        .bind(gap.from.0)
        .bind(gap.to.0)
        .bind(gap.bytes.as_slice())
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await
}

impl Writer {
    /// The number the samples know a host by.
    pub(crate) async fn host(
        &mut self,
        inner: &crate::Inner,
        host: &HostId,
    ) -> Result<i64, StoreError> {
        self.known_host(host)
            .await
            .map_err(inner.main.failed("recording a host"))
    }
}
