//! Paths of the HTTP API, written once.

use crate::{ContainerId, HostId};

/// `GET`: [`crate::HostRow`]s.
pub const HOSTS: &str = "/api/v1/hosts";
/// `GET`: one [`crate::Page`] of [`crate::ContainerNow`], by host and name; query `host`, `state`, `q`, `after`, `limit`.
pub const CONTAINERS: &str = "/api/v1/containers";
/// `GET`: one [`crate::Page`] of [`crate::ContainerEvent`]s of all containers, newest first; query `host`, `before`, `limit`.
pub const EVENTS: &str = "/api/v1/events";
/// `GET`: [`crate::lines::Lines`] of hosts and containers; query `of`, `metric`, `from`, `to`, `points`, `top`, `by`, `percentiles`, `format`.
pub const SERIES: &str = "/api/v1/series";
/// `GET`: [`crate::overview::Overview`]; query `host`.
pub const OVERVIEW: &str = "/api/v1/overview";
/// `GET`: [`crate::history::HistoryRoom`].
pub const HISTORY: &str = "/api/v1/history";
/// `GET`: one chart of [`SERIES`] as an SVG picture; the query of [`SERIES`], and `title`, `width`, `height`, `theme`, `scale`, `stacked`, `offset`.
pub const CHART_SVG: &str = "/api/v1/chart.svg";
/// `GET`: the same as a PNG picture, and `density`.
pub const CHART_PNG: &str = "/api/v1/chart.png";
/// `GET`: [`crate::ServerStatus`].
pub const STATUS: &str = "/api/v1/status";
/// WebSocket: the live stream, see [`crate::Frame`].
pub const LIVE: &str = "/api/v1/live";
/// `GET`: the OpenAPI document.
pub const OPENAPI: &str = "/api/v1/openapi.json";

/// `GET`: [`crate::ContainerDetail`].
#[must_use]
pub fn container(host: &HostId, id: &ContainerId) -> String {
    format!("/api/v1/hosts/{host}/containers/{id}")
}

/// `GET`: [`crate::series::Series`] of one container; query `from`, `to` (Unix milliseconds) and `points`.
#[must_use]
pub fn container_series(host: &HostId, id: &ContainerId) -> String {
    format!("/api/v1/hosts/{host}/containers/{id}/series")
}

/// `GET`: one [`crate::Page`] of [`crate::ContainerEvent`]s of one container, newest first; query `before`, `limit`.
#[must_use]
pub fn container_events(host: &HostId, id: &ContainerId) -> String {
    format!("/api/v1/hosts/{host}/containers/{id}/events")
}
