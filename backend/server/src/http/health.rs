//! `/healthz`: the process answers. `/readyz`: it also records what it sees.

use crate::app::App;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use plimsoll_shared::Recording;

/// The process answers.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// 200 when history is being written, else 503 and the reason.
pub(crate) async fn ready(State(app): State<App>) -> Response {
    match app.recorder.recording() {
        Recording::On => format!("ready for {} ms\n", app.uptime_ms()).into_response(),
        Recording::Off { reason, .. } => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("not recording: {reason}\n"),
        )
            .into_response(),
    }
}
