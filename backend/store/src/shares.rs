//! The shares that many lives have in chunks, in one answer.

use crate::{LifeId, Store, StoreError};
use plimsoll_shared::UnixMs;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use std::collections::BTreeMap;

/// What the blocks of one chunk have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretched {
    /// The chunk's first moment.
    pub from: UnixMs,
    /// The first moment after it.
    pub to: UnixMs,
    /// The bytes that its blocks are read with.
    pub front: Vec<u8>,
}

/// One life's share of one chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Whose.
    pub life: LifeId,
    /// The chunk's place among [`Shares::chunks`].
    pub chunk: usize,
    /// The share.
    pub bytes: Vec<u8>,
}

/// Shares of many lives; what a chunk's blocks have in common is there once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shares {
    /// The chunks that any of the shares is of.
    pub chunks: Vec<Stretched>,
    /// The shares, each life's oldest first.
    pub pieces: Vec<Piece>,
}

impl Store {
    /// The shares that `lives` have in chunks of one tier which end after the instant given with the life and begin before `to`.
    /// No chunk of the tier is longer than `longest_ms`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn shares(
        &self,
        lives: &[(LifeId, UnixMs)],
        tier: u16,
        to: UnixMs,
        longest_ms: i64,
    ) -> Result<Shares, StoreError> {
        let wanted: Vec<(i64, i64)> = lives.iter().map(|(life, from)| (life.0, from.0)).collect();
        let wanted = serde_json::to_string(&wanted).expect("numbers are JSON");
        let failed = self.0.samples.failed("reading packed readings");
        // In one transaction, for a chunk may be replaced between the two looks.
        let mut tx = self.0.samples.readers.begin().await.map_err(&failed)?;
        let found: Vec<(i64, LifeId, Vec<u8>)> = sqlx::query(
            "select blocks.chunk, blocks.life, blocks.bytes
             from json_each(?1) as wanted
             cross join blocks
               on blocks.life = wanted.value ->> 0
              and blocks.tier = ?2
              and blocks.began_at < ?3
              and blocks.began_at >= (wanted.value ->> 1) - ?4
             cross join chunks on chunks.id = blocks.chunk and chunks.ended_at > wanted.value ->> 1
             where chunks.id not in (select chunk from hidden)
             order by wanted.key, blocks.began_at, blocks.chunk",
        )
        .bind(wanted)
        .bind(tier)
        .bind(to.0)
        .bind(longest_ms)
        .try_map(|row: SqliteRow| Ok((row.try_get(0)?, LifeId(row.try_get(1)?), row.try_get(2)?)))
        .fetch_all(&mut *tx)
        .await
        .map_err(&failed)?;
        let mut ids: Vec<i64> = found.iter().map(|(chunk, ..)| *chunk).collect();
        ids.sort_unstable();
        ids.dedup();
        let (chunks, places) = fronts(&mut tx, &ids).await.map_err(&failed)?;
        tx.rollback().await.map_err(&failed)?;
        let pieces = found
            .into_iter()
            .filter_map(|(chunk, life, bytes)| {
                let chunk = *places.get(&chunk)?;
                Some(Piece { life, chunk, bytes })
            })
            .collect();
        Ok(Shares { chunks, pieces })
    }
}

async fn fronts(
    db: &mut SqliteConnection,
    ids: &[i64],
) -> Result<(Vec<Stretched>, BTreeMap<i64, usize>), sqlx::Error> {
    let wanted = serde_json::to_string(ids).expect("numbers are JSON");
    let found: Vec<(i64, Stretched)> = sqlx::query(
        "select chunks.id, chunks.began_at, chunks.ended_at, chunks.front
         from json_each(?1) as wanted
         cross join chunks on chunks.id = wanted.value
         order by chunks.id",
    )
    .bind(wanted)
    .try_map(|row: SqliteRow| {
        let chunk = Stretched {
            from: UnixMs(row.try_get(1)?),
            to: UnixMs(row.try_get(2)?),
            front: row.try_get(3)?,
        };
        Ok((row.try_get(0)?, chunk))
    })
    .fetch_all(db)
    .await?;
    let places = found
        .iter()
        .enumerate()
        .map(|(place, (id, _))| (*id, place))
        .collect();
    Ok((found.into_iter().map(|(_, chunk)| chunk).collect(), places))
}
