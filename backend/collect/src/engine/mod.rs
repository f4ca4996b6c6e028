//! The questions asked of an engine (Docker Engine API), each with its limit on time and size.
//!
//! A client of its own rather than a general one, because every answer must be bounded and one odd container must not
//! spoil the answer about the others.

pub(crate) mod event;
pub(crate) mod facts;
pub(crate) mod inspect;
pub(crate) mod list;
pub(crate) mod stats;
mod wire;

use crate::error::Error;
use crate::place::Endpoint;
use plimsoll_shared::{ContainerId, EngineFacts, UnixMs};
use serde::de::DeserializeOwned;
use std::time::Duration;
pub(crate) use wire::Lines;

/// Newest version of the API this crate was written for; older engines are asked in their own.
const NEWEST_API: ApiVersion = ApiVersion(1, 51);

/// Wait for a short answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Wait for the list, which a busy engine with thousands of containers takes long to write.
const LIST_PATIENCE: Duration = Duration::from_secs(60);

/// Largest answer about one container or the engine.
const ANSWER_LIMIT: usize = 4 * 1024 * 1024;

/// Largest list: 30,000 containers are about 40 MB.
const LIST_LIMIT: usize = 256 * 1024 * 1024;

/// Version of the Docker Engine API, major and minor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ApiVersion(u32, u32);

impl ApiVersion {
    fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.')?;
        Some(Self(major.parse().ok()?, minor.parse().ok()?))
    }

    /// The version to ask in, given the oldest and newest the engine speaks.
    fn agree(oldest: Option<Self>, newest: Self) -> Self {
        newest.min(NEWEST_API.max(oldest.unwrap_or(NEWEST_API)))
    }
}

/// An engine that has answered.
#[derive(Debug, Clone)]
pub(crate) struct Engine {
    endpoint: Endpoint,
    api: ApiVersion,
    version: facts::Version,
}

impl Engine {
    /// Asks who is there and agrees on an API version.
    pub(crate) async fn greet(endpoint: Endpoint) -> Result<Self, Error> {
        let version: facts::Version =
            get_json(&endpoint, "/version", ANSWER_LIMIT, PATIENCE).await?;
        let newest = ApiVersion::parse(&version.api_version).ok_or_else(|| Error::Unreadable {
            what: "/version".to_owned(),
            source: serde::de::Error::custom("ApiVersion is not a version number"),
        })?;
        let oldest = version
            .min_api_version
            .as_deref()
            .and_then(ApiVersion::parse);
        Ok(Self {
            endpoint,
            api: ApiVersion::agree(oldest, newest),
            version,
        })
    }

    /// Where it is.
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Whether it is Podman, which answers some questions in its own way.
    pub(crate) fn is_podman(&self) -> bool {
        self.version.is_podman()
    }

    /// What it says of itself, and its clock minus ours in milliseconds.
    pub(crate) async fn facts(&self) -> Result<(EngineFacts, Option<i64>), Error> {
        let asked = crate::clock::now();
        let info: facts::Info = self.get("/info", ANSWER_LIMIT, PATIENCE).await?;
        let answered = crate::clock::now();
        let between = UnixMs(asked.0 + answered.since(asked) / 2);
        let skew = info.clock().map(|theirs| theirs.since(between));
        let ApiVersion(major, minor) = self.api;
        Ok((
            info.into_facts(&self.version, format!("{major}.{minor}")),
            skew,
        ))
    }

    /// Every container it has, running or not.
    pub(crate) async fn list(&self) -> Result<Vec<list::Row>, Error> {
        let path = self.path("/containers/json?all=true");
        let body = wire::get(&self.endpoint, &path, LIST_LIMIT, LIST_PATIENCE).await?;
        list::rows(&body).map_err(|source| Error::Unreadable { what: path, source })
    }

    /// Everything about one container; `None` when it is gone.
    pub(crate) async fn inspect(
        &self,
        id: &ContainerId,
    ) -> Result<Option<inspect::Inspected>, Error> {
        let path = format!("/containers/{id}/json");
        match self.get(&path, ANSWER_LIMIT, PATIENCE).await {
            Ok(inspected) => Ok(Some(inspected)),
            Err(Error::Refused { status: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether it still answers.
    pub(crate) async fn ping(&self) -> Result<(), Error> {
        let path = self.path("/_ping");
        wire::get(&self.endpoint, &path, ANSWER_LIMIT, PATIENCE).await?;
        Ok(())
    }

    /// What happens to its containers from now on.
    pub(crate) async fn events(&self) -> Result<Lines, Error> {
        // {"type":["container"]}
        let path = self.path("/events?filters=%7B%22type%22%3A%5B%22container%22%5D%7D");
        wire::lines(&self.endpoint, &path, PATIENCE).await
    }

    /// The statistics of one container, about once a second while it runs.
    pub(crate) async fn stats(&self, id: &ContainerId) -> Result<Lines, Error> {
        let path = self.path(&format!("/containers/{id}/stats?stream=true"));
        wire::lines(&self.endpoint, &path, PATIENCE).await
    }

    async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        limit: usize,
        patience: Duration,
    ) -> Result<T, Error> {
        get_json(&self.endpoint, &self.path(path), limit, patience).await
    }

    fn path(&self, path: &str) -> String {
        let ApiVersion(major, minor) = self.api;
        format!("/v{major}.{minor}{path}")
    }
}

async fn get_json<T: DeserializeOwned>(
    endpoint: &Endpoint,
    path: &str,
    limit: usize,
    patience: Duration,
) -> Result<T, Error> {
    let body = wire::get(endpoint, path, limit, patience).await?;
    serde_json::from_slice(&body).map_err(|source| Error::Unreadable {
        what: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_engine_is_asked_in_its_own_version_and_a_new_one_in_ours() {
        let agree = |oldest, newest| {
            ApiVersion::agree(
                ApiVersion::parse(oldest),
                ApiVersion::parse(newest).unwrap(),
            )
        };
        assert_eq!(agree("1.12", "1.41"), ApiVersion(1, 41));
        assert_eq!(agree("1.44", "1.53"), NEWEST_API);
        assert_eq!(
            agree("1.60", "1.70"),
            ApiVersion(1, 60),
            "it no longer speaks ours"
        );
        assert_eq!(agree("", "1.9"), ApiVersion(1, 9));
    }
}
