//! The engine is killed and started again, then the server: the open page says so and recovers without a reload.

use crate::{PATIENCE, SOON, Stage};
use plimsoll_e2e::{
    pages::{Containers, Shell, until},
    server::Server,
};
use plimsoll_testkit::Engine;

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_what_is_gone_and_recovers_without_a_reload() {
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
    let Stage {
        server,
        browser,
        data,
    } = Stage::set(&engine.address()).await;
    let client = &browser.client;
    let (table, shell) = (Containers(client), Shell(client));
    table.open(&server.url, "?stopped=1").await.unwrap();
    table
        .line_until("steady", PATIENCE, |line| line.cpu == "0.00%")
        .await
        .unwrap();
    client
        .execute("window.notReloaded = true", Vec::new())
        .await
        .unwrap();

    engine.kill();
    let (banners, took) = until("a banner", SOON, || async {
        let banners = shell.banners().await?;
        Ok((!banners.is_empty()).then_some(banners))
    })
    .await
    .unwrap();
    println!("the page says after {} ms: {banners:?}", took.as_millis());
    table
        .line_until("steady", SOON, |line| line.aged)
        .await
        .unwrap();

    engine.restart();
    engine.docker(&["start", "steady"]);
    table
        .line_until("steady", PATIENCE, |line| {
            !line.aged && line.state.contains("running") && line.cpu == "0.00%"
        })
        .await
        .unwrap();
    until("no banner", PATIENCE, || async {
        Ok(shell.banners().await?.is_empty().then_some(()))
    })
    .await
    .unwrap();

    let address = server.url.trim_start_matches("http://").to_owned();
    server.kill().await.unwrap();
    shell
        .connection_until(PATIENCE, |word| word != "live")
        .await
        .unwrap();
    let again = Server::start(data.path(), &engine.address(), &address)
        .await
        .unwrap();
    shell
        .connection_until(PATIENCE, |word| word == "live")
        .await
        .unwrap();
    table
        .line_until("steady", PATIENCE, |line| !line.aged && line.cpu == "0.00%")
        .await
        .unwrap();
    let kept = client
        .execute("return window.notReloaded === true", Vec::new())
        .await
        .unwrap();
    assert_eq!(kept, true, "the page was not reloaded");
    drop(again);
    browser.close().await.unwrap();
}
