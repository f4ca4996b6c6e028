//! Writing: one connection a file, and what it knows by heart so that a quiet second asks nothing of `plimsoll.db`.

use crate::{
    Inner, Store, StoreError,
    containers::Written,
    events,
    lives::{self, Life, LifeId, Teller},
    tails,
};
use plimsoll_model::{ContainerFacts, Happening, Observation};
use plimsoll_shared::{ContainerId, ContainerState, EventKind, HostId, Reading, UnixMs};
use sqlx::{Connection, SqliteConnection};
use std::collections::{HashMap, HashSet};

/// A clock is put right by less than this all the time.
const PUT_BACK_MS: i64 = 2000;

/// Something a collector told, and when this server heard it.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// By this server's clock.
    pub at: UnixMs,
    /// What was told.
    pub what: Observation,
}

/// The one that writes.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) main: SqliteConnection,
    pub(crate) samples: SqliteConnection,
    pub(crate) known: HashMap<HostId, KnownHost>,
    /// The clock that dates what is recorded.
    clock: Clock,
}

/// The time that what is recorded was heard at, as far as it was followed.
#[derive(Debug, Clone, Copy)]
struct Clock {
    /// When something was heard last.
    told: Option<UnixMs>,
    /// The latest time that came again.
    again: Option<Again>,
}

/// A time that comes again because the clock was put back: what is measured in it belongs to other lives than what was measured
/// the first time, so that nothing joins the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Again {
    /// What the clock was put back to.
    from: UnixMs,
    /// What it was put back from.
    pub(crate) to: UnixMs,
    /// The newest life of all by then.
    pub(crate) newest: LifeId,
}

impl Clock {
    /// Follows the clock; says from when to when it was put back, if it was. What is told again after a failure has been heard before.
    fn put_back(&mut self, recorded: &[Recorded]) -> Option<(UnixMs, UnixMs)> {
        let repeated = |told: &UnixMs| recorded.iter().any(|again| again.at == *told);
        let mut before = self.told.filter(|told| !repeated(told));
        let mut found = None;
        for Recorded { at, .. } in recorded {
            found = before
                .filter(|before| before.since(*at) > PUT_BACK_MS)
                .map(|before| (before, *at))
                .or(found);
            before = Some(*at);
        }
        self.told = before.or(self.told);
        found
    }
}

/// A host's rows, as far as they were met.
#[derive(Debug)]
pub(crate) struct KnownHost {
    row: i64,
    containers: HashMap<ContainerId, KnownContainer>,
}

#[derive(Debug)]
struct KnownContainer {
    row: i64,
    /// What [`Written::print`] said when the row was last written.
    print: Option<u64>,
    /// Its latest life; `None` when that must be asked.
    life: Option<Life>,
}

/// The life that a machine's own readings belong to: one for as long as its host is known. Lives of containers count up from 1,
/// those of machines down from -1.
fn machine(host: i64) -> LifeId {
    LifeId(-host)
}

impl Store {
    /// The life that the readings of a host's machine belong to; `None` when nothing was recorded of the host.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn machine_life(&self, host: &HostId) -> Result<Option<LifeId>, StoreError> {
        Ok(self.host_row(host).await?.map(machine))
    }
}

impl Writer {
    pub(crate) async fn open(inner: &Inner) -> Result<Self, StoreError> {
        let mut samples = inner.samples.writer().await?;
        let told = tails::noted(&mut samples)
            .await
            .map_err(inner.samples.failed("reading the time noted last"))?;
        Ok(Self {
            main: inner.main.writer().await?,
            samples,
            known: HashMap::new(),
            clock: Clock { told, again: None },
        })
    }

    pub(crate) async fn record(
        &mut self,
        inner: &Inner,
        host: &HostId,
        recorded: &[Recorded],
    ) -> Result<Vec<Vec<LifeId>>, StoreError> {
        if let Some((to, now)) = self.clock.put_back(recorded) {
            // What is heard now was measured a moment ago.
            let from = UnixMs(now.0.saturating_sub(PUT_BACK_MS));
            self.comes_again(from, to)
                .await
                .map_err(inner.main.failed("looking for the newest life"))?;
        }
        if let Some(lives) = by_heart(self.known.get(host), recorded) {
            return Ok(lives);
        }
        self.changes(host, recorded)
            .await
            .map_err(inner.main.failed("recording what happened to containers"))
    }

    /// Has what is measured in the time between belong to other lives than those there are.
    async fn comes_again(&mut self, from: UnixMs, to: UnixMs) -> Result<(), sqlx::Error> {
        if self
            .clock
            .again
            .is_some_and(|again| (again.from, again.to) == (from, to))
        {
            return Ok(());
        }
        tracing::warn!(
            from = to.0,
            to = from.0,
            "the clock was put back: containers are measured as other lives from here on"
        );
        let newest = lives::newest(&mut self.main).await?;
        self.clock.again = Some(Again { from, to, newest });
        let hosts = self.known.values_mut();
        for container in hosts.flat_map(|host| host.containers.values_mut()) {
            container.life = None;
        }
        Ok(())
    }

    /// The host's row, made when it is new.
    pub(crate) async fn known_host(&mut self, host: &HostId) -> Result<i64, sqlx::Error> {
        if let Some(known) = self.known.get(host) {
            return Ok(known.row);
        }
        let row = host_row(&mut self.main, host).await?;
        let known = KnownHost {
            row,
            containers: HashMap::new(),
        };
        self.known.insert(host.clone(), known);
        Ok(row)
    }

    pub(crate) async fn close(mut self, inner: &Inner) -> Result<(), StoreError> {
        for (connection, file) in [
            (&mut self.main, &inner.main),
            (&mut self.samples, &inner.samples),
        ] {
            sqlx::query("pragma wal_checkpoint(truncate)")
                .execute(connection)
                .await
                .map_err(file.failed("folding its log in"))?;
        }
        let done = self.main.close().await;
        done.map_err(inner.main.failed("closing it"))?;
        let done = self.samples.close().await;
        done.map_err(inner.samples.failed("closing it"))
    }

    /// Writes everything but the readings, and says of each sweep which lives its readings belong to.
    async fn changes(
        &mut self,
        host: &HostId,
        recorded: &[Recorded],
    ) -> Result<Vec<Vec<LifeId>>, sqlx::Error> {
        let mut tx = self.main.begin_with("begin immediate").await?;
        if !self.known.contains_key(host) {
            let known = KnownHost {
                row: host_row(&mut tx, host).await?,
                containers: HashMap::new(),
            };
            self.known.insert(host.clone(), known);
        }
        let mut changes = Changes {
            again: self.clock.again,
            db: &mut tx,
            host: self
                .known
                .get_mut(host)
                .expect("it was put there if it was missing"),
        };
        let mut sweeps = Vec::new();
        for Recorded { at, what } in recorded {
            match what {
                Observation::Listed(all) => changes.listed(all, *at).await?,
                Observation::Container(facts) => changes.saw(facts, *at).await?,
                Observation::Removed(id) => changes.removed(id, *at).await?,
                Observation::Happened(happening) => changes.happened(happening).await?,
                Observation::Readings(batch) => {
                    let mut lives = Vec::with_capacity(batch.readings.len() + 1);
                    for (id, reading) in &batch.readings {
                        lives.push(changes.life_of(id, reading).await?);
                    }
                    lives.extend(batch.machine.as_ref().map(|_| machine(changes.host.row)));
                    sweeps.push(lives);
                }
                Observation::Searching(_)
                | Observation::Connected { .. }
                | Observation::Lost(_) => {}
            }
        }
        tx.commit().await?;
        Ok(sweeps)
    }
}

/// The lives of all readings, when there is nothing but readings of lives that are known by heart.
fn by_heart(host: Option<&KnownHost>, recorded: &[Recorded]) -> Option<Vec<Vec<LifeId>>> {
    let mut sweeps = Vec::new();
    for Recorded { what, .. } in recorded {
        match what {
            Observation::Searching(_) | Observation::Connected { .. } | Observation::Lost(_) => {}
            Observation::Readings(batch) => {
                let life = |(id, reading): &(ContainerId, Reading)| {
                    host?.containers.get(id)?.life_at(reading)
                };
                let mut lives: Vec<_> = batch.readings.iter().map(life).collect::<Option<_>>()?;
                if batch.machine.is_some() {
                    lives.push(machine(host?.row));
                }
                sweeps.push(lives);
            }
            _ => return None,
        }
    }
    Some(sweeps)
}

impl KnownContainer {
    fn life_at(&self, reading: &Reading) -> Option<LifeId> {
        let life = self.life?;
        let first = reading.cpu_percent.is_none();
        (reading.at >= life.began_at && !lives::is_over_for(&life, reading.at, first))
            .then_some(life.id)
    }
}

/// A transaction on one host's rows.
struct Changes<'t> {
    /// The latest time that came again.
    again: Option<Again>,
    db: &'t mut SqliteConnection,
    host: &'t mut KnownHost,
}

impl Changes<'_> {
    /// The whole list: what is not in it is gone.
    async fn listed(&mut self, all: &[ContainerFacts], at: UnixMs) -> Result<(), sqlx::Error> {
        for facts in all {
            self.saw(facts, at).await?;
        }
        let listed: HashSet<&str> = all.iter().map(|facts| facts.id.as_str()).collect();
        let there: Vec<String> = sqlx::query_scalar(
            "select container
             from containers
             where host = ? and removed_at is null
             order by container",
        )
        .bind(self.host.row)
        .fetch_all(&mut *self.db)
        .await?;
        for id in there {
            if !listed.contains(id.as_str()) {
                self.removed(&crate::containers::parsed(id)?, at).await?;
            }
        }
        Ok(())
    }

    async fn saw(&mut self, facts: &ContainerFacts, at: UnixMs) -> Result<(), sqlx::Error> {
        let written = Written::of(facts);
        let print = Some(written.print());
        let known = self.host.containers.get(&facts.id);
        if known.is_some_and(|known| known.print == print) {
            return Ok(());
        }
        let row = written.write(self.db, self.host.row).await?;
        if let Some(started_at) = facts.started_at {
            lives::began(self.db, row, started_at, Teller::Inspection).await?;
        }
        let over = matches!(facts.state, ContainerState::Exited | ContainerState::Dead);
        match facts.finished_at {
            Some(finished_at) if !facts.state.is_alive() => {
                lives::ended(self.db, row, finished_at, facts.exit_code, facts.oom_killed).await?;
            }
            None if over => {
                lives::ended(self.db, row, at, facts.exit_code, facts.oom_killed).await?;
            }
            _ => {}
        }
        let known = KnownContainer {
            row,
            print,
            life: None,
        };
        self.host.containers.insert(facts.id.clone(), known);
        Ok(())
    }

    async fn removed(&mut self, id: &ContainerId, at: UnixMs) -> Result<(), sqlx::Error> {
        self.host.containers.remove(id);
        let row: Option<i64> = sqlx::query_scalar(
            "update containers
             set removed_at = ?
             where host = ? and container = ? and removed_at is null
             returning id",
        )
        .bind(at.0)
        .bind(self.host.row)
        .bind(id.as_str())
        .fetch_optional(&mut *self.db)
        .await?;
        match row {
            Some(row) => lives::ended(self.db, row, at, None, false).await,
            None => Ok(()),
        }
    }

    async fn happened(&mut self, happening: &Happening) -> Result<(), sqlx::Error> {
        if !events::insert(self.db, self.host.row, happening).await? {
            return Ok(());
        }
        match happening.kind {
            EventKind::Start => {
                let row = self
                    .row_of(&happening.container, &happening.name, happening.at)
                    .await?;
                self.forget_life(&happening.container);
                lives::began(self.db, row, happening.at, Teller::Event).await
            }
            EventKind::Die => {
                let Some(row) = self.find(&happening.container).await? else {
                    return Ok(());
                };
                self.forget_life(&happening.container);
                let exit_code = happening
                    .detail
                    .as_deref()
                    .and_then(|text| text.parse().ok());
                lives::ended(self.db, row, happening.at, exit_code, false).await
            }
            _ => Ok(()),
        }
    }

    async fn life_of(
        &mut self,
        id: &ContainerId,
        reading: &Reading,
    ) -> Result<LifeId, sqlx::Error> {
        if let Some(life) = self
            .host
            .containers
            .get(id)
            .and_then(|c| c.life_at(reading))
        {
            return Ok(life);
        }
        let row = self.row_of(id, id.short(), reading.at).await?;
        let first = reading.cpu_percent.is_none();
        let again = self.again.filter(|again| reading.at >= again.from);
        let life = lives::measured(self.db, row, reading.at, first, again).await?;
        if let Some(known) = self.host.containers.get_mut(id)
            && lives::is_latest(self.db, row, life.id, again).await?
        {
            known.life = Some(life);
        }
        Ok(life.id)
    }

    fn forget_life(&mut self, id: &ContainerId) {
        if let Some(known) = self.host.containers.get_mut(id) {
            known.life = None;
        }
    }

    /// The container's row; of one that was only heard of, a row that says no more than its name.
    async fn row_of(
        &mut self,
        id: &ContainerId,
        name: &str,
        at: UnixMs,
    ) -> Result<i64, sqlx::Error> {
        if let Some(row) = self.find(id).await? {
            return Ok(row);
        }
        let row = sqlx::query_scalar(
            "insert into containers (
               host, container, name, image, state, health, created_at, oom_killed, network, ports, labels, mounts, networks
             )
             values (?, ?, ?, '', 'unknown', 'unknown', ?, 0, '{\"kind\":\"own\"}', '[]', '{}', '[]', '{}')
             returning id",
        )
        .bind(self.host.row)
        .bind(id.as_str())
        .bind(name)
        .bind(at.0)
        .fetch_one(&mut *self.db)
        .await?;
        self.remember(id, row);
        Ok(row)
    }

    async fn find(&mut self, id: &ContainerId) -> Result<Option<i64>, sqlx::Error> {
        if let Some(known) = self.host.containers.get(id) {
            return Ok(Some(known.row));
        }
        let row: Option<i64> = sqlx::query_scalar(
            "select id
             from containers
             where host = ? and container = ?",
        )
        .bind(self.host.row)
        .bind(id.as_str())
        .fetch_optional(&mut *self.db)
        .await?;
        if let Some(row) = row {
            self.remember(id, row);
        }
        Ok(row)
    }

    fn remember(&mut self, id: &ContainerId, row: i64) {
        let known = KnownContainer {
            row,
            print: None,
            life: None,
        };
        self.host.containers.insert(id.clone(), known);
    }
}

async fn host_row(db: &mut SqliteConnection, host: &HostId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "insert into hosts (name)
         values (?)
         on conflict (name) do update set name = name
         returning id",
    )
    .bind(host.as_str())
    .fetch_one(db)
    .await
}
