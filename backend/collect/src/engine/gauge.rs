//! How much came over a connection, and the end of one that brings too much.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How far a question got: whether anybody is there, whether it is answered, and how many bytes came.
pub(super) struct Gauge {
    pub(super) limit: usize,
    read: AtomicUsize,
    connected: AtomicBool,
    accepted: AtomicBool,
}

impl Gauge {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            read: AtomicUsize::new(0),
            connected: AtomicBool::new(false),
            accepted: AtomicBool::new(false),
        }
    }

    pub(super) fn connected(&self) -> bool {
        self.connected.load(Ordering::Relaxed)
    }

    pub(super) fn accepted(&self) -> bool {
        self.accepted.load(Ordering::Relaxed)
    }

    /// Somebody is there.
    pub(super) fn connect(&self) {
        self.connected.store(true, Ordering::Relaxed);
    }

    /// The engine begins an answer that is not a refusal.
    pub(super) fn accept(&self) {
        self.accepted.store(true, Ordering::Relaxed);
    }

    fn count(&self, bytes: usize) {
        self.read.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn start_over(&self) {
        self.read.store(0, Ordering::Relaxed);
    }

    pub(super) fn is_past(&self) -> bool {
        self.read.load(Ordering::Relaxed) > self.limit
    }
}

/// A connection that fails once more came over it than its question allows.
pub(super) struct Capped<S> {
    pub(super) stream: S,
    pub(super) gauge: Arc<Gauge>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Capped<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        self.gauge.count(buf.filled().len() - before);
        match self.gauge.is_past() {
            true => Poll::Ready(Err(io::ErrorKind::FileTooLarge.into())),
            false => Poll::Ready(Ok(())),
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Capped<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
