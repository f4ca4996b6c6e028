//! An operator watches the table while a container starts, sickens, is paused, renamed, restarted, killed and removed.

use crate::{PATIENCE, SOON, Stage};
use plimsoll_e2e::pages::{ContainerPage, Containers};
use plimsoll_testkit::Engine;

#[tokio::test(flavor = "multi_thread")]
async fn every_state_shows_within_two_seconds() {
    let engine = Engine::start();
    engine.docker(&[
        "run",
        "-d",
        "--name",
        "steady",
        "busybox:test",
        "sleep",
        "1000",
    ]);
    let stage = Stage::set(&engine.address()).await;
    let client = &stage.browser.client;
    let table = Containers(client);
    table
        .open(
            &stage.server.url,
            "?stopped=1&cols=state,health,cpu,mem,pids,restarts",
        )
        .await
        .unwrap();
    table
        .line_until("steady", PATIENCE, |line| line.state.contains("running"))
        .await
        .unwrap();

    let seen = |what: &str, took: std::time::Duration| println!("{what}: {} ms", took.as_millis());
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
    seen(
        "started",
        table
            .line_until("web", SOON, |line| line.state.contains("running"))
            .await
            .unwrap()
            .1,
    );
    table
        .line_until("web", SOON, |line| {
            line.health.ends_with("healthy") && !line.health.contains("unhealthy")
        })
        .await
        .unwrap();
    engine.docker(&["pause", "web"]);
    seen(
        "paused",
        table
            .line_until("web", SOON, |line| line.state.contains("paused"))
            .await
            .unwrap()
            .1,
    );
    engine.docker(&["unpause", "web"]);
    table
        .line_until("web", SOON, |line| line.state.contains("running"))
        .await
        .unwrap();
    engine.docker(&["exec", "web", "touch", "/tmp/sick"]);
    seen(
        "unhealthy",
        table
            .line_until("web", SOON, |line| line.health.contains("unhealthy"))
            .await
            .unwrap()
            .1,
    );
    engine.docker(&["rename", "web", "shop"]);
    seen(
        "renamed",
        table.line_until("shop", SOON, |_| true).await.unwrap().1,
    );
    table.gone("web", SOON).await.unwrap();
    engine.docker(&["restart", "-t", "0", "shop"]);
    seen(
        "restarted",
        table
            .line_until("shop", SOON, |line| {
                line.state.contains("running") && !line.health.contains("unhealthy")
            })
            .await
            .unwrap()
            .1,
    );

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
        "sleep 1; tail /dev/zero",
    ]);
    let (line, took) = table
        .line_until("greedy", SOON * 2, |line| {
            line.state.contains("137") || line.state.contains("memory")
        })
        .await
        .unwrap();
    seen(
        &format!("killed for want of memory, shown as {:?}", line.state),
        took,
    );
    assert_ne!(
        line.cpu, "0.00%",
        "what does not run has no reading, not zero"
    );
    table.follow("greedy").await.unwrap();
    let page = ContainerPage(client);
    page.head_until("why it ended", PATIENCE, |head| {
        head.contains("137") && head.contains("memory")
    })
    .await
    .unwrap();
    engine.docker(&["rm", "-f", "greedy"]);
    page.head_until("that it is gone", SOON, |head| head.contains("removed"))
        .await
        .unwrap();
    client.back().await.unwrap();
    table
        .line_until("steady", PATIENCE, |_| true)
        .await
        .unwrap();
    table.gone("greedy", SOON).await.unwrap();
    stage.browser.close().await.unwrap();
}
