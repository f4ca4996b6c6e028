//! How long a sample takes from the kernel's counters to the browser.

use crate::{
    report::{line, milliseconds, percentile, print, sorted},
    setting::{self, Live},
};
use anyhow::{Context, Result};
use fantoccini::Client;
use plimsoll_e2e::browser::Browser;
use plimsoll_shared::{Body, ContainerId, HostId, View};
use plimsoll_testkit::Engine;

const SAMPLES: usize = 40;
const AIM: &str = "300 ms";

/// Twenty containers, one of them busy.
pub(crate) async fn run() -> Result<()> {
    let engine = Engine::start();
    setting::fill(&engine, 19);
    let busy = engine.run(
        &["--name", "busy", "--cpus", "0.1"],
        &["sh", "-c", "while :; do :; done"],
    );
    let busy: ContainerId = busy.parse().map_err(|error| anyhow::anyhow!("{error}"))?;
    let console = setting::console(&engine.address()).await?;
    let mut live = Live::watch(&console.server.url, vec![View::Containers]).await?;
    let (frames, bytes) = sizes(&mut live).await?;
    let host = host(&console.server.url).await?;
    drop(live);
    let mut live = Live::watch(
        &console.server.url,
        vec![View::Container(host.clone(), busy.clone())],
    )
    .await?;
    let reader = reader(&mut live).await?;
    drop(live);

    let browser = Browser::open(1400, 900).await?;
    let painted = painted(&browser.client, &console.server.url, &host, &busy).await;
    browser.close().await?;
    let painted = painted?;
    let row = |what: &str, numbers: &[f64], share| {
        line(what, milliseconds(percentile(numbers, share)), AIM)
    };
    print(
        &format!(
            "From reading the counters to the reader, {SAMPLES} samples of one of 20 containers"
        ),
        "aim",
        &[
            row("frame arrives at a WebSocket reader, p50", &reader, 0.5),
            row("frame arrives at a WebSocket reader, p99", &reader, 0.99),
            row("number changes on the page in Chromium, p50", &painted, 0.5),
            row(
                "number changes on the page in Chromium, p99",
                &painted,
                0.99,
            ),
        ],
    );
    let mean = bytes as f64 / frames as f64;
    print(
        "The table's live stream, 20 containers",
        "",
        &[line("bytes of a frame, mean", format!("{mean:.0} B"), "")],
    );
    Ok(())
}

async fn sizes(live: &mut Live) -> Result<(usize, usize)> {
    let mut bytes = 0;
    live.next().await?;
    for _ in 0..10 {
        bytes += live.next().await?.1;
    }
    Ok((10, bytes))
}

async fn host(url: &str) -> Result<HostId> {
    let mut live = Live::watch(url, vec![View::Hosts]).await?;
    for _ in 0..10 {
        if let (
            plimsoll_shared::Frame {
                body: Body::Hosts { hosts, .. },
                ..
            },
            _,
        ) = live.next().await?
            && let Some(host) = hosts.first()
        {
            return Ok(host.id.clone());
        }
    }
    anyhow::bail!("the server knows no host")
}

async fn reader(live: &mut Live) -> Result<Vec<f64>> {
    let mut numbers = Vec::new();
    while numbers.len() < SAMPLES {
        let (frame, _) = live.next().await?;
        if let Body::Container {
            reading: Some(reading),
            full: false,
            ..
        } = frame.body
        {
            numbers.push((setting::now() - reading.at.0) as f64);
        }
    }
    Ok(sorted(numbers))
}

/// Notes when samples were taken, from a live stream of the page's own, and when the page changed; the browser's clock and the server's
/// are the same machine's.
const NOTE: &str = r#"
const [view, samples, done] = arguments;
const taken = [], changed = [];
const observer = new MutationObserver(() => requestAnimationFrame(() => changed.push(Date.now())));
observer.observe(document.body, { subtree: true, childList: true, characterData: true });
const live = new WebSocket(location.origin.replace("http", "ws") + "/api/v1/live");
live.onopen = () => live.send(JSON.stringify({ watch: [view] }));
live.onmessage = (message) => {
  const { body } = JSON.parse(message.data);
  if (body.is === "container" && body.reading && !body.full) taken.push(body.reading.at);
  if (taken.length <= samples) return;
  live.close(); observer.disconnect(); taken.pop(); done([taken, changed]);
};
"#;

async fn painted(
    client: &Client,
    url: &str,
    host: &HostId,
    busy: &ContainerId,
) -> Result<Vec<f64>> {
    client
        .goto(&format!(
            "{}/hosts/{host}/containers/{busy}",
            url.trim_end_matches('/')
        ))
        .await?;
    let timeouts = fantoccini::wd::TimeoutConfiguration::new(
        Some(std::time::Duration::from_secs(120)),
        None,
        None,
    );
    client.update_timeouts(timeouts).await?;
    let view = String::from(View::Container(host.clone(), busy.clone()));
    let noted = client
        .execute_async(NOTE, vec![view.into(), SAMPLES.into()])
        .await?;
    let (taken, changed): (Vec<f64>, Vec<f64>) =
        serde_json::from_value(noted).context("the page's notes")?;
    let delays = taken.iter().filter_map(|at| {
        changed
            .iter()
            .map(|change| change - at)
            .find(|delay| (0.0..1000.0).contains(delay))
    });
    Ok(sorted(delays.collect()))
}
