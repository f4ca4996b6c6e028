//! One streaming connection to the engine per container: the way for engines whose files are not here.

use crate::counters::{Counters, reading};
use crate::engine::{Engine, stats};
use crate::error::Error;
use futures_util::future::{AbortHandle, Abortable, BoxFuture, FutureExt};
use futures_util::stream::{FuturesUnordered, StreamExt};
use plimsoll_shared::{ContainerId, Reading, UnixMs};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};

/// Connections being opened at once.
const OPENING: usize = 16;

/// A stream that is silent for this long is opened anew; a busy engine with hundreds of containers needs seconds for a round.
const SILENCE: Duration = Duration::from_secs(30);

/// Wait before a stream that ended is opened again.
const PAUSE: Duration = Duration::from_secs(1);

/// Frames that may wait for the next tick's attention.
const WAITING: usize = 256;

/// The streams of one engine's containers. Nothing runs unless [`Streams::run`] is polled.
pub(super) struct Streams {
    engine: Engine,
    opening: Arc<Semaphore>,
    following: FuturesUnordered<BoxFuture<'static, ()>>,
    followed: HashMap<ContainerId, Followed>,
    generation: u64,
    sender: mpsc::Sender<Frame>,
    frames: mpsc::Receiver<Frame>,
}

struct Followed {
    generation: u64,
    stop: AbortHandle,
    before: Option<Counters>,
    latest: Option<Counters>,
}

impl Drop for Followed {
    fn drop(&mut self) {
        self.stop.abort();
    }
}

struct Frame {
    id: ContainerId,
    generation: u64,
    counters: Counters,
}

impl Streams {
    pub(super) fn new(engine: Engine) -> Self {
        let (sender, frames) = mpsc::channel(WAITING);
        Self {
            engine,
            opening: Arc::new(Semaphore::new(OPENING)),
            following: FuturesUnordered::new(),
            followed: HashMap::new(),
            generation: 0,
            sender,
            frames,
        }
    }

    /// Begins to follow a life; an earlier life of the same container is forgotten.
    pub(super) fn add(&mut self, id: ContainerId) {
        self.generation += 1;
        let (stop, registration) = AbortHandle::new_pair();
        let follow = follow(
            self.engine.clone(),
            id.clone(),
            self.generation,
            Arc::clone(&self.opening),
            self.sender.clone(),
        );
        let follow = Abortable::new(follow, registration).map(|_| ());
        self.following.push(follow.boxed());
        let followed = Followed {
            generation: self.generation,
            stop,
            before: None,
            latest: None,
        };
        self.followed.insert(id, followed);
    }

    pub(super) fn remove(&mut self, id: &ContainerId) {
        self.followed.remove(id);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.followed.is_empty()
    }

    /// Takes in frames for as long as it is polled. Safe to drop at any moment.
    pub(super) async fn run(&mut self) {
        loop {
            tokio::select! {
                frame = self.frames.recv() => {
                    if let Some(frame) = frame
                        && let Some(followed) = self.followed.get_mut(&frame.id)
                        && followed.generation == frame.generation
                    {
                        followed.latest = Some(frame.counters);
                    }
                }
                Some(()) = self.following.next() => {}
            }
        }
    }

    /// One reading of every container that sent a frame since the last sweep.
    pub(super) fn sweep(&mut self, at: UnixMs) -> Vec<(ContainerId, Reading)> {
        let mut readings = Vec::with_capacity(self.followed.len());
        for (id, followed) in &mut self.followed {
            if let Some(now) = followed.latest.take() {
                readings.push((id.clone(), reading(at, followed.before.as_ref(), &now)));
                followed.before = Some(now);
            }
        }
        readings
    }
}

/// Follows one container until it is told to stop: a stream that ends is opened again.
async fn follow(
    engine: Engine,
    id: ContainerId,
    generation: u64,
    opening: Arc<Semaphore>,
    frames: mpsc::Sender<Frame>,
) {
    loop {
        let error = follow_once(&engine, &id, generation, &opening, &frames).await;
        tracing::debug!(
            container = id.short(),
            error = error.chain(),
            "a statistics stream ended"
        );
        tokio::time::sleep(PAUSE).await;
    }
}

async fn follow_once(
    engine: &Engine,
    id: &ContainerId,
    generation: u64,
    opening: &Semaphore,
    frames: &mpsc::Sender<Frame>,
) -> Error {
    let slow = || Error::Slow {
        what: format!("the next statistics of {}", id.short()),
        seconds: SILENCE.as_secs(),
    };
    let opened = {
        let _permit = opening.acquire().await;
        engine.stats(id).await
    };
    let mut feed = match opened {
        Ok(feed) => feed,
        Err(error) => return error,
    };
    loop {
        let frame = match tokio::time::timeout(SILENCE, feed.next()).await {
            Ok(Ok(frame)) => frame,
            Ok(Err(error)) => return error,
            Err(_) => return slow(),
        };
        if let Some(counters) = stats::counters(frame, engine.is_podman(), crate::clock::now()) {
            let frame = Frame {
                id: id.clone(),
                generation,
                counters,
            };
            let _ = frames.send(frame).await;
        }
    }
}
