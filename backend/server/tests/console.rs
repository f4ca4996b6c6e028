//! The running server over a real engine: what a tab is told, and when.

mod common;

use common::{Live, PATIENCE, Server};
use plimsoll_shared::{
    Body, ContainerRow, ContainerState, EventKind, Health, HostId, HostState, Page, RowKey, View,
    series::{Metric, Series},
};
use plimsoll_testkit::Engine;
use std::{collections::HashMap, time::Duration};

/// What the issue promises: a change is seen within two seconds.
const SOON: Duration = Duration::from_secs(2);

/// The rows as a tab keeps them.
#[derive(Default)]
struct Table {
    rows: HashMap<RowKey, ContainerRow>,
}

impl Table {
    fn apply(&mut self, body: &Body) {
        match body {
            Body::ContainersFull { rows, .. } => {
                self.rows = rows.iter().map(|row| (row.key, row.clone())).collect();
            }
            Body::ContainersDelta { rows, gone, .. } => {
                self.rows
                    .extend(rows.iter().map(|row| (row.key, row.clone())));
                self.rows.retain(|key, _| !gone.contains(key));
            }
            _ => {}
        }
    }

    fn named(&self, name: &str) -> Option<&ContainerRow> {
        self.rows.values().find(|row| row.name == name)
    }
}

/// Waits until the table satisfies `wanted`, and holds it to the promised time.
async fn soon(live: &mut Live, table: &mut Table, what: &str, wanted: impl Fn(&Table) -> bool) {
    let (_, took) = live
        .until(what, |body| {
            table.apply(body);
            wanted(table).then_some(())
        })
        .await;
    println!("{what}: {} ms", took.as_millis());
    assert!(took < SOON, "{what} took {took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_of_a_container_is_told_within_two_seconds() {
    let engine = Engine::start();
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path(), &engine.address()).await;
    server
        .host_until("up", |state| matches!(state, HostState::Up { .. }))
        .await;
    let mut live = server.watch(&[View::Containers]).await;
    let mut table = Table::default();
    let state = |name: &'static str, state: ContainerState| {
        move |table: &Table| table.named(name).is_some_and(|row| row.state == state)
    };

    engine.docker(&[
        "run",
        "-d",
        "--name",
        "web",
        "--health-cmd",
        "test ! -e /tmp/sick",
        "--health-interval",
        "250ms",
        "--health-retries",
        "1",
        "busybox:test",
        "sleep",
        "1000",
    ]);
    soon(
        &mut live,
        &mut table,
        "started",
        state("web", ContainerState::Running),
    )
    .await;
    soon(&mut live, &mut table, "healthy", |t| {
        t.named("web").is_some_and(|r| r.health == Health::Healthy)
    })
    .await;
    engine.docker(&["exec", "web", "touch", "/tmp/sick"]);
    soon(&mut live, &mut table, "unhealthy", |t| {
        t.named("web")
            .is_some_and(|r| r.health == Health::Unhealthy)
    })
    .await;
    engine.docker(&["pause", "web"]);
    soon(
        &mut live,
        &mut table,
        "paused",
        state("web", ContainerState::Paused),
    )
    .await;
    engine.docker(&["unpause", "web"]);
    soon(
        &mut live,
        &mut table,
        "unpaused",
        state("web", ContainerState::Running),
    )
    .await;
    engine.docker(&["rename", "web", "shop"]);
    soon(&mut live, &mut table, "renamed", |t| {
        t.named("shop").is_some() && t.named("web").is_none()
    })
    .await;
    let before = table.named("shop").and_then(|row| row.started_at);
    engine.docker(&["restart", "-t", "0", "shop"]);
    soon(&mut live, &mut table, "restarted", |t| {
        t.named("shop")
            .is_some_and(|r| r.state == ContainerState::Running && r.started_at > before)
    })
    .await;
    engine.docker(&[
        "run",
        "-d",
        "--name",
        "greedy",
        "-m",
        "8m",
        "--memory-swap",
        "8m",
        "busybox:test",
        "sh",
        "-c",
        "sleep 0.3; tail /dev/zero",
    ]);
    soon(&mut live, &mut table, "killed for want of memory", |t| {
        t.named("greedy").is_some_and(|r| {
            r.state == ContainerState::Exited && r.oom_killed && r.exit_code == Some(137)
        })
    })
    .await;
    let gone = table.named("greedy").map(|row| row.id.clone()).unwrap();
    engine.docker(&["rm", "-f", "greedy"]);
    soon(&mut live, &mut table, "removed", |t| {
        t.named("greedy").is_none()
    })
    .await;

    let events: Page<plimsoll_shared::ContainerEvent> = server
        .json(&plimsoll_shared::routes::container_events(
            &HostId::local(),
            &gone,
        ))
        .await;
    let kinds: Vec<EventKind> = events.items.iter().map(|e| e.kind).collect();
    for kind in [
        EventKind::Destroy,
        EventKind::Die,
        EventKind::Oom,
        EventKind::Start,
        EventKind::Create,
    ] {
        assert!(kinds.contains(&kind), "{kind:?} is missing from {kinds:?}");
    }
    let tombstone: plimsoll_shared::ContainerDetail = server
        .json(&plimsoll_shared::routes::container(&HostId::local(), &gone))
        .await;
    assert!(tombstone.row.removed_at.is_some(), "{tombstone:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_is_killed_is_a_gap_and_comes_back_by_itself() {
    let engine = Engine::start();
    engine.docker(&[
        "run",
        "-d",
        "--name",
        "steady",
        "busybox:test",
        "sh",
        "-c",
        "while :; do :; done",
    ]);
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path(), &engine.address()).await;
    server
        .host_until("up", |state| matches!(state, HostState::Up { .. }))
        .await;
    let mut live = server.watch(&[View::Containers, View::Hosts]).await;
    let mut table = Table::default();
    let (id, _) = live
        .until("a measured container", |body| {
            table.apply(body);
            let measured = matches!(body, Body::ContainersDelta { readings, .. } if readings.iter().any(|r| r.1.is_some_and(|cpu| cpu > 1.0)));
            table.named("steady").filter(|_| measured).map(|row| row.id.clone())
        })
        .await;
    engine.kill();
    let down = |body: &Body| match body {
        Body::Hosts { hosts, .. } => match &hosts[0].state {
            HostState::Down { reason, .. } => Some(reason.clone()),
            _ => None,
        },
        _ => None,
    };
    let (reason, took) = live.until("the engine down", down).await;
    println!("down after {} ms: {reason}", took.as_millis());
    assert!(took < SOON, "it took {took:?} to say so");
    assert!(reason.len() > 10, "{reason:?} is no sentence");
    tokio::time::sleep(Duration::from_secs(3)).await;
    engine.restart();
    engine.docker(&["start", "steady"]);
    server
        .host_until("up again", |state| matches!(state, HostState::Up { .. }))
        .await;
    live.until("numbers again", |body| {
        matches!(body, Body::ContainersDelta { readings, .. } if readings.iter().any(|r| r.1.is_some_and(|cpu| cpu > 1.0))).then_some(())
    })
    .await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let series: Series = server
        .json(&format!(
            "{}?points=2000",
            plimsoll_shared::routes::container_series(&HostId::local(), &id)
        ))
        .await;
    let cpu = series
        .columns
        .iter()
        .find(|c| c.metric == Metric::Cpu)
        .unwrap();
    let memory = series
        .columns
        .iter()
        .find(|c| c.metric == Metric::Memory)
        .unwrap();
    assert!(
        cpu.mean.iter().flatten().all(|v| *v > 1.0),
        "a false zero in the chart: {:?}",
        cpu.mean.iter().flatten().collect::<Vec<_>>()
    );
    assert!(memory.mean.iter().flatten().all(|v| *v > 0.0));
    let first = cpu.mean.iter().position(Option::is_some).unwrap();
    let last = cpu.mean.iter().rposition(Option::is_some).unwrap();
    assert!(
        cpu.mean[first..last].iter().any(Option::is_none),
        "the time without an engine is a gap"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_without_an_engine_says_what_it_tried_and_finds_it_when_it_appears() {
    let engine = Engine::start();
    engine.stop();
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path(), &engine.address()).await;
    let host = server
        .host_until(
            "searching",
            |s| matches!(s, HostState::Searching { tried, .. } if !tried.is_empty()),
        )
        .await;
    let HostState::Searching { tried, .. } = host.state else {
        unreachable!()
    };
    assert_eq!(tried[0].endpoint, engine.address());
    assert!(tried[0].problem.len() > 20, "{tried:?}");
    let (status, _) = server.get("/healthz").await;
    assert_eq!(status, 200);
    engine.restart();
    let host = server
        .host_until("up", |state| matches!(state, HostState::Up { .. }))
        .await;
    assert!(host.engine.is_some_and(|engine| !engine.version.is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_tabs_cost_one_encoding_and_a_stop_under_load_is_quick() {
    let engine = Engine::start();
    for n in 0..10 {
        engine.docker(&[
            "run",
            "-d",
            "--name",
            &format!("c{n}"),
            "busybox:test",
            "sh",
            "-c",
            "while :; do sleep 0.1; done",
        ]);
    }
    let data = tempfile::tempdir().unwrap();
    let mut server = Server::start(data.path(), &engine.address()).await;
    server
        .host_until("up", |state| matches!(state, HostState::Up { .. }))
        .await;
    let mut tabs = Vec::new();
    for _ in 0..200 {
        tabs.push(server.watch(&[View::Containers]).await);
    }
    for tab in &mut tabs {
        tab.next().await;
    }
    let before: plimsoll_shared::ServerStatus = server.json("/api/v1/status").await;
    assert_eq!(before.viewers, 200);
    for _ in 0..5 {
        for tab in &mut tabs {
            tab.next().await;
        }
    }
    let after: plimsoll_shared::ServerStatus = server.json("/api/v1/status").await;
    let (encoded, sent) = (
        after.frames_encoded - before.frames_encoded,
        after.frames_sent - before.frames_sent,
    );
    println!("{encoded} frames encoded for {sent} sent");
    assert!(
        encoded * 50 < sent,
        "{encoded} frames encoded for {sent} sent"
    );

    let stuck = server.watch(&[View::Containers]).await;
    let began = std::time::Instant::now();
    server.signal("-TERM");
    let status = tokio::time::timeout(PATIENCE, server.process.wait())
        .await
        .expect("it ends")
        .unwrap();
    println!("stopped after {} ms", began.elapsed().as_millis());
    assert!(status.success(), "{status}\n{}", server.log());
    assert!(began.elapsed() < Duration::from_secs(10));
    drop(stuck);
}
