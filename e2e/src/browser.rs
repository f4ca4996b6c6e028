//! A headless Chromium, driven through ChromeDriver.

use anyhow::{Context, bail};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use std::{process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

const STARTED: &str = "started successfully on port ";

/// One ChromeDriver with one browser window; both end when this is dropped.
pub struct Browser {
    /// The window.
    pub client: Client,
    driver: Child,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Opens a window of that size in CSS pixels.
    ///
    /// # Errors
    /// When ChromeDriver or Chromium is missing (Debian packages `chromium-driver` and `chromium`) or does not start.
    pub async fn open(width: u32, height: u32) -> anyhow::Result<Self> {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("chromedriver could not be started; install Debian's chromium-driver")?;
        let stdout = driver
            .stdout
            .take()
            .context("chromedriver has no standard output")?;
        let port = tokio::time::timeout(Duration::from_secs(20), port_of(stdout))
            .await
            .context("chromedriver did not start in 20 s")??;
        let profile = tempfile::tempdir()?;
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--force-device-scale-factor=1",
        ]
        .map(str::to_owned)
        .into_iter()
        .chain([
            format!("--user-data-dir={}", profile.path().display()),
            format!("--window-size={width},{height}"),
        ])
        .collect::<Vec<_>>();
        let wanted = json!({
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let serde_json::Value::Object(wanted) = wanted else {
            bail!("capabilities are an object")
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .context("no session with chromedriver; is Debian's chromium installed?")?;
        Ok(Self {
            client,
            driver,
            _profile: profile,
        })
    }

    /// Closes the window and ends ChromeDriver.
    ///
    /// # Errors
    /// When ChromeDriver does not answer.
    pub async fn close(mut self) -> anyhow::Result<()> {
        self.client.clone().close().await?;
        self.driver.kill().await?;
        Ok(())
    }
}

async fn port_of(stdout: tokio::process::ChildStdout) -> anyhow::Result<u16> {
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some((_, rest)) = line.split_once(STARTED) {
            let port = rest
                .trim_end_matches('.')
                .parse()
                .with_context(|| format!("no port in {line:?}"))?;
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(port);
        }
    }
    bail!("chromedriver ended before it started")
}
