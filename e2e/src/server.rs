//! The real `plimsoll serve` on a free port of loopback.

use anyhow::{Context, bail};
use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// A running server; ended when dropped.
pub struct Server {
    /// Where it answers, `http://127.0.0.1:PORT`.
    pub url: String,
    process: Child,
}

impl Server {
    /// Starts the program that `PLIMSOLL_BIN` names on `listen`, with `data` as its folder, watching the engine at `docker_host`.
    ///
    /// # Errors
    /// When the program is missing or does not say within 20 s that it is ready.
    pub async fn start(data: &Path, docker_host: &str, listen: &str) -> anyhow::Result<Self> {
        let program = std::env::var_os("PLIMSOLL_BIN").map(PathBuf::from).context(
            "PLIMSOLL_BIN does not name the built server; run the journeys with: cargo xtask test --only e2e",
        )?;
        let mut process = Command::new(&program)
            .args([
                "serve",
                "--listen",
                listen,
                "--docker-host",
                docker_host,
                "--data",
            ])
            .arg(data)
            .env_remove("DOCKER_HOST")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} could not be started", program.display()))?;
        let stderr = process
            .stderr
            .take()
            .context("the server has no standard error")?;
        let ready = tokio::time::timeout(Duration::from_secs(20), url_of(stderr)).await;
        let url = ready.context("the server was not ready within 20 s")??;
        Ok(Self { url, process })
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.process.id()
    }

    /// Ends it at once, as a crash would.
    ///
    /// # Errors
    /// When it had ended already.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        self.process.kill().await?;
        Ok(())
    }
}

async fn url_of(stderr: tokio::process::ChildStderr) -> anyhow::Result<String> {
    let mut lines = BufReader::new(stderr).lines();
    let mut said = String::new();
    while let Some(line) = lines.next_line().await? {
        if let Some(start) = line.find("http://") {
            let url = line[start..]
                .split_whitespace()
                .next()
                .unwrap_or_default()
                .trim_matches('"')
                .to_owned();
            tokio::spawn(async move {
                while let Ok(Some(line)) = lines.next_line().await {
                    eprintln!("server: {line}");
                }
            });
            return Ok(url);
        }
        said.push_str(&line);
        said.push('\n');
    }
    bail!("the server ended before it was ready:\n{said}")
}
