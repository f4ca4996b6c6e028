//! The questions asked of an engine (Docker Engine API), each with its limit on time and size.
//!
//! bollard asks them and reads the answers, over connections of ours. It reads an answer whole or not at all. The list is therefore
//! read here, row by row, so that one container in a state it has no word for does not hide all the others; any other answer that it
//! cannot read is asked for once more and read without the odd field ([`lenient`]).

pub(crate) mod event;
pub(crate) mod facts;
mod gauge;
pub(crate) mod inspect;
mod lenient;
pub(crate) mod list;
pub(crate) mod stats;
mod wire;

use crate::error::Error;
use crate::place::Endpoint;
use bollard::models::{ContainerStatsResponse, EventMessage, SystemVersion};
use bollard::query_parameters::{EventsOptions, StatsOptions};
use bollard::{API_DEFAULT_VERSION, ClientVersion};
use plimsoll_shared::{ContainerId, EngineFacts, UnixMs};
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;
pub(crate) use wire::Feed;
use wire::Question;

/// Wait for a short answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Wait for the list, which a busy engine with thousands of containers takes long to write.
const LIST_PATIENCE: Duration = Duration::from_secs(60);

/// Largest answer about one container or the engine.
const ANSWER_LIMIT: usize = 4 * 1024 * 1024;

/// Largest item of a stream: one event or one frame of statistics.
const ITEM_LIMIT: usize = 1024 * 1024;

/// Largest list: 30,000 containers are about 40 MB.
const LIST_LIMIT: usize = 256 * 1024 * 1024;

/// The version to ask in, given the oldest and newest the engine speaks: bollard's own as far as it goes.
fn agree(oldest: Option<ClientVersion>, newest: ClientVersion) -> ClientVersion {
    let ours = match oldest {
        Some(oldest) if oldest > *API_DEFAULT_VERSION => oldest,
        _ => *API_DEFAULT_VERSION,
    };
    if newest < ours { newest } else { ours }
}

fn version(text: &str) -> Option<ClientVersion> {
    let (major, minor) = text.split_once('.')?;
    Some(ClientVersion {
        major_version: major.parse().ok()?,
        minor_version: minor.parse().ok()?,
    })
}

/// An engine that has answered.
#[derive(Debug, Clone)]
pub(crate) struct Engine {
    endpoint: Endpoint,
    api: ClientVersion,
    greeting: facts::Greeting,
}

/// What an engine says of itself.
#[derive(Debug)]
pub(crate) struct Introduction {
    /// What is told on.
    pub(crate) facts: EngineFacts,
    /// Its clock minus ours in milliseconds, when it could be compared.
    pub(crate) clock_skew_ms: Option<i64>,
    /// The folder its data is in, on its machine.
    pub(crate) data: Option<PathBuf>,
}

impl Engine {
    /// Asks who is there and agrees on an API version.
    pub(crate) async fn greet(endpoint: Endpoint) -> Result<Self, Error> {
        let question = Question::new(&endpoint, None, "/version", ANSWER_LIMIT);
        let answer = question.answer(PATIENCE, question.docker().version()).await;
        let answer: SystemVersion = complete(&question, answer).await?;
        let spoken = |text: &Option<String>| version(text.as_deref()?);
        let newest = spoken(&answer.api_version)
            .ok_or_else(|| question.unreadable(bollard::errors::Error::APIVersionParseError {}))?;
        Ok(Self {
            api: agree(spoken(&answer.min_api_version), newest),
            greeting: facts::greeting(answer),
            endpoint,
        })
    }

    /// Where it is.
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Whether it is Podman, which answers some questions in its own way.
    pub(crate) fn is_podman(&self) -> bool {
        self.greeting.is_podman
    }

    /// What it says of itself.
    pub(crate) async fn introduction(&self) -> Result<Introduction, Error> {
        let asked = crate::clock::now();
        let question = self.question("/info", ANSWER_LIMIT);
        let info = question.answer(PATIENCE, question.docker().info()).await;
        let info = complete(&question, info).await?;
        let answered = crate::clock::now();
        let between = UnixMs(asked.0 + answered.since(asked) / 2);
        Ok(Introduction {
            clock_skew_ms: facts::clock(&info).map(|theirs| theirs.since(between)),
            data: facts::data(&info),
            facts: facts::facts(info, &self.greeting, self.api.to_string()),
        })
    }

    /// Every container it has, running or not.
    pub(crate) async fn list(&self) -> Result<Vec<list::Row>, Error> {
        let question = self.question("/containers/json", LIST_LIMIT);
        let asking = question.body("/containers/json?all=true");
        let body = question.answer(LIST_PATIENCE, asking).await?;
        list::rows(&body).map_err(|source| question.unreadable(source))
    }

    /// Everything about one container; `None` when it is gone.
    pub(crate) async fn inspect(
        &self,
        id: &ContainerId,
    ) -> Result<Option<inspect::Inspected>, Error> {
        let question = self.question(&format!("/containers/{id}/json"), ANSWER_LIMIT);
        let asking = question.docker().inspect_container(id.as_str(), None);
        let answer = question.answer(PATIENCE, asking).await;
        match complete(&question, answer).await {
            Ok(answer) => inspect::Inspected::read(answer)
                .map(Some)
                .map_err(|source| question.unreadable(source)),
            Err(Error::Refused { status: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether it still answers.
    pub(crate) async fn ping(&self) -> Result<(), Error> {
        let question = self.question("/_ping", ANSWER_LIMIT);
        question.answer(PATIENCE, question.docker().ping()).await?;
        Ok(())
    }

    /// What happens to its containers from now on.
    pub(crate) async fn events(&self) -> Result<Feed<EventMessage>, Error> {
        let question = self.question("/events", ITEM_LIMIT);
        let containers = HashMap::from([("type".to_owned(), vec!["container".to_owned()])]);
        let events = question.docker().events(Some(EventsOptions {
            filters: Some(containers),
            ..EventsOptions::default()
        }));
        question.listen(PATIENCE, events).await
    }

    /// The statistics of one container, about once a second while it runs.
    pub(crate) async fn stats(
        &self,
        id: &ContainerId,
    ) -> Result<Feed<ContainerStatsResponse>, Error> {
        let question = self.question(&format!("/containers/{id}/stats"), ITEM_LIMIT);
        let frames = question
            .docker()
            .stats(id.as_str(), Some(StatsOptions::default()));
        question.listen(PATIENCE, frames).await
    }

    fn question(&self, what: &str, limit: usize) -> Question {
        Question::new(&self.endpoint, Some(self.api), what, limit)
    }
}

/// The answer, or where bollard could not read it, what can be read of it when it is asked for again.
async fn complete<T: DeserializeOwned>(
    question: &Question,
    answer: Result<T, Error>,
) -> Result<T, Error> {
    let Err(Error::Unreadable { .. }) = answer else {
        return answer;
    };
    let again = question.again();
    let body = again.answer(PATIENCE, again.body(again.path())).await?;
    lenient::read(&body).map_err(|source| again.unreadable(source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_engine_is_asked_in_its_own_version_and_a_new_one_in_ours() {
        let agree = |oldest, newest| agree(version(oldest), version(newest).unwrap()).to_string();
        assert_eq!(agree("1.12", "1.41"), "1.41");
        assert_eq!(agree("1.44", "1.60"), API_DEFAULT_VERSION.to_string());
        assert_eq!(agree("1.60", "1.70"), "1.60", "it no longer speaks ours");
        assert_eq!(agree("", "1.9"), "1.9");
    }
}
