//! The HTTP side: one file a resource, and what every request passes first.

mod chart;
mod containers;
mod events;
mod guard;
mod health;
mod history;
mod hosts;
mod lines;
mod listen;
mod live;
mod openapi;
mod overview;
mod problem;
mod series;
mod status;

pub use guard::AllowedHosts;
pub(crate) use lines::moment;
pub use listen::serve;
pub(crate) use problem::{Refusal, chain};

use crate::app::App;
use axum::{
    Router,
    extract::{OriginalUri, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use plimsoll_shared::routes;
use std::time::Duration;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, limit::RequestBodyLimitLayer,
    set_header::SetResponseHeaderLayer, timeout::TimeoutLayer,
};

/// Longest an API answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// Largest request body, in bytes; nothing here takes a body yet.
const LARGEST_BODY: usize = 64 * 1024;

/// All routes.
pub(crate) fn router(app: App) -> Router {
    let api = Router::new()
        .route(routes::HOSTS, get(hosts::list))
        .route("/api/v1/hosts/{host}", get(hosts::one))
        .route(routes::CONTAINERS, get(containers::list))
        .route("/api/v1/hosts/{host}/containers/{id}", get(containers::one))
        .route(
            "/api/v1/hosts/{host}/containers/{id}/series",
            get(series::series),
        )
        .route(
            "/api/v1/hosts/{host}/containers/{id}/events",
            get(events::of_container),
        )
        .route(routes::SERIES, get(lines::lines))
        .route(routes::CHART_SVG, get(chart::svg))
        .route(routes::CHART_PNG, get(chart::png))
        .route(routes::OVERVIEW, get(overview::overview))
        .route(routes::EVENTS, get(events::all))
        .route(routes::HISTORY, get(history::room))
        .route(routes::STATUS, get(status::status))
        .route(routes::OPENAPI, get(openapi::document))
        .layer(SetResponseHeaderLayer::overriding(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ))
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            ANSWER_WITHIN,
        ));
    Router::new()
        .merge(api)
        .route(routes::LIVE, get(live::live))
        .route("/api/{*rest}", get(no_such_route))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .fallback(page)
        .layer(CatchPanicLayer::new())
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .layer(middleware::from_fn_with_state(app.clone(), guard::check))
        .with_state(app)
}

async fn page(
    State(app): State<App>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    app.site.answer(uri.path(), &headers)
}

async fn no_such_route(OriginalUri(uri): OriginalUri) -> Response {
    let path: String = uri.path().chars().take(200).collect();
    Refusal::not_found(format!(
        "There is no {path}; {} lists what there is.",
        routes::OPENAPI
    ))
    .into_response()
}
