//! Names, images and states from a hostile engine are text on every page, and five thousand rows do not weigh the page down.

use crate::{PATIENCE, Stage};
use plimsoll_e2e::pages::{Containers, Shell, until};
use plimsoll_testkit::{FakeEngine, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_name_with_html_is_text_and_a_long_list_stays_light() {
    let engine = FakeEngine::start(
        World::running(300)
            .and_exited(4700)
            .named("<img src=x onerror=alert(1)>\u{202e}"),
    );
    let stage = Stage::set(engine.address()).await;
    let client = &stage.browser.client;
    let (table, shell) = (Containers(client), Shell(client));
    table.open(&stage.server.url, "?stopped=1").await.unwrap();
    shell.watch_for_complaints().await.unwrap();
    let (lines, took) = until("rows", PATIENCE, || async {
        let lines = table.lines().await?;
        Ok((lines.len() > 5).then_some(lines))
    })
    .await
    .unwrap();
    println!(
        "{} rows drawn of 5,000 after {} ms",
        lines.len(),
        took.as_millis()
    );
    assert!(lines.len() <= 200, "{} rows in the page", lines.len());
    assert!(
        lines[0].name.contains("<img src=x onerror=alert(1)>"),
        "{:?}",
        lines[0].name
    );
    assert!(
        !lines[0].name.contains('\u{202e}'),
        "direction overrides are made visible"
    );
    let images = client
        .execute(
            "return document.querySelectorAll('main img').length",
            Vec::new(),
        )
        .await
        .unwrap();
    assert_eq!(images, 0);
    for path in ["/hosts", "/settings"] {
        client
            .goto(&format!("{}{path}", stage.server.url))
            .await
            .unwrap();
        shell.watch_for_complaints().await.unwrap();
        until("the page", PATIENCE, || async {
            Ok((shell.look().await?.2.contains("Plimsoll")).then_some(()))
        })
        .await
        .unwrap();
    }
    assert_eq!(shell.complaints().await.unwrap(), Vec::<String>::new());
    stage.browser.close().await.unwrap();
}
