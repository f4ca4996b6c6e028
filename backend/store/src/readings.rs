//! Readings: in by the second, out in order, one row at a time.

use crate::{LifeId, Store, StoreError};
use futures_util::TryStreamExt;
use plimsoll_shared::{BlockIo, ContainerId, HostId, Memory, Reading, Throttling, Traffic, UnixMs};
use sqlx::{Connection, Row, SqliteConnection, sqlite::SqliteRow};

/// Instants of a life and of its readings may come from two clocks; lives this far outside a range are looked at too.
const CLOCK_SLACK_MS: i64 = 3_600_000;

impl Store {
    /// Gives `each` the readings of a container from `from` up to and including `to`, life by life in order, with the life
    /// they belong to: rates hold only between two readings of one life. Holds one row at a time.
    ///
    /// # Errors
    /// When a file cannot be read; what was given before stays given.
    pub async fn readings(
        &self,
        host: &HostId,
        container: &ContainerId,
        from: UnixMs,
        to: UnixMs,
        mut each: impl FnMut(LifeId, Reading) + Send,
    ) -> Result<(), StoreError> {
        let lives: Vec<i64> = sqlx::query_scalar(
            "select lives.id
             from lives
             join containers on containers.id = lives.container
             join hosts on hosts.id = containers.host
             where hosts.name = ?
               and containers.container = ?
               and lives.began_at <= ?
               and (lives.ended_at is null or lives.ended_at >= ?)
             order by lives.began_at, lives.id",
        )
        .bind(host.as_str())
        .bind(container.as_str())
        .bind(to.0.saturating_add(CLOCK_SLACK_MS))
        .bind(from.0.saturating_sub(CLOCK_SLACK_MS))
        .fetch_all(&self.0.main.readers)
        .await
        .map_err(self.0.main.failed("reading the lives of a container"))?;
        for life in lives {
            let mut rows = sqlx::query(
                "select at, cpu_percent, cpu_total_ns, cpu_periods, cpu_throttled_periods, cpu_throttled_ns, memory_used,
                        memory_raw, memory_limit, memory_rss, memory_cache, net_received, net_sent, net_received_dropped,
                        net_sent_dropped, block_read, block_written, pids, pids_limit
                 from readings
                 where life = ? and at between ? and ?
                 order by at",
            )
            .bind(life)
            .bind(from.0)
            .bind(to.0)
            .try_map(|row| reading(&row))
            .fetch(&self.0.samples.readers);
            while let Some(reading) = rows
                .try_next()
                .await
                .map_err(self.0.samples.failed("reading readings"))?
            {
                each(LifeId(life), reading);
            }
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
    })
}

/// Writes readings in one transaction; one that is there already stays.
pub(crate) async fn insert(
    db: &mut SqliteConnection,
    rows: &[(LifeId, &Reading)],
) -> Result<(), sqlx::Error> {
    let kept = u64::cast_signed;
    let mut tx = db.begin_with("begin immediate").await?;
    for (life, reading) in rows {
        sqlx::query(
            "insert into readings (
               life, at, cpu_percent, cpu_total_ns, cpu_periods, cpu_throttled_periods, cpu_throttled_ns, memory_used,
               memory_raw, memory_limit, memory_rss, memory_cache, net_received, net_sent, net_received_dropped,
               net_sent_dropped, block_read, block_written, pids, pids_limit
             )
             values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             on conflict do nothing",
        )
        .bind(life.0)
        .bind(reading.at.0)
        .bind(reading.cpu_percent)
        .bind(kept(reading.cpu_total_ns))
        .bind(reading.throttling.map(|t| kept(t.periods)))
        .bind(reading.throttling.map(|t| kept(t.throttled_periods)))
        .bind(reading.throttling.map(|t| kept(t.throttled_ns)))
        .bind(kept(reading.memory.used))
        .bind(kept(reading.memory.raw))
        .bind(reading.memory.limit.map(kept))
        .bind(reading.memory.rss.map(kept))
        .bind(reading.memory.cache.map(kept))
        .bind(reading.network.map(|n| kept(n.received)))
        .bind(reading.network.map(|n| kept(n.sent)))
        .bind(reading.network.map(|n| kept(n.received_dropped)))
        .bind(reading.network.map(|n| kept(n.sent_dropped)))
        .bind(reading.block.map(|b| kept(b.read)))
        .bind(reading.block.map(|b| kept(b.written)))
        .bind(reading.pids.map(kept))
        .bind(reading.pids_limit.map(kept))
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await
}
