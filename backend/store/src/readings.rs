//! Readings as the first version kept them, a row each: read until they are too old, never written.

use crate::{LifeId, Store, StoreError};
use futures_util::TryStreamExt;
use plimsoll_shared::{BlockIo, Memory, Reading, Throttling, Traffic, UnixMs};
use sqlx::{Row, sqlite::SqliteRow};

impl Store {
    /// Whether the first version's readings are still there.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn any_old_readings(&self) -> Result<bool, StoreError> {
        sqlx::query_scalar("select exists (select 1 from readings)")
            .fetch_one(&self.0.samples.readers)
            .await
            .map_err(self.0.samples.failed("reading readings"))
    }

    /// Gives `each` the readings of a life that the first version kept, from `from` up to and including `to`, in order. Holds one row
    /// at a time.
    ///
    /// # Errors
    /// When a file cannot be read; what was given before stays given.
    pub async fn old_readings(
        &self,
        life: LifeId,
        from: UnixMs,
        to: UnixMs,
        mut each: impl FnMut(Reading) + Send,
    ) -> Result<(), StoreError> {
        let mut rows = sqlx::query(
            "select at, cpu_percent, cpu_total_ns, cpu_periods, cpu_throttled_periods, cpu_throttled_ns, memory_used,
                    memory_raw, memory_limit, memory_rss, memory_cache, net_received, net_sent, net_received_dropped,
                    net_sent_dropped, block_read, block_written, pids, pids_limit
             from readings
             where life = ? and at between ? and ?
             order by at",
        )
        .bind(life.0)
        .bind(from.0)
        .bind(to.0)
        .try_map(|row| reading(&row))
        .fetch(&self.0.samples.readers);
        while let Some(reading) = rows
            .try_next()
            .await
            .map_err(self.0.samples.failed("reading readings"))?
        {
            each(reading);
        }
        Ok(())
    }
}

/// Columns by place, not by name: an hour is 3,600 rows of 19.
fn reading(row: &SqliteRow) -> Result<Reading, sqlx::Error> {
    let count = |at: usize| Ok::<_, sqlx::Error>(row.try_get::<i64, _>(at)?.cast_unsigned());
    let maybe = |at: usize| {
        let value: Option<i64> = row.try_get(at)?;
        Ok::<_, sqlx::Error>(value.map(i64::cast_unsigned))
    };
    let throttling = match (maybe(3)?, maybe(4)?, maybe(5)?) {
        (Some(periods), Some(throttled_periods), Some(throttled_ns)) => Some(Throttling {
            periods,
            throttled_periods,
            throttled_ns,
        }),
        _ => None,
    };
    let network = match (maybe(11)?, maybe(12)?, maybe(13)?, maybe(14)?) {
        (Some(received), Some(sent), Some(received_dropped), Some(sent_dropped)) => Some(Traffic {
            received,
            sent,
            received_dropped,
            sent_dropped,
        }),
        _ => None,
    };
    let block = match (maybe(15)?, maybe(16)?) {
        (Some(read), Some(written)) => Some(BlockIo { read, written }),
        _ => None,
    };
    Ok(Reading {
        at: UnixMs(row.try_get(0)?),
        cpu_percent: row.try_get(1)?,
        cpu_total_ns: count(2)?,
        throttling,
        memory: Memory {
            used: count(6)?,
            raw: count(7)?,
            limit: maybe(8)?,
            rss: maybe(9)?,
            cache: maybe(10)?,
        },
        network,
        block,
        pids: maybe(17)?,
        pids_limit: maybe(18)?,
        machine: None,
    })
}
