//! What was recorded is read back, in whatever order and however often it came.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod common;

use common::{all_readings, at, container, happened, host, id, keep, pack, saw, sweep};
use plimsoll_model::Observation;
use plimsoll_shared::{Compose, ContainerState, EventKind, UnixMs};
use plimsoll_store::{EventFilter, Recorded, Store};

async fn record(store: &Store, recorded: &[Recorded]) {
    keep(store, recorded).await.unwrap();
}

fn first_page() -> EventFilter {
    EventFilter {
        limit: 500,
        ..EventFilter::default()
    }
}

#[tokio::test]
async fn a_container_comes_back_as_it_was_told() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    let mut facts = container(1, 1000);
    facts.compose = Some(Compose {
        project: "shop".to_owned(),
        service: None,
    });
    facts.network = plimsoll_shared::Network::Container(id(7));
    facts.ports = vec![plimsoll_shared::Port {
        container: 80,
        protocol: "tcp".to_owned(),
        host: Some(("0.0.0.0".to_owned(), 8080)),
    }];
    record(&store, &[saw(2000, &facts)]).await;
    let remembered = store.container(&host(), &id(1)).await.unwrap().unwrap();
    assert_eq!((remembered.facts, remembered.removed_at), (facts, None));
    assert!(store.container(&host(), &id(2)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_list_without_inspection_keeps_what_an_inspection_told() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    let inspected = container(1, 1000);
    let mut listed = inspected.clone();
    (
        listed.started_at,
        listed.restarts,
        listed.restart_policy,
        listed.limits,
    ) = (None, None, None, None);
    listed.command.clear();
    listed.name = "renamed".to_owned();
    record(
        &store,
        &[
            saw(2000, &inspected),
            at(3000, Observation::Listed(vec![listed])),
        ],
    )
    .await;
    let facts = store
        .container(&host(), &id(1))
        .await
        .unwrap()
        .unwrap()
        .facts;
    assert_eq!(facts.name, "renamed");
    assert_eq!(
        (
            facts.started_at,
            facts.restarts,
            facts.restart_policy,
            facts.command
        ),
        (
            inspected.started_at,
            inspected.restarts,
            inspected.restart_policy,
            inspected.command
        )
    );
}

#[tokio::test]
async fn what_a_whole_list_leaves_out_is_removed_and_its_history_kept() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    record(
        &store,
        &[
            at(
                2000,
                Observation::Listed(vec![container(1, 1000), container(2, 1000)]),
            ),
            sweep(3000, &[1, 2], None),
            at(4000, Observation::Listed(vec![container(2, 1000)])),
        ],
    )
    .await;
    let known = store.containers(&host(), None, 100).await.unwrap();
    let removals: Vec<_> = known.iter().map(|c| c.removed_at).collect();
    assert_eq!(removals, [Some(UnixMs(4000)), None]);
    assert_eq!(all_readings(&store, 1).await.len(), 1);
    assert_eq!(
        store.lives(&host(), &id(1), 9).await.unwrap()[0].ended_at,
        Some(UnixMs(4000))
    );

    record(
        &store,
        &[at(
            5000,
            Observation::Listed(vec![container(1, 1000), container(2, 1000)]),
        )],
    )
    .await;
    let back = store.container(&host(), &id(1)).await.unwrap().unwrap();
    assert_eq!(
        back.removed_at, None,
        "an engine that lists it again has it"
    );
}

#[tokio::test]
async fn the_same_news_twice_is_kept_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    let news = [
        saw(1000, &container(1, 1000)),
        happened(1110, 1, EventKind::Start, None),
        sweep(2000, &[1], None),
        sweep(3000, &[1], Some(1.0)),
        happened(4000, 1, EventKind::Die, Some("137")),
    ];
    for _ in 0..3 {
        record(&store, &news).await;
    }
    let (events, next) = store.events(&first_page()).await.unwrap();
    let kinds: Vec<_> = events
        .iter()
        .map(|e| (e.kind, e.detail.as_deref()))
        .collect();
    assert_eq!(
        kinds,
        [(EventKind::Die, Some("137")), (EventKind::Start, None)]
    );
    assert_eq!(next, None);
    assert_eq!(all_readings(&store, 1).await.len(), 2);
    assert_eq!(store.lives(&host(), &id(1), 9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn lives_come_out_alike_whatever_order_the_news_came_in() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    let mut order = [0, 1, 2, 3, 4];
    for n in 1..=120 {
        let news = [
            happened(1000, n, EventKind::Start, None),
            happened(1500, n, EventKind::Die, Some("1")),
            happened(1600, n, EventKind::Start, None),
            happened(9000, n, EventKind::Die, Some("0")),
            happened(20_000, n, EventKind::Start, None),
        ];
        let shuffled: Vec<_> = order.iter().map(|i| news[*i].clone()).collect();
        record(&store, &shuffled).await;
        let lives: Vec<_> = store
            .lives(&host(), &id(n), 9)
            .await
            .unwrap()
            .iter()
            .map(|l| (l.began_at.0, l.ended_at.map(|at| at.0), l.exit_code))
            .collect();
        let expected = [
            (20_000, None, None),
            (1600, Some(9000), Some(0)),
            (1000, Some(1500), Some(1)),
        ];
        assert_eq!(lives, expected, "in order {order:?}");
        permute(&mut order);
    }
    assert_eq!(order, [4, 3, 2, 1, 0], "every order was tried");
}

/// The next order in the dictionary; the last stays.
fn permute(order: &mut [usize]) {
    let Some(i) = (1..order.len()).rev().find(|i| order[i - 1] < order[*i]) else {
        return;
    };
    let j = (i..order.len())
        .rev()
        .find(|j| order[*j] > order[i - 1])
        .unwrap();
    order.swap(i - 1, j);
    order[i..].reverse();
}

#[tokio::test]
async fn a_restart_begins_a_new_life_for_the_readings() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    record(
        &store,
        &[
            saw(1000, &container(1, 1000)),
            sweep(2000, &[1], None),
            sweep(3000, &[1], Some(1.0)),
            happened(3500, 1, EventKind::Die, Some("1")),
            happened(3600, 1, EventKind::Start, None),
            sweep(4000, &[1], None),
            sweep(5000, &[1], Some(1.0)),
        ],
    )
    .await;
    pack(&store, 0, 4500).await.unwrap();
    let lives: Vec<_> = all_readings(&store, 1)
        .await
        .iter()
        .map(|(life, r)| (*life, r.at.0))
        .collect();
    assert_eq!(
        lives.iter().map(|(_, at)| *at).collect::<Vec<_>>(),
        [2000, 3000, 4000, 5000]
    );
    assert_eq!(lives[0].0, lives[1].0);
    assert_ne!(lives[1].0, lives[2].0);
    assert_eq!(lives[2].0, lives[3].0);
}

#[tokio::test]
async fn a_start_that_was_missed_is_guessed_and_corrected_when_told() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    let mut listed = container(1, 1000);
    listed.started_at = None;
    record(&store, &[saw(50_000, &listed), sweep(51_000, &[1], None)]).await;
    let life = store.lives(&host(), &id(1), 9).await.unwrap()[0];
    assert_eq!((life.began_at, life.guessed), (UnixMs(51_000), true));
    record(
        &store,
        &[
            saw(52_000, &container(1, 1000)),
            sweep(52_000, &[1], Some(0.0)),
        ],
    )
    .await;
    let lives = store.lives(&host(), &id(1), 9).await.unwrap();
    assert_eq!(lives.len(), 1);
    assert_eq!(
        (lives[0].began_at, lives[0].guessed, lives[0].id),
        (UnixMs(1100), false, life.id)
    );
}

#[tokio::test]
async fn an_end_that_nobody_saw_has_no_exit_code_until_the_inspection_tells_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    let mut over = container(1, 1000);
    over.state = ContainerState::Exited;
    record(
        &store,
        &[saw(2000, &container(1, 1000)), saw(90_000, &over)],
    )
    .await;
    let life = store.lives(&host(), &id(1), 1).await.unwrap()[0];
    assert_eq!(
        (life.ended_at, life.exit_code),
        (Some(UnixMs(90_000)), None)
    );
    (over.finished_at, over.exit_code, over.oom_killed) = (Some(UnixMs(60_000)), Some(137), true);
    record(&store, &[saw(91_000, &over)]).await;
    let life = store.lives(&host(), &id(1), 1).await.unwrap()[0];
    assert_eq!(
        (life.ended_at, life.exit_code, life.oom_killed),
        (Some(UnixMs(60_000)), Some(137), true)
    );
}

#[tokio::test]
async fn pages_of_events_hold_still_while_new_ones_arrive() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    let old: Vec<_> = (0..10)
        .map(|n| {
            happened(
                1000 + n / 3,
                u64::try_from(n).unwrap(),
                EventKind::Create,
                None,
            )
        })
        .collect();
    record(&store, &old).await;
    let mut filter = EventFilter {
        limit: 3,
        ..EventFilter::default()
    };
    let mut seen = Vec::new();
    loop {
        let (page, next) = store.events(&filter).await.unwrap();
        seen.extend(page.into_iter().map(|e| e.container));
        record(
            &store,
            &[happened(
                5000 + i64::try_from(seen.len()).unwrap(),
                99,
                EventKind::Kill,
                None,
            )],
        )
        .await;
        let Some(next) = next else { break };
        filter.before = Some(next.to_string().parse().unwrap());
    }
    assert_eq!(seen.len(), 10);
    assert!((0..10).all(|n| seen.contains(&id(n))));
    let of_one = EventFilter {
        host: Some(host()),
        container: Some(id(4)),
        ..first_page()
    };
    assert_eq!(store.events(&of_one).await.unwrap().0.len(), 1);
    let elsewhere = EventFilter {
        host: Some("other".parse().unwrap()),
        ..first_page()
    };
    assert_eq!(store.events(&elsewhere).await.unwrap().0.len(), 0);
    assert!("1.x".parse::<plimsoll_store::EventCursor>().is_err());
}

#[tokio::test]
async fn a_removed_container_names_the_one_that_took_its_name_or_place() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    let placed = |n, created_at, name: &str| {
        let mut facts = container(n, created_at);
        facts.name = name.to_owned();
        facts.compose = Some(Compose {
            project: "shop".to_owned(),
            service: Some("api".to_owned()),
        });
        facts
    };
    record(
        &store,
        &[
            saw(1, &placed(1, 1000, "shop-api-1")),
            saw(2, &placed(2, 2000, "other")),
        ],
    )
    .await;
    assert_eq!(
        store.successor(&host(), &id(1)).await.unwrap(),
        None,
        "it is still there"
    );
    record(&store, &[at(3000, Observation::Removed(id(1)))]).await;
    assert_eq!(store.successor(&host(), &id(1)).await.unwrap(), Some(id(2)));
    record(&store, &[saw(4, &placed(3, 4000, "shop-api-1"))]).await;
    assert_eq!(
        store.successor(&host(), &id(1)).await.unwrap(),
        Some(id(3)),
        "the name weighs more"
    );
    assert_eq!(store.successor(&host(), &id(3)).await.unwrap(), None);
}

#[tokio::test]
async fn lives_tombstones_and_events_outlive_the_process() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    record(
        &store,
        &[
            saw(1000, &container(1, 1000)),
            saw(1000, &container(2, 1000)),
            sweep(2000, &[1, 2], None),
            happened(2500, 1, EventKind::Destroy, None),
            at(2500, Observation::Removed(id(1))),
        ],
    )
    .await;
    let before = (
        store.containers(&host(), None, 9).await.unwrap(),
        store.lives(&host(), &id(1), 9).await.unwrap(),
    );
    store.close().await.unwrap();
    assert!(matches!(
        keep(&store, &[sweep(3000, &[1], None)]).await,
        Err(plimsoll_store::StoreError::Closed)
    ));
    drop(store);
    assert!(
        !dir.path().join("samples.db-wal").exists(),
        "closing leaves no log behind"
    );

    let store = Store::open(dir.path()).await.unwrap();
    let after = (
        store.containers(&host(), None, 9).await.unwrap(),
        store.lives(&host(), &id(1), 9).await.unwrap(),
    );
    assert_eq!(before, after);
    record(&store, &[sweep(3000, &[2], None)]).await;
    let read = all_readings(&store, 2).await;
    assert_eq!(read.len(), 2);
    assert_eq!(
        read[0].0, read[1].0,
        "a restart of the server is not a restart of the container"
    );
}

#[tokio::test]
async fn a_list_of_many_comes_in_pages() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    let many = (0..2500).map(|n| container(n, 1000)).collect();
    record(&store, &[at(2000, Observation::Listed(many))]).await;
    let (mut seen, mut after) = (0, None);
    loop {
        let page = store
            .containers(&host(), after.as_ref(), u32::MAX)
            .await
            .unwrap();
        assert!(page.len() <= 1000);
        let Some(last) = page.last() else { break };
        seen += page.len();
        after = Some(last.facts.id.clone());
    }
    assert_eq!(seen, 2500);
}
