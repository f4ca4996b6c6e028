//! How smoothly a table of a thousand containers scrolls and sorts in Chromium.

use crate::{
    report::{line, milliseconds, percentile, print, sorted},
    setting::{self, Live},
};
use anyhow::{Context, Result};
use fantoccini::Client;
use plimsoll_e2e::browser::Browser;
use plimsoll_shared::{Body, View};
use plimsoll_testkit::{FakeEngine, World};

const CONTAINERS: usize = 1000;
/// One frame at 60 Hz.
const AIM: &str = "16.7 ms";

/// Scrolls the whole table and sorts it by each column, while it is live.
pub(crate) async fn run() -> Result<()> {
    let engine = FakeEngine::start(World::running(CONTAINERS));
    let console = setting::console(engine.address()).await?;
    wait_for_rows(&console.server.url).await?;
    let browser = Browser::open(1600, 1000).await?;
    let measured = measure(&browser.client, &console.server.url).await;
    browser.close().await?;
    let (scroll, sort) = measured?;
    let row = |what: &str, numbers: &[f64], share| {
        line(what, milliseconds(percentile(numbers, share)), AIM)
    };
    print(
        &format!("Frame times of a live table of {CONTAINERS} containers, Chromium without a GPU"),
        "60 a second",
        &[
            row("scrolling, p50", &scroll, 0.5),
            row("scrolling, p95", &scroll, 0.95),
            row("scrolling, longest", &scroll, 1.0),
            row("sorting by another column, p50", &sort, 0.5),
            row("sorting by another column, longest", &sort, 1.0),
        ],
    );
    Ok(())
}

async fn wait_for_rows(url: &str) -> Result<()> {
    let mut live = Live::watch(url, vec![View::Containers]).await?;
    let mut known = 0;
    while known < CONTAINERS {
        known += match live.next().await?.0.body {
            Body::ContainersFull { rows, .. } | Body::ContainersDelta { rows, .. } => rows.len(),
            _ => 0,
        };
    }
    Ok(())
}

/// Scrolls by 60 pixels a frame to the end, and notes how long each frame took.
const SCROLL: &str = r#"
const done = arguments[0];
const row = document.querySelector(ROW);
let box = row;
while (box && !(box.scrollHeight > box.clientHeight + 50 && /auto|scroll/.test(getComputedStyle(box).overflowY))) box = box.parentElement;
box ??= document.scrollingElement;
const frames = [];
let before;
const step = (now) => {
  if (before !== undefined) frames.push(now - before);
  before = now;
  const top = box.scrollTop;
  box.scrollTop = top + 60;
  if (frames.length > 2 && box.scrollTop === top || frames.length >= 400) { box.scrollTop = 0; done(frames); }
  else requestAnimationFrame(step);
};
requestAnimationFrame(step);
"#;

/// Clicks each column's heading twice, and notes the time from the click to the end of the frame that shows the new order.
const SORT: &str = r#"
const done = arguments[0];
const headings = [...document.querySelectorAll(HEADING)];
const frame = () => new Promise((seen) => requestAnimationFrame(() => setTimeout(seen, 0)));
(async () => {
  const times = [];
  for (const heading of [...headings, ...headings]) {
    await frame();
    const start = performance.now();
    heading.click();
    await frame();
    times.push(performance.now() - start);
  }
  done(times);
})();
"#;

async fn measure(client: &Client, url: &str) -> Result<(Vec<f64>, Vec<f64>)> {
    let timeouts = fantoccini::wd::TimeoutConfiguration::new(
        Some(std::time::Duration::from_secs(60)),
        None,
        None,
    );
    client.update_timeouts(timeouts).await?;
    client.goto(url).await?;
    client
        .execute_async(&setting::script(setting::WAIT_FOR_ROW), Vec::new())
        .await?;
    let note = async |script: &str| -> Result<Vec<f64>> {
        let noted = client
            .execute_async(&setting::script(script), Vec::new())
            .await?;
        let times: Vec<f64> = serde_json::from_value(noted).context("the page's notes")?;
        anyhow::ensure!(
            !times.is_empty(),
            "the page has no rows to scroll or no headings to sort by"
        );
        Ok(sorted(times))
    };
    Ok((note(SCROLL).await?, note(SORT).await?))
}
