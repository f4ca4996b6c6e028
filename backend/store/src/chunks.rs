//! Chunks: many tails of a host packed, and coarser ones made of finer ones, as bytes that this crate does not read.

use crate::{
    LifeId, Store, StoreError, Writing,
    shaping::{pack, replace},
};
use plimsoll_shared::{HostId, UnixMs};
use sqlx::{Row, sqlite::SqliteRow};

/// Most blocks of one answer.
const MOST: u32 = 10_000;

/// Which part of a host's history a chunk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// How fine, 0 for every reading; greater is coarser.
    pub tier: u16,
    /// Its first moment.
    pub from: UnixMs,
    /// The first moment after it.
    pub to: UnixMs,
}

/// Some lives of one host over one stretch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The newest instant in it.
    pub last_at: UnixMs,
    /// What its blocks have in common.
    pub front: Vec<u8>,
    /// Each life's share.
    pub blocks: Vec<(LifeId, Vec<u8>)>,
}

/// One life's share of a chunk, with the chunk's front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The stretch's first moment.
    pub from: UnixMs,
    /// The first moment after it.
    pub to: UnixMs,
    /// What the chunk's blocks have in common.
    pub front: Vec<u8>,
    /// The life's share.
    pub bytes: Vec<u8>,
}

/// Which stretches of a finer tier are to be made into coarser ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The finer tier; the coarser one is the next.
    pub tier: u16,
    /// How long a stretch of the coarser one is, in milliseconds: a whole number of the finer one's.
    pub length_ms: i64,
    /// Only stretches that are over by then.
    pub over_by: UnixMs,
    /// Stretches that began earlier are not made anew when something came late, for the finer chunks may be gone.
    pub again_from: UnixMs,
}

impl Store {
    /// Adds chunks made of the tails of `packed`, which from that moment on are no longer there: all or nothing. They are written,
    /// and the tails' room is given back, a little at a time, so that recording never waits for long; what a crash leaves of either
    /// is for the next time.
    ///
    /// # Errors
    /// As [`Store::record`].
    pub async fn pack(
        &self,
        host: &HostId,
        stretch: Stretch,
        chunks: &[Chunk],
        packed: &[UnixMs],
    ) -> Result<(), StoreError> {
        let shaping = self.0.shaping.lock().await;
        let ids = self.stage(&shaping, host, stretch, chunks).await?;
        {
            let mut writing = self.0.writing.lock().await;
            let mut writer = self.writer(&mut writing).await?;
            let host = writer.host(&self.0, host).await?;
            pack(&mut writer.samples, host, &ids, packed)
                .await
                .map_err(self.0.samples.failed("packing readings"))?;
            *writing = Writing::Idle(Some(writer));
        }
        self.tidy(&shaping).await
    }

    /// Puts these chunks in the place of all that the stretch had at its tier: all or nothing, and a little at a time like
    /// [`Store::pack`].
    ///
    /// # Errors
    /// As [`Store::record`].
    pub async fn replace(
        &self,
        host: &HostId,
        stretch: Stretch,
        chunks: &[Chunk],
    ) -> Result<(), StoreError> {
        let shaping = self.0.shaping.lock().await;
        let ids = self.stage(&shaping, host, stretch, chunks).await?;
        {
            let mut writing = self.0.writing.lock().await;
            let mut writer = self.writer(&mut writing).await?;
            let host = writer.host(&self.0, host).await?;
            replace(&mut writer.samples, host, stretch, &ids)
                .await
                .map_err(self.0.samples.failed("rolling readings up"))?;
            *writing = Writing::Idle(Some(writer));
        }
        self.tidy(&shaping).await
    }

    /// Starts of the stretches of `host` that have chunks which are not in a coarser one yet, oldest first; at most `limit`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn not_rolled_up(
        &self,
        host: &HostId,
        wanted: Wanted,
        limit: u32,
    ) -> Result<Vec<UnixMs>, StoreError> {
        let Some(host) = self.host_row(host).await? else {
            return Ok(Vec::new());
        };
        let starts: Vec<i64> = sqlx::query_scalar(
            "select finer.start
             from (
               select began_at / ?3 * ?3 as start, max(id) as newest
               from chunks
               where host = ?1 and tier = ?2 and id not in (select chunk from hidden)
               group by began_at / ?3
             ) finer
             left join (
               select began_at, max(id) as newest
               from chunks
               where host = ?1 and tier = ?2 + 1 and id not in (select chunk from hidden)
               group by began_at
             ) coarser
               on coarser.began_at = finer.start
             where finer.start + ?3 <= ?4
               and (coarser.newest is null or (coarser.newest < finer.newest and finer.start >= ?5))
             order by finer.start
             limit ?6",
        )
        .bind(host)
        .bind(wanted.tier)
        .bind(wanted.length_ms.max(1))
        .bind(wanted.over_by.0)
        .bind(wanted.again_from.0)
        .bind(limit)
        .fetch_all(&self.0.samples.readers)
        .await
        .map_err(self.0.samples.failed("looking for what to roll up"))?;
        Ok(starts.into_iter().map(UnixMs).collect())
    }

    /// The lives that have blocks of one tier in chunks of `host` that begin in the stretch, ascending, behind `after`; at most `limit`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn packed_lives(
        &self,
        host: &HostId,
        stretch: Stretch,
        after: Option<LifeId>,
        limit: u32,
    ) -> Result<Vec<LifeId>, StoreError> {
        let Some(host) = self.host_row(host).await? else {
            return Ok(Vec::new());
        };
        let lives: Vec<i64> = sqlx::query_scalar(
            "select distinct blocks.life
             from chunks
             join blocks on blocks.chunk = chunks.id
             where chunks.host = ? and chunks.tier = ? and chunks.began_at >= ? and chunks.began_at < ? and blocks.life > ?
               and chunks.id not in (select chunk from hidden)
             order by blocks.life
             limit ?",
        )
        .bind(host)
        .bind(stretch.tier)
        .bind(stretch.from.0)
        .bind(stretch.to.0)
        .bind(after.map_or(i64::MIN, |life| life.0))
        .bind(limit)
        .fetch_all(&self.0.samples.readers)
        .await
        .map_err(self.0.samples.failed("reading whose readings are packed"))?;
        Ok(lives.into_iter().map(LifeId).collect())
    }

    /// The blocks of one life and tier whose stretches touch `from` to `to`, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn blocks(
        &self,
        life: LifeId,
        tier: u16,
        from: UnixMs,
        to: UnixMs,
    ) -> Result<Vec<Block>, StoreError> {
        sqlx::query(
            "select chunks.began_at, chunks.ended_at, chunks.front, blocks.bytes
             from blocks
             join chunks on chunks.id = blocks.chunk
             where blocks.life = ? and blocks.tier = ? and blocks.began_at < ? and chunks.ended_at > ?
               and chunks.id not in (select chunk from hidden)
             order by blocks.began_at, blocks.chunk
             limit ?",
        )
        .bind(life.0)
        .bind(tier)
        .bind(to.0)
        .bind(from.0)
        .bind(MOST)
        .try_map(|row| block(&row))
        .fetch_all(&self.0.samples.readers)
        .await
        .map_err(self.0.samples.failed("reading packed readings"))
    }

    /// The newest block of one life and tier whose stretch begins before `before`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn block_before(
        &self,
        life: LifeId,
        tier: u16,
        before: UnixMs,
    ) -> Result<Option<Block>, StoreError> {
        sqlx::query(
            "select chunks.began_at, chunks.ended_at, chunks.front, blocks.bytes
             from blocks
             join chunks on chunks.id = blocks.chunk
             where blocks.life = ? and blocks.tier = ? and blocks.began_at < ?
               and chunks.id not in (select chunk from hidden)
             order by blocks.began_at desc, blocks.chunk desc
             limit 1",
        )
        .bind(life.0)
        .bind(tier)
        .bind(before.0)
        .try_map(|row| block(&row))
        .fetch_optional(&self.0.samples.readers)
        .await
        .map_err(self.0.samples.failed("reading packed readings"))
    }
}

fn block(row: &SqliteRow) -> Result<Block, sqlx::Error> {
    Ok(Block {
        from: UnixMs(row.try_get(0)?),
        to: UnixMs(row.try_get(1)?),
        front: row.try_get(2)?,
        bytes: row.try_get(3)?,
    })
}
