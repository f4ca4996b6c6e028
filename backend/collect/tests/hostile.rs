//! Engines that misbehave: each is a sentence, and nothing else stops.

mod support;

use plimsoll_collect::Settings;
use plimsoll_model::Observation;
use plimsoll_shared::{ContainerState, EventKind, Found};
use plimsoll_testkit::{FakeEngine, Reply, Request, World};
use std::time::{Duration, Instant};
use support::{PATIENCE, Watcher, id};

/// The one place that was tried, as told by the search.
async fn not_found(engine: &FakeEngine) -> Found {
    let mut watcher = Watcher::start(engine.address(), false);
    let tried = watcher
        .until(PATIENCE, "a search that found nothing", |o| match o {
            Observation::Searching(tried) => Some(tried.clone()),
            _ => None,
        })
        .await;
    watcher.stop().await;
    assert_eq!(
        tried.len(),
        1,
        "an address that was asked for is the only place"
    );
    assert_eq!(tried[0].endpoint, engine.address());
    assert_eq!(tried[0].source, "configuration");
    tried.into_iter().next().expect("counted above")
}

async fn until_lost(watcher: &mut Watcher) -> String {
    watcher
        .until(PATIENCE, "loss", |o| match o {
            Observation::Lost(reason) => Some(reason.clone()),
            _ => None,
        })
        .await
}

/// A script that answers everything in one way.
fn always(reply: fn() -> Reply) -> impl Fn(&Request) -> Option<Reply> + Send + Sync {
    move |_| Some(reply())
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_is_not_the_docker_api() {
    let garbage = || Reply::Garbage(b"220 mail.example ESMTP\r\n".to_vec());
    let engine = FakeEngine::start_with(World::running(1), always(garbage));
    let problem = not_found(&engine).await.problem;
    assert!(
        problem.contains("not with the Docker Engine API"),
        "{problem}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_page_is_not_the_docker_api() {
    let page = || Reply::Json("<html><h1>It works!</h1></html>".to_owned());
    let engine = FakeEngine::start_with(World::running(1), always(page));
    let problem = not_found(&engine).await.problem;
    assert!(
        problem.contains("not with the Docker Engine API"),
        "{problem}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn half_an_answer_is_no_answer() {
    let engine = FakeEngine::start_with(World::running(1), |request: &Request| {
        let info = r#"{"ID":"X","Name":"y","MemTotal":1}"#.to_owned();
        (request.endpoint() == "/info").then_some(Reply::HalfBody(info))
    });
    let problem = not_found(&engine).await.problem;
    assert!(problem.contains("is broken"), "{problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_fails_is_quoted() {
    let fails = || Reply::Status(500, r#"{"message":"no space left on device"}"#.to_owned());
    let engine = FakeEngine::start_with(World::running(1), always(fails));
    let problem = not_found(&engine).await.problem;
    assert!(
        problem.contains("status 500") && problem.contains("no space left"),
        "{problem}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_says_nothing_is_given_up_on_in_time() {
    let engine = FakeEngine::start_with(World::running(1), always(|| Reply::Silence));
    let problem = not_found(&engine).await.problem;
    assert!(problem.contains("within 5 s"), "{problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_end_is_cut_off() {
    let engine = FakeEngine::start_with(World::running(1), always(|| Reply::Endless));
    let problem = not_found(&engine).await.problem;
    assert!(problem.contains("larger than"), "{problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_without_line_ends_are_cut_off() {
    let engine = FakeEngine::start_with(World::running(1), |request: &Request| {
        (request.endpoint() == "/events").then_some(Reply::Endless)
    });
    let mut watcher = Watcher::start(engine.address(), false);
    let reason = until_lost(&mut watcher).await;
    assert!(reason.contains("larger than"), "{reason}");
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_may_be_many_as_long_as_none_is_too_large() {
    let engine = FakeEngine::start_with(World::running(1), |request: &Request| {
        let world = World::running(1);
        let mut lines = vec![world.event("exec_start: true", 0).to_string(); 10_000];
        let bytes: usize = lines.iter().map(String::len).sum();
        assert!(bytes > 2 * 1024 * 1024, "{bytes} would pass in one piece");
        lines.push(world.event("update", 0).to_string());
        (request.endpoint() == "/events").then_some(Reply::Lines(lines))
    });
    let mut watcher = Watcher::start(engine.address(), false);
    let told = |o: &Observation| match o {
        Observation::Happened(happening) => Some(happening.kind),
        Observation::Lost(reason) => panic!("{reason}"),
        _ => None,
    };
    let kind = watcher.until(PATIENCE, "the last event", told).await;
    assert_eq!(kind, EventKind::Update);
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_there_is_told_once_and_who_appears_is_picked_up() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("docker.sock");
    let mut watcher = Watcher::start(&format!("unix://{}", socket.display()), false);
    let Observation::Searching(tried) = watcher.next(PATIENCE).await else {
        panic!("the search is told first");
    };
    assert!(
        tried[0].problem.contains("is the Docker Engine running?"),
        "{tried:?}"
    );
    let _engine = FakeEngine::start_at(&socket, World::running(2), |_| None);
    let next = watcher.next(PATIENCE).await;
    assert!(
        matches!(next, Observation::Connected { .. }),
        "told twice: {next:?}"
    );
    assert_eq!(watcher.until_listed().await.len(), 2);
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_stopped_containers_are_one_question() {
    let engine = FakeEngine::start(World::running(20).and_exited(30_000));
    let mut watcher = Watcher::start(engine.address(), false);
    let all = watcher.until_listed().await;
    assert_eq!(all.len(), 30_020);
    let stopped = all.iter().filter(|f| f.state == ContainerState::Exited);
    assert!(stopped.clone().all(|f| f.exit_code == Some(137)));
    let asked = engine.requests();
    let inspections = asked
        .iter()
        .filter(|path| path.ends_with("/json") && !path.contains("/containers/json"));
    assert_eq!(inspections.count(), 20, "only the running are asked about");
    let lists = asked
        .iter()
        .filter(|path| path.contains("/containers/json"));
    assert_eq!(lists.count(), 1);
    assert!(asked.iter().all(|path| !path.contains("/images/")));
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_containers_are_listed_while_readings_flow() {
    let engine = FakeEngine::start(World::running(200).and_exited(4_800));
    let mut watcher = Watcher::start(engine.address(), false);
    assert_eq!(watcher.until_listed().await.len(), 5_000);
    let all_running = |o: &Observation| match o {
        Observation::Readings(batch) => (batch.readings.len() == 200).then_some(()),
        _ => None,
    };
    watcher
        .until(PATIENCE, "readings of all", all_running)
        .await;
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_html_stays_text() {
    let world = World::running(1).named("<img src=x onerror=alert(1)>");
    let engine = FakeEngine::start(world);
    let mut watcher = Watcher::start(engine.address(), false);
    let all = watcher.until_listed().await;
    assert_eq!(all[0].name, "<img src=x onerror=alert(1)>0");
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_cannot_be_inspected_does_not_stop_the_others() {
    let odd = World::id(1);
    let engine = FakeEngine::start_with(World::running(3), move |request: &Request| {
        let asked = request.endpoint() == format!("/containers/{odd}/json");
        asked.then(|| Reply::Json(r#"{"Id":7,"State":"surprising"}"#.to_owned()))
    });
    let mut watcher = Watcher::start(engine.address(), false);
    let all = watcher.until_listed().await;
    assert_eq!(all.len(), 3);
    let odd = all.iter().find(|f| f.id.as_str() == World::id(1)).unwrap();
    assert_eq!(
        odd.state,
        ContainerState::Running,
        "what the list tells is kept"
    );
    watcher
        .until(PATIENCE, "readings of all three", |o| match o {
            Observation::Readings(batch) => (batch.readings.len() == 3).then_some(()),
            _ => None,
        })
        .await;
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_an_engine_that_nobody_knows_hide_nothing_else() {
    let engine = FakeEngine::start_with(World::running(1), |request: &Request| {
        let odd = match request.endpoint() {
            "/version" => r#"{"ApiVersion":"1.41","Version":"7","Components":[{"Name":null}]}"#,
            "/info" => r#"{"Name":"odd","NCPU":4,"MemTotal":8000,"CgroupDriver":"elogind"}"#,
            _ => return None,
        };
        Some(Reply::Json(odd.to_owned()))
    });
    let mut watcher = Watcher::start(engine.address(), false);
    let facts = watcher
        .until(PATIENCE, "the engine", |o| match o {
            Observation::Connected { facts, .. } => Some(facts.clone()),
            _ => None,
        })
        .await;
    assert_eq!(
        (facts.name.as_str(), facts.version.as_str(), facts.cpus),
        ("odd", "7", 4)
    );
    assert_eq!(facts.cgroup_driver, "", "not known");
    assert_eq!(watcher.until_listed().await.len(), 1);
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_that_goes_backwards_gives_no_percentage() {
    let engine = FakeEngine::start_with(World::running(1), |request: &Request| {
        let starts_over = |tick: u64| {
            let second = if tick < 3 { 100 + tick } else { tick };
            World::frame(0, second).to_string()
        };
        let ticks = || Reply::Ticks(Duration::from_secs(1), Box::new(starts_over));
        request.endpoint().ends_with("/stats").then(ticks)
    });
    let mut watcher = Watcher::start(engine.address(), false);
    let container = id(&World::id(0));
    let mut percents = Vec::new();
    while percents.len() < 7 {
        let reading = watcher.reading(&container, "a reading", |_| true).await;
        percents.push(reading.cpu_percent);
    }
    assert_eq!(percents[0], None, "the first");
    let (gaps, readings): (Vec<_>, Vec<_>) =
        percents[1..].iter().copied().partition(Option::is_none);
    assert_eq!(gaps.len(), 1, "{percents:?}");
    assert!(
        readings.iter().all(|percent| *percent == Some(10.0)),
        "{percents:?}"
    );
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_ends_is_opened_again() {
    let engine = FakeEngine::start_with(World::running(1), |request: &Request| {
        let once = || Reply::LinesThenEnd(vec![World::frame(0, 1).to_string()]);
        request.endpoint().ends_with("/stats").then(once)
    });
    let mut watcher = Watcher::start(engine.address(), false);
    let container = id(&World::id(0));
    for _ in 0..3 {
        watcher.reading(&container, "a reading", |_| true).await;
    }
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_containers_zero_frames_are_a_gap() {
    let engine = FakeEngine::start_with(World::running(2), |request: &Request| {
        let stopped = request.endpoint() == format!("/containers/{}/stats", World::id(1));
        let zeros = include_str!("../fixtures/stats/stopped.json")
            .trim()
            .to_owned();
        stopped.then(|| Reply::Ticks(Duration::from_millis(500), Box::new(move |_| zeros.clone())))
    });
    let mut watcher = Watcher::start(engine.address(), false);
    for _ in 0..3 {
        watcher
            .reading(&id(&World::id(0)), "a reading", |_| true)
            .await;
    }
    let zero = watcher.seen.iter().any(|o| match o {
        Observation::Readings(batch) => batch
            .readings
            .iter()
            .any(|(id, _)| id.as_str() == World::id(1)),
        _ => false,
    });
    assert!(!zero);
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_is_told_once_and_mended_quickly() {
    let engine = FakeEngine::start(World::running(2));
    let mut watcher = Watcher::start(engine.address(), false);
    watcher.until_listed().await;
    let broken = Instant::now();
    engine.hang_up();
    let reason = until_lost(&mut watcher).await;
    assert!(reason.contains("closed the connection"), "{reason}");
    watcher.until_listed().await;
    assert!(
        broken.elapsed() < Duration::from_secs(2),
        "{:?}",
        broken.elapsed()
    );
    let lost = watcher
        .seen
        .iter()
        .filter(|o| matches!(o, Observation::Lost(_)));
    assert_eq!(lost.count(), 1);
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_falls_silent_is_noticed() {
    let engine = FakeEngine::start_with(World::running(1), |request: &Request| {
        (request.endpoint() == "/_ping").then_some(Reply::Silence)
    });
    let mut watcher = Watcher::start(engine.address(), false);
    watcher.until_listed().await;
    let reason = until_lost(&mut watcher).await;
    assert!(reason.contains("did not answer within"), "{reason}");
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_among_the_events_that_is_not_json_is_a_loss_and_not_a_crash() {
    let engine = FakeEngine::start_with(World::running(1), |request: &Request| {
        (request.endpoint() == "/events").then(|| Reply::Lines(vec!["<html>".to_owned()]))
    });
    let mut watcher = Watcher::start(engine.address(), false);
    let reason = until_lost(&mut watcher).await;
    assert!(reason.contains("not the Docker Engine API"), "{reason}");
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_things_that_happen_to_one_container_share_a_question() {
    let world = World::running(1);
    let engine = FakeEngine::start_with(world.clone(), |request: &Request| {
        if request.endpoint().ends_with("0/json") {
            // An engine that is slow to answer, so that much happens while one question is open.
            std::thread::sleep(Duration::from_millis(300));
        }
        None
    });
    let mut watcher = Watcher::start(engine.address(), false);
    watcher.until_listed().await;
    // Fewer than the watcher can hold unread, because nobody reads while they are sent.
    for _ in 0..40 {
        engine.emit(&world.event("update", 0));
    }
    engine.emit(&world.event("rename", 0));
    watcher
        .until_happened(&id(&World::id(0)), EventKind::Rename)
        .await;
    watcher
        .until_facts(&id(&World::id(0)), "fresh facts", |_| true)
        .await;
    let inspections = engine
        .requests()
        .iter()
        .filter(|path| path.ends_with("0/json"))
        .count();
    assert!((2..10).contains(&inspections), "{inspections} questions");
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_over_tcp_is_watched_alike() {
    let engine = FakeEngine::start_tcp(World::running(1), |_| None);
    let mut watcher = Watcher::with(Settings {
        docker_host: Some(engine.address().to_owned()),
        ..Settings::default()
    });
    assert_eq!(watcher.until_listed().await.len(), 1);
    let container = id(&World::id(0));
    let reading = watcher
        .reading(&container, "a percentage", |r| r.cpu_percent.is_some())
        .await;
    assert_eq!(reading.cpu_percent, Some(10.0));
    assert_eq!(reading.memory.used, 2_500_000);
    watcher.stop().await;
}
