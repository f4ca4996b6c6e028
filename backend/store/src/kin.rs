//! Containers that may have taken over from one another, and the lives of many at once.

use crate::{
    Life, Store, StoreError,
    containers::parsed,
    lives::{CLOCK_SLACK_MS, life},
};
use plimsoll_shared::{Compose, ContainerId, HostId, UnixMs};
use sqlx::{Row, sqlite::SqliteRow};

/// Most containers of one answer, the newest first.
const MOST: u32 = 20_000;
/// Most lives of one answer.
const MOST_LIVES: u32 = 100_000;

/// A container with what tells whom it took over from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kin {
    /// Full id.
    pub id: ContainerId,
    /// Its last name.
    pub name: String,
    /// Its image as its maker wrote it; empty when it was only heard of.
    pub image: String,
    /// Compose project and service.
    pub place: Option<Compose>,
    /// When it was made.
    pub created_at: UnixMs,
    /// When it was seen to be gone; `None` while it is there.
    pub removed_at: Option<UnixMs>,
    /// When its first life began; `None` if it never ran.
    pub began_at: Option<UnixMs>,
    /// When its latest life ended; `None` while that lasts or if it never ran.
    pub ended_at: Option<UnixMs>,
}

impl Store {
    /// These containers, and all of their host with the name or the compose place of one of them that lived between `from` and
    /// `to` or shortly outside; oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn kin(
        &self,
        host: &HostId,
        of: &[ContainerId],
        from: UnixMs,
        to: UnixMs,
    ) -> Result<Vec<Kin>, StoreError> {
        sqlx::query(
            "with asked as (
               select containers.id, containers.host, containers.name, containers.project, containers.service
               from json_each(?1) as wanted
               cross join hosts on hosts.name = ?2
               cross join containers on containers.host = hosts.id and containers.container = wanted.value
             ),
             alike as (
               select kin.id
               from asked
               cross join containers kin on kin.host = asked.host and kin.name = asked.name
               union
               select kin.id
               from asked
               cross join containers kin
                 on kin.host = asked.host and kin.project = asked.project and kin.service = asked.service
             )
             select kin.container, kin.name, kin.image, kin.project, kin.service, kin.created_at, kin.removed_at,
                    (select began_at from lives where container = kin.id order by began_at, id limit 1) as began_at,
                    (select ended_at from lives where container = kin.id order by began_at desc, id desc limit 1) as ended_at
             from alike
             cross join containers kin on kin.id = alike.id
             where kin.id in (select id from asked)
                or exists (
                     select 1
                     from lives
                     where lives.container = kin.id
                       and lives.began_at <= ?4
                       and (lives.ended_at is null or lives.ended_at >= ?3)
                   )
             order by kin.created_at, kin.id
             limit ?5",
        )
        .bind(ids(of))
        .bind(host.as_str())
        .bind(from.0.saturating_sub(CLOCK_SLACK_MS))
        .bind(to.0.saturating_add(CLOCK_SLACK_MS))
        .bind(MOST)
        .try_map(|row| kin(&row))
        .fetch_all(&self.0.main.readers)
        .await
        .map_err(self.0.main.failed("reading who took over from whom"))
    }

    /// All containers of `host` that lived between `from` and `to` or shortly outside, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn lived_between(
        &self,
        host: &HostId,
        from: UnixMs,
        to: UnixMs,
    ) -> Result<Vec<Kin>, StoreError> {
        sqlx::query(
            "select kin.container, kin.name, kin.image, kin.project, kin.service, kin.created_at, kin.removed_at,
                    (select began_at from lives where container = kin.id order by began_at, id limit 1) as began_at,
                    (select ended_at from lives where container = kin.id order by began_at desc, id desc limit 1) as ended_at
             from containers kin
             join hosts on hosts.id = kin.host
             where hosts.name = ?1
               and exists (
                     select 1
                     from lives
                     where lives.container = kin.id
                       and lives.began_at <= ?3
                       and (lives.ended_at is null or lives.ended_at >= ?2)
                   )
             order by kin.created_at, kin.id
             limit ?4",
        )
        .bind(host.as_str())
        .bind(from.0.saturating_sub(CLOCK_SLACK_MS))
        .bind(to.0.saturating_add(CLOCK_SLACK_MS))
        .bind(MOST)
        .try_map(|row| kin(&row))
        .fetch_all(&self.0.main.readers)
        .await
        .map_err(self.0.main.failed("reading which containers there were"))
    }

    /// The lives of these containers that touch `from` to `to`, each container's oldest first; those just outside too, for a life
    /// and its readings may be told by two clocks.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn lives_of(
        &self,
        host: &HostId,
        containers: &[ContainerId],
        from: UnixMs,
        to: UnixMs,
    ) -> Result<Vec<(ContainerId, Life)>, StoreError> {
        sqlx::query(
            "select containers.container, lives.id, lives.began_at, lives.guessed, lives.ended_at, lives.exit_code, lives.oom_killed
             from json_each(?1) as wanted
             cross join hosts on hosts.name = ?2
             cross join containers on containers.host = hosts.id and containers.container = wanted.value
             cross join lives on lives.container = containers.id
             where lives.began_at <= ?4
               and (lives.ended_at is null or lives.ended_at >= ?3)
             order by wanted.key, lives.began_at, lives.id
             limit ?5",
        )
        .bind(ids(containers))
        .bind(host.as_str())
        .bind(from.0.saturating_sub(CLOCK_SLACK_MS))
        .bind(to.0.saturating_add(CLOCK_SLACK_MS))
        .bind(MOST_LIVES)
        .try_map(|row: SqliteRow| Ok((parsed(row.try_get("container")?)?, life(&row)?)))
        .fetch_all(&self.0.main.readers)
        .await
        .map_err(self.0.main.failed("reading the lives of containers"))
    }
}

/// A list of ids as SQLite's `json_each` takes it.
fn ids(of: &[ContainerId]) -> String {
    serde_json::to_string(of).expect("ids are text")
}

fn kin(row: &SqliteRow) -> Result<Kin, sqlx::Error> {
    let instant = |column| -> Result<Option<UnixMs>, sqlx::Error> {
        Ok(row.try_get::<Option<i64>, _>(column)?.map(UnixMs))
    };
    let project: Option<String> = row.try_get("project")?;
    let service: Option<String> = row.try_get("service")?;
    Ok(Kin {
        id: parsed(row.try_get("container")?)?,
        name: row.try_get("name")?,
        image: row.try_get("image")?,
        place: project.map(|project| Compose { project, service }),
        created_at: UnixMs(row.try_get("created_at")?),
        removed_at: instant("removed_at")?,
        began_at: instant("began_at")?,
        ended_at: instant("ended_at")?,
    })
}
