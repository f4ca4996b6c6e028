//! Everything that happens to a container is told within two seconds, with the facts it changed.

mod support;

use plimsoll_model::Observation;
use plimsoll_shared::{ContainerState, EventKind, Health};
use plimsoll_testkit::Engine;
use support::{SOON, Watcher, id};

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_says_what_it_is_before_anything_else() {
    let engine = Engine::shared();
    let mut watcher = Watcher::start(&engine.address(), true);
    let Observation::Connected {
        endpoint,
        facts,
        clock_skew_ms,
    } = watcher.next(support::PATIENCE).await
    else {
        panic!("the connection is told first");
    };
    assert_eq!(endpoint, engine.address());
    let told = |format: &str| engine.docker(&["info", "--format", format]);
    assert_eq!(facts.engine_id, told("{{.ID}}"));
    assert_eq!(facts.version, told("{{.ServerVersion}}"));
    assert_eq!(facts.memory.to_string(), told("{{.MemTotal}}"));
    assert_eq!(facts.cpus.to_string(), told("{{.NCPU}}"));
    assert_eq!(facts.cgroup_version, told("{{.CgroupVersion}}"));
    assert_eq!(facts.storage_driver, told("{{.Driver}}"));
    let skew = clock_skew_ms.expect("its clock can be compared");
    assert!(
        skew.abs() < 1000,
        "the same machine's clock is {skew} ms off"
    );
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_is_seen_to_start_pause_rename_restart_end_and_go() {
    let engine = Engine::shared();
    let mut watcher = Watcher::start(&engine.address(), true);
    watcher.until_listed().await;

    let web = id(&engine.run_idle("life-web"));
    watcher.until_happened(&web, EventKind::Start).await;
    let facts = watcher.until_state(&web, ContainerState::Running).await;
    assert_eq!(facts.name, "life-web");
    assert_eq!(facts.command, ["sleep", "100000"]);
    assert!(facts.started_at.is_some() && facts.exit_code.is_none());
    let first = watcher.reading(&web, "first reading", |_| true).await;
    assert_eq!(first.cpu_percent, None, "one snapshot makes no percentage");
    let second = watcher.reading(&web, "second reading", |_| true).await;
    assert!(second.cpu_percent.is_some());

    engine.docker(&["pause", web.as_str()]);
    watcher.until_happened(&web, EventKind::Pause).await;
    watcher.until_state(&web, ContainerState::Paused).await;
    watcher
        .reading(&web, "a reading while it is frozen", |_| true)
        .await;
    engine.docker(&["unpause", web.as_str()]);
    watcher.until_happened(&web, EventKind::Unpause).await;
    watcher.until_state(&web, ContainerState::Running).await;

    engine.docker(&["rename", "life-web", "life-front"]);
    let renamed = watcher.until_happened(&web, EventKind::Rename).await;
    assert_eq!(renamed.detail.as_deref(), Some("life-web → life-front"));
    watcher
        .until_facts(&web, "its new name", |f| f.name == "life-front")
        .await;

    engine.docker(&["restart", "--time", "0", web.as_str()]);
    watcher.until_happened(&web, EventKind::Die).await;
    let restarted = watcher
        .until_facts(&web, "its second life", |f| {
            f.state == ContainerState::Running && f.started_at > facts.started_at
        })
        .await;
    assert_eq!(restarted.exit_code, None);
    let reading = watcher
        .reading(&web, "reading of the new life", |_| true)
        .await;
    assert_eq!(reading.cpu_percent, None, "two lives are never compared");

    engine.docker(&["kill", web.as_str()]);
    let died = watcher.until_happened(&web, EventKind::Die).await;
    assert_eq!(died.detail.as_deref(), Some("137"));
    let ended = watcher.until_state(&web, ContainerState::Exited).await;
    assert_eq!(ended.exit_code, Some(137));
    assert!(ended.finished_at.is_some());

    engine.docker(&["rm", web.as_str()]);
    watcher.until_happened(&web, EventKind::Destroy).await;
    watcher
        .until(SOON, "its removal", |o| {
            (*o == Observation::Removed(web.clone())).then_some(())
        })
        .await;
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_health_check_is_seen_to_change_its_mind() {
    let engine = Engine::shared();
    let mut watcher = Watcher::start(&engine.address(), true);
    watcher.until_listed().await;
    let check = [
        "--health-cmd",
        "test -e /tmp/well",
        "--health-interval",
        "300ms",
        "--health-retries",
        "1",
    ];
    let sick = id(&engine.run(
        &[&["--name", "life-sick"][..], &check].concat(),
        &["sleep", "100000"],
    ));
    let verdict = watcher.until_happened(&sick, EventKind::Health).await;
    assert_eq!(verdict.detail.as_deref(), Some("unhealthy"));
    watcher
        .until_facts(&sick, "unhealthy", |f| f.health == Health::Unhealthy)
        .await;
    engine.docker(&["exec", "life-sick", "touch", "/tmp/well"]);
    let verdict = watcher.until_happened(&sick, EventKind::Health).await;
    assert_eq!(verdict.detail.as_deref(), Some("healthy"));
    watcher
        .until_facts(&sick, "healthy", |f| f.health == Health::Healthy)
        .await;
    engine.docker(&["rm", "--force", "life-sick"]);
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_ran_out_of_memory_says_so() {
    let engine = Engine::shared();
    let mut watcher = Watcher::start(&engine.address(), true);
    watcher.until_listed().await;
    let greedy = id(&engine.run(
        &[
            "--name",
            "life-greedy",
            "--memory",
            "8m",
            "--memory-swap",
            "8m",
        ],
        &["sh", "-c", "sleep 0.3; exec tail /dev/zero"],
    ));
    watcher.until_happened(&greedy, EventKind::Start).await;
    watcher.until_happened(&greedy, EventKind::Oom).await;
    let ended = watcher.until_state(&greedy, ContainerState::Exited).await;
    assert!(ended.oom_killed);
    assert_eq!(ended.exit_code, Some(137));
    engine.docker(&["rm", "--force", "life-greedy"]);
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_under_a_restart_policy_counts_its_restarts() {
    let engine = Engine::shared();
    let mut watcher = Watcher::start(&engine.address(), true);
    watcher.until_listed().await;
    let loops = id(&engine.run(
        &["--name", "life-loop", "--restart", "on-failure:2"],
        &["sh", "-c", "exit 3"],
    ));
    let ended = watcher
        .until(support::PATIENCE, "its last end", |o| match o {
            Observation::Container(f)
                if f.id == loops && f.state == ContainerState::Exited && f.restarts == Some(2) =>
            {
                Some(f.clone())
            }
            _ => None,
        })
        .await;
    assert_eq!(ended.exit_code, Some(3));
    assert_eq!(ended.restart_policy.as_deref(), Some("on-failure:2"));
    engine.docker(&["rm", "--force", "life-loop"]);
    watcher.stop().await;
}
