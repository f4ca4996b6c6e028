//! How a handler says no.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use plimsoll_shared::Problem;
use std::sync::atomic::{AtomicU64, Ordering};

/// A refusal: a status, a title and a sentence. Our own errors never reach a client; they are logged here, once.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    title: &'static str,
    detail: String,
}

impl Refusal {
    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            title: "The request does not fit",
            detail: detail.into(),
        }
    }

    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            title: "Not found",
            detail: detail.into(),
        }
    }

    pub(crate) fn unavailable(detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            title: "Not available now",
            detail: detail.into(),
        }
    }

    pub(crate) fn misdirected(host: &str) -> Self {
        let host: String = host.chars().take(80).collect();
        Self {
            status: StatusCode::MISDIRECTED_REQUEST,
            title: "Unknown host name",
            detail: format!(
                "This server does not answer to the name {host:?}. If it should, start it with --allowed-host and that name."
            ),
        }
    }

    pub(crate) fn cross_site() -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            title: "Cross-site request",
            detail: "A page of another site made this request; only this console's own pages may."
                .to_owned(),
        }
    }

    /// The store failed: the cause goes to the log, a sentence to the client.
    pub(crate) fn history(error: &dyn std::error::Error) -> Self {
        tracing::error!(error = %chain(error), "history could not be read");
        Self::unavailable(
            "The history could not be read; live numbers go on. The server's log says why.",
        )
    }
}

/// An error and its causes, for the log.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// A short word that a person can read out from the page and find in the log.
fn request_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!(
        "{}-{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    )
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let request = request_id();
        tracing::info!(%request, status = self.status.as_u16(), detail = %self.detail, "refused");
        let problem = Problem {
            status: self.status.as_u16(),
            title: self.title.to_owned(),
            detail: self.detail,
            request: Some(request),
        };
        let mut response = (self.status, Json(problem)).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        response
    }
}
