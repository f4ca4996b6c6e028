//! Someone opens the console for the first time: it says that nothing needs them, the numbers move, every container has its charts, and
//! going back finds the table.

use crate::{PATIENCE, Stage};
use plimsoll_e2e::pages::{ContainerPage, Containers, Overview, Shell, until};
use plimsoll_testkit::Engine;

#[tokio::test(flavor = "multi_thread")]
async fn the_table_is_live_and_a_container_has_its_charts() {
    let engine = Engine::start();
    engine.docker(&[
        "run",
        "-d",
        "--name",
        "busy",
        "--cpus",
        "0.2",
        "-m",
        "64m",
        "busybox:test",
        "sh",
        "-c",
        "while :; do :; done",
    ]);
    engine.docker(&[
        "run",
        "-d",
        "--name",
        "idle",
        "busybox:test",
        "sleep",
        "1000",
    ]);
    engine.docker(&["run", "--name", "done", "busybox:test", "true"]);
    let stage = Stage::set(&engine.address()).await;
    let client = &stage.browser.client;
    let (table, shell) = (Containers(client), Shell(client));

    client.goto(&stage.server.url).await.unwrap();
    let overview = Overview(client);
    overview
        .attention_until(PATIENCE, |said| said.starts_with("✓ Nothing needs you"))
        .await
        .unwrap();
    overview.follow("/containers?state=running").await.unwrap();
    let (busy, took) = table
        .line_until("busy", PATIENCE, |line| {
            line.cpu.ends_with('%') && line.cpu != "0.00%"
        })
        .await
        .unwrap();
    println!("the first moving number after {} ms", took.as_millis());
    assert_eq!(
        client.current_url().await.unwrap().query(),
        Some("state=running"),
        "a number leads to what it counts"
    );
    assert!(busy.memory.ends_with("/ 64MiB"), "{busy:?}");
    assert!(!busy.mark.is_empty(), "the mark has a text alternative");
    let (idle, _) = table
        .line_until("idle", PATIENCE, |line| line.cpu == "0.00%")
        .await
        .unwrap();
    assert_eq!(idle.pids, "1");
    shell
        .connection_until(PATIENCE, |word| word == "live")
        .await
        .unwrap();
    let first = busy.cpu;
    table
        .line_until("busy", PATIENCE, |line| line.cpu != first)
        .await
        .unwrap();
    assert!(
        table
            .lines()
            .await
            .unwrap()
            .iter()
            .all(|line| line.name != "done"),
        "stopped containers are folded away"
    );

    table.follow("busy").await.unwrap();
    let page = ContainerPage(client);
    page.head_until("its name", PATIENCE, |head| {
        head.contains("busy") && head.to_lowercase().contains("running")
    })
    .await
    .unwrap();
    let (charts, _) = until("charts with lines", PATIENCE, || async {
        let charts = page.charts().await?;
        Ok(
            (charts.len() >= 5 && charts[0].drawn > 500 && charts[0].now.contains('%'))
                .then_some(charts),
        )
    })
    .await
    .unwrap();
    println!(
        "charts: {:?}",
        charts
            .iter()
            .map(|c| (c.title.as_str(), c.now.trim()))
            .collect::<Vec<_>>()
    );

    client.back().await.unwrap();
    table.line_until("busy", PATIENCE, |_| true).await.unwrap();
    shell.switch_language().await.unwrap();
    until("Chinese", PATIENCE, || async {
        Ok((shell.look().await?.0.starts_with("zh")).then_some(()))
    })
    .await
    .unwrap();
    let (_, before, title) = shell.look().await.unwrap();
    assert!(title.contains("容器"), "{title}");
    shell.switch_theme().await.unwrap();
    until("the other theme", PATIENCE, || async {
        Ok((shell.look().await?.1 != before).then_some(()))
    })
    .await
    .unwrap();
    stage.browser.close().await.unwrap();
}
