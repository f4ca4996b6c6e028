//! Chunks coming and going, in transactions so small that recording never waits for long.
//!
//! A chunk is written block by block while it is in the table hidden, and appears in the transaction that takes it out of there. One
//! that another replaces goes the opposite way. So what is hidden is garbage whenever nobody is writing.

use crate::{Chunk, LifeId, Store, StoreError, Stretch, Writing};
use plimsoll_shared::{HostId, UnixMs};
use sqlx::{Connection, SqliteConnection};
use tokio::sync::MutexGuard;

/// Most blocks, and about so many bytes of them, that are written in one transaction.
const BLOCKS_AT_ONCE: usize = 200;
const BYTES_AT_ONCE: usize = 512 * 1024;
/// Blocks deleted in one transaction.
const DELETED_AT_ONCE: u32 = 500;
/// Tails deleted in one transaction.
const TAILS_AT_ONCE: u32 = 20;

impl Store {
    /// Writes chunks that nobody reads yet.
    pub(crate) async fn stage(
        &self,
        shaping: &MutexGuard<'_, ()>,
        host: &HostId,
        stretch: Stretch,
        chunks: &[Chunk],
    ) -> Result<Vec<i64>, StoreError> {
        self.tidy(shaping).await?;
        let mut ids = Vec::with_capacity(chunks.len());
        for chunk in chunks {
            let mut id = None;
            for blocks in slices(&chunk.blocks) {
                let mut writing = self.0.writing.lock().await;
                let mut writer = self.writer(&mut writing).await?;
                let host = writer.host(&self.0, host).await?;
                let staged = insert(&mut writer.samples, host, stretch, chunk, id, blocks)
                    .await
                    .map_err(self.0.samples.failed("writing packed readings"))?;
                id = Some(staged);
                *writing = Writing::Idle(Some(writer));
            }
            ids.extend(id);
        }
        Ok(ids)
    }

    /// Deletes what is hidden and the tails that are packed.
    pub(crate) async fn tidy(&self, _: &MutexGuard<'_, ()>) -> Result<(), StoreError> {
        loop {
            let mut writing = self.0.writing.lock().await;
            let mut writer = self.writer(&mut writing).await?;
            let samples = &mut writer.samples;
            let failed = self.0.samples.failed("deleting packed readings");
            let done = !delete_packed(samples).await.map_err(&failed)?
                && !delete_hidden(samples).await.map_err(&failed)?;
            *writing = Writing::Idle(Some(writer));
            if done {
                return Ok(());
            }
        }
    }
}

/// The blocks in slices of bounded size; one empty slice when there are none, for the chunk itself is written too.
fn slices(mut blocks: &[(LifeId, Vec<u8>)]) -> Vec<&[(LifeId, Vec<u8>)]> {
    let mut slices = Vec::new();
    loop {
        let mut bytes = 0;
        let fitting = blocks.iter().take(BLOCKS_AT_ONCE).take_while(|(_, block)| {
            bytes += block.len();
            bytes <= BYTES_AT_ONCE
        });
        let length = fitting.count().max(1).min(blocks.len());
        let (slice, rest) = blocks.split_at(length);
        slices.push(slice);
        blocks = rest;
        if blocks.is_empty() {
            return slices;
        }
    }
}

/// Adds blocks to the hidden chunk `id`, or to a new one.
async fn insert(
    db: &mut SqliteConnection,
    host: i64,
    stretch: Stretch,
    chunk: &Chunk,
    id: Option<i64>,
    blocks: &[(LifeId, Vec<u8>)],
) -> Result<i64, sqlx::Error> {
    let mut tx = db.begin_with("begin immediate").await?;
    let id = match id {
        Some(id) => id,
        None => begin_chunk(&mut tx, host, stretch, chunk).await?,
    };
    for (life, bytes) in blocks {
        sqlx::query(
            "insert into blocks (chunk, life, tier, began_at, bytes)
             values (?, ?, ?, ?, ?)",
        )
        .bind(id)
        .bind(life.0)
        .bind(stretch.tier)
        .bind(stretch.from.0)
        .bind(bytes.as_slice())
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(id)
}

async fn begin_chunk(
    db: &mut SqliteConnection,
    host: i64,
    stretch: Stretch,
    chunk: &Chunk,
) -> Result<i64, sqlx::Error> {
    let id: i64 = sqlx::query_scalar(
        "insert into chunks (host, tier, began_at, ended_at, part, last_at, front)
         select ?1, ?2, ?3, ?4, coalesce(max(part) + 1, 0), ?5, ?6
         from chunks
         where host = ?1 and tier = ?2 and began_at = ?3
         returning id",
    )
    .bind(host)
    .bind(stretch.tier)
    .bind(stretch.from.0)
    .bind(stretch.to.0)
    .bind(chunk.last_at.0)
    .bind(chunk.front.as_slice())
    .fetch_one(&mut *db)
    .await?;
    sqlx::query(
        "insert into hidden (chunk)
         values (?)",
    )
    .bind(id)
    .execute(db)
    .await?;
    Ok(id)
}

/// Shows the chunks, and says of the tails that they are packed.
pub(crate) async fn pack(
    db: &mut SqliteConnection,
    host: i64,
    chunks: &[i64],
    packed: &[UnixMs],
) -> Result<(), sqlx::Error> {
    let mut tx = db.begin_with("begin immediate").await?;
    show(&mut tx, chunks).await?;
    for at in packed {
        sqlx::query(
            "insert into packed (host, at)
             values (?, ?)
             on conflict do nothing",
        )
        .bind(host)
        .bind(at.0)
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await
}

/// Shows the chunks, and hides all others of their stretch.
pub(crate) async fn replace(
    db: &mut SqliteConnection,
    host: i64,
    stretch: Stretch,
    chunks: &[i64],
) -> Result<(), sqlx::Error> {
    let mut tx = db.begin_with("begin immediate").await?;
    sqlx::query(
        "insert into hidden (chunk)
         select id
         from chunks
         where host = ? and tier = ? and began_at = ?
         on conflict do nothing",
    )
    .bind(host)
    .bind(stretch.tier)
    .bind(stretch.from.0)
    .execute(&mut *tx)
    .await?;
    show(&mut tx, chunks).await?;
    tx.commit().await
}

async fn show(db: &mut SqliteConnection, chunks: &[i64]) -> Result<(), sqlx::Error> {
    for chunk in chunks {
        sqlx::query("delete from hidden where chunk = ?")
            .bind(chunk)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// Deletes a few blocks of what is hidden; whether there was any.
async fn delete_hidden(db: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    let mut tx = db.begin_with("begin immediate").await?;
    let chunk: Option<i64> = sqlx::query_scalar(
        "select chunk
         from hidden
         order by chunk
         limit 1",
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(chunk) = chunk else {
        tx.rollback().await?;
        return Ok(false);
    };
    let deleted = sqlx::query(
        "delete from blocks
         where id in (select id from blocks where chunk = ? order by id limit ?)",
    )
    .bind(chunk)
    .bind(DELETED_AT_ONCE)
    .execute(&mut *tx)
    .await?;
    if deleted.rows_affected() < u64::from(DELETED_AT_ONCE) {
        for statement in [
            "delete from chunks where id = ?",
            "delete from hidden where chunk = ?",
        ] {
            sqlx::query(statement).bind(chunk).execute(&mut *tx).await?;
        }
    }
    tx.commit().await?;
    Ok(true)
}

/// Deletes a few tails that are packed; whether there was any.
async fn delete_packed(db: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    let mut tx = db.begin_with("begin immediate").await?;
    let some: Vec<(i64, i64)> = sqlx::query_as(
        "select host, at
         from packed
         order by host, at
         limit ?",
    )
    .bind(TAILS_AT_ONCE)
    .fetch_all(&mut *tx)
    .await?;
    for (host, at) in &some {
        for statement in [
            "delete from tails where host = ? and at = ?",
            "delete from packed where host = ? and at = ?",
        ] {
            sqlx::query(statement)
                .bind(host)
                .bind(at)
                .execute(&mut *tx)
                .await?;
        }
    }
    tx.commit().await?;
    Ok(!some.is_empty())
}
