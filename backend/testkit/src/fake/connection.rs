//! One HTTP/1.1 connection, and the ways in which an answer can go wrong on it.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Longest request head that is read.
const HEAD_LIMIT: usize = 16 * 1024;

/// A request, the part that a script decides by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Method.
    pub method: String,
    /// Path and query as they came: `/v1.41/containers/json?all=true`.
    pub path: String,
}

impl Request {
    /// The path without API version and query: `/containers/json`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        let path = self.path.split('?').next().unwrap_or_default();
        match path.strip_prefix("/v") {
            Some(rest) => rest.find('/').map_or(path, |slash| &rest[slash..]),
            None => path,
        }
    }
}

/// An answer, well-formed or not.
pub enum Reply {
    /// Status 200 and this JSON.
    Json(String),
    /// This status and this text.
    Status(u16, String),
    /// These bytes instead of HTTP, then the end of the connection.
    Garbage(Vec<u8>),
    /// Announces all of this JSON, sends half of it, and closes the connection.
    HalfBody(String),
    /// Takes the request and says nothing.
    Silence,
    /// A stream of these lines, without their ends, which then stays open in silence.
    Lines(Vec<String>),
    /// A stream of a line now and one each time this long has passed; the function is given the line's number.
    Ticks(Duration, Box<dyn Fn(u64) -> String + Send>),
    /// A stream of these lines that ends after the last.
    LinesThenEnd(Vec<String>),
    /// A body that never ends and has no line ends.
    Endless,
}

/// One connection of a client.
#[derive(Clone)]
pub(super) struct Connection(Arc<Inner>);

struct Inner {
    stream: Stream,
    events: AtomicBool,
}

enum Stream {
    Unix(UnixStream),
    Tcp(TcpStream),
}

impl From<UnixStream> for Connection {
    fn from(stream: UnixStream) -> Self {
        Self::over(Stream::Unix(stream))
    }
}

impl From<TcpStream> for Connection {
    fn from(stream: TcpStream) -> Self {
        Self::over(Stream::Tcp(stream))
    }
}

impl Connection {
    fn over(stream: Stream) -> Self {
        Self(Arc::new(Inner {
            stream,
            events: AtomicBool::new(false),
        }))
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn is_events(&self) -> bool {
        self.0.events.load(Ordering::SeqCst)
    }

    pub(super) fn close(&self) {
        let _ = match &self.0.stream {
            Stream::Unix(stream) => stream.shutdown(Shutdown::Both),
            Stream::Tcp(stream) => stream.shutdown(Shutdown::Both),
        };
    }

    fn read(&self, buffer: &mut [u8]) -> usize {
        match &self.0.stream {
            Stream::Unix(stream) => (&*stream).read(buffer),
            Stream::Tcp(stream) => (&*stream).read(buffer),
        }
        .unwrap_or(0)
    }

    fn write(&self, bytes: &[u8]) -> bool {
        match &self.0.stream {
            Stream::Unix(stream) => (&*stream).write_all(bytes),
            Stream::Tcp(stream) => (&*stream).write_all(bytes),
        }
        .is_ok()
    }

    /// Writes one chunk of a chunked body; false when the client is gone.
    pub(super) fn chunk(&self, bytes: &[u8]) -> bool {
        let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
        chunk.extend_from_slice(bytes);
        chunk.extend_from_slice(b"\r\n");
        self.write(&chunk)
    }

    /// The next request; `None` when the client is gone or does not speak HTTP. Requests of this API's readers have no body.
    pub(super) fn read_request(&self) -> Option<Request> {
        let mut head = Vec::new();
        let mut byte = [0; 512];
        while !head.windows(4).any(|four| four == b"\r\n\r\n") {
            let count = self.read(&mut byte);
            if count == 0 || head.len() > HEAD_LIMIT {
                return None;
            }
            head.extend_from_slice(&byte[..count]);
        }
        let text = String::from_utf8_lossy(&head);
        let mut words = text.lines().next()?.split(' ');
        Some(Request {
            method: words.next()?.to_owned(),
            path: words.next()?.to_owned(),
        })
    }

    /// Sends an answer; true when the connection can take another request.
    pub(super) fn send(&self, request: &Request, reply: Reply) -> bool {
        match reply {
            Reply::Json(body) => self.whole(200, "application/json", &body),
            Reply::Status(status, body) => self.whole(status, "text/plain", &body),
            Reply::Garbage(bytes) => {
                self.write(&bytes);
                false
            }
            Reply::HalfBody(body) => {
                let head = head(200, "application/json", body.len());
                let half = &body.as_bytes()[..body.len() / 2];
                self.write(&[head.as_bytes(), half].concat());
                false
            }
            Reply::Silence => {
                self.wait_for_the_end();
                false
            }
            Reply::Lines(lines) => {
                if self.begin_stream(request) && self.lines(&lines) {
                    self.wait_for_the_end();
                }
                false
            }
            Reply::Ticks(every, line) => {
                let mut open = self.begin_stream(request);
                for number in 0.. {
                    open = open && self.lines(&[line(number)]);
                    if !open {
                        break;
                    }
                    std::thread::sleep(every);
                }
                false
            }
            Reply::LinesThenEnd(lines) => {
                if self.begin_stream(request) && self.lines(&lines) {
                    self.write(b"0\r\n\r\n");
                }
                false
            }
            Reply::Endless => {
                let text = "a".repeat(64 * 1024);
                let mut open = self.begin_stream(request) && self.chunk(b"{\"filler\":\"");
                while open {
                    open = self.chunk(text.as_bytes());
                }
                false
            }
        }
    }

    fn whole(&self, status: u16, kind: &str, body: &str) -> bool {
        let head = head(status, kind, body.len());
        self.write(&[head.as_bytes(), body.as_bytes()].concat())
    }

    fn begin_stream(&self, request: &Request) -> bool {
        let began = self.write(
            b"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        );
        let events = request.endpoint() == "/events";
        self.0.events.store(events, Ordering::SeqCst);
        began
    }

    fn lines(&self, lines: &[String]) -> bool {
        lines
            .iter()
            .all(|line| self.chunk(format!("{line}\n").as_bytes()))
    }

    fn wait_for_the_end(&self) {
        let mut byte = [0; 64];
        while self.read(&mut byte) > 0 {}
    }
}

fn head(status: u16, kind: &str, length: usize) -> String {
    format!(
        "HTTP/1.1 {status} Scripted\r\nApi-Version: 1.41\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    )
}
