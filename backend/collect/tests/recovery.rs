//! An engine that is killed, stopped and started again: told, recovered from, and never a zero in between.

mod support;

use plimsoll_model::Observation;
use plimsoll_shared::ContainerState;
use plimsoll_testkit::Engine;
use std::time::Duration;
use support::{PATIENCE, Watcher, id};

async fn until_lost(watcher: &mut Watcher) -> String {
    watcher
        .until(PATIENCE, "loss", |o| match o {
            Observation::Lost(reason) => Some(reason.clone()),
            _ => None,
        })
        .await
}

/// Restarts the engine after `end` ended it, and checks that what was told in between holds no reading of zeros.
async fn survives(end: fn(&Engine), direct: bool) {
    let engine = Engine::start();
    let steady = id(&engine.run_idle("steady"));
    let mut watcher = Watcher::start(&engine.address(), direct);
    watcher.until_listed().await;
    let before = watcher
        .reading(&steady, "a reading", |r| r.cpu_percent.is_some())
        .await;
    assert!(before.memory.raw > 0);

    end(&engine);
    until_lost(&mut watcher).await;
    engine.restart();
    let connected = |o: &Observation| matches!(o, Observation::Connected { .. }).then_some(());
    watcher.until(PATIENCE, "return", connected).await;
    let all = watcher.until_listed().await;
    assert_eq!(all.len(), 1);
    assert_eq!(
        all[0].state,
        ContainerState::Exited,
        "what was missed is repaired by the list"
    );

    engine.docker(&["start", "steady"]);
    let first = watcher
        .reading(&steady, "a reading of the new life", |_| true)
        .await;
    assert_eq!(first.cpu_percent, None);
    watcher
        .reading(&steady, "a percentage again", |r| r.cpu_percent.is_some())
        .await;
    for observation in &watcher.seen {
        if let Observation::Readings(batch) = observation {
            for (_, reading) in &batch.readings {
                assert!(
                    reading.memory.raw > 0 && reading.cpu_total_ns > 0,
                    "a false zero: {reading:?}"
                );
            }
        }
    }
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_killed_while_files_are_read() {
    survives(Engine::kill, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_stopped_while_streams_are_read() {
    survives(Engine::stop, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_while_nobody_watches_is_in_the_next_list() {
    let engine = Engine::shared();
    let mut watcher = Watcher::with(plimsoll_collect::Settings {
        docker_host: Some(engine.address()),
        list_every: Duration::from_secs(1),
        ..plimsoll_collect::Settings::default()
    });
    watcher.until_listed().await;
    let kept = id(&engine.run_idle("recovery-kept"));
    let listed = |o: &Observation| match o {
        Observation::Listed(all) => all.iter().find(|f| f.id == kept).cloned(),
        _ => None,
    };
    let facts = watcher.until(PATIENCE, "the safety net", listed).await;
    assert_eq!(facts.state, ContainerState::Running);
    assert!(
        facts.started_at.is_some(),
        "running containers are asked about"
    );
    engine.docker(&["rm", "--force", "recovery-kept"]);
    let gone = |o: &Observation| match o {
        Observation::Listed(all) => all.iter().all(|f| f.id != kept).then_some(()),
        _ => None,
    };
    watcher.until(PATIENCE, "a list without it", gone).await;
    watcher.stop().await;
}
