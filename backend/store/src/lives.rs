//! Lives: from start to end of a container's main process, whatever order the news of it arrives in.

use crate::{Store, StoreError, record::Again};
use plimsoll_shared::{ContainerId, HostId, UnixMs};
use sqlx::{Row, SqliteConnection};

/// The engine tells a life's beginning twice, as an event and when inspected, a few milliseconds apart.
const SAME_BEGINNING_MS: i64 = 2000;

/// Instants of a life and of its readings may come from two clocks; lives this far outside a range are looked at too.
pub(crate) const CLOCK_SLACK_MS: i64 = 3_600_000;
/// Most lives of one answer.
const MOST_BETWEEN: u32 = 10_000;

/// Names one life of one container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LifeId(pub(crate) i64);

impl LifeId {
    /// The life of a number, as [`LifeId::number`] gave it.
    #[must_use]
    pub fn of_number(number: u64) -> Self {
        Self(number.cast_signed())
    }

    /// Its number: small, and never used twice.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0.cast_unsigned()
    }
}

/// One life of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// Its name.
    pub id: LifeId,
    /// When it began, by the engine's clock; with `guessed`, when it was first measured.
    pub began_at: UnixMs,
    /// Whether nobody saw it begin.
    pub guessed: bool,
    /// When it ended; `None` while it lasts. An end that nobody saw is when it was found to be over.
    pub ended_at: Option<UnixMs>,
    /// Exit code; `None` while it lasts or when nobody saw it end.
    pub exit_code: Option<i64>,
    /// Whether the kernel ended it for want of memory.
    pub oom_killed: bool,
}

impl Store {
    /// The newest `limit` lives of a container, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn lives(
        &self,
        host: &HostId,
        container: &ContainerId,
        limit: u32,
    ) -> Result<Vec<Life>, StoreError> {
        sqlx::query(
            "select lives.id, lives.began_at, lives.guessed, lives.ended_at, lives.exit_code, lives.oom_killed
             from lives
             join containers on containers.id = lives.container
             join hosts on hosts.id = containers.host
             where hosts.name = ? and containers.container = ?
             order by lives.began_at desc, lives.id desc
             limit ?",
        )
        .bind(host.as_str())
        .bind(container.as_str())
        .bind(limit)
        .try_map(|row| life(&row))
        .fetch_all(&self.0.main.readers)
        .await
        .map_err(self.0.main.failed("reading the lives of a container"))
    }
}

impl Store {
    /// The lives of a container that touch `from` to `to`, oldest first; those just outside too, for a life and its readings
    /// may be told by two clocks.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn lives_between(
        &self,
        host: &HostId,
        container: &ContainerId,
        from: UnixMs,
        to: UnixMs,
    ) -> Result<Vec<Life>, StoreError> {
        sqlx::query(
            "select lives.id, lives.began_at, lives.guessed, lives.ended_at, lives.exit_code, lives.oom_killed
             from lives
             join containers on containers.id = lives.container
             join hosts on hosts.id = containers.host
             where hosts.name = ?
               and containers.container = ?
               and lives.began_at <= ?
               and (lives.ended_at is null or lives.ended_at >= ?)
             order by lives.began_at, lives.id
             limit ?",
        )
        .bind(host.as_str())
        .bind(container.as_str())
        .bind(to.0.saturating_add(CLOCK_SLACK_MS))
        .bind(from.0.saturating_sub(CLOCK_SLACK_MS))
        .bind(MOST_BETWEEN)
        .try_map(|row| life(&row))
        .fetch_all(&self.0.main.readers)
        .await
        .map_err(self.0.main.failed("reading the lives of a container"))
    }
}

pub(crate) fn life(row: &sqlx::sqlite::SqliteRow) -> Result<Life, sqlx::Error> {
    Ok(Life {
        id: LifeId(row.try_get("id")?),
        began_at: UnixMs(row.try_get("began_at")?),
        guessed: row.try_get("guessed")?,
        ended_at: row.try_get::<Option<i64>, _>("ended_at")?.map(UnixMs),
        exit_code: row.try_get("exit_code")?,
        oom_killed: row.try_get("oom_killed")?,
    })
}

/// Who says that a life began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Teller {
    /// A start event: two of them are two lives.
    Event,
    /// An inspection.
    Inspection,
}

/// A life began at `at`.
pub(crate) async fn began(
    db: &mut SqliteConnection,
    container: i64,
    at: UnixMs,
    teller: Teller,
) -> Result<(), sqlx::Error> {
    let told_at = (teller == Teller::Event).then_some(at.0);
    let told_before: Option<i64> = sqlx::query_scalar(
        "select id
         from lives
         where container = ?1
           and began_at between ?2 - ?3 and ?2 + ?3
           and (ended_at is null or ended_at > ?2)
           and (told_at is null or ?4 is null or told_at = ?4)
         order by abs(began_at - ?2), id
         limit 1",
    )
    .bind(container)
    .bind(at.0)
    .bind(SAME_BEGINNING_MS)
    .bind(told_at)
    .fetch_optional(&mut *db)
    .await?;
    if let Some(life) = told_before {
        return correct_beginning(db, life, at, told_at).await;
    }
    let next = sqlx::query(
        "select id, began_at, guessed
         from lives
         where container = ? and began_at > ?
         order by began_at, id
         limit 1",
    )
    .bind(container)
    .bind(at.0)
    .fetch_optional(&mut *db)
    .await?;
    let held = latest(db, container, at, None)
        .await?
        .filter(|held| held.ended_at.is_none_or(|ended_at| ended_at > at));
    let mut over_by = None;
    if let Some(next) = next {
        if held.is_none() && next.try_get("guessed")? {
            return correct_beginning(db, next.try_get("id")?, at, told_at).await;
        }
        over_by = Some(next.try_get::<i64, _>("began_at")?);
    }
    let id = sqlx::query_scalar(
        "insert into lives (container, began_at, guessed, told_at)
         values (?, ?, 0, ?)
         returning id",
    )
    .bind(container)
    .bind(at.0)
    .bind(told_at)
    .fetch_one(&mut *db)
    .await
    .map(LifeId)?;
    if let Some(held) = held {
        cut(db, held.id, at).await?;
        if let Some(ended_at) = held.ended_at {
            return end(db, id, ended_at, held.exit_code, held.oom_killed).await;
        }
    }
    end_as_known(db, id, container, at, over_by).await
}

/// The life that lasted at `at` ended.
pub(crate) async fn ended(
    db: &mut SqliteConnection,
    container: i64,
    at: UnixMs,
    exit_code: Option<i64>,
    oom_killed: bool,
) -> Result<(), sqlx::Error> {
    match latest(db, container, at, None).await? {
        Some(life) => end(db, life.id, at, exit_code, oom_killed).await,
        None => Ok(()),
    }
}

/// The life that a reading at `at` belongs to; `first` says that it has no reading before it. In a time that came `again` it is none
/// that was there the first time.
pub(crate) async fn measured(
    db: &mut SqliteConnection,
    container: i64,
    at: UnixMs,
    first: bool,
    again: Option<Again>,
) -> Result<Life, sqlx::Error> {
    let by = UnixMs(at.0.saturating_add(SAME_BEGINNING_MS));
    let mut held = latest(db, container, by, again).await?;
    match again {
        Some(again) if held.is_none() && at <= again.to => {
            over_before(db, container, again).await?;
        }
        Some(_) if held.is_none() => held = latest(db, container, by, None).await?,
        _ => {}
    }
    match held {
        Some(life) if !is_over_for(&life, at, first) => Ok(life),
        None if !first && again.is_none() => {
            // What was measured earlier may come later; nobody saw the life begin.
            let guessed = sqlx::query(
                "update lives
                 set began_at = ?2
                 where id = (select id from lives where container = ?1 order by began_at, id limit 1)
                   and guessed
                 returning id, began_at, guessed, ended_at, exit_code, oom_killed",
            )
            .bind(container)
            .bind(at.0)
            .try_map(|row| life(&row))
            .fetch_optional(&mut *db)
            .await?;
            match guessed {
                Some(life) => Ok(life),
                None => guess(db, container, at).await,
            }
        }
        _ => guess(db, container, at).await,
    }
}

/// A life that nobody saw begin.
async fn guess(db: &mut SqliteConnection, container: i64, at: UnixMs) -> Result<Life, sqlx::Error> {
    let id = sqlx::query_scalar(
        "insert into lives (container, began_at, guessed)
         values (?, ?, 1)
         returning id",
    )
    .bind(container)
    .bind(at.0)
    .fetch_one(db)
    .await?;
    Ok(Life {
        id: LifeId(id),
        began_at: at,
        guessed: true,
        ended_at: None,
        exit_code: None,
        oom_killed: false,
    })
}

/// Whether a reading that begins a series after the life's end belongs to another one, whose start nobody saw.
pub(crate) fn is_over_for(life: &Life, at: UnixMs, first: bool) -> bool {
    first && life.ended_at.is_some_and(|ended_at| at > ended_at)
}

/// The life that began last, at `at` or before; of those that are there since a time came `again`, if it did.
async fn latest(
    db: &mut SqliteConnection,
    container: i64,
    at: UnixMs,
    again: Option<Again>,
) -> Result<Option<Life>, sqlx::Error> {
    sqlx::query(
        "select id, began_at, guessed, ended_at, exit_code, oom_killed
         from lives
         where container = ? and began_at <= ? and id > ?
         order by began_at desc, id desc
         limit 1",
    )
    .bind(container)
    .bind(at.0)
    .bind(again.map_or(0, |again| again.newest.0))
    .try_map(|row| life(&row))
    .fetch_optional(db)
    .await
}

/// Ends the lives that were there before a time came again, where it began to.
async fn over_before(
    db: &mut SqliteConnection,
    container: i64,
    again: Again,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update lives
         set ended_at = ?
         where container = ? and id <= ? and ended_at is null",
    )
    .bind(again.to.0)
    .bind(container)
    .bind(again.newest.0)
    .execute(db)
    .await?;
    Ok(())
}

/// The life with the greatest number, 0 when there is none.
pub(crate) async fn newest(db: &mut SqliteConnection) -> Result<LifeId, sqlx::Error> {
    let newest: Option<i64> = sqlx::query_scalar("select max(id) from lives")
        .fetch_one(db)
        .await?;
    Ok(LifeId(newest.unwrap_or_default()))
}

/// A beginning is told late, never early: the earlier instant is the truer one.
async fn correct_beginning(
    db: &mut SqliteConnection,
    life: i64,
    at: UnixMs,
    told_at: Option<i64>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update lives
         set began_at = min(began_at, ?2), guessed = 0, told_at = coalesce(told_at, ?3)
         where id = ?1",
    )
    .bind(life)
    .bind(at.0)
    .bind(told_at)
    .execute(db)
    .await?;
    Ok(())
}

/// The life was over when another one began at `at`; an end that was put down to it is the other's.
async fn cut(db: &mut SqliteConnection, life: LifeId, at: UnixMs) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update lives
         set ended_at = ?, exit_code = null, oom_killed = 0
         where id = ?",
    )
    .bind(at.0)
    .bind(life.0)
    .execute(db)
    .await?;
    Ok(())
}

/// A process ends once: the earliest end that was told is the true one.
async fn end(
    db: &mut SqliteConnection,
    life: LifeId,
    at: UnixMs,
    exit_code: Option<i64>,
    oom_killed: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update lives
         set ended_at = min(coalesce(ended_at, ?2), ?2),
             exit_code = case when ended_at > ?2 then coalesce(?3, exit_code) else coalesce(exit_code, ?3) end,
             oom_killed = max(oom_killed, ?4)
         where id = ?1",
    )
    .bind(life.0)
    .bind(at.0)
    .bind(exit_code)
    .bind(oom_killed)
    .execute(db)
    .await?;
    Ok(())
}

/// Ends a life whose end was told before its beginning, at the latest when the next one began.
async fn end_as_known(
    db: &mut SqliteConnection,
    life: LifeId,
    container: i64,
    began_at: UnixMs,
    over_by: Option<i64>,
) -> Result<(), sqlx::Error> {
    let died = sqlx::query(
        "select events.at, events.detail
         from events
         join containers on containers.container = events.container and containers.host = events.host
         where containers.id = ? and events.kind = 'die' and events.at between ? and ?
         order by events.at
         limit 1",
    )
    .bind(container)
    .bind(began_at.0)
    .bind(over_by.unwrap_or(i64::MAX))
    .fetch_optional(&mut *db)
    .await?;
    match (died, over_by) {
        (Some(died), _) => {
            let detail: Option<String> = died.try_get("detail")?;
            let exit_code = detail.and_then(|text| text.parse().ok());
            end(db, life, UnixMs(died.try_get("at")?), exit_code, false).await
        }
        (None, Some(at)) => end(db, life, UnixMs(at), None, false).await,
        (None, None) => Ok(()),
    }
}

/// Whether no life of the container began after this one.
pub(crate) async fn is_latest(
    db: &mut SqliteConnection,
    container: i64,
    life: LifeId,
    again: Option<Again>,
) -> Result<bool, sqlx::Error> {
    let latest = latest(db, container, UnixMs(i64::MAX), again).await?;
    Ok(latest.is_some_and(|latest| latest.id == life))
}
