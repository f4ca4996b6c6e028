//! One HTTP request to an engine: every answer capped, every wait limited.
//!
//! Each request has a connection of its own, polled by whoever waits for the answer, so nothing outlives the caller.

use crate::error::Error;
use crate::place::Endpoint;
use bytes::{Bytes, BytesMut};
use http::{Request, Response, header};
use http_body_util::Empty;
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

/// Longest wait for a connection.
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);

/// Longest line a stream may send: one event or one frame of statistics.
const LINE_LIMIT: usize = 1024 * 1024;

/// How much of an engine's refusal is kept.
const REFUSAL_LIMIT: usize = 4096;

/// Asks for `path` and returns the whole body, or an error when it is longer than `limit` or not there within `patience`.
pub(super) async fn get(
    endpoint: &Endpoint,
    path: &str,
    limit: usize,
    patience: Duration,
) -> Result<Bytes, Error> {
    let answer = async {
        let mut exchange = Exchange::begin(endpoint, path).await?;
        exchange.whole_body(limit).await
    };
    tokio::time::timeout(patience, answer)
        .await
        .unwrap_or_else(|_| Err(slow(path, patience)))
}

/// Asks for `path` and returns its lines as they come; the first answer must be there within `patience`.
pub(super) async fn lines(
    endpoint: &Endpoint,
    path: &str,
    patience: Duration,
) -> Result<Lines, Error> {
    let exchange = tokio::time::timeout(patience, Exchange::begin(endpoint, path))
        .await
        .unwrap_or_else(|_| Err(slow(path, patience)))?;
    Ok(Lines {
        exchange,
        unread: BytesMut::new(),
    })
}

fn slow(path: &str, patience: Duration) -> Error {
    Error::Slow {
        what: path.to_owned(),
        seconds: patience.as_secs(),
    }
}

/// The lines of an endless answer.
pub(crate) struct Lines {
    exchange: Exchange,
    unread: BytesMut,
}

impl Lines {
    /// The next line without its end; `Closed` when the engine ended the stream. Safe to drop while it waits.
    pub(crate) async fn next(&mut self) -> Result<Bytes, Error> {
        let mut searched = 0;
        loop {
            if let Some(end) = self.unread[searched..].iter().position(|b| *b == b'\n') {
                let line = self.unread.split_to(searched + end + 1).freeze();
                return Ok(line.slice(..line.len() - 1));
            }
            searched = self.unread.len();
            if searched > LINE_LIMIT {
                return Err(self.exchange.too_large(LINE_LIMIT));
            }
            match self.exchange.chunk().await? {
                Some(chunk) => self.unread.extend_from_slice(&chunk),
                None => {
                    let what = self.exchange.path.clone();
                    return Err(Error::Closed { what });
                }
            }
        }
    }
}

/// A connection and the answer that comes over it.
struct Exchange {
    path: String,
    connection: Option<Driver>,
    body: Incoming,
}

type Driver = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Exchange {
    async fn begin(endpoint: &Endpoint, path: &str) -> Result<Self, Error> {
        match endpoint {
            Endpoint::Unix(socket) => {
                let stream = connect(endpoint, UnixStream::connect(socket)).await?;
                Self::request(stream, "localhost", path).await
            }
            Endpoint::Tcp(authority) => {
                let stream = connect(endpoint, TcpStream::connect(authority)).await?;
                Self::request(stream, authority, path).await
            }
        }
    }

    async fn request<S>(stream: S, host: &str, path: &str) -> Result<Self, Error>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let broken = |source| Error::Broken {
            what: path.to_owned(),
            source,
        };
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(broken)?;
        let mut driver: Driver = Box::pin(async move {
            // Its error reaches whoever reads the answer.
            let _ = connection.await;
        });
        let request = Request::get(path)
            .header(header::HOST, host)
            .body(Empty::<Bytes>::new())
            .expect("paths and hosts are put together from checked parts");
        let mut answer = Box::pin(sender.send_request(request));
        let mut driving = true;
        let response = poll_fn(|cx| {
            if driving && driver.as_mut().poll(cx).is_ready() {
                driving = false;
            }
            answer.as_mut().poll(cx)
        })
        .await
        .map_err(broken)?;
        drop(answer);
        let status = response.status();
        let mut exchange = Self::answered(path, driving.then_some(driver), response);
        if status.is_success() {
            return Ok(exchange);
        }
        let message = match exchange.whole_body(REFUSAL_LIMIT).await {
            Ok(body) => refusal(&body),
            Err(_) => String::new(),
        };
        Err(Error::Refused {
            what: path.to_owned(),
            status: status.as_u16(),
            message,
        })
    }

    fn answered(path: &str, connection: Option<Driver>, response: Response<Incoming>) -> Self {
        Self {
            path: path.to_owned(),
            connection,
            body: response.into_body(),
        }
    }

    /// The next piece of the body; `None` at its end.
    async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        poll_fn(|cx| {
            loop {
                if let Some(driver) = &mut self.connection
                    && driver.as_mut().poll(cx).is_ready()
                {
                    self.connection = None;
                }
                return match Pin::new(&mut self.body).poll_frame(cx) {
                    Poll::Pending => Poll::Pending,
                    Poll::Ready(None) => Poll::Ready(Ok(None)),
                    Poll::Ready(Some(Err(source))) => Poll::Ready(Err(Error::Broken {
                        what: self.path.clone(),
                        source,
                    })),
                    Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                        Ok(data) => Poll::Ready(Ok(Some(data))),
                        Err(_trailers) => continue,
                    },
                };
            }
        })
        .await
    }

    async fn whole_body(&mut self, limit: usize) -> Result<Bytes, Error> {
        let mut whole = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            if whole.len() + chunk.len() > limit {
                return Err(self.too_large(limit));
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(whole.freeze())
    }

    fn too_large(&self, limit: usize) -> Error {
        Error::TooLarge {
            what: self.path.clone(),
            limit,
        }
    }
}

async fn connect<S>(
    endpoint: &Endpoint,
    connecting: impl Future<Output = std::io::Result<S>>,
) -> Result<S, Error> {
    match tokio::time::timeout(CONNECT_PATIENCE, connecting).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(source)) => Err(Error::Connect {
            endpoint: endpoint.clone(),
            source,
        }),
        Err(_) => Err(slow("a connection", CONNECT_PATIENCE)),
    }
}

/// The engine's words in a refusal: the `message` of its JSON, or the text itself, on one short line.
fn refusal(body: &[u8]) -> String {
    #[derive(serde::Deserialize)]
    struct Refusal {
        message: String,
    }
    let text = match serde_json::from_slice::<Refusal>(body) {
        Ok(refusal) => refusal.message,
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    };
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").chars().take(200).collect()
}
