//! `GET /api/v1/events` and `/api/v1/hosts/{host}/containers/{id}/events`.

use super::{containers::place, hosts::host_id, problem::Refusal};
use crate::app::App;
use axum::{
    Json,
    extract::{Path, Query, State, rejection::QueryRejection},
};
use plimsoll_shared::{ContainerEvent, ContainerId, HostId, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

/// Most items of one page.
const MOST: u32 = 500;
const USUAL: u32 = 100;

/// Which events to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Only those of this host.
    host: Option<String>,
    /// Go on before the page that gave this as `next`.
    before: Option<String>,
    /// Items a page, at most 500; 100 unless told.
    limit: Option<u32>,
}

/// What happened, newest first.
#[utoipa::path(get, path = "/api/v1/events", tag = "events", params(Wanted),
    responses((status = 200, body = Page<ContainerEvent>), (status = 400, body = Problem)))]
pub(crate) async fn all(
    State(app): State<App>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Page<ContainerEvent>>, Refusal> {
    let Query(wanted) = wanted.map_err(|e| Refusal::bad_request(e.body_text()))?;
    let host = wanted.host.as_deref().map(host_id).transpose()?;
    page(&app, host, None, &wanted).await
}

/// What happened to one container, newest first.
#[utoipa::path(get, path = "/api/v1/hosts/{host}/containers/{id}/events", tag = "events",
    params(("host" = String, Path), ("id" = String, Path), Wanted),
    responses((status = 200, body = Page<ContainerEvent>), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn of_container(
    State(app): State<App>,
    Path((host, id)): Path<(String, String)>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Page<ContainerEvent>>, Refusal> {
    let Query(wanted) = wanted.map_err(|e| Refusal::bad_request(e.body_text()))?;
    let (host, id) = place(&app, &host, &id)?;
    page(&app, Some(host), Some(id), &wanted).await
}

async fn page(
    app: &App,
    host: Option<HostId>,
    container: Option<ContainerId>,
    wanted: &Wanted,
) -> Result<Json<Page<ContainerEvent>>, Refusal> {
    let limit = wanted.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Refusal::bad_request(format!(
            "limit is {limit}; it goes from 1 to {MOST}."
        )));
    }
    app.recorder
        .events(host, container, wanted.before.as_deref(), limit)
        .await
        .map(Json)
}
