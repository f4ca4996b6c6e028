//! Forgetting, in slices small enough that recording never waits for long.

use crate::{Inner, StoreError, record::Writer};
use plimsoll_shared::UnixMs;
use sqlx::{Connection, SqliteConnection};

/// Free pages given back to the disk in one slice, once more than a quarter of the file is free.
const GIVEN_BACK: &str = "pragma incremental_vacuum(500)";

/// What is old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    /// Readings before this are forgotten.
    pub readings: UnixMs,
    /// Events, ended lives and removed containers before this are forgotten; not after `readings`.
    pub events: UnixMs,
}

impl Writer {
    pub(crate) async fn prune(
        &mut self,
        inner: &Inner,
        horizon: Horizon,
        max_rows: u32,
    ) -> Result<u64, StoreError> {
        let readings = prune_readings(&mut self.samples, horizon.readings, max_rows)
            .await
            .map_err(inner.samples.failed("deleting old readings"))?;
        let left = u32::try_from(u64::from(max_rows).saturating_sub(readings)).unwrap_or(0);
        if left == 0 {
            return Ok(readings);
        }
        let others = prune_events(&mut self.main, horizon.events, left)
            .await
            .map_err(inner.main.failed("deleting old events"))?;
        if others > 0 {
            // A forgotten container may come back; its row must then be asked for again.
            self.known.clear();
        }
        Ok(readings + others)
    }
}

async fn prune_readings(
    db: &mut SqliteConnection,
    before: UnixMs,
    max_rows: u32,
) -> Result<u64, sqlx::Error> {
    // Walks from life to life through the key, so it costs as much as there are lives, not readings.
    let lives: Vec<i64> = sqlx::query_scalar(
        "with recursive each (life) as (
           select min(life) from readings
           union all
           select (select min(readings.life) from readings where readings.life > each.life)
           from each
           where each.life is not null
         )
         select life
         from each
         where life is not null
           and (select min(at) from readings where readings.life = each.life) < ?
         order by life",
    )
    .bind(before.0)
    .fetch_all(&mut *db)
    .await?;
    let mut deleted = 0;
    let mut tx = db.begin_with("begin immediate").await?;
    for life in lives {
        let left = u64::from(max_rows).saturating_sub(deleted);
        if left == 0 {
            break;
        }
        let done = sqlx::query(
            "delete from readings
             where life = ?1
               and at in (select at from readings where life = ?1 and at < ?2 order by at limit ?3)",
        )
        .bind(life)
        .bind(before.0)
        .bind(left.cast_signed())
        .execute(&mut *tx)
        .await?;
        deleted += done.rows_affected();
    }
    tx.commit().await?;
    give_back(db).await?;
    Ok(deleted)
}

async fn prune_events(
    db: &mut SqliteConnection,
    before: UnixMs,
    max_rows: u32,
) -> Result<u64, sqlx::Error> {
    let mut deleted = 0;
    let mut tx = db.begin_with("begin immediate").await?;
    for statement in [
        "delete from events
         where id in (select id from events where at < ?1 order by at, id limit ?2)",
        "delete from containers
         where id in (select id from containers where removed_at < ?1 order by removed_at, id limit ?2)",
        "delete from lives
         where id in (select id from lives where ended_at < ?1 order by ended_at, id limit ?2)
           and exists (select 1 from lives later where later.container = lives.container and later.began_at > lives.began_at)",
    ] {
        let left = u64::from(max_rows).saturating_sub(deleted);
        let done = sqlx::query(statement)
            .bind(before.0)
            .bind(left.cast_signed())
            .execute(&mut *tx)
            .await?;
        deleted += done.rows_affected();
    }
    tx.commit().await?;
    give_back(db).await?;
    Ok(deleted)
}

/// Returns pages to the disk when many are free; a few are kept, for the next second needs them again.
async fn give_back(db: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let free: i64 = sqlx::query_scalar("pragma freelist_count")
        .fetch_one(&mut *db)
        .await?;
    let all: i64 = sqlx::query_scalar("pragma page_count")
        .fetch_one(&mut *db)
        .await?;
    if free > 500 && free > all / 4 {
        sqlx::query(GIVEN_BACK).fetch_all(db).await?;
    }
    Ok(())
}
