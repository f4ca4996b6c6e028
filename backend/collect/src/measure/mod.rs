//! Measuring an engine's running containers once an interval: by files where they are here, by streams elsewhere.

mod streams;

use crate::engine::Engine;
use crate::files::Sampler;
use crate::life::Life;
use plimsoll_model::{Batch, Observation};
use plimsoll_shared::{Collection, ContainerId};
use std::path::{Path, PathBuf};
use std::time::Duration;
use streams::Streams;
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior};

/// Orders taken in at once.
const ORDERS: usize = 256;

/// What the session wants measured.
#[derive(Debug)]
pub(crate) enum Order {
    /// A life began, or is new to us.
    Follow(Box<Life>),
    /// A life ended.
    Leave(ContainerId),
}

/// How to measure.
#[derive(Debug, Clone)]
pub(crate) struct Manner {
    /// Time between two sweeps.
    pub(crate) interval: Duration,
    /// Whether files may be read.
    pub(crate) direct: bool,
    /// The machine's memory, as the engine told it.
    pub(crate) memory: Option<u64>,
    /// The folder the engine's data is in, on its machine.
    pub(crate) data: Option<PathBuf>,
}

/// Sends a batch every interval until `orders` closes or nobody listens to `out` any more.
pub(crate) async fn measure(
    engine: Engine,
    manner: Manner,
    mut orders: mpsc::Receiver<Order>,
    out: mpsc::Sender<Observation>,
) {
    let mut ticks = aligned(manner.interval);
    let mut meter = Meter::new(engine, manner).await;
    let mut received = Vec::with_capacity(ORDERS);
    loop {
        tokio::select! {
            biased;
            _ = ticks.tick() => {
                let batch = meter.sweep().await;
                if out.send(Observation::Readings(batch)).await.is_err() {
                    return;
                }
            }
            count = orders.recv_many(&mut received, ORDERS) => {
                if count == 0 {
                    return;
                }
                meter.obey(std::mem::take(&mut received)).await;
            }
            () = meter.streams.run() => {}
        }
    }
}

/// Ticks at whole multiples of `interval` by the clock on the wall, so that several hosts' readings fall together.
fn aligned(interval: Duration) -> Interval {
    let interval = interval.max(Duration::from_millis(10));
    let now = u128::try_from(crate::clock::now().0).unwrap_or(0);
    let step = interval.as_millis();
    let wait = u64::try_from(step - now % step).unwrap_or(0);
    let first = Instant::now() + Duration::from_millis(wait);
    let mut ticks = tokio::time::interval_at(first, interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    ticks
}

struct Meter {
    /// `None` where files are not to be read, or cannot be.
    sampler: Option<Sampler>,
    streams: Streams,
}

impl Meter {
    async fn new(engine: Engine, manner: Manner) -> Self {
        let sampler = match manner.direct {
            true => blocking(move || Sampler::new(Path::new("/"), manner.memory))
                .await
                .map(|sampler| sampler.with_data(manner.data))
                .ok(),
            false => None,
        };
        Self {
            sampler,
            streams: Streams::new(engine),
        }
    }

    async fn obey(&mut self, orders: Vec<Order>) {
        let sampler = self.sampler.take();
        let (sampler, orders) = blocking(move || {
            let mut sampler = sampler;
            let orders = match &mut sampler {
                Some(sampler) => orders
                    .into_iter()
                    .filter_map(|order| by_files(sampler, order))
                    .collect(),
                None => orders,
            };
            (sampler, orders)
        })
        .await;
        self.sampler = sampler;
        for order in orders {
            match order {
                Order::Follow(life) => self.streams.add(life.id),
                Order::Leave(id) => self.streams.remove(&id),
            }
        }
    }

    async fn sweep(&mut self) -> Batch {
        let at = crate::clock::now();
        let sampler = self.sampler.take();
        let (sampler, mut readings, machine) = blocking(move || {
            let mut sampler = sampler;
            let readings = sampler.as_mut().map(|sampler| sampler.sweep(at));
            let machine = sampler.as_mut().and_then(|sampler| sampler.machine(at));
            (sampler, readings.unwrap_or_default(), machine)
        })
        .await;
        readings.extend(self.streams.sweep(at));
        let by_files = sampler.as_ref().and_then(Sampler::collection);
        let collection = match (by_files, self.streams.is_empty()) {
            (Some(files), _) => files,
            (None, false) => Collection::Streams,
            (None, true) => Collection::Undecided,
        };
        self.sampler = sampler;
        Batch {
            at,
            collection,
            readings,
            machine: machine.map(Box::new),
        }
    }
}

/// Carries out an order by files; returns what is left to do by streams.
fn by_files(sampler: &mut Sampler, order: Order) -> Option<Order> {
    match order {
        Order::Leave(id) => {
            sampler.remove(&id);
            Some(Order::Leave(id))
        }
        Order::Follow(life) => match sampler.add(&life) {
            Ok(()) => Some(Order::Leave(life.id)),
            Err(error) => {
                tracing::debug!(
                    container = life.id.short(),
                    error = %crate::error::chain(&error),
                    "measured by a stream, because its files are not readable here"
                );
                Some(Order::Follow(life))
            }
        },
    }
}

/// Runs `work` where it may block; a panic in it is a panic here.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(value) => value,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // Only a runtime that is shutting down refuses work, and it never polls this again.
            Err(_) => std::future::pending().await,
        },
    }
}
