//! What happened to containers, newest first.

use crate::{Store, StoreError, containers::parsed};
use plimsoll_model::Happening;
use plimsoll_shared::{ContainerEvent, ContainerId, EventKind, HostId, UnixMs};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use std::{fmt, str::FromStr};

/// Most events of one page.
const MOST: u32 = 500;
/// Most events of a stretch of time.
const MOST_OF_STRETCH: u32 = 50_000;

/// Which events to read.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    /// Only those of this host.
    pub host: Option<HostId>,
    /// Only those of this container.
    pub container: Option<ContainerId>,
    /// Only those behind the page that ended here.
    pub before: Option<EventCursor>,
    /// At most this many, and never more than 500.
    pub limit: u32,
}

/// A place between two events, written `TIME.NUMBER`; new events do not move it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventCursor {
    at: i64,
    id: i64,
}

impl fmt::Display for EventCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at, self.id)
    }
}

/// The text names no place between events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a place in the list of events: pass what the page before gave as next")]
pub struct NoSuchPlace;

impl FromStr for EventCursor {
    type Err = NoSuchPlace;

    fn from_str(text: &str) -> Result<Self, NoSuchPlace> {
        let (at, id) = text.split_once('.').ok_or(NoSuchPlace)?;
        Ok(Self {
            at: at.parse().map_err(|_| NoSuchPlace)?,
            id: id.parse().map_err(|_| NoSuchPlace)?,
        })
    }
}

impl Store {
    /// A page of events, newest first, and the place where the next page goes on; `None` on the last.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn events(
        &self,
        filter: &EventFilter,
    ) -> Result<(Vec<ContainerEvent>, Option<EventCursor>), StoreError> {
        let limit = filter.limit.min(MOST);
        let before = filter.before.unwrap_or(EventCursor {
            at: i64::MAX,
            id: i64::MAX,
        });
        let query = match (&filter.host, &filter.container) {
            (None, None) => sqlx::query(
                "select events.id, hosts.name as host, container, at, kind, events.name, detail
                 from events
                 join hosts on hosts.id = events.host
                 where (at, events.id) < (?, ?)
                 order by at desc, events.id desc
                 limit ?",
            ),
            (Some(host), None) => sqlx::query(
                "select events.id, hosts.name as host, container, at, kind, events.name, detail
                 from events
                 join hosts on hosts.id = events.host
                 where hosts.name = ? and (at, events.id) < (?, ?)
                 order by at desc, events.id desc
                 limit ?",
            )
            .bind(host.as_str()),
            (host, Some(container)) => sqlx::query(
                "select events.id, hosts.name as host, container, at, kind, events.name, detail
                 from events
                 join hosts on hosts.id = events.host
                 where container = ? and hosts.name = coalesce(?, hosts.name) and (at, events.id) < (?, ?)
                 order by at desc, events.id desc
                 limit ?",
            )
            .bind(container.as_str())
            .bind(host.as_ref().map(HostId::as_str)),
        };
        let mut rows: Vec<(ContainerEvent, EventCursor)> = query
            .bind(before.at)
            .bind(before.id)
            .bind(limit.saturating_add(1))
            .try_map(|row| event(&row))
            .fetch_all(&self.0.main.readers)
            .await
            .map_err(self.0.main.failed("reading events"))?;
        let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            rows.pop();
        }
        let next = rows.last().filter(|_| more).map(|(_, place)| *place);
        Ok((rows.into_iter().map(|(event, _)| event).collect(), next))
    }
}

impl Store {
    /// What happened to containers of `host` from `from` up to and including `to`, oldest first; of more than 50,000 events the newest.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn happened(
        &self,
        host: &HostId,
        from: UnixMs,
        to: UnixMs,
    ) -> Result<Vec<ContainerEvent>, StoreError> {
        let mut found: Vec<ContainerEvent> = sqlx::query(
            "select events.id, hosts.name as host, container, at, kind, events.name, detail
             from events
             join hosts on hosts.id = events.host
             where hosts.name = ? and at between ? and ?
             order by at desc, events.id desc
             limit ?",
        )
        .bind(host.as_str())
        .bind(from.0)
        .bind(to.0)
        .bind(MOST_OF_STRETCH)
        .try_map(|row| event(&row).map(|(event, _)| event))
        .fetch_all(&self.0.main.readers)
        .await
        .map_err(self.0.main.failed("reading events"))?;
        found.reverse();
        Ok(found)
    }
}

fn event(row: &SqliteRow) -> Result<(ContainerEvent, EventCursor), sqlx::Error> {
    let kind: String = row.try_get("kind")?;
    let at = row.try_get("at")?;
    let event = ContainerEvent {
        at: UnixMs(at),
        host: parsed(row.try_get("host")?)?,
        container: parsed(row.try_get("container")?)?,
        name: row.try_get("name")?,
        kind: EventKind::from_word(&kind)
            .ok_or_else(|| sqlx::Error::Decode(format!("no kind of event is {kind:?}").into()))?,
        detail: row.try_get("detail")?,
    };
    Ok((
        event,
        EventCursor {
            at,
            id: row.try_get("id")?,
        },
    ))
}

/// Keeps what happened; whether it was news.
pub(crate) async fn insert(
    db: &mut SqliteConnection,
    host: i64,
    happening: &Happening,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "insert into events (host, container, at, kind, name, detail)
         values (?, ?, ?, ?, ?, ?)
         on conflict do nothing",
    )
    .bind(host)
    .bind(happening.container.as_str())
    .bind(happening.at.0)
    .bind(happening.kind.as_str())
    .bind(&happening.name)
    .bind(&happening.detail)
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}
