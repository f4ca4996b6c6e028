//! The pages: built files embedded in the program, or read from disk in a debug build.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$PLIMSOLL_SITE_DIR"]
struct Files;

/// The built pages.
#[derive(Debug, Clone, Copy, Default)]
pub struct Site;

const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

impl Site {
    /// Names this build of the pages; empty when they were not built.
    pub fn build_id(self) -> String {
        Files::get("build-id")
            .map(|file| String::from_utf8_lossy(&file.data).trim().to_owned())
            .unwrap_or_default()
    }

    /// The file at `path`, in the smallest form the browser takes; every path that names no file is the console's own page, which
    /// reads the path itself.
    pub fn answer(self, path: &str, headers: &HeaderMap) -> Response {
        let path = path.trim_start_matches('/');
        let is_file = !path.is_empty() && path != "index.html" && path != "build-id";
        if is_file && let Some(response) = file(path, FOREVER, headers) {
            return response;
        }
        if path.starts_with("assets/") || path.starts_with("api/") {
            return (
                StatusCode::NOT_FOUND,
                "There is no such file in this build of the console.\n",
            )
                .into_response();
        }
        file("index.html", ASK_AGAIN, headers).unwrap_or_else(|| {
            let text = "This program was built without its pages. Build and start it with: cargo xtask run\n";
            (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
        })
    }
}

fn file(path: &str, caching: &'static str, headers: &HeaderMap) -> Option<Response> {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let takes = |coding: &str| {
        accepted.split(',').any(|part| {
            part.split(';')
                .next()
                .is_some_and(|name| name.trim() == coding)
        })
    };
    let coded = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(coding, _)| takes(coding))
        .find_map(|(coding, suffix)| {
            Files::get(&format!("{path}.{suffix}")).map(|file| (file, Some(coding)))
        });
    let (file, coding) = coded.or_else(|| Files::get(path).map(|file| (file, None)))?;
    let hash: String = file
        .metadata
        .sha256_hash()
        .iter()
        .take(12)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let tag = format!("\"{hash}\"");
    let unchanged = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(file.data).into_response()
    };
    let wears = response.headers_mut();
    wears.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(content_type(path)),
    );
    wears.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    wears.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        wears.insert(header::ETAG, tag);
    }
    if let Some(coding) = coding {
        wears.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    Some(response)
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("json" | "webmanifest") => "application/json",
        _ => "application/octet-stream",
    }
}
