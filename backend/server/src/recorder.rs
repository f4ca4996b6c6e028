//! Keeps what was seen: a bounded queue in front of the store, and one task that empties it.
//!
//! A host's sweep is appended as it came (`tail`), with the gap before it if there is one; what `plimsoll-history` makes of it is
//! bytes to the store. `past` reads it back, whatever it was packed into meanwhile.
//!
//! The store may be missing or refuse to write (read-only folder, full disk). Then observations wait here, the oldest readings are
//! given up first and counted, the reason is shown, and writing is tried again every few seconds. Live numbers never wait for it.

mod archive;
mod ask;
mod forget;
mod loose;
mod past;
mod queue;
mod tail;

pub use archive::Archive;
pub(crate) use forget::reach;
pub use forget::{Keep, horizon};
pub(crate) use past::{Question, Range, Strand, Wish, buckets, predecessors, readable, unpack};
#[cfg(test)]
pub(crate) use {past::answer, tail::of_lives};

use crate::{
    clock, fleet,
    http::{Refusal, chain},
};
use futures_util::future::BoxFuture;
use plimsoll_history::tier::Plan;
use plimsoll_model::Observation;
use plimsoll_shared::{
    ContainerDetail, ContainerEvent, ContainerId, HostId, Page, Recording, RowKey, UnixMs,
    series::Series,
};
use plimsoll_store::{EventFilter, LifeId, Recorded, Store, StoreError};
use queue::Queue;
use std::{
    collections::HashMap,
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
/// Longest the last write may take when the server stops.
const LAST_WRITE: Duration = Duration::from_secs(3);

/// The past: what was recorded and whether recording goes on. Cheap to clone.
#[derive(Clone)]
pub struct Recorder(Arc<Shared>);

struct Shared {
    dir: PathBuf,
    store: Mutex<Kept>,
    queue: Mutex<Queue>,
    more: Notify,
    trouble: Mutex<Option<(UnixMs, String)>>,
    /// When this server began.
    started: UnixMs,
    /// Sweeps of a host further apart than this leave a gap.
    max_gap_ms: i64,
    known: Mutex<HashMap<HostId, tail::Known>>,
    /// Up to when each tier was forgotten early, to keep the budget.
    early: Mutex<[Option<UnixMs>; 5]>,
}

/// What there is of the store.
#[derive(Default)]
enum Kept {
    /// It could not even be looked into.
    #[default]
    Nothing,
    /// It is opened only to be read, until it can be opened to be written.
    ToRead(Archive),
    /// It is written.
    Open(Archive),
    /// It was written until damage was met: it is read on, and not written until somebody looked after it.
    Damaged(Archive),
}

impl Recorder {
    /// A recorder over the data folder. Only a folder that another process uses is an error here; any other trouble is shown and
    /// tried again.
    ///
    /// # Errors
    /// [`StoreError::InUse`].
    pub async fn open(dir: &Path, max_gap_ms: i64) -> Result<Self, StoreError> {
        let started = clock::now();
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
        let recorder = Self(Arc::new(Shared {
            dir: dir.to_owned(),
            store: Mutex::default(),
            queue: Mutex::default(),
            more: Notify::new(),
            trouble: Mutex::new(trouble),
            started,
            max_gap_ms,
            known: Mutex::default(),
            early: Mutex::default(),
        }));
        match store {
            Some(store) => recorder.begin(store).await,
            None => {
                let archive = Archive::new(Store::open_to_read(dir));
                *lock(&recorder.0.store) = Kept::ToRead(archive);
            }
        }
        Ok(recorder)
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
            let kept = std::mem::take(&mut *lock(&self.0.store));
            if let Kept::Open(store) = kept
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

    /// Bytes of the data folder's files; `None` when it cannot be told.
    pub async fn bytes_on_disk(&self) -> Option<u64> {
        self.store()?.size().await.ok()
    }

    /// The room the sample history takes, and bytes of everything in the data folder.
    pub(crate) async fn room(&self) -> Result<(plimsoll_store::Room, u64), Refusal> {
        let store = self.store_or_refusal()?;
        let found: BoxFuture<'_, Result<_, StoreError>> =
            Box::pin(async { Ok((store.room().await?, store.size().await?)) });
        found.await.map_err(|e| Refusal::history(&e))
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

    /// One container's readings as `plan` wants them, none later than `to`; without a store, none at all, for live numbers go on.
    pub(crate) async fn series(
        &self,
        host: &HostId,
        container: &ContainerId,
        plan: Plan,
        to: UnixMs,
    ) -> Result<Series, Refusal> {
        let Some(store) = self.store() else {
            return Ok(past::nothing(&plan));
        };
        let question = Question {
            host,
            container,
            plan,
            to,
            max_gap_ms: self.0.max_gap_ms,
            lasting: self.lasting_gap(host),
        };
        past::answer(&store, &question)
            .await
            .map_err(|e| Refusal::history(&e))
    }

    /// The gap of a host that does not answer, up to now. Trouble with writing is none.
    fn lasting_gap(&self, host: &HostId) -> Option<plimsoll_history::gap::Gap> {
        if lock(&self.0.trouble).is_some() {
            return None;
        }
        let known = *lock(&self.0.known).get(host)?;
        let lost = lock(&self.0.queue).lost();
        tail::before_sweep(known, clock::now(), lost, self.0.max_gap_ms)
    }

    /// Where it is kept, to be read; `None` when it is closed.
    #[must_use]
    pub fn store(&self) -> Option<Archive> {
        match &*lock(&self.0.store) {
            Kept::Nothing => None,
            Kept::ToRead(store) | Kept::Open(store) | Kept::Damaged(store) => Some(store.clone()),
        }
    }

    /// Where it is kept, to be written; `None` while that may not be.
    pub(crate) fn writable(&self) -> Option<Archive> {
        match &*lock(&self.0.store) {
            Kept::Open(store) => Some(store.clone()),
            Kept::Nothing | Kept::ToRead(_) | Kept::Damaged(_) => None,
        }
    }

    /// Says in the log what went wrong with the store while `doing`.
    pub(crate) fn met(&self, error: &StoreError, doing: &str) {
        tracing::warn!(error = %chain(error), "{doing}");
        self.suspect(error);
    }

    /// After damage the store is not written any more, and the console says why.
    fn suspect(&self, error: &StoreError) {
        if matches!(error, StoreError::Damaged { .. }) {
            let mut kept = lock(&self.0.store);
            *kept = match std::mem::take(&mut *kept) {
                Kept::Open(store) => Kept::Damaged(store),
                other => other,
            };
            drop(kept);
            self.settle(Some(error));
        }
    }

    fn store_or_refusal(&self) -> Result<Archive, Refusal> {
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
                Box::pin(self.write(&store, &host, &recorded));
            if let Err(error) = written.await {
                lock(&self.0.queue).put_back(&host, recorded);
                self.settle(Some(&error));
                self.suspect(&error);
                return false;
            }
        }
    }

    /// Writes what was observed, then its sweeps as tails and the gaps before them.
    async fn write(
        &self,
        store: &Archive,
        host: &HostId,
        recorded: &[Recorded],
    ) -> Result<(), StoreError> {
        let lives: Vec<Vec<LifeId>> = store.record(host, recorded).await?;
        let lost = lock(&self.0.queue).lost();
        let began = tail::Known {
            to: self.0.started,
            lost: 0,
        };
        let mut known = lock(&self.0.known).get(host).copied().unwrap_or(began);
        let sweeps = tail::of_lives(recorded, &lives);
        let mut gaps = Vec::new();
        for batch in tail::sweeps(recorded) {
            let gap = tail::before_sweep(known, batch.at, lost, self.0.max_gap_ms);
            gaps.extend(gap.and_then(tail::missing));
            known = tail::Known { to: batch.at, lost };
        }
        if sweeps.is_empty() {
            return Ok(());
        }
        store.append_sweeps(host, &sweeps, &gaps).await?;
        lock(&self.0.known).insert(host.clone(), known);
        Ok(())
    }

    /// Takes a store into use: first it says why there is nothing from the last sweeps up to now.
    async fn begin(&self, store: Store) {
        let said: BoxFuture<'_, Result<(), StoreError>> = Box::pin(self.say_gaps(&store));
        if let Err(error) = said.await {
            tracing::warn!(error = %chain(&error), "why readings are missing could not be recorded");
        }
        match store.forgotten_early().await {
            Ok(early) => *lock(&self.0.early) = early,
            Err(error) => {
                tracing::warn!(error = %chain(&error), "what was forgotten early is not known");
            }
        }
        *lock(&self.0.store) = Kept::Open(Archive::new(store));
    }

    async fn say_gaps(&self, store: &Store) -> Result<(), StoreError> {
        let alive = store.last_alive().await?;
        for host in store.hosts().await? {
            let Some(newest) = store.newest(&host).await? else {
                continue;
            };
            let gaps = tail::before_start(newest, alive, self.0.started, self.0.max_gap_ms);
            let gaps: Vec<_> = gaps.into_iter().filter_map(tail::missing).collect();
            store.append(&host, &[], &gaps).await?;
        }
        Ok(())
    }

    async fn open_again(&self) -> Option<Archive> {
        if let Some(store) = self.writable() {
            return Some(store);
        }
        if matches!(&*lock(&self.0.store), Kept::Damaged(_)) {
            return None;
        }
        match open(self.0.dir.clone()).await? {
            Ok(store) => {
                self.begin(store).await;
                self.writable()
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
