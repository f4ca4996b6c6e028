//! Someone zooms in with the mouse, goes back, and hands the address of what they see to a colleague.

use crate::{PATIENCE, Stage};
use plimsoll_e2e::pages::{Charts, ContainerPage, Containers};
use plimsoll_testkit::Engine;

#[tokio::test(flavor = "multi_thread")]
async fn a_zoom_is_undone_by_back_and_its_address_shows_the_same() {
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
    let stage = Stage::set(&engine.address()).await;
    let client = &stage.browser.client;
    let (table, page, charts) = (Containers(client), ContainerPage(client), Charts(client));
    table.open(&stage.server.url, "").await.unwrap();
    table
        .line_until("shop", PATIENCE, |line| line.cpu.ends_with('%'))
        .await
        .unwrap();
    table.follow("shop").await.unwrap();
    page.head_until("its name", PATIENCE, |head| head.contains("shop"))
        .await
        .unwrap();
    charts
        .view_until("charts with values", PATIENCE, |view| {
            view.live && view.charts.iter().any(|chart| chart.contains("highest"))
        })
        .await
        .unwrap();

    charts.drag(0.9, 1.01).await.unwrap();
    let zoomed = charts
        .view_until("the stretch that was dragged over", PATIENCE, |view| {
            !view.live && view.charts.iter().any(|chart| chart.contains("highest"))
        })
        .await
        .unwrap();
    println!("zoomed to {}", zoomed.time);
    let periods: Vec<_> = zoomed.charts.iter().filter_map(|c| period(c)).collect();
    assert!(
        periods.windows(2).all(|pair| pair[0] == pair[1]),
        "all charts show the same time: {periods:?}"
    );
    client.back().await.unwrap();
    charts
        .view_until("the hour before the zoom", PATIENCE, |view| view.live)
        .await
        .unwrap();
    client.forward().await.unwrap();
    charts
        .view_until("the zoom again", PATIENCE, |view| view.time == zoomed.time)
        .await
        .unwrap();

    // By keys: out, then to earlier times.
    charts.press("-").await.unwrap();
    let wider = charts
        .view_until("twice as much", PATIENCE, |view| view.time != zoomed.time)
        .await
        .unwrap();
    assert_ne!(wider.time, zoomed.time);
    client.back().await.unwrap();
    charts
        .view_until("the zoom", PATIENCE, |view| view.time == zoomed.time)
        .await
        .unwrap();

    // A line is hidden, and the address carries it all.
    client
        .execute(
            "document.querySelectorAll('button.chart-value')[1].click()",
            Vec::new(),
        )
        .await
        .unwrap();
    charts
        .view_until("a hidden line", PATIENCE, |view| view.hidden.len() == 1)
        .await
        .unwrap();
    let address = format!(
        "{}&log=cpu&tz=utc&compare=before",
        client.current_url().await.unwrap()
    );
    client.goto(&address).await.unwrap();
    let compared = |view: &plimsoll_e2e::pages::View| {
        view.compared.contains("before")
            && view.charts.iter().any(|chart| chart.contains("highest"))
    };
    let mine = charts
        .view_until("what is compared", PATIENCE, compared)
        .await
        .unwrap();
    let tab = client.new_window(true).await.unwrap();
    client.switch_to_window(tab.handle).await.unwrap();
    client.goto(&address).await.unwrap();
    let theirs = charts
        .view_until("the same in a second tab", PATIENCE, |view| *view == mine)
        .await
        .unwrap();
    println!("both see {theirs:?}");
    stage.browser.close().await.unwrap();
}

/// The time a chart says it shows.
fn period(chart: &str) -> Option<&str> {
    chart.split(", ").nth(1)?.split('.').next()
}
