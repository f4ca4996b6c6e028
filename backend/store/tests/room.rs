//! The room that history takes is known at any time, and kept within a budget: the oldest of the finest goes, and something coarser is
//! always left.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod common;

use common::{all_readings, container, happened, host, id, keep, pack, saw, sweep};
use plimsoll_shared::{EventKind, UnixMs};
use plimsoll_store::{Chunk, LifeId, Store, Stretch};

/// Chunks of `tier` from 0 up to `to`, each `length` long, with two lives of a kilobyte each.
async fn fill(store: &Store, tier: u16, length: i64, to: i64) {
    for n in 0..to / length {
        let stretch = Stretch {
            tier,
            from: UnixMs(n * length),
            to: UnixMs((n + 1) * length),
        };
        let chunk = Chunk {
            last_at: stretch.from,
            front: vec![1; 100],
            blocks: [1, 2]
                .map(|life| (LifeId::of_number(life), vec![9; 1000]))
                .into(),
        };
        store.replace(&host(), stretch, &[chunk]).await.unwrap();
    }
}

#[tokio::test]
async fn the_room_of_every_tier_is_known_without_looking_at_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    let told = [
        saw(1000, &container(1, 1000)),
        happened(1500, 1, EventKind::Kill, None),
        sweep(2000, &[1], None),
    ];
    keep(&store, &told).await.unwrap();
    fill(&store, 1, 100, 500).await;
    let room = store.room().await.unwrap();
    let [_, ten, ..] = room.tiers;
    assert_eq!(ten.bytes, 5 * (164 + 2 * 1064));
    assert_eq!((ten.covered_ms, ten.oldest), (1000, Some(UnixMs(0))));
    assert_eq!(
        (room.loose.bytes, room.loose.oldest),
        (25 + 32, Some(UnixMs(2000)))
    );
    assert!(room.free.unwrap() > 0);
    pack(&store, 0, 9000).await.unwrap();
    fill(&store, 1, 100, 500).await;
    let room = store.room().await.unwrap();
    assert_eq!(room.tiers[1], ten, "what was replaced is gone");
    assert_eq!((room.loose.bytes, room.loose.oldest), (0, None));
    assert_eq!(
        (room.tiers[0].bytes, room.tiers[0].covered_ms),
        (64 + 64 + 25, 9000)
    );
    assert_eq!(all_readings(&store, 1).await.len(), 1);
    assert!(store.container(&host(), &id(1)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_budget_is_kept_by_forgetting_the_oldest_of_the_finest_that_is_covered() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    fill(&store, 0, 100, 100_000).await;
    fill(&store, 1, 10_000, 50_000).await;
    fill(&store, 2, 40_000, 40_000).await;
    store.close().await.unwrap();
    drop(store);
    let store = Store::open(dir.path()).await.unwrap();
    let size = || {
        std::fs::metadata(dir.path().join("samples.db"))
            .unwrap()
            .len()
    };
    let before = size();
    let budget = before * 3 / 4;
    assert_eq!(store.forgotten_early().await.unwrap(), [None; 5]);
    let mut steps = 0;
    while store.shrink(budget, 100).await.unwrap() {
        steps += 1;
        assert!(steps < 1000, "it ends");
    }
    let room = store.room().await.unwrap();
    let oldest = room.tiers[0].oldest.unwrap();
    assert!(
        oldest > UnixMs(0) && oldest <= UnixMs(50_000),
        "the oldest went, what no coarser one covers stayed: {oldest:?}"
    );
    let [early, none, ..] = store.forgotten_early().await.unwrap();
    assert!(early.unwrap() >= oldest, "{early:?} {oldest:?}");
    assert_eq!(none, None);

    // Far too little: what is covered goes tier by tier, what nothing covers stays.
    while store.shrink(1, 1000).await.unwrap() {}
    let room = store.room().await.unwrap();
    assert_eq!(room.tiers[0].oldest, Some(UnixMs(50_000)));
    assert_eq!(room.tiers[1].oldest, Some(UnixMs(40_000)));
    assert_eq!(room.tiers[2].oldest, Some(UnixMs(0)));
    store.close().await.unwrap();
    assert!(size() < budget, "{} of {before} bytes are left", size());
}
