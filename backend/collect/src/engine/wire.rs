//! How bollard reaches an engine: a connection for each question, every answer capped, every wait limited.
//!
//! bollard reads an answer whole, and a stream as far as its next line. The limit is therefore kept under it, where bytes arrive:
//! a question that is sent more fails there. Whoever waits for an answer drives its connection, so nothing outlives the caller.

use super::gauge::{Capped, Gauge};
use crate::error::Error;
use crate::place::Endpoint;
use bollard::errors::Error as Cause;
use bollard::{API_DEFAULT_VERSION, BollardRequest, ClientVersion, Docker};
use bytes::Bytes;
use futures_util::stream::{BoxStream, Stream, StreamExt};
use http::uri::PathAndQuery;
use http::{HeaderValue, Request, Response, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

/// How far a connection reads ahead of whoever takes its bytes; well below every limit, so that what waits is not taken for more.
const AHEAD: usize = 64 * 1024;

/// Seconds until bollard itself gives up on a question; every question here has a shorter limit of its own.
const BOLLARDS_PATIENCE: u64 = 120;

type Driver = Pin<Box<dyn Future<Output = ()> + Send>>;

/// One question, asked through bollard over a connection of its own.
pub(super) struct Question {
    path: String,
    what: String,
    line: Line,
    docker: Docker,
}

impl Question {
    /// Prepares to ask for `what`, a path, in `version` if one is agreed on; `limit` is in bytes, and starts anew with each item
    /// of a stream.
    pub(super) fn new(
        endpoint: &Endpoint,
        version: Option<ClientVersion>,
        what: &str,
        limit: usize,
    ) -> Self {
        let line = Line {
            endpoint: endpoint.clone(),
            version,
            gauge: Arc::new(Gauge::new(limit)),
            driver: Arc::default(),
        };
        let transport = line.clone();
        let docker = Docker::connect_with_custom_transport(
            move |request: BollardRequest| transport.clone().send(request),
            Some("http://localhost"),
            BOLLARDS_PATIENCE,
            API_DEFAULT_VERSION,
        )
        .expect("bollard only puts a client of its own transport together");
        let version = version.map_or_else(String::new, |version| format!("/v{version}"));
        Self {
            path: what.to_owned(),
            what: format!("{version}{what}"),
            line,
            docker,
        }
    }

    /// What is asked for, without the version.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The same question, to be asked once more.
    pub(super) fn again(&self) -> Self {
        let Line {
            endpoint,
            version,
            gauge,
            ..
        } = &self.line;
        Self::new(endpoint, *version, &self.path, gauge.limit)
    }

    /// The client to ask with.
    pub(super) fn docker(&self) -> &Docker {
        &self.docker
    }

    /// Waits for an answer, no longer than `patience`.
    pub(super) async fn answer<T>(
        &self,
        patience: Duration,
        asking: impl Future<Output = Result<T, Cause>>,
    ) -> Result<T, Error> {
        let mut asking = pin!(asking);
        let driven = poll_fn(|cx| {
            self.line.drive(cx);
            asking.as_mut().poll(cx)
        });
        self.in_time(patience, driven)
            .await?
            .map_err(|cause| self.error(cause))
    }

    /// Waits until the engine begins to answer with a stream, no longer than `patience`.
    pub(super) async fn listen<T>(
        self,
        patience: Duration,
        items: impl Stream<Item = Result<T, Cause>> + Send + 'static,
    ) -> Result<Feed<T>, Error> {
        let mut items = items.boxed();
        // bollard asks when it is first polled, and a quiet stream has no item to wait for.
        let opened = poll_fn(|cx| {
            self.line.drive(cx);
            match items.poll_next_unpin(cx) {
                Poll::Ready(item) => Poll::Ready(Some(item)),
                Poll::Pending if self.line.gauge.accepted() => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
            }
        });
        let first = self.in_time(patience, opened).await?;
        let refused = !self.line.gauge.accepted();
        let mut feed = Feed {
            question: self,
            items,
            first,
        };
        if refused {
            // The first item is then the refusal.
            feed.next().await?;
        }
        Ok(feed)
    }

    /// Asks for `path` without bollard's reading of the answer: its body as it is.
    pub(super) async fn body(&self, path: &str) -> Result<Bytes, Cause> {
        let request = Request::get(path).body(bollard::body_full(Bytes::new()))?;
        let response = self.line.clone().send(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        match status.is_success() {
            true => Ok(body),
            false => Err(Cause::DockerResponseServerError {
                status_code: status.as_u16(),
                message: String::from_utf8_lossy(&body).into_owned(),
            }),
        }
    }

    /// An answer that came whole and is not what it should be.
    pub(super) fn unreadable(&self, source: impl Into<Cause>) -> Error {
        Error::Unreadable {
            what: self.what.clone(),
            source: source.into(),
        }
    }

    async fn in_time<T>(
        &self,
        patience: Duration,
        waiting: impl Future<Output = T>,
    ) -> Result<T, Error> {
        tokio::time::timeout(patience, waiting)
            .await
            .map_err(|_| Error::Slow {
                what: self.what.clone(),
                seconds: patience.as_secs(),
            })
    }

    fn item<T>(&self, item: Option<Result<T, Cause>>) -> Result<T, Error> {
        match item {
            Some(Ok(item)) => {
                self.line.gauge.start_over();
                Ok(item)
            }
            Some(Err(cause)) => Err(self.error(cause)),
            None => Err(Error::Closed {
                what: self.what.clone(),
            }),
        }
    }

    fn error(&self, cause: Cause) -> Error {
        let what = self.what.clone();
        let gauge = &self.line.gauge;
        if gauge.is_past() {
            let limit = gauge.limit;
            return Error::TooLarge { what, limit };
        }
        match cause {
            Cause::IOError { err } if !gauge.connected() => Error::Connect {
                endpoint: self.line.endpoint.clone(),
                source: err,
            },
            Cause::DockerResponseServerError {
                status_code,
                message,
            } => Error::Refused {
                what,
                status: status_code,
                message: refusal(&message),
            },
            Cause::JsonDataError { .. } | Cause::JsonSerdeError { .. } => self.unreadable(cause),
            source => Error::Broken { what, source },
        }
    }
}

/// The items of an endless answer.
pub(crate) struct Feed<T> {
    question: Question,
    items: BoxStream<'static, Result<T, Cause>>,
    /// What came while the stream was being opened.
    first: Option<Option<Result<T, Cause>>>,
}

impl<T> Feed<T> {
    /// The next item; `Closed` when the engine ended the stream. Safe to drop while it waits.
    pub(crate) async fn next(&mut self) -> Result<T, Error> {
        let item = match self.first.take() {
            Some(first) => first,
            None => {
                poll_fn(|cx| {
                    self.question.line.drive(cx);
                    self.items.poll_next_unpin(cx)
                })
                .await
            }
        };
        self.question.item(item)
    }
}

/// The way to an engine, shared between a question and the client it is asked with.
#[derive(Clone)]
struct Line {
    endpoint: Endpoint,
    version: Option<ClientVersion>,
    gauge: Arc<Gauge>,
    /// What moves the bytes, from the moment an answer begins.
    driver: Arc<Mutex<Option<Driver>>>,
}

impl Line {
    async fn send(self, request: BollardRequest) -> Result<Response<Incoming>, Cause> {
        match &self.endpoint {
            Endpoint::Unix(socket) => {
                let stream = UnixStream::connect(socket).await?;
                self.exchange(stream, "localhost", request).await
            }
            Endpoint::Tcp(authority) => {
                let stream = TcpStream::connect(authority).await?;
                self.exchange(stream, authority, request).await
            }
        }
    }

    async fn exchange<S>(
        &self,
        stream: S,
        host: &str,
        request: BollardRequest,
    ) -> Result<Response<Incoming>, Cause>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let request = self.address(request, host)?;
        self.gauge.connect();
        let capped = Capped {
            stream,
            gauge: Arc::clone(&self.gauge),
        };
        let (mut sender, connection) = http1::Builder::new()
            .max_buf_size(AHEAD)
            .handshake(TokioIo::new(capped))
            .await?;
        let mut driver: Driver = Box::pin(async move {
            // Its error reaches whoever reads the answer.
            let _ = connection.await;
        });
        let mut answer = pin!(sender.send_request(request));
        let mut driving = true;
        let response = poll_fn(|cx| {
            if driving && driver.as_mut().poll(cx).is_ready() {
                driving = false;
            }
            answer.as_mut().poll(cx)
        })
        .await?;
        *self.driver() = driving.then_some(driver);
        if response.status().is_success() {
            self.gauge.accept();
        }
        Ok(response)
    }

    /// Writes version and host into a request: bollard drops the version as it puts the address together.
    fn address(&self, mut request: BollardRequest, host: &str) -> Result<BollardRequest, Cause> {
        let asked = request.uri().path_and_query();
        let path = asked.map_or("/", PathAndQuery::as_str);
        let path = match self.version {
            Some(version) => format!("/v{version}{path}"),
            None => path.to_owned(),
        };
        *request.uri_mut() = path.parse()?;
        let host = HeaderValue::from_str(host).map_err(http::Error::from)?;
        request.headers_mut().insert(header::HOST, host);
        Ok(request)
    }

    fn drive(&self, cx: &mut Context<'_>) {
        let mut driver = self.driver();
        if let Some(moving) = driver.as_mut()
            && moving.as_mut().poll(cx).is_ready()
        {
            *driver = None;
        }
    }

    fn driver(&self) -> MutexGuard<'_, Option<Driver>> {
        self.driver.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The engine's words in a refusal: the `message` of its JSON, or the text itself, on one short line.
fn refusal(text: &str) -> String {
    #[derive(serde::Deserialize)]
    struct Refusal {
        message: String,
    }
    let message = serde_json::from_str(text).map(|refusal: Refusal| refusal.message);
    let words: Vec<_> = message
        .as_deref()
        .unwrap_or(text)
        .split_whitespace()
        .collect();
    words.join(" ").chars().take(200).collect()
}
