//! Asks the server over HTTP; with `live` the only place that touches the network.

use crate::state::question::Question;
use gloo_net::http::{Request, Response};
use plimsoll_shared::{
    ContainerDetail, ContainerEvent, ContainerId, HostId, Page, Problem, ServerStatus,
    history::HistoryRoom, lines::Lines, overview::Overview, routes,
};
use serde::de::DeserializeOwned;

/// Why the server gave no answer, in its own words or the browser's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The server could not be reached; the browser's word on it.
    Unreachable(String),
    /// The server said no.
    Refused(Problem),
    /// The server answered something that is not the expected JSON.
    Garbled(String),
}

impl Failure {
    /// Whether what was asked for does not exist.
    pub(crate) fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused(problem) if problem.status == 404)
    }

    /// The sentence to show; the server's are in English.
    pub(crate) fn sentence(&self) -> &str {
        match self {
            Self::Refused(problem) => &problem.detail,
            Self::Unreachable(why) | Self::Garbled(why) => why,
        }
    }

    /// The request's id, which the server's log carries too.
    pub(crate) fn request(&self) -> Option<&str> {
        match self {
            Self::Refused(problem) => problem.request.as_deref(),
            Self::Unreachable(_) | Self::Garbled(_) => None,
        }
    }
}

/// One container's own page.
pub(crate) async fn container(host: &HostId, id: &ContainerId) -> Result<ContainerDetail, Failure> {
    get(&routes::container(host, id)).await
}

/// Lines over a stretch of time.
pub(crate) async fn lines(question: &Question) -> Result<Lines, Failure> {
    let path = format!("{}?{}&format=bin", routes::SERIES, question.parameters());
    let response = answer(&path, "application/vnd.plimsoll.lines").await?;
    let bytes = response.binary().await.map_err(unreachable)?;
    Lines::decode(&bytes).map_err(|error| Failure::Garbled(format!("{path}: {error}")))
}

/// A page of one container's events, newest first; `before` is the `next` of the page before.
pub(crate) async fn container_events(
    host: &HostId,
    id: &ContainerId,
    before: Option<&str>,
    limit: usize,
) -> Result<Page<ContainerEvent>, Failure> {
    let path = routes::container_events(host, id);
    get(&paged(&format!("{path}?limit={limit}"), before)).await
}

/// A page of one host's events, newest first.
pub(crate) async fn host_events(
    host: &HostId,
    before: Option<&str>,
    limit: usize,
) -> Result<Page<ContainerEvent>, Failure> {
    let path = format!("{}?host={host}&limit={limit}", routes::EVENTS);
    get(&paged(&path, before)).await
}

/// What the first page shows of all hosts, or of one.
pub(crate) async fn overview(host: Option<&HostId>) -> Result<Overview, Failure> {
    let host = host.map(|host| format!("?host={host}")).unwrap_or_default();
    get(&format!("{}{host}", routes::OVERVIEW)).await
}

/// How much room history takes.
pub(crate) async fn history() -> Result<HistoryRoom, Failure> {
    get(routes::HISTORY).await
}

/// The server itself.
pub(crate) async fn status() -> Result<ServerStatus, Failure> {
    get(routes::STATUS).await
}

fn paged(path: &str, before: Option<&str>) -> String {
    match before {
        Some(before) => {
            let before: String = js_sys::encode_uri_component(before).into();
            format!("{path}&before={before}")
        }
        None => path.to_owned(),
    }
}

async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    let response = answer(path, "application/json").await?;
    let text = response.text().await.map_err(unreachable)?;
    serde_json::from_str(&text).map_err(|error| Failure::Garbled(format!("{path}: {error}")))
}

/// What the server answers when it does not say no.
async fn answer(path: &str, form: &str) -> Result<Response, Failure> {
    let request = Request::get(path).header("accept", form);
    let response = request.send().await.map_err(unreachable)?;
    if response.ok() {
        Ok(response)
    } else {
        Err(refusal(response).await)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "what map_err hands on")]
fn unreachable(error: gloo_net::Error) -> Failure {
    Failure::Unreachable(error.to_string())
}

async fn refusal(response: Response) -> Failure {
    let status = response.status();
    let text = response.text().await.unwrap_or_default();
    match serde_json::from_str::<Problem>(&text) {
        Ok(problem) => Failure::Refused(problem),
        Err(_) => Failure::Refused(Problem {
            status,
            title: response.status_text(),
            detail: format!("HTTP {status} {}", response.status_text()),
            request: None,
        }),
    }
}
