//! `GET /api/v1/openapi.json`.

use axum::Json;
use utoipa::OpenApi;

/// The API's own description.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Plimsoll",
        description = "What every container uses, now and before. Times are Unix milliseconds, sizes bytes."
    ),
    paths(
        super::hosts::list,
        super::hosts::one,
        super::containers::list,
        super::containers::one,
        super::series::series,
        super::lines::lines,
        super::chart::svg,
        super::chart::png,
        super::overview::overview,
        super::events::all,
        super::events::of_container,
        super::history::room,
        super::status::status,
    )
)]
struct Document;

/// The OpenAPI document.
pub(crate) async fn document() -> Json<utoipa::openapi::OpenApi> {
    Json(Document::openapi())
}
