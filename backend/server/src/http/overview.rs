//! `GET /api/v1/overview`.

use super::{
    hosts::{host_id, no_such_host},
    problem::Refusal,
};
use crate::app::App;
use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use plimsoll_shared::{Problem, overview::Overview};
use serde::Deserialize;
use utoipa::IntoParams;

/// Of which host.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Only this host; all unless told.
    host: Option<String>,
}

/// Who uses most, what is near a limit, and what changed; put together anew every few seconds.
#[utoipa::path(get, path = "/api/v1/overview", tag = "overview", params(Wanted),
    responses((status = 200, body = Overview), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn overview(
    State(app): State<App>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Overview>, Refusal> {
    let Query(wanted) = wanted.map_err(|e| Refusal::bad_request(e.body_text()))?;
    let host = wanted.host.as_deref().map(host_id).transpose()?;
    if let Some(host) = host
        .as_ref()
        .filter(|host| app.present().host(host).is_none())
    {
        return Err(no_such_host(host));
    }
    let overview = app.overview.overview(&app, host.as_ref()).await?;
    Ok(Json(Overview::clone(&overview)))
}
