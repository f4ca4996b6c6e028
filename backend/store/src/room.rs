//! How much room the sample history takes, and making it fit a budget.

use crate::{Store, StoreError, Writing, prune};
use plimsoll_shared::UnixMs;
use sqlx::{Connection, Row, SqliteConnection, sqlite::SqliteRow};

/// Tiers, the finest first.
const TIERS: usize = 5;

/// The room one tier takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taken {
    /// Bytes, those of indexes guessed.
    pub bytes: u64,
    /// Time covered in milliseconds, that of each life counted.
    pub covered_ms: u64,
    /// The oldest moment there is something of; `None` when there is nothing.
    pub oldest: Option<UnixMs>,
}

/// The room the sample history takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Each tier, the finest first.
    pub tiers: [Taken; TIERS],
    /// What is not packed yet.
    pub loose: Taken,
    /// Bytes free on the disk; `None` when that cannot be told.
    pub free: Option<u64>,
}

impl Store {
    /// The room that history takes, without looking at all of it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn room(&self) -> Result<Room, StoreError> {
        let failed = self.0.samples.failed("reading how much room history takes");
        let rows: Vec<(i64, Taken)> = sqlx::query(
            "select room.tier, room.bytes, room.covered_ms,
                    case room.tier
                      when -1 then (select min(at) from tails)
                      else (select began_at from chunks where chunks.tier = room.tier order by ended_at limit 1)
                    end
             from room
             order by room.tier",
        )
        .try_map(|row: SqliteRow| {
            let count = |at: usize| row.try_get::<i64, _>(at).map(|n| u64::try_from(n).unwrap_or(0));
            let taken = Taken {
                bytes: count(1)?,
                covered_ms: count(2)?,
                oldest: row.try_get::<Option<i64>, _>(3)?.map(UnixMs),
            };
            Ok((row.try_get(0)?, taken))
        })
        .fetch_all(&self.0.samples.readers)
        .await
        .map_err(failed)?;
        let of = |tier: i64| {
            let row = rows.iter().find(|(of, _)| *of == tier);
            row.map_or_else(Taken::default, |(_, taken)| *taken)
        };
        Ok(Room {
            tiers: [of(0), of(1), of(2), of(3), of(4)],
            loose: of(-1),
            free: self.0.folder.free(),
        })
    }

    /// Up to when each tier, the finest first, was forgotten early to keep a budget.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn forgotten_early(&self) -> Result<[Option<UnixMs>; TIERS], StoreError> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "select key, value
             from meta
             where key like 'forgotten %'
             order by key",
        )
        .fetch_all(&self.0.samples.readers)
        .await
        .map_err(self.0.samples.failed("reading what was forgotten early"))?;
        let of = |tier: usize| {
            let key = format!("forgotten {tier}");
            let found = rows.iter().find(|(name, _)| *name == key)?;
            found.1.parse().ok().map(UnixMs)
        };
        Ok([of(0), of(1), of(2), of(3), of(4)])
    }

    /// Takes one step towards a sample history of at most `budget` bytes, its log aside: gives free pages back, or forgets about
    /// `max_rows` of the oldest blocks of the finest tier that a coarser one covers. `false` when there is nothing to do, or
    /// nothing that may go.
    ///
    /// # Errors
    /// As [`Store::prune`].
    pub async fn shrink(&self, budget: u64, max_rows: u32) -> Result<bool, StoreError> {
        let mut writing = self.0.writing.lock().await;
        let mut writer = self.writer(&mut writing).await?;
        let failed = self.0.samples.failed("making history fit its budget");
        let done = match shrink(&mut writer.samples, budget, max_rows)
            .await
            .map_err(&failed)
        {
            Err(StoreError::Full { .. }) if self.0.folder.release_ballast() => {
                writer = self.writer(&mut writing).await?;
                shrink(&mut writer.samples, budget, max_rows)
                    .await
                    .map_err(&failed)?
            }
            done => done?,
        };
        *writing = Writing::Idle(Some(writer));
        Ok(done)
    }
}

async fn shrink(
    db: &mut SqliteConnection,
    budget: u64,
    max_rows: u32,
) -> Result<bool, sqlx::Error> {
    let mut pages = [0_u64; 3];
    for (count, question) in pages.iter_mut().zip([
        "pragma page_count",
        "pragma freelist_count",
        "pragma page_size",
    ]) {
        let found: i64 = sqlx::query_scalar(question).fetch_one(&mut *db).await?;
        *count = u64::try_from(found).unwrap_or(0);
    }
    let [all, free, size] = pages;
    if all * size <= budget {
        return Ok(false);
    }
    if free > 0 && (all - free.min(all)) * size <= budget {
        sqlx::query(prune::GIVEN_BACK).fetch_all(db).await?;
        return Ok(true);
    }
    for tier in 0..prune::COARSEST {
        if let Some(up_to) = prune::oldest_covered(db, tier).await? {
            let mut tx = db.begin_with("begin immediate").await?;
            // First, so that nobody is told of what may be half gone.
            sqlx::query(
                "insert into meta (key, value)
                 values (?, ?)
                 on conflict (key) do update set value = max(cast(value as integer), cast(excluded.value as integer))",
            )
            .bind(format!("forgotten {tier}"))
            .bind(up_to.0.to_string())
            .execute(&mut *tx)
            .await?;
            tx.commit().await?;
            prune::chunks(db, tier, up_to, max_rows).await?;
            return Ok(true);
        }
    }
    Ok(false)
}
