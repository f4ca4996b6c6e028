//! `GET /api/v1/hosts` and `/api/v1/hosts/{host}`.

use super::problem::Refusal;
use crate::app::App;
use axum::{
    Json,
    extract::{Path, State},
};
use plimsoll_shared::{HostId, HostRow, Problem};

/// Every host.
#[utoipa::path(get, path = "/api/v1/hosts", tag = "hosts", responses((status = 200, body = Vec<HostRow>)))]
pub(crate) async fn list(State(app): State<App>) -> Json<Vec<HostRow>> {
    Json(app.present().hosts())
}

/// One host.
#[utoipa::path(get, path = "/api/v1/hosts/{host}", tag = "hosts", params(("host" = String, Path)),
    responses((status = 200, body = HostRow), (status = 404, body = Problem)))]
pub(crate) async fn one(
    State(app): State<App>,
    Path(host): Path<String>,
) -> Result<Json<HostRow>, Refusal> {
    let host = host_id(&host)?;
    let row = app.present().host(&host);
    row.map(Json).ok_or_else(|| no_such_host(&host))
}

pub(crate) fn host_id(text: &str) -> Result<HostId, Refusal> {
    text.parse()
        .map_err(|e| Refusal::bad_request(format!("{e}.")))
}

pub(crate) fn no_such_host(host: &HostId) -> Refusal {
    Refusal::not_found(format!(
        "There is no host {host:?}; /api/v1/hosts lists them.",
        host = host.as_str()
    ))
}
