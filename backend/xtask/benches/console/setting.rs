//! What benches are measured against: a real engine full of containers, the release server, and a live stream to read.

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use plimsoll_e2e::server::Server;
use plimsoll_shared::{Frame, Subscribe, View, routes};
use plimsoll_testkit::Engine;
use std::{
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tempfile::TempDir;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

/// A running server and the folder it keeps its data in.
pub(crate) struct Console {
    /// The server.
    pub(crate) server: Server,
    _data: TempDir,
}

/// Starts the release server on a free port, watching the engine at `docker_host`.
pub(crate) async fn console(docker_host: &str) -> Result<Console> {
    let data = tempfile::tempdir().context("no folder for the server's data")?;
    let server = Server::start(data.path(), docker_host, "127.0.0.1:0").await?;
    Ok(Console {
        server,
        _data: data,
    })
}

/// Starts idle containers until there are `count`, a few at a time.
pub(crate) fn fill(engine: &Engine, count: usize) {
    let have = engine.docker(&["ps", "--quiet"]).lines().count();
    let missing: Vec<_> = (have..count).collect();
    for some in missing.chunks(4) {
        thread::scope(|scope| {
            for number in some {
                scope.spawn(move || engine.run_idle(&format!("idle-{number}")));
            }
        });
    }
}

/// A tab's live stream.
pub(crate) struct Live(WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>);

impl Live {
    /// Watches views of the server at `url`.
    pub(crate) async fn watch(url: &str, views: Vec<View>) -> Result<Self> {
        let address = format!(
            "{}{}",
            url.trim_end_matches('/').replacen("http", "ws", 1),
            routes::LIVE
        );
        let (mut stream, _) = connect_async(&address)
            .await
            .with_context(|| format!("no live stream at {address}"))?;
        let text =
            serde_json::to_string(&Subscribe { watch: views }).context("a subscription is JSON")?;
        stream
            .send(Message::text(text))
            .await
            .context("the live stream takes no subscription")?;
        Ok(Self(stream))
    }

    /// The next frame and its size in bytes; waits 20 s at most.
    pub(crate) async fn next(&mut self) -> Result<(Frame, usize)> {
        loop {
            let message = tokio::time::timeout(Duration::from_secs(20), self.0.next())
                .await
                .context("the live stream said nothing for 20 s")?;
            match message.context("the live stream ended")?? {
                Message::Text(text) => {
                    return Ok((
                        serde_json::from_str(&text).context("a frame that is none")?,
                        text.len(),
                    ));
                }
                Message::Close(_) => bail!("the server closed the live stream"),
                _ => {}
            }
        }
    }
}

/// Now, in milliseconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A row of the containers table.
const ROW: &str = "tr.row";
/// What sorts that table by its column.
const HEADING: &str = "thead th button";

/// Answers with the time since the navigation began, once a row stands.
pub(crate) const WAIT_FOR_ROW: &str = r"
const done = arguments[0];
const look = () => document.querySelector(ROW) ? done(performance.now()) : requestAnimationFrame(look);
look();
";

/// A script that knows `ROW` and `HEADING`.
pub(crate) fn script(script: &str) -> String {
    format!("const ROW = {ROW:?}, HEADING = {HEADING:?};\n{script}")
}
