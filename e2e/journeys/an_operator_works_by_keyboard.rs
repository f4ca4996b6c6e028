//! An operator searches, sorts, freezes and opens a row without touching the mouse; the address is the state, and going back finds
//! the table as it was.

use crate::{PATIENCE, Stage};
use plimsoll_e2e::pages::{ContainerPage, Containers, Shell, until};
use plimsoll_testkit::{FakeEngine, World};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn the_address_is_the_state_and_back_finds_it_again() {
    let engine = FakeEngine::start(World::running(400).named("shop-"));
    let stage = Stage::set(engine.address()).await;
    let client = &stage.browser.client;
    let (table, shell) = (Containers(client), Shell(client));
    let address = || async { Ok::<_, anyhow::Error>(client.current_url().await?.to_string()) };
    table.open(&stage.server.url, "?sort=name").await.unwrap();
    table
        .line_until("shop-0", PATIENCE, |_| true)
        .await
        .unwrap();

    shell.press("/").await.unwrap();
    shell.press("shop-39").await.unwrap();
    let (lines, _) = until("only what was searched", PATIENCE, || async {
        let lines = table.lines().await?;
        Ok(
            (!lines.is_empty() && lines.iter().all(|line| line.name.contains("shop-39")))
                .then_some(lines),
        )
    })
    .await
    .unwrap();
    assert_eq!(lines.len(), 11, "shop-39 and shop-390 to shop-399");
    assert!(address().await.unwrap().contains("q=shop-39"));
    client
        .execute("document.activeElement.blur()", Vec::new())
        .await
        .unwrap();

    shell.press(" ").await.unwrap();
    until("frozen", PATIENCE, || async {
        Ok(address().await?.contains("live=0").then_some(()))
    })
    .await
    .unwrap();
    let before = table.lines().await.unwrap();
    tokio::time::sleep(Duration::from_millis(2500)).await;
    let names = |lines: &[plimsoll_e2e::pages::Line]| {
        lines
            .iter()
            .map(|line| line.name.clone())
            .collect::<Vec<_>>()
    };
    let after = table.lines().await.unwrap();
    assert_eq!(names(&before), names(&after), "the order stands");

    shell.press("jj").await.unwrap();
    let cursor = "return document.querySelector('tr.cursor .c-name')?.textContent.trim() ?? ''";
    let (chosen, _) = until("a row under the cursor", PATIENCE, || async {
        let name = client.execute(cursor, Vec::new()).await?;
        Ok(name
            .as_str()
            .filter(|name| !name.is_empty())
            .map(str::to_owned))
    })
    .await
    .unwrap();
    shell.press("\u{e007}").await.unwrap();
    let page = ContainerPage(client);
    page.head_until("the chosen container's page", PATIENCE, |head| {
        head.contains(&chosen)
    })
    .await
    .unwrap();
    client.back().await.unwrap();
    table.line_until(&chosen, PATIENCE, |_| true).await.unwrap();
    let url = address().await.unwrap();
    assert!(url.contains("q=shop-39") && url.contains("live=0"), "{url}");
    until("the cursor where it was", PATIENCE, || async {
        Ok((client.execute(cursor, Vec::new()).await? == chosen.as_str()).then_some(()))
    })
    .await
    .unwrap();
    stage.browser.close().await.unwrap();
}
