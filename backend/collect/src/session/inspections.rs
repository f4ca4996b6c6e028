//! Asking about containers that changed: one question per container at a time, however many things happened to it.

use super::INSPECTING;
use crate::engine::Engine;
use crate::engine::inspect::Inspected;
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{FuturesUnordered, StreamExt};
use plimsoll_shared::ContainerId;
use std::collections::{HashMap, VecDeque};

/// What asking about one container brought.
#[derive(Debug)]
pub(super) enum Asked {
    /// Its facts.
    Known(Box<Inspected>),
    /// There is no such container.
    Gone,
    /// Nothing usable: not asked, or the answer is odd.
    Failed,
}

/// Asks about one container; an answer that is not understood is a line in the log.
pub(super) async fn ask(engine: &Engine, id: &ContainerId) -> Asked {
    match engine.inspect(id).await {
        Ok(Some(inspected)) => Asked::Known(Box::new(inspected)),
        Ok(None) => Asked::Gone,
        Err(error) => {
            tracing::warn!(
                container = id.short(),
                error = error.chain(),
                "cannot inspect a container"
            );
            Asked::Failed
        }
    }
}

/// Where the question about a container stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Waiting,
    Asking,
    /// Being asked, but something happened since: the answer may be old.
    AskAgain,
    /// Being asked, but it was removed since.
    Forgotten,
}

pub(super) struct Inspections {
    engine: Engine,
    stages: HashMap<ContainerId, Stage>,
    waiting: VecDeque<ContainerId>,
    asking: FuturesUnordered<BoxFuture<'static, (ContainerId, Asked)>>,
}

impl Inspections {
    pub(super) fn new(engine: Engine) -> Self {
        Self {
            engine,
            stages: HashMap::new(),
            waiting: VecDeque::new(),
            asking: FuturesUnordered::new(),
        }
    }

    /// Asks about a container soon.
    pub(super) fn ask(&mut self, id: ContainerId) {
        match self.stages.get_mut(&id) {
            Some(Stage::Waiting) => {}
            Some(stage) => *stage = Stage::AskAgain,
            None => {
                self.stages.insert(id.clone(), Stage::Waiting);
                self.waiting.push_back(id);
            }
        }
        self.begin();
    }

    /// Never answers about a container that is gone.
    pub(super) fn forget(&mut self, id: &ContainerId) {
        match self.stages.get_mut(id) {
            Some(Stage::Waiting) => {
                self.stages.remove(id);
                self.waiting.retain(|waiting| waiting != id);
            }
            Some(stage) => *stage = Stage::Forgotten,
            None => {}
        }
    }

    /// Whether an answer about a container is still to come.
    pub(super) fn is_asking(&self, id: &ContainerId) -> bool {
        self.stages
            .get(id)
            .is_some_and(|stage| *stage != Stage::Forgotten)
    }

    /// The next answer that is not already old; waits for ever while nothing is asked. Safe to drop while it waits.
    pub(super) async fn next(&mut self) -> (ContainerId, Asked) {
        loop {
            let Some((id, asked)) = self.asking.next().await else {
                return std::future::pending().await;
            };
            let stage = self.stages.remove(&id);
            if stage == Some(Stage::AskAgain) {
                self.ask(id);
                continue;
            }
            self.begin();
            if stage == Some(Stage::Asking) {
                return (id, asked);
            }
        }
    }

    fn begin(&mut self) {
        while self.asking.len() < INSPECTING
            && let Some(id) = self.waiting.pop_front()
        {
            self.stages.insert(id.clone(), Stage::Asking);
            let engine = self.engine.clone();
            let question = async move {
                let asked = ask(&engine, &id).await;
                (id, asked)
            };
            self.asking.push(question.boxed());
        }
    }
}
