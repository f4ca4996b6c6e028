//! One connection to an engine, from its greeting to its loss: events, the list, and fresh facts of what changed.

mod inspections;
mod lives;

use crate::Settings;
use crate::engine::{Engine, Feed, Introduction, event, list::Row};
use crate::error::Error;
use crate::life::Life;
use crate::measure::{Manner, Order, measure};
use bollard::models::EventMessage;
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{self, StreamExt};
use inspections::{Asked, Inspections};
use lives::Lives;
use plimsoll_model::{ContainerFacts, Happening, Observation};
use plimsoll_shared::{ContainerId, EventKind};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

/// Inspections under way at once.
const INSPECTING: usize = 8;

/// How long the engine may say nothing before it is asked whether it is still there.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// Orders that may wait for the meter.
const ORDERS: usize = 1024;

/// Why a session is over.
#[derive(Debug)]
pub(crate) enum Ended {
    /// The engine stopped answering.
    Lost(Error),
    /// Nobody listens any more.
    Unheard,
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Lost(error)
    }
}

type Outcome<T> = Result<T, Ended>;

/// Watches a connected engine until it is lost. Everything it does is done inside this future.
pub(crate) async fn watch(
    engine: Engine,
    settings: &Settings,
    out: &mpsc::Sender<Observation>,
    on_connected: impl FnOnce(),
) -> Ended {
    // Events first: what happens while the list is read is then known to have happened.
    let started = async {
        let events = engine.events().await?;
        let introduction = engine.introduction().await?;
        Ok::<_, Error>((events, introduction))
    };
    let (events, introduction) = match started.await {
        Ok(started) => started,
        Err(error) => return Ended::Lost(error),
    };
    let Introduction {
        facts,
        clock_skew_ms,
        data,
    } = introduction;
    let manner = Manner {
        interval: settings.interval,
        direct: settings.direct,
        memory: (facts.memory > 0).then_some(facts.memory),
        data,
    };
    let connected = Observation::Connected {
        endpoint: engine.endpoint().to_string(),
        facts: Box::new(facts),
        clock_skew_ms,
    };
    if out.send(connected).await.is_err() {
        return Ended::Unheard;
    }
    on_connected();
    let (orders, ordered) = mpsc::channel(ORDERS);
    let session = Session {
        engine: engine.clone(),
        out: out.clone(),
        orders,
        lives: Lives::new(engine.is_podman()),
        inspections: Inspections::new(engine.clone()),
        listing: None,
        touched: HashMap::new(),
    };
    tokio::select! {
        ended = session.run(events, settings.list_every) => ended,
        () = measure(engine, manner, ordered, out.clone()) => Ended::Unheard,
    }
}

/// The list: each container with what asking further brought and what its row tells.
type Listed = Vec<(ContainerId, Asked, ContainerFacts)>;

/// A list being read.
type Listing = BoxFuture<'static, Result<Listed, Error>>;

struct Session {
    engine: Engine,
    out: mpsc::Sender<Observation>,
    orders: mpsc::Sender<Order>,
    lives: Lives,
    inspections: Inspections,
    listing: Option<Listing>,
    /// What events told of containers while a list was being read: newer than the list. `None` is: removed.
    touched: HashMap<ContainerId, Option<ContainerFacts>>,
}

impl Session {
    async fn run(mut self, mut events: Feed<EventMessage>, list_every: Duration) -> Ended {
        let mut heard = Instant::now();
        let mut list_at = Instant::now();
        loop {
            let step = tokio::select! {
                message = events.next() => {
                    heard = Instant::now();
                    match message {
                        Ok(message) => self.hear(message).await,
                        Err(error) => Err(Ended::Lost(error)),
                    }
                }
                (id, asked) = self.inspections.next() => self.learn(id, asked).await,
                listed = next_listing(&mut self.listing) => {
                    self.listing = None;
                    list_at = Instant::now() + list_every;
                    match listed {
                        Ok(listed) => self.publish_list(listed).await,
                        Err(error) => Err(Ended::Lost(error)),
                    }
                }
                () = sleep_until(list_at), if self.listing.is_none() => {
                    self.touched.clear();
                    self.listing = Some(list(self.engine.clone()).boxed());
                    Ok(())
                }
                () = sleep_until(heard + HEARTBEAT) => {
                    heard = Instant::now();
                    self.engine.ping().await.map_err(Ended::Lost)
                }
            };
            if let Err(ended) = step {
                return ended;
            }
        }
    }

    /// Takes in one message of the event stream.
    async fn hear(&mut self, message: EventMessage) -> Outcome<()> {
        let Some(happening) = event::happening(message) else {
            return Ok(());
        };
        let Happening {
            container, kind, ..
        } = &happening;
        let (container, kind) = (container.clone(), *kind);
        self.tell(Observation::Happened(happening)).await?;
        match kind {
            EventKind::Destroy => {
                self.leave(&container).await?;
                self.inspections.forget(&container);
                self.remember(&container, None);
                self.tell(Observation::Removed(container)).await
            }
            EventKind::Die => {
                // At once, so that no reading is taken of an ended life.
                self.leave(&container).await?;
                self.inspections.ask(container);
                Ok(())
            }
            _ => {
                self.inspections.ask(container);
                Ok(())
            }
        }
    }

    /// Takes in the answer about one container.
    async fn learn(&mut self, id: ContainerId, asked: Asked) -> Outcome<()> {
        match asked {
            Asked::Known(inspected) => {
                self.follow(&id, inspected.life()).await?;
                let facts = inspected.into_facts();
                self.remember(&id, Some(&facts));
                self.tell(Observation::Container(Box::new(facts))).await
            }
            // The event that says so is on its way.
            Asked::Gone => self.leave(&id).await,
            Asked::Failed => Ok(()),
        }
    }

    fn remember(&mut self, id: &ContainerId, facts: Option<&ContainerFacts>) {
        if self.listing.is_some() {
            self.touched.insert(id.clone(), facts.cloned());
        }
    }

    async fn publish_list(&mut self, listed: Listed) -> Outcome<()> {
        let (orders, all) = self.merge(listed);
        for order in orders {
            self.order(order).await?;
        }
        self.tell(Observation::Listed(all)).await
    }

    /// What a list changes, given what events told while it was being read.
    fn merge(&mut self, listed: Listed) -> (Vec<Order>, Vec<ContainerFacts>) {
        let mut touched = std::mem::take(&mut self.touched);
        let newer: HashSet<_> = touched.keys().cloned().collect();
        let is_newer = |id: &ContainerId| newer.contains(id) || self.inspections.is_asking(id);
        let mut all = Vec::with_capacity(listed.len());
        let mut lives = Vec::new();
        for (id, asked, facts) in listed {
            if let Some(told) = touched.remove(&id) {
                all.extend(told);
                continue;
            }
            if !is_newer(&id) {
                lives.push((id, life(&asked, &facts)));
            }
            all.push(match asked {
                Asked::Known(inspected) => inspected.into_facts(),
                Asked::Gone | Asked::Failed => facts,
            });
        }
        all.extend(touched.into_values().flatten());
        (self.lives.replace(lives, is_newer), all)
    }

    async fn follow(&mut self, id: &ContainerId, life: Option<Life>) -> Outcome<()> {
        match self.lives.change(id, life) {
            Some(order) => self.order(order).await,
            None => Ok(()),
        }
    }

    async fn leave(&mut self, id: &ContainerId) -> Outcome<()> {
        self.follow(id, None).await
    }

    async fn order(&mut self, order: Order) -> Outcome<()> {
        self.orders.send(order).await.map_err(|_| Ended::Unheard)
    }

    async fn tell(&mut self, observation: Observation) -> Outcome<()> {
        self.out.send(observation).await.map_err(|_| Ended::Unheard)
    }
}

/// The life a list tells of; a running container about which nothing more is known can still be measured by a stream.
fn life(asked: &Asked, listed: &ContainerFacts) -> Option<Life> {
    match asked {
        Asked::Known(inspected) => inspected.life(),
        Asked::Failed if listed.state.is_alive() => Some(Lives::barely_known(listed)),
        Asked::Failed | Asked::Gone => None,
    }
}

async fn next_listing(listing: &mut Option<Listing>) -> Result<Listed, Error> {
    match listing {
        Some(listing) => listing.await,
        None => std::future::pending().await,
    }
}

/// Reads the list, and asks further about the containers that run. The others are told by their row alone, so that thousands of
/// stopped containers are one question.
async fn list(engine: Engine) -> Result<Listed, Error> {
    let rows = engine.list().await?;
    let ask = |row: Row| {
        let engine = engine.clone();
        async move {
            let id = row.id().clone();
            let asked = match row.state().is_alive() {
                true => inspections::ask(&engine, &id).await,
                false => Asked::Failed,
            };
            (id, asked, row.into_facts())
        }
    };
    let all = stream::iter(rows).map(ask).buffered(INSPECTING);
    // A container that went while it was asked about is not in the list.
    Ok(all
        .filter(|(_, asked, _)| std::future::ready(!matches!(asked, Asked::Gone)))
        .collect()
        .await)
}
