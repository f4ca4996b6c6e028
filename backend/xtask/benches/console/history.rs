//! How long the charts of one container take to draw anew and to be pointed at, on the database that the server's bench seeded.

use crate::{
    report::{line, milliseconds, percentile, print, sorted},
    setting,
};
use anyhow::{Context, Result, ensure};
use plimsoll_e2e::{browser::Browser, server::Server};
use plimsoll_shared::{HostId, routes};
use std::{fs, path::Path, time::Duration};

const HOUR_MS: i64 = 3_600_000;
/// One frame at 60 Hz.
const AIM: &str = "16.7 ms";

/// An hour of one container: six charts, each line as fine as the page asks for it.
pub(crate) async fn run() -> Result<()> {
    let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join("history-of-1000");
    let note = fs::read_to_string(data.join("seeded"))
        .context("no database is seeded: run `cargo xtask bench history`")?;
    let end: i64 = note
        .split(' ')
        .nth(1)
        .context("the note of what was seeded is none")?
        .parse()?;
    let nobody = format!("unix://{}", data.join("no-engine.sock").display());
    let server = Server::start(&data, &nobody, "127.0.0.1:0").await?;
    let browser = Browser::open(1600, 1000).await?;
    let measured = measure(&browser, &server.url, end).await;
    browser.close().await?;
    server.kill().await?;
    let (charts, redraw, hover) = measured?;
    let row = |what: &str, numbers: &[f64], share| {
        line(what, milliseconds(percentile(numbers, share)), AIM)
    };
    print(
        &format!("Work in a frame with {charts} charts of an hour, Chromium without a GPU"),
        "60 a second",
        &[
            row("drawing all anew, p50", &redraw, 0.5),
            row("drawing all anew, longest", &redraw, 1.0),
            row("moving the crosshair, p50", &hover, 0.5),
            row("moving the crosshair, p95", &hover, 0.95),
            row("moving the crosshair, longest", &hover, 1.0),
        ],
    );
    Ok(())
}

/// Makes the page narrower and wider by a pixel, and moves the pointer over the first chart; notes what each takes of the frame it is
/// seen in, handlers included.
const WORK: &str = r#"
const done = arguments[0];
const plots = [...document.querySelectorAll(".plot")];
const work = (act) => new Promise((seen) => requestAnimationFrame(() => setTimeout(() => {
  const start = performance.now();
  act();
  const acted = performance.now() - start;
  requestAnimationFrame(() => {
    const begun = performance.now();
    setTimeout(() => seen(acted + performance.now() - begun), 0);
  });
}, 0)));
(async () => {
  const redraw = [], hover = [];
  const root = document.querySelector("main") ?? document.body;
  for (let turn = 0; turn < 40; turn++) redraw.push(await work(() => { root.style.paddingRight = `${turn % 2}px`; }));
  const box = plots[0].getBoundingClientRect();
  for (let x = 10; x < box.width - 10; x += 7) hover.push(await work(() => {
    const at = { bubbles: true, clientX: box.left + x, clientY: box.top + box.height / 2, pointerType: "mouse" };
    plots[0].dispatchEvent(new PointerEvent("pointermove", at));
  }));
  done([plots.length, redraw, hover]);
})();
"#;

/// Whether every chart has its lines.
const WAIT_FOR_CHARTS: &str = r#"
const done = arguments[0];
const look = () => {
  const plots = document.querySelectorAll(".plot canvas");
  const empty = [...document.querySelectorAll(".plot-empty")].every((words) => !words.hidden);
  plots.length > 0 && !empty ? setTimeout(() => done(plots.length), 500) : requestAnimationFrame(look);
};
look();
"#;

async fn measure(browser: &Browser, url: &str, end: i64) -> Result<(usize, Vec<f64>, Vec<f64>)> {
    let client = &browser.client;
    let timeouts =
        fantoccini::wd::TimeoutConfiguration::new(Some(Duration::from_secs(60)), None, None);
    client.update_timeouts(timeouts).await?;
    let id = format!("{:064x}", 9)
        .parse()
        .map_err(|_| anyhow::anyhow!("64 digits are an id"))?;
    let container = routes::container(&HostId::local(), &id);
    let page = container.trim_start_matches("/api/v1");
    let address = format!(
        "{}{page}?from={}&to={end}",
        url.trim_end_matches('/'),
        end - HOUR_MS
    );
    client.goto(&address).await?;
    client.execute_async(WAIT_FOR_CHARTS, Vec::new()).await?;
    let noted = client
        .execute_async(&setting::script(WORK), Vec::new())
        .await?;
    let (charts, redraw, hover): (usize, Vec<f64>, Vec<f64>) =
        serde_json::from_value(noted).context("the page's notes")?;
    ensure!(
        !redraw.is_empty() && !hover.is_empty(),
        "the page has no charts"
    );
    Ok((charts, sorted(redraw), sorted(hover)))
}
