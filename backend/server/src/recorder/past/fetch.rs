//! What the store has of many lives, still packed: coarse where that is enough and there is some, finer behind it, and last what is not
//! packed yet.

use super::{Range, readable};
use crate::recorder::Archive;
use plimsoll_history::{
    Life, chunk,
    query::Selection,
    rollup::{self, Bucket},
    tier::Tier,
};
use plimsoll_shared::{HostId, Reading, UnixMs};
use plimsoll_store::{LifeId, Shares, StoreError};
use std::collections::BTreeMap;

/// Everything of some lives of one host, read and not decoded yet.
pub(super) struct Fetched {
    /// Coarsest first.
    coarse: Vec<(Tier, Shares)>,
    packed: Shares,
    /// Readings that are not packed, in the order they were found.
    loose: BTreeMap<LifeId, Vec<Reading>>,
    /// From when on each life's readings count; before that, buckets do.
    reached: BTreeMap<LifeId, UnixMs>,
    to: UnixMs,
}

/// What of the pieces is unpacked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unpacked {
    pub(super) selection: Selection,
    /// How wide buckets may become while they are unpacked; those of the tier stay as they are if it is 1.
    pub(super) width_ms: i64,
}

/// One life's pieces.
#[derive(Default)]
pub(super) struct Pieces {
    /// Those of each chunk, with its end.
    pub(super) buckets: Vec<(UnixMs, Vec<(UnixMs, Bucket)>)>,
    pub(super) readings: Vec<Reading>,
    /// Stretches of which something could not be read.
    pub(super) damaged: Vec<(UnixMs, UnixMs)>,
}

/// The fronts of all chunks, opened once.
pub(super) struct Opened<'f> {
    fetched: &'f Fetched,
    coarse: Vec<Vec<Option<rollup::Index>>>,
    packed: Vec<Option<chunk::Index>>,
}

impl Fetched {
    /// Reads all that `range` needs of `lives`.
    pub(super) async fn read(
        store: &Archive,
        host: &HostId,
        lives: &[LifeId],
        range: &Range,
    ) -> Result<Self, StoreError> {
        let earliest = |from: UnixMs| UnixMs(from.0.saturating_sub(range.max_gap_ms));
        // What is not packed before what is: what is packed in between is then read twice and counts once, instead of being missed.
        let mut loose = store
            .loose(host, lives, earliest(range.plan.from), range.to)
            .await?;
        if store.any_old_readings().await? {
            for life in lives {
                let found = loose.entry(*life).or_default();
                let from = earliest(range.plan.from);
                let each = |reading| found.push(reading);
                store.old_readings(*life, from, range.to, each).await?;
            }
        }
        let mut reached: BTreeMap<LifeId, UnixMs> =
            lives.iter().map(|life| (*life, range.plan.from)).collect();
        let mut coarse = Vec::new();
        let tiers = Tier::ALL.into_iter().rev();
        for tier in tiers.filter(|tier| *tier != Tier::Second && *tier <= range.plan.tier) {
            let wanted: Vec<_> = reached
                .iter()
                .map(|(life, from)| (*life, *from))
                .filter(|(_, from)| *from < range.plan.to())
                .collect();
            let shares = store
                .shares(&wanted, tier.number(), range.plan.to(), tier.chunk_ms())
                .await?;
            for piece in &shares.pieces {
                if let Some(reached) = reached.get_mut(&piece.life) {
                    *reached = (*reached).max(shares.chunks[piece.chunk].to);
                }
            }
            coarse.push((tier, shares));
        }
        let wanted: Vec<_> = reached
            .iter()
            .map(|(life, from)| (*life, earliest(*from)))
            .collect();
        let after = UnixMs(range.to.0.saturating_add(1));
        let length = Tier::Second.chunk_ms();
        let packed = store
            .shares(&wanted, Tier::Second.number(), after, length)
            .await?;
        for from in reached.values_mut() {
            *from = earliest(*from);
        }
        Ok(Self {
            coarse,
            packed,
            loose,
            reached,
            to: range.to,
        })
    }

    /// Opens the fronts.
    pub(super) fn open(&self) -> Opened<'_> {
        let rollups = |shares: &Shares| {
            let fronts = shares.chunks.iter();
            fronts
                .map(|chunk| readable(rollup::Index::open(&chunk.front)))
                .collect()
        };
        let chunks = self.packed.chunks.iter();
        Opened {
            fetched: self,
            coarse: self
                .coarse
                .iter()
                .map(|(_, shares)| rollups(shares))
                .collect(),
            packed: chunks
                .map(|chunk| readable(chunk::Index::open(&chunk.front)))
                .collect(),
        }
    }
}

impl Opened<'_> {
    /// Decodes what is wanted of one life; a damaged piece is left out, so that the rest is still shown.
    pub(super) fn pieces(&self, id: LifeId, wanted: Unpacked) -> Pieces {
        let life = Life(id.number());
        let mut pieces = Pieces::default();
        for ((_, shares), fronts) in self.fetched.coarse.iter().zip(&self.coarse) {
            for piece in of(shares, id) {
                let buckets = fronts[piece.chunk].as_ref().and_then(|front| {
                    readable(front.select(life, &piece.bytes, wanted.selection, wanted.width_ms))
                });
                let chunk = &shares.chunks[piece.chunk];
                if buckets.is_none() {
                    pieces.damaged.push((chunk.from, chunk.to));
                }
                pieces
                    .buckets
                    .extend(buckets.map(|buckets| (chunk.to, buckets)));
            }
        }
        let Some(from) = self.fetched.reached.get(&id).copied() else {
            return pieces;
        };
        let mut all = Vec::new();
        for piece in of(&self.fetched.packed, id) {
            let readings = self.packed[piece.chunk]
                .as_ref()
                .and_then(|front| readable(front.select(life, &piece.bytes, wanted.selection)));
            if readings.is_none() {
                let chunk = &self.fetched.packed.chunks[piece.chunk];
                pieces.damaged.push((chunk.from, chunk.to));
            }
            all.extend(readings.unwrap_or_default());
        }
        all.extend(self.fetched.loose.get(&id).into_iter().flatten());
        all.retain(|reading| reading.at >= from && reading.at <= self.fetched.to);
        all.sort_by_key(|reading| reading.at);
        all.dedup_by_key(|reading| reading.at);
        pieces.readings = all;
        pieces
    }
}

/// The shares of one life: they lie together, and lives are in ascending order.
fn of(shares: &Shares, life: LifeId) -> &[plimsoll_store::Piece] {
    let from = shares.pieces.partition_point(|piece| piece.life < life);
    let to = shares.pieces.partition_point(|piece| piece.life <= life);
    &shares.pieces[from..to]
}
