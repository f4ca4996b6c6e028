//! `GET /api/v1/containers` and `/api/v1/hosts/{host}/containers/{id}`.

use super::{
    hosts::{host_id, no_such_host},
    problem::Refusal,
};
use crate::app::App;
use axum::{
    Json,
    extract::{Path, Query, State},
};
use plimsoll_shared::{ContainerDetail, ContainerId, ContainerNow, HostId, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

/// Most items of one page.
const MOST: usize = 1000;
const USUAL: usize = 200;

/// Which containers to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Only those on this host.
    host: Option<String>,
    /// Only those in this state (`running`, `paused`, …).
    state: Option<String>,
    /// Only those with this text in their name, image or id.
    q: Option<String>,
    /// Go on after the page that gave this as `next`.
    after: Option<String>,
    /// Items a page, at most 1000; 200 unless told.
    limit: Option<usize>,
}

/// Every container with its last reading, by host and name.
#[utoipa::path(get, path = "/api/v1/containers", tag = "containers", params(Wanted),
    responses((status = 200, body = Page<ContainerNow>), (status = 400, body = Problem)))]
pub(crate) async fn list(
    State(app): State<App>,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Page<ContainerNow>>, Refusal> {
    let Query(wanted) = wanted.map_err(|e| Refusal::bad_request(e.body_text()))?;
    let host = wanted.host.as_deref().map(host_id).transpose()?;
    let limit = wanted.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Refusal::bad_request(format!(
            "limit is {limit}; it goes from 1 to {MOST}."
        )));
    }
    let needle = wanted.q.as_deref().unwrap_or("").to_lowercase();
    let fits = |now: &ContainerNow| {
        let row = &now.row;
        host.as_ref().is_none_or(|host| row.host == *host)
            && wanted
                .state
                .as_deref()
                .is_none_or(|state| format!("{:?}", row.state).eq_ignore_ascii_case(state))
            && (needle.is_empty()
                || row.name.to_lowercase().contains(&needle)
                || row.image.reference.to_lowercase().contains(&needle)
                || row.id.as_str().starts_with(&needle))
    };
    let all = app.present().containers();
    let place = |now: &ContainerNow| format!("{}/{}/{}", now.row.host, now.row.name, now.row.id);
    let mut rest = all.into_iter().filter(fits).skip_while(|now| {
        wanted
            .after
            .as_ref()
            .is_some_and(|after| place(now) <= *after)
    });
    let items: Vec<ContainerNow> = rest.by_ref().take(limit).collect();
    let next = rest.next().and(items.last().map(place));
    Ok(Json(Page { items, next }))
}

/// One container, also one that was removed while its history is kept.
#[utoipa::path(get, path = "/api/v1/hosts/{host}/containers/{id}", tag = "containers",
    params(("host" = String, Path), ("id" = String, Path, description = "64 hexadecimal digits")),
    responses((status = 200, body = ContainerDetail), (status = 404, body = Problem)))]
pub(crate) async fn one(
    State(app): State<App>,
    Path((host, id)): Path<(String, String)>,
) -> Result<Json<ContainerDetail>, Refusal> {
    let (host, id) = place(&app, &host, &id)?;
    if let Some(detail) = app.present().detail(&host, &id) {
        return Ok(Json(detail));
    }
    let remembered = app
        .recorder
        .remembered(&host, &id)
        .await
        .map_err(|e| Refusal::history(&e))?;
    remembered.map(Json).ok_or_else(|| {
        Refusal::not_found(format!("Host {host} has no container {} and none is remembered; it may be older than the history kept.", id.short()))
    })
}

/// The host and container a path names.
pub(crate) fn place(app: &App, host: &str, id: &str) -> Result<(HostId, ContainerId), Refusal> {
    let host = host_id(host)?;
    let id = id
        .parse()
        .map_err(|e| Refusal::bad_request(format!("{e}.")))?;
    if app.present().host(&host).is_none() {
        return Err(no_such_host(&host));
    }
    Ok((host, id))
}
