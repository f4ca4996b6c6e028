//! What the first page shows, through the real server.

mod common;

use common::{PATIENCE, Server, past};
use plimsoll_shared::{
    HostId,
    lines::Subject,
    overview::{ChangeKind, NearLimit, Overview},
    series::Metric,
};
use plimsoll_testkit::Engine;
use std::time::{Duration, Instant};

const OVERVIEW: &str = plimsoll_shared::routes::OVERVIEW;

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_told_by_line_a_redeploy_once_with_its_images() {
    let data = tempfile::tempdir().unwrap();
    let past = past::record(data.path()).await;
    let server = Server::start(data.path(), "unix:///nonexistent.sock").await;
    let overview: Overview = server.json(OVERVIEW).await;
    let of = |n| Subject::Container(HostId::local(), past::id(n));
    let redeployed = overview
        .changed
        .iter()
        .find(|change| change.kind == ChangeKind::Redeployed)
        .unwrap_or_else(|| panic!("{overview:#?}"));
    assert_eq!((&redeployed.of, redeployed.times), (&of(2), 1));
    assert_eq!(redeployed.detail.as_deref(), Some("shop:1 → shop:2"));
    let kinds: Vec<ChangeKind> = overview.changed.iter().map(|change| change.kind).collect();
    assert!(
        !kinds.contains(&ChangeKind::Failed) && !kinds.contains(&ChangeKind::Removed),
        "the old one's end is part of the redeploy: {kinds:?}"
    );

    let cpu = &overview.top[0];
    assert_eq!(cpu.metric, Metric::Cpu);
    let who: Vec<&Subject> = cpu.items.iter().map(|item| &item.of).collect();
    assert_eq!(who, [&of(2), &of(3)], "old and new are one line");
    let web = &cpu.items[0];
    assert!(
        (20.0..30.0).contains(&web.mean) && web.max == 30.0,
        "{web:?}"
    );
    assert!(web.spark.len() <= 60 && web.spark.iter().flatten().count() >= 18);
    assert_eq!(web.spark.last(), Some(&None), "no server, no reading");
    assert_eq!(cpu.items[1].max, 400.0, "the busy second is not lost");
    assert!(
        overview.top[3].items.is_empty(),
        "nothing was measured of block devices"
    );
    assert!(past.from >= overview.ranked_from.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_near_its_limit_is_named_and_many_tabs_cost_one() {
    let engine = Engine::start();
    let full = "dd if=/dev/zero of=/dev/shm/x bs=1M count=29 2>/dev/null; sleep 1000";
    engine.docker(&[
        "run",
        "-d",
        "--name",
        "full",
        "-m",
        "32m",
        "--memory-swap",
        "32m",
        "busybox:test",
        "sh",
        "-c",
        full,
    ]);
    let many = "for i in 1 2 3 4 5 6 7 8; do sleep 1000 & done; wait";
    engine.docker(&[
        "run",
        "-d",
        "--name",
        "many",
        "--pids-limit",
        "10",
        "busybox:test",
        "sh",
        "-c",
        many,
    ]);
    let held = "while :; do :; done";
    engine.docker(&[
        "run",
        "-d",
        "--name",
        "held",
        "--cpus",
        "0.05",
        "busybox:test",
        "sh",
        "-c",
        held,
    ]);
    engine.docker(&[
        "run",
        "-d",
        "--name",
        "fails",
        "busybox:test",
        "sh",
        "-c",
        "exit 3",
    ]);
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path(), &engine.address()).await;
    let deadline = Instant::now() + PATIENCE;
    let overview = loop {
        let overview: Overview = server.json(OVERVIEW).await;
        let near = |name: &str, limit| {
            overview
                .near
                .iter()
                .any(|near| near.name == name && near.limit == limit)
        };
        let held = near("held", NearLimit::Throttled);
        if near("full", NearLimit::Memory) && near("many", NearLimit::Pids) && held {
            break overview;
        }
        assert!(Instant::now() < deadline, "{overview:#?}\n{}", server.log());
        tokio::time::sleep(Duration::from_millis(500)).await;
    };
    let shares: Vec<f64> = overview
        .near
        .iter()
        .map(|near| near.value / near.most)
        .collect();
    assert!(
        shares.is_sorted_by(|a, b| a >= b),
        "nearest first: {shares:?}"
    );
    let idle = overview.near.iter().find(|near| near.name == "fails");
    assert_eq!(idle, None);
    let busiest = overview.top[0].items.first().unwrap();
    assert_eq!(busiest.name, "held");

    let (one, other) = tokio::join!(
        server.json::<Overview>(OVERVIEW),
        server.json::<Overview>(OVERVIEW)
    );
    assert_eq!(one, other, "both are told the same, put together once");
    let of_host: Overview = server.json(&format!("{OVERVIEW}?host=local")).await;
    assert_eq!(of_host.top[0].items.len(), one.top[0].items.len());
    let (status, said) = server.get(&format!("{OVERVIEW}?host=elsewhere")).await;
    assert_eq!(status, 404, "{said}");
}
