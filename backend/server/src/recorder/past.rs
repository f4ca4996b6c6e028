//! One container's past, read back: coarse where that is enough and there is some, finer behind it, and last what is not packed yet.

use plimsoll_history::{
    DecodeError, Life, chunk,
    gap::{self, Gap, Reason},
    query::{self, Piece},
    rollup::{self, Bucket},
    tail,
    tier::{Plan, Tier},
};
use plimsoll_shared::{
    ContainerId, HostId, Reading, UnixMs,
    series::{self, GapReason, Metric, Series},
};
use plimsoll_store::{Block, LifeId, Store, StoreError};
use std::collections::BTreeMap;

/// Tails that are held at a time.
const PAGE: u32 = 60;

/// What is asked.
pub(crate) struct Question<'a> {
    pub(crate) host: &'a HostId,
    pub(crate) container: &'a ContainerId,
    pub(crate) plan: Plan,
    /// No reading after this, which may lie within the last bucket.
    pub(crate) to: UnixMs,
    pub(crate) max_gap_ms: i64,
    /// A gap of the host that lasts.
    pub(crate) lasting: Option<Gap>,
}

/// One life's pieces.
#[derive(Default)]
struct Pieces {
    buckets: Vec<(Tier, Vec<(UnixMs, Bucket)>)>,
    readings: Vec<Reading>,
}

/// The answer to a question.
pub(crate) async fn answer(store: &Store, asked: &Question<'_>) -> Result<Series, StoreError> {
    let (host, container, plan) = (asked.host, asked.container, &asked.plan);
    let lives = store
        .lives_between(host, container, plan.from, plan.to())
        .await?;
    // Tails before chunks: what is packed in between is then read twice and counts once, instead of being missed.
    let mut tails = tails(store, asked, lives.iter().map(|life| life.id).collect()).await?;
    let mut all = Vec::with_capacity(lives.len());
    for life in &lives {
        let unpacked = tails.remove(&life.id).unwrap_or_default();
        all.push((life.id, pieces(store, asked, life.id, unpacked).await?));
    }
    let mut line = Vec::new();
    for (life, pieces) in &all {
        let life = Life(life.number());
        let coarse = pieces.buckets.iter();
        line.extend(coarse.map(|(tier, buckets)| (life, Piece::Buckets(*tier, buckets))));
        line.push((life, Piece::Readings(&pieces.readings)));
    }
    let gaps = gaps(store, asked, &lives).await?;
    let answer = query::assemble(plan, &Metric::ALL, &line, &gaps, asked.max_gap_ms);
    let mut series = answer.series;
    series.gaps = answer.gaps.into_iter().map(told).collect();
    Ok(series)
}

/// The answer when nothing is known.
pub(super) fn nothing(plan: &Plan) -> Series {
    query::assemble(plan, &Metric::ALL, &[], &[], 0).series
}

async fn tails(
    store: &Store,
    asked: &Question<'_>,
    lives: Vec<LifeId>,
) -> Result<BTreeMap<LifeId, Vec<Reading>>, StoreError> {
    let mut found: BTreeMap<LifeId, Vec<Reading>> = BTreeMap::new();
    let mut from = UnixMs(asked.plan.from.0.saturating_sub(asked.max_gap_ms));
    let to = UnixMs(asked.to.0.saturating_add(1));
    loop {
        let page = store.tails(asked.host, from, to, PAGE).await?;
        for tail in &page {
            let ours = |life: Life| lives.contains(&LifeId::of_number(life.0));
            let sweep = readable(tail::decode_some(&tail.bytes, ours));
            for (life, reading) in sweep.into_iter().flat_map(|sweep| sweep.readings) {
                let life = LifeId::of_number(life.0);
                found.entry(life).or_default().push(reading);
            }
        }
        match page.last() {
            Some(last) if page.len() == PAGE as usize => from = UnixMs(last.at.0.saturating_add(1)),
            _ => return Ok(found),
        }
    }
}

async fn pieces(
    store: &Store,
    asked: &Question<'_>,
    life: LifeId,
    unpacked: Vec<Reading>,
) -> Result<Pieces, StoreError> {
    let mut pieces = Pieces::default();
    let mut reached = asked.plan.from;
    let coarse = Tier::ALL.into_iter().rev();
    for tier in coarse.filter(|tier| *tier != Tier::Second && *tier <= asked.plan.tier) {
        for block in store
            .blocks(life, tier.number(), reached, asked.plan.to())
            .await?
        {
            reached = reached.max(block.to);
            pieces
                .buckets
                .extend(buckets(life, &block).map(|buckets| (tier, buckets)));
        }
    }
    let from = UnixMs(reached.0.saturating_sub(asked.max_gap_ms));
    pieces.readings = readings(store, life, from, asked.to, unpacked).await?;
    Ok(pieces)
}

/// The readings of a life from `from` up to and including `to` out of everything that has any, `unpacked` among it: in time order
/// and each once.
async fn readings(
    store: &Store,
    life: LifeId,
    from: UnixMs,
    to: UnixMs,
    unpacked: Vec<Reading>,
) -> Result<Vec<Reading>, StoreError> {
    let mut all = Vec::new();
    store
        .old_readings(life, from, to, |reading| all.push(reading))
        .await?;
    let after = UnixMs(to.0.saturating_add(1));
    for block in store
        .blocks(life, Tier::Second.number(), from, after)
        .await?
    {
        all.extend(unpack(life, &block));
    }
    all.extend(unpacked);
    all.retain(|reading| reading.at >= from && reading.at <= to);
    all.sort_by_key(|reading| reading.at);
    all.dedup_by_key(|reading| reading.at);
    Ok(all)
}

/// The readings of a life in a block; none when it is damaged, so that the rest is still shown.
pub(crate) fn unpack(life: LifeId, block: &Block) -> Vec<Reading> {
    let index = chunk::Index::open(&block.front);
    let life = Life(life.number());
    readable(index.and_then(|index| index.read(life, &block.bytes))).unwrap_or_default()
}

/// The buckets of a life in a block.
pub(crate) fn buckets(life: LifeId, block: &Block) -> Option<Vec<(UnixMs, Bucket)>> {
    let index = rollup::Index::open(&block.front);
    let life = Life(life.number());
    readable(index.and_then(|index| index.read(life, &block.bytes)))
}

/// What could be read; a damaged piece is a gap, said in the log.
pub(crate) fn readable<T>(read: Result<T, DecodeError>) -> Option<T> {
    read.inspect_err(|error| tracing::warn!(%error, "a piece of history is passed over"))
        .ok()
}

async fn gaps(
    store: &Store,
    asked: &Question<'_>,
    lives: &[plimsoll_store::Life],
) -> Result<Vec<Gap>, StoreError> {
    let (from, to) = (asked.plan.from, asked.plan.to().min(asked.to));
    let newest = store.lives(asked.host, asked.container, 1).await?;
    let ends: Vec<_> = match lives {
        [] => newest,
        some => some.to_vec(),
    };
    let stopped = ends.iter().enumerate().filter_map(|(i, life)| {
        Some(Gap {
            life: None,
            from: life.ended_at?,
            to: ends.get(i + 1).map_or(to, |next| next.began_at),
            reason: Reason::ContainerStopped,
        })
    });
    let mut gaps: Vec<Gap> = stopped.collect();
    for kept in store.gaps(asked.host, from, to).await? {
        gaps.extend(readable(gap::decode(&kept.bytes)).unwrap_or_default());
    }
    gaps.extend(asked.lasting);
    Ok(gaps)
}

fn told(gap: Gap) -> series::Gap {
    series::Gap {
        from: gap.from,
        to: gap.to,
        reason: match gap.reason {
            Reason::Unknown => GapReason::Unknown,
            Reason::HostDown => GapReason::HostDown,
            Reason::ContainerStopped => GapReason::ContainerStopped,
            Reason::HubStopped => GapReason::HubStopped,
            Reason::BufferOverflow => GapReason::BufferOverflow,
        },
    }
}
