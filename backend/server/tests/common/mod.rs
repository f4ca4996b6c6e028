//! The real program, asked as a browser would.
#![expect(clippy::unwrap_used, reason = "a set-up that breaks ends the test")]
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(
    clippy::allow_attributes,
    reason = "an expectation would fail in the file that uses everything"
)]

pub mod past;

use futures_util::{SinkExt, StreamExt};
use plimsoll_shared::{Body, Frame, HostRow, HostState, Subscribe, View};
use std::{
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    process::{Child, Command},
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};

pub const PATIENCE: Duration = Duration::from_secs(20);

/// A running `plimsoll serve`; ended when dropped.
pub struct Server {
    pub address: String,
    pub process: Child,
    pub log: Arc<Mutex<String>>,
}

impl Server {
    pub async fn start(data: &Path, docker_host: &str) -> Self {
        Self::start_with(data, docker_host, &[]).await
    }

    pub async fn start_with(data: &Path, docker_host: &str, more: &[&str]) -> Self {
        let mut process = command(data, docker_host, more).spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let (ready, address) = tokio::sync::oneshot::channel();
        let kept = log.clone();
        tokio::spawn(async move {
            let mut ready = Some(ready);
            while let Ok(Some(line)) = lines.next_line().await {
                if let Some((_, rest)) = line.split_once("http://")
                    && let Some(ready) = ready.take()
                {
                    let address = rest
                        .split(|c: char| c.is_whitespace() || c == '"')
                        .next()
                        .unwrap_or_default();
                    let _ = ready.send(address.to_owned());
                }
                let mut log = kept.lock().unwrap();
                log.push_str(&line);
                log.push('\n');
            }
        });
        let address = match tokio::time::timeout(PATIENCE, address).await {
            Ok(Ok(address)) => address,
            _ => panic!("the server did not become ready:\n{}", log.lock().unwrap()),
        };
        Self {
            address,
            process,
            log,
        }
    }

    pub async fn get(&self, path: &str) -> (u16, String) {
        self.ask(&format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
            self.address
        ))
        .await
    }

    /// The head and the body of an answer as it came.
    pub async fn ask_bytes(&self, request: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
        let body = answer.split_off(end.unwrap_or(answer.len() - 4) + 4);
        (String::from_utf8_lossy(&answer).into_owned(), body)
    }

    pub async fn ask(&self, request: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer
            .split_whitespace()
            .nth(1)
            .and_then(|s| s.parse().ok())
            .unwrap_or(0);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let body = if head
            .to_ascii_lowercase()
            .contains("transfer-encoding: chunked")
        {
            unchunk(body)
        } else {
            body.to_owned()
        };
        (status, body)
    }

    pub async fn json<T: serde::de::DeserializeOwned>(&self, path: &str) -> T {
        let (status, body) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap_or_else(|e| panic!("{path}: {e}\n{body}"))
    }

    pub async fn host(&self) -> HostRow {
        self.json::<Vec<HostRow>>("/api/v1/hosts").await.remove(0)
    }

    pub async fn host_until(&self, what: &str, ready: impl Fn(&HostState) -> bool) -> HostRow {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let host = self.host().await;
            if ready(&host.state) {
                return host;
            }
            assert!(
                Instant::now() < deadline,
                "not {what} within {PATIENCE:?}: {host:#?}\n{}",
                self.log.lock().unwrap()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn watch(&self, views: &[View]) -> Live {
        let (mut socket, _) =
            tokio_tungstenite::connect_async(format!("ws://{}/api/v1/live", self.address))
                .await
                .unwrap();
        let subscribe = serde_json::to_string(&Subscribe {
            watch: views.to_vec(),
        })
        .unwrap();
        socket.send(Message::text(subscribe)).await.unwrap();
        Live { socket }
    }

    pub fn signal(&self, signal: &str) {
        let pid = self.process.id().unwrap().to_string();
        assert!(
            std::process::Command::new("kill")
                .args([signal, &pid])
                .status()
                .unwrap()
                .success()
        );
    }

    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }
}

pub fn command(data: &Path, docker_host: &str, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--docker-host",
            docker_host,
            "--data",
        ])
        .arg(data)
        .args(more)
        .env_remove("DOCKER_HOST")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

fn unchunk(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        whole.push_str(&rest[..size]);
        body = rest[size..].trim_start_matches("\r\n");
    }
    whole
}

/// One tab's live stream.
pub struct Live {
    pub socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Live {
    pub async fn next(&mut self) -> Frame {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next())
                .await
                .expect("a frame within the time")
                .unwrap()
                .unwrap();
            if let Message::Text(text) = message {
                return serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
            }
        }
    }

    /// Reads frames until one satisfies `wanted`, and says how long that took.
    pub async fn until<T>(
        &mut self,
        what: &str,
        mut wanted: impl FnMut(&Body) -> Option<T>,
    ) -> (T, Duration) {
        let began = Instant::now();
        loop {
            if let Some(found) = wanted(&self.next().await.body) {
                return (found, began.elapsed());
            }
            assert!(
                began.elapsed() < PATIENCE,
                "no frame with {what} within {PATIENCE:?}"
            );
        }
    }
}
