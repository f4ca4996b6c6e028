//! Someone opens the first page in the morning: what is near its limit, what was restarted and what was redeployed is there, and every
//! number leads to what it counts. What they are at stays where it is while the page refreshes itself. The settings say what all that
//! history costs.

use crate::{PATIENCE, Stage};
use plimsoll_e2e::pages::{ContainerPage, Containers, Lists, Overview, Settings, until};
use plimsoll_testkit::Engine;
use std::time::Duration;

/// The page refreshes itself every ten seconds.
const A_REFRESH: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
async fn what_is_near_a_limit_and_what_changed_is_one_click_away() {
    let engine = Engine::start();
    start(&engine, "job", &[], "sleep 1000");
    start(&engine, "web", &[], "sleep 1000");
    start(&engine, "full", &["-m", "32m"], &holding(30));
    let sick = [
        "--health-cmd",
        "false",
        "--health-interval",
        "250ms",
        "--health-retries",
        "1",
    ];
    start(&engine, "sick", &sick, "sleep 1000");
    let stage = Stage::set(&engine.address()).await;
    let client = &stage.browser.client;
    let overview = Overview(client);
    client.goto(&stage.server.url).await.unwrap();
    let said = overview
        .attention_until(PATIENCE, |said| {
            said.contains("full") && said.contains("fails its health check")
        })
        .await
        .unwrap();
    assert!(said.contains("of its limit of 32MiB"), "{said}");

    engine.docker(&["restart", "-t", "0", "job"]);
    engine.docker(&["rm", "-f", "web"]);
    start(&engine, "web", &[], "sleep 2000");
    let lists = overview
        .lists_until("the morning's lists", A_REFRESH, |lists| {
            changed(lists, "restarted", "job")
                && changed(lists, "redeployed", "web")
                && changed(lists, "unhealthy", "sick")
                && lists.near.iter().any(|(name, _)| name == "full")
                && lists.top.iter().any(|(_, names)| names.len() >= 4)
        })
        .await
        .unwrap();
    println!("{lists:?}");
    let (_, how_near) = lists.near.iter().find(|(name, _)| name == "full").unwrap();
    assert!(how_near.ends_with("of 32MiB of memory"), "{how_near}");

    focus_stays(&engine, &overview).await;

    overview
        .follow("/containers?state=unhealthy")
        .await
        .unwrap();
    let table = Containers(client);
    table.line_until("sick", PATIENCE, |_| true).await.unwrap();
    assert_eq!(
        table.lines().await.unwrap().len(),
        1,
        "the rest is filtered"
    );
    client.back().await.unwrap();

    overview.follow("/containers?sort=-mem").await.unwrap();
    let (first, _) = until("the table by memory", PATIENCE, || async {
        Ok(table.lines().await?.into_iter().next())
    })
    .await
    .unwrap();
    assert_eq!(first.name, "larger");
    client.back().await.unwrap();

    let id = engine.docker(&["inspect", "--format", "{{.Id}}", "job"]);
    let page = format!("/hosts/local/containers/{}/charts?from=", id.trim());
    overview.follow(&page).await.unwrap();
    ContainerPage(client)
        .head_until("the restarted container's page", PATIENCE, |head| {
            head.contains("job")
        })
        .await
        .unwrap();

    let room = Settings(client)
        .room(&stage.server.url, PATIENCE)
        .await
        .unwrap();
    assert_eq!(room.tiers.len(), 5, "{room:?}");
    assert_eq!(room.tiers[0][0], "every reading");
    assert!(room.outlook.contains("not enough history yet"), "{room:?}");
    let data = stage.data.path().display().to_string();
    assert!(room.commands[0].ends_with(&data), "{room:?}");
    stage.browser.close().await.unwrap();
}

/// A larger container comes into the list above the one in focus, which stays in focus and where it is.
async fn focus_stays(engine: &Engine, overview: &Overview<'_>) {
    let focus = "const link = [...document.querySelectorAll('.consumers a')].find(a => a.textContent.includes('full'));
        link.focus(); window.inFocus = link; return link.href";
    let url = overview.0.execute(focus, Vec::new()).await.unwrap();
    start(engine, "larger", &["-m", "128m"], &holding(60));
    overview
        .lists_until("the larger one", A_REFRESH * 2, |lists| {
            let memory = lists.top.iter().find(|(metric, _)| metric == "Memory");
            memory.is_some_and(|(_, names)| names.iter().any(|name| name == "larger"))
        })
        .await
        .unwrap();
    let kept = "return document.activeElement === window.inFocus ? window.inFocus.href : null";
    assert_eq!(overview.0.execute(kept, Vec::new()).await.unwrap(), url);
    overview
        .0
        .execute("document.activeElement.blur()", Vec::new())
        .await
        .unwrap();
}

fn changed(lists: &Lists, what: &str, name: &str) -> bool {
    let mut changes = lists.changed.iter();
    changes.any(|change| change.what.ends_with(what) && change.name == name)
}

/// A command that holds that many mebibytes of memory, of its own container and of no disk.
fn holding(mebibytes: u32) -> String {
    format!("dd if=/dev/zero of=/dev/shm/held bs=1M count={mebibytes}; sleep 1000")
}

fn start(engine: &Engine, name: &str, more: &[&str], command: &str) {
    let mut arguments = vec!["run", "-d", "--name", name];
    arguments.extend(more);
    arguments.extend(["busybox:test", "sh", "-c", command]);
    engine.docker(&arguments);
}
