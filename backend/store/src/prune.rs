//! Forgetting, in slices small enough that recording never waits for long.

use crate::{Inner, StoreError, record::Writer};
use plimsoll_shared::UnixMs;
use sqlx::{Connection, SqliteConnection};

/// The tier that nothing coarser is made of.
pub(crate) const COARSEST: u16 = 4;
/// Free pages given back to the disk in one slice, once more than a quarter of the file is free.
pub(crate) const GIVEN_BACK: &str = "pragma incremental_vacuum(500)";

/// What is old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    /// Of each tier, finest first: chunks that ended before this are forgotten, once there is a coarser one of their stretch.
    pub tiers: [UnixMs; 5],
    /// Events before this are forgotten.
    pub events: UnixMs,
    /// Ended lives, removed containers and gaps before this are forgotten; not after any of the others, for chunks name lives.
    pub lives: UnixMs,
}

impl Writer {
    pub(crate) async fn prune(
        &mut self,
        inner: &Inner,
        horizon: Horizon,
        max_rows: u32,
    ) -> Result<u64, StoreError> {
        let left =
            |deleted: u64| u32::try_from(u64::from(max_rows).saturating_sub(deleted)).unwrap_or(0);
        let mut deleted = prune_readings(&mut self.samples, horizon.tiers[0], max_rows)
            .await
            .map_err(inner.samples.failed("deleting old readings"))?;
        for (tier, before) in (0..).zip(horizon.tiers) {
            if left(deleted) > 0 {
                deleted += chunks(&mut self.samples, tier, before, left(deleted))
                    .await
                    .map_err(inner.samples.failed("deleting old readings"))?;
            }
        }
        if left(deleted) > 0 {
            deleted += prune_gaps(&mut self.samples, horizon.lives, left(deleted))
                .await
                .map_err(inner.samples.failed("deleting old gaps"))?;
        }
        if left(deleted) == 0 {
            return Ok(deleted);
        }
        let others = prune_events(&mut self.main, horizon, left(deleted))
            .await
            .map_err(inner.main.failed("deleting old events"))?;
        if others > 0 {
            // A forgotten container may come back; its row must then be asked for again.
            self.known.clear();
        }
        Ok(deleted + others)
    }
}

/// Deletes blocks of the oldest chunks first, and a chunk when it has none left.
pub(crate) async fn chunks(
    db: &mut SqliteConnection,
    tier: u16,
    before: UnixMs,
    max_rows: u32,
) -> Result<u64, sqlx::Error> {
    let old: Vec<i64> = sqlx::query_scalar(
        "select id
         from chunks
         where tier = ?1
           and ended_at <= ?2
           and id not in (select chunk from hidden)
           and (
             ?1 = ?3
             or exists (
               select 1
               from chunks coarser
               where coarser.host = chunks.host
                 and coarser.tier = ?1 + 1
                 and coarser.began_at <= chunks.began_at
                 and coarser.ended_at >= chunks.ended_at
                 and coarser.id not in (select chunk from hidden)
             )
           )
         order by ended_at, id
         limit ?4",
    )
    .bind(tier)
    .bind(before.0)
    .bind(COARSEST)
    .bind(max_rows)
    .fetch_all(&mut *db)
    .await?;
    if old.is_empty() {
        return Ok(0);
    }
    let mut deleted = 0;
    let mut tx = db.begin_with("begin immediate").await?;
    for chunk in old {
        let left = u64::from(max_rows).saturating_sub(deleted);
        if left == 0 {
            break;
        }
        let blocks = sqlx::query(
            "delete from blocks
             where id in (select id from blocks where chunk = ? order by id limit ?)",
        )
        .bind(chunk)
        .bind(left.cast_signed())
        .execute(&mut *tx)
        .await?;
        deleted += blocks.rows_affected();
        if blocks.rows_affected() < left {
            let done = sqlx::query("delete from chunks where id = ?")
                .bind(chunk)
                .execute(&mut *tx)
                .await?;
            deleted += done.rows_affected();
        }
    }
    tx.commit().await?;
    give_back(db).await?;
    Ok(deleted)
}

/// The end of the oldest chunk of a tier that is covered by a coarser one.
pub(crate) async fn oldest_covered(
    db: &mut SqliteConnection,
    tier: u16,
) -> Result<Option<UnixMs>, sqlx::Error> {
    let end: Option<i64> = sqlx::query_scalar(
        "select ended_at
         from chunks
         where tier = ?1
           and id not in (select chunk from hidden)
           and exists (
             select 1
             from chunks coarser
             where coarser.host = chunks.host
               and coarser.tier = ?1 + 1
               and coarser.began_at <= chunks.began_at
               and coarser.ended_at >= chunks.ended_at
               and coarser.id not in (select chunk from hidden)
           )
         order by ended_at, id
         limit 1",
    )
    .bind(tier)
    .fetch_optional(db)
    .await?;
    Ok(end.map(UnixMs))
}

async fn prune_gaps(
    db: &mut SqliteConnection,
    before: UnixMs,
    max_rows: u32,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "delete from gaps
         where id in (select id from gaps where ended_at < ? order by id limit ?)",
    )
    .bind(before.0)
    .bind(max_rows)
    .execute(db)
    .await?;
    Ok(done.rows_affected())
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
    horizon: Horizon,
    max_rows: u32,
) -> Result<u64, sqlx::Error> {
    let mut deleted = 0;
    let mut tx = db.begin_with("begin immediate").await?;
    for (before, statement) in [
        (
            horizon.events,
            "delete from events
             where id in (select id from events where at < ?1 order by at, id limit ?2)",
        ),
        (
            horizon.lives,
            "delete from containers
             where id in (select id from containers where removed_at < ?1 order by removed_at, id limit ?2)",
        ),
        (
            horizon.lives,
            "delete from lives
             where id in (select id from lives where ended_at < ?1 order by ended_at, id limit ?2)
               and exists (select 1 from lives later where later.container = lives.container and later.began_at > lives.began_at)",
        ),
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
