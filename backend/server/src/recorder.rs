//! Keeps what was seen: a bounded queue in front of the store, and one task that empties it.
//!
//! The store may be missing or refuse to write (read-only folder, full disk). Then observations wait here, the oldest readings are
//! given up first and counted, the reason is shown, and writing is tried again every few seconds. Live numbers never wait for it.

mod queue;

use crate::{
    clock, fleet,
    http::{Refusal, chain},
};
use futures_util::future::BoxFuture;
use plimsoll_model::Observation;
use plimsoll_shared::{
    ContainerDetail, ContainerEvent, ContainerId, HostId, Page, Recording, RowKey, UnixMs,
    series::Buckets,
};
use plimsoll_store::{EventFilter, Horizon, Recorded, Store, StoreError};
use queue::Queue;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Pause between two tries while the store refuses.
const TRY_AGAIN: Duration = Duration::from_secs(5);
/// Observations written in one transaction.
const AT_ONCE: usize = 256;
/// Rows pruned in one transaction, and the pause between two.
const PRUNE_SLICE: u32 = 2000;
/// Events and removed containers are kept this long, or as long as readings if that is longer: 30 days.
const KEEP_EVENTS_MS: i64 = 30 * 24 * 3_600_000;
const PRUNE_EVERY: Duration = Duration::from_secs(60);
/// Longest the last write may take when the server stops.
const LAST_WRITE: Duration = Duration::from_secs(3);

/// The past: what was recorded and whether recording goes on. Cheap to clone.
#[derive(Clone)]
pub struct Recorder(Arc<Shared>);

struct Shared {
    dir: PathBuf,
    store: Mutex<Option<Store>>,
    queue: Mutex<Queue>,
    more: Notify,
    trouble: Mutex<Option<(UnixMs, String)>>,
}

impl Recorder {
    /// A recorder over the data folder. Only a folder that another process uses is an error here; any other trouble is shown and
    /// tried again.
    ///
    /// # Errors
    /// [`StoreError::InUse`].
    pub async fn open(dir: &Path) -> Result<Self, StoreError> {
        let (store, trouble) = match open(dir.to_owned())
            .await
            .unwrap_or(Err(StoreError::Closed))
        {
            Ok(store) => (Some(store), None),
            Err(error @ StoreError::InUse { .. }) => return Err(error),
            Err(error) => {
                tracing::error!(error = %chain(&error), "history is not being recorded; live numbers go on");
                (None, Some((clock::now(), error.to_string())))
            }
        };
        Ok(Self(Arc::new(Shared {
            dir: dir.to_owned(),
            store: Mutex::new(store),
            queue: Mutex::default(),
            more: Notify::new(),
            trouble: Mutex::new(trouble),
        })))
    }

    /// Puts an observation in the queue; never waits.
    pub fn keep(&self, host: &HostId, observation: Observation) {
        lock(&self.0.queue).push(
            host.clone(),
            Recorded {
                at: clock::now(),
                what: observation,
            },
        );
        self.0.more.notify_one();
    }

    /// Whether history is being written.
    pub fn recording(&self) -> Recording {
        match &*lock(&self.0.trouble) {
            None => Recording::On,
            Some((since, reason)) => Recording::Off {
                since: *since,
                reason: reason.clone(),
                lost: lock(&self.0.queue).lost(),
            },
        }
    }

    /// Empties the queue into the store until `stop`, then once more.
    ///
    /// # Errors
    /// None: trouble is shown and tried again.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        loop {
            let written: BoxFuture<'_, bool> = Box::pin(self.write_all());
            let pause = if written.await { None } else { Some(TRY_AGAIN) };
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.0.more.notified(), if pause.is_none() => {}
                () = tokio::time::sleep(pause.unwrap_or(TRY_AGAIN)) => {}
            }
        }
        Ok(())
    }

    /// Writes what is left and closes the files; the last thing the server does.
    pub async fn close(&self) {
        let last = async {
            self.write_all().await;
            let store = lock(&self.0.store).take();
            if let Some(store) = store
                && let Err(error) = store.close().await
            {
                tracing::warn!(error = %chain(&error), "the history was not closed in order");
            }
        };
        if tokio::time::timeout(LAST_WRITE, last).await.is_err() {
            tracing::error!(
                "the last readings could not be written within {} s",
                LAST_WRITE.as_secs()
            );
        }
    }

    /// Deletes readings older than `retention`, in slices, every minute.
    ///
    /// # Errors
    /// None: trouble is logged and tried again.
    pub async fn prune(self, retention: Duration, stop: CancellationToken) -> anyhow::Result<()> {
        loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(PRUNE_EVERY) => {}
            }
            let keep_ms = i64::try_from(retention.as_millis()).unwrap_or(i64::MAX);
            let ago = |ms: i64| UnixMs(clock::now().0.saturating_sub(ms));
            let horizon = Horizon {
                readings: ago(keep_ms),
                events: ago(keep_ms.max(KEEP_EVENTS_MS)),
            };
            while let Some(store) = self.store() {
                match store.prune(horizon, PRUNE_SLICE).await {
                    Ok(deleted) if deleted < u64::from(PRUNE_SLICE) => break,
                    Ok(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                    Err(error) => {
                        tracing::warn!(error = %chain(&error), "old readings could not be deleted");
                        break;
                    }
                }
                if stop.is_cancelled() {
                    return Ok(());
                }
            }
        }
    }

    /// Bytes of the data folder's files; `None` when it cannot be told.
    pub async fn bytes_on_disk(&self) -> Option<u64> {
        self.store()?.size().await.ok()
    }

    /// A container that is gone, as it was last known.
    pub(crate) async fn remembered(
        &self,
        host: &HostId,
        id: &ContainerId,
    ) -> Result<Option<ContainerDetail>, StoreError> {
        let Some(store) = self.store() else {
            return Ok(None);
        };
        let Some(known) = store.container(host, id).await? else {
            return Ok(None);
        };
        let mut row = fleet::row(host, RowKey(0), &known.facts);
        row.removed_at = known.removed_at;
        let mut detail = fleet::detail(&known.facts, row);
        detail.replaced_by = store.successor(host, id).await?;
        Ok(Some(detail))
    }

    /// One page of events, newest first.
    pub(crate) async fn events(
        &self,
        host: Option<HostId>,
        container: Option<ContainerId>,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Page<ContainerEvent>, Refusal> {
        let before = before
            .map(str::parse)
            .transpose()
            .map_err(|e| Refusal::bad_request(format!("before: {e}")))?;
        let store = self.store_or_refusal()?;
        let filter = EventFilter {
            host,
            container,
            before,
            limit,
        };
        let (items, next) = store
            .events(&filter)
            .await
            .map_err(|e| Refusal::history(&e))?;
        Ok(Page {
            items,
            next: next.map(|place| place.to_string()),
        })
    }

    /// Pushes one container's readings from `from` to `to` into `buckets`.
    pub(crate) async fn fill(
        &self,
        host: &HostId,
        id: &ContainerId,
        from: UnixMs,
        to: UnixMs,
        mut buckets: Buckets,
    ) -> Result<Buckets, Refusal> {
        if let Some(store) = self.store() {
            let mut life = None;
            let push = |of, reading| {
                if life.replace(of) != Some(of) {
                    buckets.begin_life();
                }
                buckets.push(&reading);
            };
            store
                .readings(host, id, from, to, push)
                .await
                .map_err(|e| Refusal::history(&e))?;
        }
        Ok(buckets)
    }

    fn store(&self) -> Option<Store> {
        lock(&self.0.store).clone()
    }

    fn store_or_refusal(&self) -> Result<Store, Refusal> {
        self.store().ok_or_else(|| {
            let reason = lock(&self.0.trouble)
                .as_ref()
                .map(|(_, reason)| reason.clone())
                .unwrap_or_default();
            Refusal::unavailable(format!("There is no history: {reason}"))
        })
    }

    /// Whether everything is written.
    ///
    /// Futures of the store are boxed, since rustc cannot see through sqlx's borrowed statements that they are Send.
    async fn write_all(&self) -> bool {
        loop {
            let Some(store) = self.open_again().await else {
                return false;
            };
            let taken = lock(&self.0.queue).take(AT_ONCE);
            let Some((host, recorded)) = taken else {
                self.settle(None);
                return true;
            };
            let written: BoxFuture<'_, Result<(), StoreError>> =
                Box::pin(store.record(&host, &recorded));
            if let Err(error) = written.await {
                lock(&self.0.queue).put_back(&host, recorded);
                self.settle(Some(&error));
                return false;
            }
        }
    }

    async fn open_again(&self) -> Option<Store> {
        if let Some(store) = self.store() {
            return Some(store);
        }
        match open(self.0.dir.clone()).await? {
            Ok(store) => {
                *lock(&self.0.store) = Some(store.clone());
                Some(store)
            }
            Err(error) => {
                self.settle(Some(&error));
                None
            }
        }
    }

    fn settle(&self, error: Option<&StoreError>) {
        let mut trouble = lock(&self.0.trouble);
        match (&mut *trouble, error) {
            (None, None) => {}
            (Some((since, _)), None) => {
                tracing::info!(
                    since = since.0,
                    lost = lock(&self.0.queue).lost(),
                    "history is being recorded again"
                );
                *trouble = None;
            }
            (Some((_, reason)), Some(error)) => *reason = error.to_string(),
            (none, Some(error)) => {
                tracing::error!(error = %chain(error), "history is not being recorded; live numbers go on");
                *none = Some((clock::now(), error.to_string()));
            }
        }
    }
}

/// Opens the store on a thread of its own: it makes folders, takes a lock and looks the files over. `None` when that panicked.
async fn open(dir: PathBuf) -> Option<Result<Store, StoreError>> {
    let here = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || here.block_on(Store::open(&dir)))
        .await
        .inspect_err(|error| tracing::error!(%error, "opening the history broke"))
        .ok()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
