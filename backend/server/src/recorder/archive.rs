//! The store, and in memory what of it is not packed yet: reading one life's newest quarter of an hour out of the sweeps of a large host
//! would take most of a second.
//!
//! The store has the truth. Until a host's sweeps were all read once after a start, and whenever what is here is not what the store has,
//! they are read from there.

use super::{lock, loose::Loose, past::readable};
use plimsoll_history::{
    Life,
    tail::{self, Sweep},
    tier::Tier,
};
use plimsoll_shared::{HostId, Reading, UnixMs};
use plimsoll_store::{LifeId, Missing, Store, StoreError, Tail};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Deref,
    sync::{Arc, Mutex},
};

/// Tails that are held at a time.
const PAGE: u32 = 30;
/// Most sweeps of a stretch.
const SWEEPS: u32 = 100_000;

/// The store and what is not packed. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Archive {
    store: Store,
    loose: Arc<Mutex<HashMap<HostId, Loose>>>,
}

impl Deref for Archive {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl Archive {
    pub(crate) fn new(store: Store) -> Self {
        Self {
            store,
            loose: Arc::default(),
        }
    }

    /// Keeps sweeps and gaps of a host; a sweep that holds more readings than a tail can is said in the log.
    ///
    /// # Errors
    /// As [`Store::append`].
    pub(crate) async fn append_sweeps(
        &self,
        host: &HostId,
        sweeps: &[Sweep],
        gaps: &[Missing],
    ) -> Result<(), StoreError> {
        let encoded = |sweep: &Sweep| {
            let bytes = tail::encode(sweep)
                .inspect_err(|error| tracing::error!(%error, "a sweep is not recorded"))
                .ok()?;
            let at = sweep.at;
            Some(Tail { at, bytes })
        };
        let tails: Vec<Tail> = sweeps.iter().filter_map(encoded).collect();
        self.store.append(host, &tails, gaps).await?;
        let mut all = lock(&self.loose);
        let loose = all.entry(host.clone()).or_default();
        for sweep in sweeps {
            loose.add(sweep);
        }
        Ok(())
    }

    /// The readings of some lives from `from` up to and including `to` that are not packed yet, in the order they were kept.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn loose(
        &self,
        host: &HostId,
        lives: &[LifeId],
        from: UnixMs,
        to: UnixMs,
    ) -> Result<BTreeMap<LifeId, Vec<Reading>>, StoreError> {
        {
            let all = lock(&self.loose);
            if let Some(loose) = all.get(host).filter(|loose| loose.whole) {
                let of = |life: &LifeId| (*life, loose.readings(Life(life.number()), from, to));
                return Ok(lives.iter().map(of).collect());
            }
        }
        let wanted: BTreeSet<u64> = lives.iter().map(|life| life.number()).collect();
        let mut found: BTreeMap<LifeId, Vec<Reading>> = BTreeMap::new();
        let to = UnixMs(to.0.saturating_add(1));
        self.each_sweep(
            host,
            from,
            to,
            |life| wanted.contains(&life.0),
            |sweep| {
                for (life, reading) in sweep.readings {
                    let life = LifeId::of_number(life.0);
                    found.entry(life).or_default().push(reading);
                }
            },
        )
        .await?;
        Ok(found)
    }

    /// Reads what the store has of `host` into memory, if that was not done.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn load(&self, host: &HostId) -> Result<(), StoreError> {
        if lock(&self.loose).get(host).is_some_and(|loose| loose.whole) {
            return Ok(());
        }
        let (first, last) = (UnixMs(i64::MIN), UnixMs(i64::MAX));
        self.each_sweep(
            host,
            first,
            last,
            |_| true,
            |sweep| {
                let mut all = lock(&self.loose);
                all.entry(host.clone()).or_default().add(&sweep);
            },
        )
        .await?;
        lock(&self.loose).entry(host.clone()).or_default().whole = true;
        Ok(())
    }

    /// The sweeps and the lives of the stretch that begins at `start`, when memory and store have the same of it. If not, it is read anew
    /// for the next time.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn stretch(
        &self,
        host: &HostId,
        start: UnixMs,
    ) -> Result<Option<(Vec<UnixMs>, Vec<Life>)>, StoreError> {
        let end = UnixMs(start.0.saturating_add(Tier::Second.chunk_ms()));
        let kept = self.store.sweeps(host, start, end, SWEEPS).await?;
        {
            let mut all = lock(&self.loose);
            let loose = all.entry(host.clone()).or_default();
            if loose.whole && loose.sweeps(start) == kept {
                return Ok(Some((kept, loose.lives(start))));
            }
            loose.forget(start, &kept);
            loose.whole = false;
        }
        self.load(host).await?;
        Ok(None)
    }

    /// The readings that some lives have in a stretch.
    pub(crate) fn of_stretch(
        &self,
        host: &HostId,
        start: UnixMs,
        lives: &[Life],
    ) -> Vec<(Life, Reading)> {
        let all = lock(&self.loose);
        all.get(host)
            .map_or_else(Vec::new, |loose| loose.of_stretch(start, lives))
    }

    /// Lets go of a stretch whose `sweeps` are packed.
    pub(crate) fn forget(&self, host: &HostId, start: UnixMs, sweeps: &[UnixMs]) {
        if let Some(loose) = lock(&self.loose).get_mut(host) {
            loose.forget(start, sweeps);
        }
    }

    /// Gives `each` the sweeps of the store, of the lives that `keep` wants; one that is damaged has none.
    async fn each_sweep(
        &self,
        host: &HostId,
        mut from: UnixMs,
        to: UnixMs,
        keep: impl Fn(Life) -> bool,
        mut each: impl FnMut(Sweep),
    ) -> Result<(), StoreError> {
        loop {
            let page = self.store.tails(host, from, to, PAGE).await?;
            for tail in &page {
                from = UnixMs(tail.at.0.saturating_add(1));
                let mut sweep = readable(tail::decode_some(&tail.bytes, &keep)).unwrap_or(Sweep {
                    at: tail.at,
                    collection: plimsoll_shared::Collection::Undecided,
                    readings: Vec::new(),
                });
                sweep.at = tail.at;
                each(sweep);
            }
            if page.len() < PAGE as usize {
                return Ok(());
            }
        }
    }
}
