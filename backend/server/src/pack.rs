//! The reconciler that makes history small: readings become chunks when their stretch is over, and finer tiers become coarser ones.
//!
//! Safe to run twice and to end anywhere: what is made appears in the transaction in which what it was made of goes, or in which an
//! older one of the same stretch goes. What comes late is packed into a chunk of its own, and the roll-ups of its stretch are made anew.

use crate::{
    clock,
    recorder::{self, Archive, Recorder, buckets, unpack},
};
use futures_util::future::BoxFuture;
use plimsoll_history::{
    Life, PackError, chunk,
    format::Packed,
    rollup::{self, Bucket},
    tier::{self, Retention, Tier},
};
use plimsoll_shared::{HostId, Reading, UnixMs};
use plimsoll_store::{Chunk, LifeId, StoreError, Stretch, Wanted};
use std::{collections::BTreeMap, time::Duration};
use tokio_util::sync::CancellationToken;

/// Between two looks for what is over.
const EVERY: Duration = Duration::from_secs(10);
/// A stretch is over for so long before it is packed, since what was read waits to be written.
const GRACE_MS: i64 = 30_000;
/// Lives packed together: with their readings of a quarter of an hour they take about 30 MB.
const LIVES: usize = 64;
/// Lives whose buckets are made before looking whether that is enough for one chunk.
const LIVES_ROLLED: u32 = 64;
/// Buckets of one coarser chunk, about 30 MB while it is made.
const BUCKETS: usize = 30_000;
/// Stretches rolled up before looking for new ones.
const AT_ONCE: u32 = 16;

/// How long each tier is kept, when single readings are kept for `readings`: a coarser one never shorter than a finer one.
pub fn retention(readings: Duration) -> Retention {
    let mut retention = Retention::default();
    retention.0[0] = i64::try_from(readings.as_millis()).unwrap_or(i64::MAX);
    for tier in 1..retention.0.len() {
        retention.0[tier] = retention.0[tier].max(retention.0[tier - 1]);
    }
    retention
}

/// Packs what is over every ten seconds, and notes that the server runs.
///
/// # Errors
/// None: trouble is logged and tried again.
pub async fn run(
    recorder: Recorder,
    packing: Packing,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    loop {
        if let Some(store) = recorder.writable() {
            let done: BoxFuture<'_, Result<(), StoreError>> =
                Box::pin(packing.tick(&store, clock::now(), &stop));
            if let Err(error) = done.await {
                recorder.met(&error, "history could not be packed");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// How history is packed.
#[derive(Debug, Clone, Copy)]
pub struct Packing {
    /// How long each tier is kept.
    pub retention: Retention,
    /// Readings further apart are not joined by a rate, in milliseconds.
    pub max_gap_ms: i64,
}

impl Packing {
    async fn tick(
        &self,
        store: &Archive,
        now: UnixMs,
        stop: &CancellationToken,
    ) -> Result<(), StoreError> {
        store.alive(now).await?;
        for host in store.hosts().await? {
            self.once(store, &host, now, stop).await?;
        }
        Ok(())
    }

    /// Packs and rolls up everything of `host` that is over at `now`.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn once(
        &self,
        store: &Archive,
        host: &HostId,
        now: UnixMs,
        stop: &CancellationToken,
    ) -> Result<(), StoreError> {
        store.load(host).await?;
        let over_by = UnixMs(now.0.saturating_sub(GRACE_MS));
        let length = Tier::Second.chunk_ms();
        let end = tier::bucket(over_by, length);
        while let [oldest] = &store.sweeps(host, UnixMs(i64::MIN), end, 1).await?[..] {
            if stop.is_cancelled() {
                return Ok(());
            }
            if !pack(store, host, tier::bucket(*oldest, length)).await? {
                break;
            }
        }
        let reach = recorder::reach(&self.retention, &store.forgotten_early().await?, now);
        for finer in Tier::ALL {
            let Some(coarser) = finer.coarser() else {
                break;
            };
            let wanted = Wanted {
                tier: finer.number(),
                length_ms: coarser.chunk_ms(),
                over_by,
                again_from: UnixMs(now.0.saturating_sub(reach.of(finer))),
            };
            loop {
                let starts = store.not_rolled_up(host, wanted, AT_ONCE).await?;
                if starts.is_empty() {
                    break;
                }
                for start in starts {
                    if stop.is_cancelled() {
                        return Ok(());
                    }
                    self.roll_up(store, host, finer, coarser, start).await?;
                }
            }
        }
        Ok(())
    }

    /// Makes the chunk of `coarser` that begins at `from` out of the finer ones.
    async fn roll_up(
        &self,
        store: &Archive,
        host: &HostId,
        finer: Tier,
        coarser: Tier,
        from: UnixMs,
    ) -> Result<(), StoreError> {
        let stretch = Stretch {
            tier: coarser.number(),
            from,
            to: UnixMs(from.0.saturating_add(coarser.chunk_ms())),
        };
        let source = Stretch {
            tier: finer.number(),
            ..stretch
        };
        let mut chunks = Vec::new();
        let mut filled: Vec<(Life, UnixMs, Bucket)> = Vec::new();
        let mut after = None;
        loop {
            let lives = store
                .packed_lives(host, source, after, LIVES_ROLLED)
                .await?;
            for life in &lives {
                let buckets = self.buckets(store, *life, source, coarser).await?;
                let life = Life(life.number());
                filled.extend(buckets.into_iter().map(|(at, bucket)| (life, at, bucket)));
                if filled.len() >= BUCKETS {
                    chunks.extend(rolled(coarser, std::mem::take(&mut filled)).await);
                }
            }
            match lives.last() {
                Some(last) => after = Some(*last),
                None => break,
            }
        }
        // One at least, so that a stretch without anything counts as rolled up.
        if !filled.is_empty() || chunks.is_empty() {
            chunks.extend(rolled(coarser, filled).await);
        }
        store.replace(host, stretch, &chunks).await
    }

    /// One life's buckets of `coarser` in the stretch.
    async fn buckets(
        &self,
        store: &Archive,
        life: LifeId,
        source: Stretch,
        coarser: Tier,
    ) -> Result<Vec<(UnixMs, Bucket)>, StoreError> {
        let blocks = store
            .blocks(life, source.tier, source.from, source.to)
            .await?;
        if source.tier != Tier::Second.number() {
            let mut finer: Vec<_> = blocks
                .iter()
                .filter_map(|block| buckets(life, block))
                .flatten()
                .collect();
            finer.sort_by_key(|(at, _)| *at);
            return Ok(rollup::coarser(&finer, coarser.width_ms()));
        }
        let mut readings: Vec<Reading> = blocks
            .iter()
            .flat_map(|block| unpack(life, block))
            .collect();
        readings.sort_by_key(|reading| reading.at);
        readings.dedup_by_key(|reading| reading.at);
        let before = store
            .block_before(life, source.tier, source.from)
            .await?
            .map(|block| unpack(life, &block))
            .unwrap_or_default();
        Ok(rollup::buckets(
            &before,
            &readings,
            coarser.width_ms(),
            self.max_gap_ms,
        ))
    }
}

/// Packs the readings of a stretch, some lives at a time; whether it could. If not, it is tried again later.
async fn pack(store: &Archive, host: &HostId, from: UnixMs) -> Result<bool, StoreError> {
    let Some((sweeps, lives)) = store.stretch(host, from).await? else {
        return Ok(false);
    };
    let mut chunks = Vec::new();
    for group in lives.chunks(LIVES) {
        let (store, host, group) = (store.clone(), host.clone(), group.to_vec());
        let made = aside(move || packed(store.of_stretch(&host, from, &group))).await;
        let Some(made) = made else {
            return Ok(false);
        };
        chunks.extend(made);
    }
    if chunks.is_empty() {
        chunks.extend(sweeps.last().map(|last_at| Chunk {
            last_at: *last_at,
            front: Vec::new(),
            blocks: Vec::new(),
        }));
    }
    let stretch = Stretch {
        tier: Tier::Second.number(),
        from,
        to: UnixMs(from.0.saturating_add(Tier::Second.chunk_ms())),
    };
    store.pack(host, stretch, &chunks, &sweeps).await?;
    store.forget(host, from, &sweeps);
    Ok(true)
}

/// The readings as chunks: one, or more when each life has instants of its own and they are too many for one.
fn packed(readings: Vec<(Life, Reading)>) -> Vec<Chunk> {
    let last_at = readings.iter().map(|(_, reading)| reading.at).max();
    let Some(last_at) = last_at else {
        return Vec::new();
    };
    match chunk::pack(&readings) {
        Ok(packed) => vec![kept(packed, last_at)],
        Err(PackError::TooMany { .. }) => {
            let mut of_lives: BTreeMap<Life, Vec<(Life, Reading)>> = BTreeMap::new();
            for (life, reading) in readings {
                of_lives.entry(life).or_default().push((life, reading));
            }
            let mut first: Vec<_> = of_lives.into_values().collect();
            if first.len() < 2 {
                tracing::error!(
                    "more readings of one container than a chunk can hold are passed over"
                );
                return Vec::new();
            }
            let second = first.split_off(first.len() / 2);
            let mut chunks = packed(first.concat());
            chunks.extend(packed(second.concat()));
            chunks
        }
    }
}

async fn rolled(tier: Tier, filled: Vec<(Life, UnixMs, Bucket)>) -> Option<Chunk> {
    aside(move || {
        let last_at = filled.iter().map(|(_, at, _)| *at).max();
        rollup::pack(tier, &filled)
            .inspect_err(|error| tracing::error!(%error, "some history is not rolled up"))
            .ok()
            .map(|packed| kept(packed, last_at.unwrap_or(UnixMs(0))))
    })
    .await
    .flatten()
}

fn kept(packed: Packed, last_at: UnixMs) -> Chunk {
    let life = |(life, bytes): (Life, Vec<u8>)| (LifeId::of_number(life.0), bytes);
    Chunk {
        last_at,
        front: packed.front,
        blocks: packed.blocks.into_iter().map(life).collect(),
    }
}

/// Computes on a thread of its own, so that nobody waits for it; `None` when that panicked.
async fn aside<T: Send + 'static>(compute: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(compute)
        .await
        .inspect_err(|error| tracing::error!(%error, "packing broke"))
        .ok()
}

#[cfg(test)]
mod tests;
