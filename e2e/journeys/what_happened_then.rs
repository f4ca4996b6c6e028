//! Someone asks what happened to a container at some minute: three clicks lead to the value, the event, and what nobody saw.

use crate::{PATIENCE, Stage};
use plimsoll_e2e::{
    pages::{Charts, ContainerPage, Containers},
    server::Server,
};
use plimsoll_testkit::Engine;

#[tokio::test(flavor = "multi_thread")]
async fn a_minute_of_the_past_is_three_clicks_away() {
    let engine = Engine::start();
    engine.docker(&[
        "run",
        "-d",
        "--name",
        "shop",
        "--cpus",
        "0.3",
        "-m",
        "64m",
        "busybox:test",
        "sh",
        "-c",
        "while :; do :; done",
    ]);
    let Stage {
        server,
        browser,
        data,
    } = Stage::set(&engine.address()).await;
    let client = &browser.client;
    let (table, page, charts) = (Containers(client), ContainerPage(client), Charts(client));
    table.open(&server.url, "").await.unwrap();
    table
        .line_until("shop", PATIENCE, |line| line.cpu.ends_with('%'))
        .await
        .unwrap();

    // It is restarted, and nobody looks; then the server is away for as long as a container sleeps.
    engine.docker(&["restart", "-t", "0", "shop"]);
    let restarted = engine.docker(&["inspect", "-f", "{{.State.StartedAt}}", "shop"]);
    table
        .line_until("shop", PATIENCE, |line| {
            line.state.contains("running") && line.cpu.ends_with('%') && line.cpu != "0.00%"
        })
        .await
        .unwrap();
    let address = server.url.trim_start_matches("http://").to_owned();
    server.kill().await.unwrap();
    let left = engine.docker(&["run", "--name", "away", "busybox:test", "sleep", "12"]);
    assert!(left.trim().is_empty(), "{left}");
    let server = Server::start(data.path(), &engine.address(), &address)
        .await
        .unwrap();
    table.open(&server.url, "").await.unwrap();
    table
        .line_until("shop", PATIENCE, |line| {
            line.cpu.ends_with('%') && line.cpu != "0.00%"
        })
        .await
        .unwrap();

    // First click: the container. Second: the time, and what one remembers of it. Third: none is needed.
    table.follow("shop").await.unwrap();
    page.head_until("its name", PATIENCE, |head| head.contains("shop"))
        .await
        .unwrap();
    charts
        .view_until("live charts", PATIENCE, |view| {
            view.live && view.charts.len() >= 5
        })
        .await
        .unwrap();
    charts.choose_time().await.unwrap();
    charts.type_time("half past nine").await.unwrap();
    let wrong = charts.wrong_time().await.unwrap();
    assert!(
        wrong.contains("half past nine") && wrong.contains("14:03"),
        "{wrong}"
    );
    client
        .execute("document.activeElement.value = ''", Vec::new())
        .await
        .unwrap();
    charts.type_time(&moment(&restarted)).await.unwrap();
    let told = charts
        .told_until("the restart", PATIENCE, |told| told.contains("start"))
        .await
        .unwrap();
    println!("told of {}: {told:?}", moment(&restarted));
    let view = charts.view().await.unwrap();
    assert!(!view.live, "the past stands still: {view:?}");
    let url = client.current_url().await.unwrap();
    assert!(
        url.query()
            .is_some_and(|q| q.contains("from=") && q.contains("at=")),
        "{url}"
    );

    // What nobody measured has its reason.
    let stopped = engine.docker(&["inspect", "-f", "{{.State.StartedAt}}", "away"]);
    let ended = engine.docker(&["inspect", "-f", "{{.State.FinishedAt}}", "away"]);
    let (from, to) = (stopped.trim(), ended.trim());
    println!("the server was away from {from} to {to}");
    charts.choose_time().await.unwrap();
    charts
        .type_time(&moment(&plus_six_seconds(from)))
        .await
        .unwrap();
    let told = charts
        .told_until("why there is a gap", PATIENCE, |told| {
            told.contains("Plimsoll was stopped")
        })
        .await
        .unwrap();
    assert!(!told.contains('%'), "unknown is no number: {told}");
    browser.close().await.unwrap();
}

/// `2026-11-24T19:03:09.123Z` as a person types it.
fn moment(at: &str) -> String {
    at.trim()[..19].replace('T', " ") + "Z"
}

/// The middle of the twelve seconds after that.
fn plus_six_seconds(at: &str) -> String {
    let seconds = |part: std::ops::Range<usize>| at[part].parse::<u64>().unwrap();
    let total = (seconds(11..13) * 3600 + seconds(14..16) * 60 + seconds(17..19) + 6) % 86_400;
    format!(
        "{}T{:02}:{:02}:{:02}",
        &at[..10],
        total / 3600,
        total / 60 % 60,
        total % 60
    )
}
