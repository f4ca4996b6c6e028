//! What the history is packed into: all or nothing, once, and an older folder is carried on.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod common;

use common::{all_readings, container, happened, host, id, keep, pack, reading, saw, sweep};
use plimsoll_shared::{EventKind, UnixMs};
use plimsoll_store::{Chunk, Horizon, LifeId, Missing, Recorded, Store, Stretch, Wanted};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

async fn some(store: &Store, lives: &[u64], seconds: std::ops::Range<i64>) {
    let mut seen: Vec<_> = lives.iter().map(|n| saw(0, &container(*n, 0))).collect();
    seen.push(happened(0, lives[0], EventKind::Create, None));
    keep(store, &seen).await.unwrap();
    let sweeps: Vec<_> = seconds.map(|n| sweep(n * 1000, lives, Some(1.0))).collect();
    keep(store, &sweeps).await.unwrap();
}

#[tokio::test]
async fn packing_moves_readings_and_loses_none_not_even_one_that_comes_while_it_packs() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    some(&store, &[1, 2], 1..100).await;
    let before = all_readings(&store, 1).await;
    pack(&store, 0, 60_000).await.unwrap();
    assert_eq!(all_readings(&store, 1).await, before);
    let left = store
        .tails(&host(), UnixMs(0), UnixMs(i64::MAX), 1000)
        .await
        .unwrap();
    assert_eq!((left.len(), left[0].at), (40, UnixMs(60_000)));

    let late = Recorded {
        at: UnixMs(100_000),
        ..sweep(30_500, &[1], Some(1.0))
    };
    keep(&store, &[late]).await.unwrap();
    let stretch = Stretch {
        tier: 0,
        from: UnixMs(0),
        to: UnixMs(60_000),
    };
    store
        .pack(&host(), stretch, &[], &[UnixMs(30_000)])
        .await
        .unwrap();
    let late = store
        .tails(&host(), UnixMs(0), UnixMs(60_000), 1000)
        .await
        .unwrap();
    assert_eq!(late.len(), 1, "only what was packed is deleted");
    pack(&store, 0, 60_000).await.unwrap();
    assert_eq!(all_readings(&store, 1).await.len(), before.len() + 1);
    let life = before[0].0;
    assert_eq!(
        store
            .blocks(life, 0, UnixMs(0), UnixMs(60_000))
            .await
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        store
            .blocks(life, 0, UnixMs(60_000), UnixMs(90_000))
            .await
            .unwrap(),
        []
    );
    assert_eq!(store.newest(&host()).await.unwrap(), Some(UnixMs(99_000)));
}

#[tokio::test]
async fn a_stretch_is_rolled_up_once_it_is_over_and_again_when_something_came_late() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    some(&store, &[1, 2, 3], 1..100).await;
    for n in 0..4 {
        pack(&store, n * 10_000, (n + 1) * 10_000).await.unwrap();
    }
    let wanted = |over_by, again_from| Wanted {
        tier: 0,
        length_ms: 20_000,
        over_by: UnixMs(over_by),
        again_from: UnixMs(again_from),
    };
    let due = async |over_by, again_from| {
        store
            .not_rolled_up(&host(), wanted(over_by, again_from), 9)
            .await
            .unwrap()
    };
    assert_eq!(due(39_999, 0).await, [UnixMs(0)]);
    assert_eq!(due(40_000, 0).await, [UnixMs(0), UnixMs(20_000)]);
    let stretch = Stretch {
        tier: 1,
        from: UnixMs(0),
        to: UnixMs(20_000),
    };
    let finer = Stretch { tier: 0, ..stretch };
    let lives = store.packed_lives(&host(), finer, None, 2).await.unwrap();
    assert_eq!(lives.len(), 2);
    assert_eq!(
        store
            .packed_lives(&host(), finer, lives.last().copied(), 9)
            .await
            .unwrap()
            .len(),
        1
    );
    let chunk = |bytes: u8| Chunk {
        last_at: UnixMs(19_000),
        front: vec![bytes],
        blocks: vec![(lives[0], vec![bytes])],
    };
    store
        .replace(&host(), stretch, &[chunk(1), chunk(2)])
        .await
        .unwrap();
    assert_eq!(due(40_000, 0).await, [UnixMs(20_000)]);
    keep(&store, &[sweep(5_500, &[1], Some(1.0))])
        .await
        .unwrap();
    pack(&store, 0, 10_000).await.unwrap();
    assert_eq!(due(40_000, 0).await, [UnixMs(0), UnixMs(20_000)]);
    assert_eq!(
        due(40_000, 1).await,
        [UnixMs(20_000)],
        "too old to be made again"
    );
    store.replace(&host(), stretch, &[chunk(3)]).await.unwrap();
    let blocks = store
        .blocks(lives[0], 1, UnixMs(0), UnixMs(1))
        .await
        .unwrap();
    assert_eq!(
        blocks
            .iter()
            .map(|block| block.bytes[0])
            .collect::<Vec<_>>(),
        [3]
    );
}

#[tokio::test]
async fn gaps_and_the_last_sign_of_life_are_kept_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    assert_eq!(
        (
            store.newest(&host()).await.unwrap(),
            store.last_alive().await.unwrap()
        ),
        (None, None)
    );
    let gap = Missing {
        from: UnixMs(10),
        to: UnixMs(20),
        bytes: vec![1],
    };
    for _ in 0..2 {
        store
            .append(&host(), &[], std::slice::from_ref(&gap))
            .await
            .unwrap();
        store.alive(UnixMs(30)).await.unwrap();
    }
    assert_eq!(
        store.gaps(&host(), UnixMs(19), UnixMs(50)).await.unwrap(),
        [gap]
    );
    assert_eq!(
        store.gaps(&host(), UnixMs(20), UnixMs(50)).await.unwrap(),
        []
    );
    assert_eq!(store.newest(&host()).await.unwrap(), Some(UnixMs(20)));
    assert_eq!(store.last_alive().await.unwrap(), Some(UnixMs(30)));
}

#[tokio::test]
async fn a_folder_of_the_first_version_keeps_its_readings_until_they_are_too_old() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    some(&store, &[1], 0..1).await;
    let life = store.lives(&host(), &id(1), 1).await.unwrap()[0].id;
    store.close().await.unwrap();
    drop(store);
    as_the_first_version_left_it(dir.path(), life).await;

    let store = Store::open(dir.path()).await.unwrap();
    let read = all_readings(&store, 1).await;
    assert_eq!(
        read,
        [
            (life, reading(5000, None)),
            (life, reading(6000, Some(0.1 + 0.2)))
        ]
    );
    keep(&store, &[sweep(7000, &[1], Some(1.0))]).await.unwrap();
    assert_eq!(
        all_readings(&store, 1).await.len(),
        3,
        "the same life goes on"
    );
    let horizon = Horizon {
        tiers: [UnixMs(6000); 5],
        events: UnixMs(0),
        lives: UnixMs(0),
    };
    assert_eq!(store.prune(horizon, 100).await.unwrap(), 1);
    assert_eq!(all_readings(&store, 1).await.len(), 2);
}

/// Takes back what came with the second version, and puts in readings as the first kept them.
async fn as_the_first_version_left_it(dir: &std::path::Path, life: LifeId) {
    let file = SqliteConnectOptions::new().filename(dir.join("samples.db"));
    let mut db = SqliteConnection::connect_with(&file).await.unwrap();
    for statement in [
        "drop table tails",
        "drop table packed",
        "drop table blocks",
        "drop table chunks",
        "drop table gaps",
        "drop table hidden",
        "drop table room",
        "delete from _sqlx_migrations where version >= 2",
    ] {
        sqlx::query(statement).execute(&mut db).await.unwrap();
    }
    for reading in [reading(5000, None), reading(6000, Some(0.1 + 0.2))] {
        let kept = u64::cast_signed;
        let (throttling, network) = (reading.throttling.unwrap(), reading.network.unwrap());
        let (memory, block) = (reading.memory, reading.block.unwrap());
        sqlx::query("insert into readings values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(kept(life.number()))
            .bind(reading.at.0)
            .bind(reading.cpu_percent)
            .bind(kept(reading.cpu_total_ns))
            .bind(kept(throttling.periods))
            .bind(kept(throttling.throttled_periods))
            .bind(kept(throttling.throttled_ns))
            .bind(kept(memory.used))
            .bind(kept(memory.raw))
            .bind(memory.limit.map(kept))
            .bind(memory.rss.map(kept))
            .bind(memory.cache.map(kept))
            .bind(kept(network.received))
            .bind(kept(network.sent))
            .bind(kept(network.received_dropped))
            .bind(kept(network.sent_dropped))
            .bind(kept(block.read))
            .bind(kept(block.written))
            .bind(reading.pids.map(kept))
            .bind(reading.pids_limit.map(kept))
            .execute(&mut db)
            .await
            .unwrap();
    }
    db.close().await.unwrap();
}
