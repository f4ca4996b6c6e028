//! Watching an engine from a test: what was observed, and waiting for what should be.

#![expect(dead_code, reason = "each test program uses its own part")]

use plimsoll_collect::{Settings, watch};
use plimsoll_model::{Batch, ContainerFacts, Happening, Observation};
use plimsoll_shared::{ContainerId, ContainerState, EventKind, Reading};
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Longest wait for something that must happen.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How soon the console must know of a change.
pub const SOON: Duration = Duration::from_secs(2);

/// A collector at work, and everything it told.
pub struct Watcher {
    observations: mpsc::Receiver<Observation>,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
    /// All that was told so far.
    pub seen: Vec<Observation>,
    /// The newest facts of each container.
    pub facts: HashMap<ContainerId, ContainerFacts>,
}

impl Watcher {
    /// Begins to watch the engine at `address`, by streams alone unless `direct`.
    pub fn start(address: &str, direct: bool) -> Self {
        Self::with(Settings {
            docker_host: Some(address.to_owned()),
            direct,
            ..Settings::default()
        })
    }

    pub fn with(settings: Settings) -> Self {
        let (sender, observations) = mpsc::channel(64);
        let stop = CancellationToken::new();
        let task = tokio::spawn(watch(settings, sender, stop.clone()));
        Self {
            observations,
            stop,
            task: Some(task),
            seen: Vec::new(),
            facts: HashMap::new(),
        }
    }

    /// The next observation.
    pub async fn next(&mut self, limit: Duration) -> Observation {
        let next = tokio::time::timeout(limit, self.observations.recv()).await;
        let observation = next
            .unwrap_or_else(|_| panic!("nothing more within {limit:?}; so far: {:#?}", self.last()))
            .expect("the collector goes on until it is stopped");
        match &observation {
            Observation::Listed(all) => {
                self.facts = all.iter().map(|f| (f.id.clone(), f.clone())).collect();
            }
            Observation::Container(facts) => {
                self.facts.insert(facts.id.clone(), (**facts).clone());
            }
            Observation::Removed(id) => {
                self.facts.remove(id);
            }
            _ => {}
        }
        self.seen.push(observation.clone());
        observation
    }

    fn last(&self) -> Vec<&Observation> {
        self.seen.iter().rev().take(5).collect()
    }

    /// Waits until `wanted` recognises an observation and returns what it made of it.
    pub async fn until<T>(
        &mut self,
        limit: Duration,
        what: &str,
        mut wanted: impl FnMut(&Observation) -> Option<T>,
    ) -> T {
        let deadline = Instant::now() + limit;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "no {what} within {limit:?}; so far: {:#?}",
                self.last()
            );
            let observation = self.next(left.max(Duration::from_millis(1))).await;
            if let Some(found) = wanted(&observation) {
                return found;
            }
        }
    }

    pub async fn until_listed(&mut self) -> Vec<ContainerFacts> {
        self.until(PATIENCE, "list", |o| match o {
            Observation::Listed(all) => Some(all.clone()),
            _ => None,
        })
        .await
    }

    pub async fn until_happened(&mut self, id: &ContainerId, kind: EventKind) -> Happening {
        self.until(SOON, &format!("{kind:?} of {}", id.short()), |o| match o {
            Observation::Happened(h) if h.container == *id && h.kind == kind => Some(h.clone()),
            _ => None,
        })
        .await
    }

    pub async fn until_facts(
        &mut self,
        id: &ContainerId,
        what: &str,
        wanted: impl Fn(&ContainerFacts) -> bool,
    ) -> ContainerFacts {
        self.until(SOON, what, |o| match o {
            Observation::Container(facts) if facts.id == *id && wanted(facts) => {
                Some((**facts).clone())
            }
            _ => None,
        })
        .await
    }

    pub async fn until_state(&mut self, id: &ContainerId, state: ContainerState) -> ContainerFacts {
        self.until_facts(id, &format!("{state:?}"), |facts| facts.state == state)
            .await
    }

    pub async fn next_batch(&mut self) -> Batch {
        self.until(PATIENCE, "batch of readings", |o| match o {
            Observation::Readings(batch) => Some(batch.clone()),
            _ => None,
        })
        .await
    }

    /// The next reading of one container that `wanted` accepts.
    pub async fn reading(
        &mut self,
        id: &ContainerId,
        what: &str,
        wanted: impl Fn(&Reading) -> bool,
    ) -> Reading {
        self.until(PATIENCE, what, |o| match o {
            Observation::Readings(batch) => batch
                .readings
                .iter()
                .find(|(whose, reading)| whose == id && wanted(reading))
                .map(|(_, reading)| *reading),
            _ => None,
        })
        .await
    }

    /// Stops the collector and waits for its end.
    pub async fn stop(mut self) {
        self.stop.cancel();
        let task = self.task.take().expect("stopped once");
        tokio::time::timeout(Duration::from_secs(2), task)
            .await
            .expect("it ends at once when it is stopped")
            .expect("it does not panic");
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A container id as the docker command line prints it.
pub fn id(text: &str) -> ContainerId {
    text.parse().expect("docker prints whole ids")
}
