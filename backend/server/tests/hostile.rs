//! Engines that misbehave: the console says so in a sentence, nothing is lost, and it goes on when the engine does.

mod common;

use common::Server;
use plimsoll_shared::{Body, ContainerNow, HostState, Page, View};
use plimsoll_testkit::{FakeEngine, Reply, World};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

type Trick = (&'static str, fn() -> Reply);

fn sentence(state: &HostState) -> Option<String> {
    match state {
        HostState::Searching { tried, .. } => tried.first().map(|found| found.problem.clone()),
        HostState::Down { reason, .. } => Some(reason.clone()),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_answers_nonsense_is_named_with_the_reason_and_taken_up_when_it_recovers() {
    let nonsense: [Trick; 4] = [
        ("garbage", || {
            Reply::Garbage(b"\x00\x01\x02 not http\r\n\r\n".to_vec())
        }),
        ("half a body", || {
            Reply::HalfBody("{\"Containers\": 3, \"Name\": \"half\"}".to_owned())
        }),
        ("500", || {
            Reply::Status(500, "{\"message\":\"on fire\"}".to_owned())
        }),
        ("nothing", || Reply::Silence),
    ];
    for (name, reply) in nonsense {
        let sick = Arc::new(AtomicBool::new(true));
        let switch = sick.clone();
        let engine = FakeEngine::start_with(World::running(3), move |_| {
            switch.load(Ordering::SeqCst).then(reply)
        });
        let data = tempfile::tempdir().unwrap();
        let server = Server::start(data.path(), engine.address()).await;
        let host = server
            .host_until(name, |state| sentence(state).is_some())
            .await;
        let said = sentence(&host.state).unwrap();
        println!("{name}: {said}");
        assert!(
            said.len() > 20 && said.contains(' '),
            "{name}: {said:?} is no sentence"
        );
        assert_eq!(server.get("/healthz").await.0, 200);
        sick.store(false, Ordering::SeqCst);
        engine.hang_up();
        server
            .host_until("up", |state| matches!(state, HostState::Up { .. }))
            .await;
        assert!(!server.log().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_containers_come_in_pages_and_in_one_view() {
    let engine = FakeEngine::start(
        World::running(20)
            .and_exited(4980)
            .named("<img src=x onerror=alert(1)>"),
    );
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path(), engine.address()).await;
    server
        .host_until("up", |state| matches!(state, HostState::Up { .. }))
        .await;
    let mut live = server.watch(&[View::Containers]).await;
    let mut known = std::collections::HashSet::new();
    let (_, took) = live
        .until("all 5,000 rows", |body| {
            let (Body::ContainersFull { rows, .. } | Body::ContainersDelta { rows, .. }) = body
            else {
                return None;
            };
            known.extend(rows.iter().map(|row| row.id.clone()));
            (known.len() == 5000).then_some(())
        })
        .await;
    println!("5,000 rows after {} ms", took.as_millis());
    let mut after: Option<String> = None;
    let mut listed = Vec::new();
    loop {
        let path = match &after {
            None => "/api/v1/containers?limit=1000".to_owned(),
            Some(after) => format!("/api/v1/containers?limit=1000&after={}", encoded(after)),
        };
        let page: Page<ContainerNow> = server.json(&path).await;
        listed.extend(page.items.into_iter().map(|now| now.row.id));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    let distinct: std::collections::HashSet<_> = listed.iter().collect();
    assert_eq!((listed.len(), distinct.len()), (5000, 5000), "each once");
    let asked = engine.requests();
    let inspected = asked
        .iter()
        .filter(|path| {
            path.ends_with("/json")
                && path.contains("/containers/")
                && !path.contains("/containers/json")
        })
        .count();
    assert!(
        inspected <= 40,
        "{inspected} inspections for 20 running containers"
    );
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}
