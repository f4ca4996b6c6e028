//! Containers as they were last seen, the removed ones included.

use crate::{Store, StoreError};
use plimsoll_model::ContainerFacts;
use plimsoll_shared::{Compose, ContainerId, HostId, ImageRef, UnixMs};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Most containers of one page.
const MOST: u32 = 1000;

/// A container as it was last seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Remembered {
    /// Everything the engine told of it.
    pub facts: ContainerFacts,
    /// When it was seen to be gone; `None` while it is there.
    pub removed_at: Option<UnixMs>,
}

impl Store {
    /// A page of the containers known on `host`, removed ones included, by id, beginning behind `after`; at most `limit`, and
    /// never more than 1000.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn containers(
        &self,
        host: &HostId,
        after: Option<&ContainerId>,
        limit: u32,
    ) -> Result<Vec<Remembered>, StoreError> {
        sqlx::query(
            "select containers.container, containers.name, image, image_digest, state, health, created_at, started_at,
                    finished_at, exit_code, oom_killed, restarts, project, service, network, ports, labels, command,
                    restart_policy, limits, mounts, networks, removed_at
             from containers
             join hosts on hosts.id = containers.host
             where hosts.name = ? and containers.container > ?
             order by containers.container
             limit ?",
        )
        .bind(host.as_str())
        .bind(after.map_or("", ContainerId::as_str))
        .bind(limit.min(MOST))
        .try_map(|row| remembered(&row))
        .fetch_all(&self.0.main.readers)
        .await
        .map_err(self.0.main.failed("reading containers"))
    }

    /// One container, also after it was removed; `None` when it was never seen or is forgotten.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn container(
        &self,
        host: &HostId,
        id: &ContainerId,
    ) -> Result<Option<Remembered>, StoreError> {
        sqlx::query(
            "select containers.container, containers.name, image, image_digest, state, health, created_at, started_at,
                    finished_at, exit_code, oom_killed, restarts, project, service, network, ports, labels, command,
                    restart_policy, limits, mounts, networks, removed_at
             from containers
             join hosts on hosts.id = containers.host
             where hosts.name = ? and containers.container = ?",
        )
        .bind(host.as_str())
        .bind(id.as_str())
        .try_map(|row| remembered(&row))
        .fetch_optional(&self.0.main.readers)
        .await
        .map_err(self.0.main.failed("reading a container"))
    }

    /// The container that took a removed one's name, or else its place in a compose project: the newest that is still there,
    /// or the newest of all. `None` while the container is there itself.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn successor(
        &self,
        host: &HostId,
        id: &ContainerId,
    ) -> Result<Option<ContainerId>, StoreError> {
        sqlx::query(
            "select heir.container
             from containers gone
             join hosts on hosts.id = gone.host
             join containers heir
               on heir.host = gone.host
              and heir.created_at > gone.created_at
              and (heir.name = gone.name or (heir.project = gone.project and heir.service = gone.service))
             where hosts.name = ? and gone.container = ? and gone.removed_at is not null
             order by heir.removed_at is not null, heir.name = gone.name desc, heir.created_at desc, heir.id desc
             limit 1",
        )
        .bind(host.as_str())
        .bind(id.as_str())
        .try_map(|row: SqliteRow| parsed(row.try_get(0)?))
        .fetch_optional(&self.0.main.readers)
        .await
        .map_err(self.0.main.failed("looking for a container's successor"))
    }
}

fn remembered(row: &SqliteRow) -> Result<Remembered, sqlx::Error> {
    let instant = |column| -> Result<Option<UnixMs>, sqlx::Error> {
        Ok(row.try_get::<Option<i64>, _>(column)?.map(UnixMs))
    };
    let digest: Option<String> = row.try_get("image_digest")?;
    let project: Option<String> = row.try_get("project")?;
    let service: Option<String> = row.try_get("service")?;
    Ok(Remembered {
        facts: ContainerFacts {
            id: parsed(row.try_get("container")?)?,
            name: row.try_get("name")?,
            image: ImageRef {
                reference: row.try_get("image")?,
                digest: digest.map(parsed).transpose()?,
            },
            state: from_word(row.try_get("state")?)?,
            health: from_word(row.try_get("health")?)?,
            created_at: UnixMs(row.try_get("created_at")?),
            started_at: instant("started_at")?,
            finished_at: instant("finished_at")?,
            exit_code: row.try_get("exit_code")?,
            oom_killed: row.try_get("oom_killed")?,
            restarts: row
                .try_get::<Option<i64>, _>("restarts")?
                .map(i64::cast_unsigned),
            compose: project.map(|project| Compose { project, service }),
            network: from_json(row.try_get("network")?)?,
            ports: from_json(row.try_get("ports")?)?,
            labels: from_json(row.try_get("labels")?)?,
            command: row
                .try_get::<Option<&str>, _>("command")?
                .map_or(Ok(Vec::new()), from_json)?,
            restart_policy: row.try_get("restart_policy")?,
            limits: row
                .try_get::<Option<&str>, _>("limits")?
                .map(from_json)
                .transpose()?,
            mounts: from_json(row.try_get("mounts")?)?,
            networks: from_json(row.try_get("networks")?)?,
        },
        removed_at: instant("removed_at")?,
    })
}

/// A container's row, ready to be written.
#[derive(Hash)]
pub(crate) struct Written<'a> {
    id: &'a ContainerId,
    name: &'a str,
    image: &'a str,
    image_digest: Option<&'a str>,
    state: String,
    alive: bool,
    health: String,
    created_at: i64,
    started_at: Option<i64>,
    finished_at: Option<i64>,
    exit_code: Option<i64>,
    oom_killed: bool,
    restarts: Option<i64>,
    project: Option<&'a str>,
    service: Option<&'a str>,
    network: String,
    ports: String,
    labels: String,
    command: Option<String>,
    restart_policy: Option<&'a str>,
    limits: Option<String>,
    mounts: String,
    networks: String,
}

impl<'a> Written<'a> {
    pub(crate) fn of(facts: &'a ContainerFacts) -> Self {
        Self {
            id: &facts.id,
            name: &facts.name,
            image: &facts.image.reference,
            image_digest: facts.image.digest.as_ref().map(|digest| digest.as_str()),
            state: word(&facts.state),
            alive: facts.state.is_alive(),
            health: word(&facts.health),
            created_at: facts.created_at.0,
            started_at: facts.started_at.map(|at| at.0),
            finished_at: facts.finished_at.map(|at| at.0),
            exit_code: facts.exit_code,
            oom_killed: facts.oom_killed,
            restarts: facts.restarts.map(u64::cast_signed),
            project: facts.compose.as_ref().map(|c| c.project.as_str()),
            service: facts.compose.as_ref().and_then(|c| c.service.as_deref()),
            network: json(&facts.network),
            ports: json(&facts.ports),
            labels: json(&facts.labels),
            command: (!facts.command.is_empty()).then(|| json(&facts.command)),
            restart_policy: facts.restart_policy.as_deref(),
            limits: facts.limits.as_ref().map(json),
            mounts: json(&facts.mounts),
            networks: json(&facts.networks),
        }
    }

    /// Differs when anything in the row differs.
    pub(crate) fn print(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }

    /// Writes the row; what only an inspection tells stays when this one was merely listed.
    pub(crate) async fn write(
        &self,
        db: &mut SqliteConnection,
        host: i64,
    ) -> Result<i64, sqlx::Error> {
        sqlx::query_scalar(
            "insert into containers (
               host, container, name, image, image_digest, state, health, created_at, started_at, finished_at, exit_code,
               oom_killed, restarts, project, service, network, ports, labels, command, restart_policy, limits, mounts,
               networks
             )
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)
             on conflict (host, container) do update set
               name = ?3,
               image = ?4,
               image_digest = coalesce(?5, image_digest),
               state = ?6,
               health = ?7,
               created_at = ?8,
               started_at = coalesce(?9, started_at),
               finished_at = case when ?24 then ?10 else coalesce(?10, finished_at) end,
               exit_code = case when ?24 then ?11 else coalesce(?11, exit_code) end,
               oom_killed = case when ?24 or ?20 is not null then ?12 else max(oom_killed, ?12) end,
               restarts = coalesce(?13, restarts),
               project = ?14,
               service = ?15,
               network = ?16,
               ports = ?17,
               labels = ?18,
               command = coalesce(?19, command),
               restart_policy = coalesce(?20, restart_policy),
               limits = coalesce(?21, limits),
               mounts = ?22,
               networks = ?23,
               removed_at = null
             returning id",
        )
        .bind(host)
        .bind(self.id.as_str())
        .bind(self.name)
        .bind(self.image)
        .bind(self.image_digest)
        .bind(&self.state)
        .bind(&self.health)
        .bind(self.created_at)
        .bind(self.started_at)
        .bind(self.finished_at)
        .bind(self.exit_code)
        .bind(self.oom_killed)
        .bind(self.restarts)
        .bind(self.project)
        .bind(self.service)
        .bind(&self.network)
        .bind(&self.ports)
        .bind(&self.labels)
        .bind(&self.command)
        .bind(self.restart_policy)
        .bind(&self.limits)
        .bind(&self.mounts)
        .bind(&self.networks)
        .bind(self.alive)
        .fetch_one(db)
        .await
    }
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("the shared types have text keys and no failing serializer")
}

/// The word serde gives a variant without content.
fn word<T: Serialize>(value: &T) -> String {
    json(value).trim_matches('"').to_owned()
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, sqlx::Error> {
    serde_json::from_str(text).map_err(|e| sqlx::Error::Decode(e.into()))
}

fn from_word<T: DeserializeOwned>(text: String) -> Result<T, sqlx::Error> {
    serde_json::from_value(serde_json::Value::String(text))
        .map_err(|e| sqlx::Error::Decode(e.into()))
}

pub(crate) fn parsed<T>(text: String) -> Result<T, sqlx::Error>
where
    T: TryFrom<String>,
    T::Error: std::error::Error + Send + Sync + 'static,
{
    T::try_from(text).map_err(|e| sqlx::Error::Decode(Box::new(e)))
}
