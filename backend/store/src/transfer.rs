//! History that comes from another data folder: its containers and lives under the numbers they get here.

use crate::{Life, LifeId, Store, StoreError, Stretch, Writing, containers::Written};
use plimsoll_model::ContainerFacts;
use plimsoll_shared::{ContainerId, HostId, UnixMs};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

impl Store {
    /// The stretches of `host` that have chunks of a tier, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn stretches(&self, host: &HostId, tier: u16) -> Result<Vec<Stretch>, StoreError> {
        let Some(host) = self.host_row(host).await? else {
            return Ok(Vec::new());
        };
        sqlx::query(
            "select began_at, max(ended_at)
             from chunks
             where host = ? and tier = ? and id not in (select chunk from hidden)
             group by began_at
             order by began_at",
        )
        .bind(host)
        .bind(tier)
        .try_map(|row: SqliteRow| {
            Ok(Stretch {
                tier,
                from: UnixMs(row.try_get(0)?),
                to: UnixMs(row.try_get(1)?),
            })
        })
        .fetch_all(&self.0.samples.readers)
        .await
        .map_err(self.0.samples.failed("reading which stretches there are"))
    }

    /// Takes in a host that may be known here.
    ///
    /// # Errors
    /// As [`Store::record`].
    pub async fn adopt_host(&self, host: &HostId) -> Result<(), StoreError> {
        let mut writing = self.0.writing.lock().await;
        let mut writer = self.writer(&mut writing).await?;
        writer.host(&self.0, host).await?;
        *writing = Writing::Idle(Some(writer));
        Ok(())
    }

    /// Takes in a container of another folder; one that is known here stays as it is.
    ///
    /// # Errors
    /// As [`Store::record`].
    pub async fn adopt_container(
        &self,
        host: &HostId,
        facts: &ContainerFacts,
        removed_at: Option<UnixMs>,
    ) -> Result<(), StoreError> {
        let mut writing = self.0.writing.lock().await;
        let mut writer = self.writer(&mut writing).await?;
        let host = writer.host(&self.0, host).await?;
        let failed = self.0.main.failed("taking a container in");
        let there = row(&mut writer.main, host, &facts.id)
            .await
            .map_err(&failed)?;
        if there.is_none() {
            let written = Written::of(facts);
            let container = written
                .write(&mut writer.main, host)
                .await
                .map_err(&failed)?;
            sqlx::query(
                "update containers
                 set removed_at = ?
                 where id = ?",
            )
            .bind(removed_at.map(|at| at.0))
            .bind(container)
            .execute(&mut writer.main)
            .await
            .map_err(&failed)?;
        }
        *writing = Writing::Idle(Some(writer));
        Ok(())
    }

    /// Takes in a life of a container and gives the name it has here; one that began at the same moment is that life. `None` when the
    /// container is not known here.
    ///
    /// # Errors
    /// As [`Store::record`].
    pub async fn adopt_life(
        &self,
        host: &HostId,
        container: &ContainerId,
        life: &Life,
    ) -> Result<Option<LifeId>, StoreError> {
        let mut writing = self.0.writing.lock().await;
        let mut writer = self.writer(&mut writing).await?;
        let host = writer.host(&self.0, host).await?;
        let failed = self.0.main.failed("taking a life in");
        let container = row(&mut writer.main, host, container)
            .await
            .map_err(&failed)?;
        let adopted = match container {
            Some(container) => Some(
                adopt(&mut writer.main, container, life)
                    .await
                    .map_err(&failed)?,
            ),
            None => None,
        };
        *writing = Writing::Idle(Some(writer));
        Ok(adopted)
    }
}

async fn row(
    db: &mut SqliteConnection,
    host: i64,
    container: &ContainerId,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar(
        "select id
         from containers
         where host = ? and container = ?",
    )
    .bind(host)
    .bind(container.as_str())
    .fetch_optional(db)
    .await
}

async fn adopt(
    db: &mut SqliteConnection,
    container: i64,
    life: &Life,
) -> Result<LifeId, sqlx::Error> {
    let known: Option<i64> = sqlx::query_scalar(
        "select id
         from lives
         where container = ? and began_at = ?
         order by id
         limit 1",
    )
    .bind(container)
    .bind(life.began_at.0)
    .fetch_optional(&mut *db)
    .await?;
    if let Some(known) = known {
        return Ok(LifeId(known));
    }
    sqlx::query_scalar(
        "insert into lives (container, began_at, guessed, ended_at, exit_code, oom_killed)
         values (?, ?, ?, ?, ?, ?)
         returning id",
    )
    .bind(container)
    .bind(life.began_at.0)
    .bind(life.guessed)
    .bind(life.ended_at.map(|at| at.0))
    .bind(life.exit_code)
    .bind(life.oom_killed)
    .fetch_one(db)
    .await
    .map(LifeId)
}
