//! `GET /api/v1/status`.

use crate::app::App;
use axum::{Json, extract::State};
use plimsoll_shared::ServerStatus;

/// The server itself: version, recording, tasks, live stream.
#[utoipa::path(get, path = "/api/v1/status", tag = "server", responses((status = 200, body = ServerStatus)))]
pub(crate) async fn status(State(app): State<App>) -> Json<ServerStatus> {
    Json(app.status().await)
}
