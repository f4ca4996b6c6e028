//! What every request passes first: whose name it calls us by, where it comes from, and the headers every answer wears.

use super::problem::Refusal;
use crate::app::App;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::net::IpAddr;

/// Names under which this server may be addressed, besides loopback addresses and `localhost`.
///
/// There are no accounts yet, so a name that merely resolves to this machine must not do: a page of another site could make
/// its own name resolve to 127.0.0.1 and read everything (DNS rebinding).
#[derive(Debug, Clone, Default)]
pub struct AllowedHosts {
    names: Vec<String>,
    any_address: bool,
}

impl AllowedHosts {
    /// These names; `any_address` also lets in every literal IP address, for a server that listens beyond loopback on purpose.
    pub fn new(names: &[String], any_address: bool) -> Self {
        Self {
            names: names.iter().map(|name| name.to_ascii_lowercase()).collect(),
            any_address,
        }
    }

    fn allows(&self, host: &str) -> bool {
        let Ok(authority) = host.parse::<Authority>() else {
            return false;
        };
        if authority.as_str().contains('@') {
            return false;
        }
        let name = authority
            .host()
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_ascii_lowercase();
        if let Ok(address) = name.parse::<IpAddr>() {
            return self.any_address || address.is_loopback();
        }
        name == "localhost" || self.names.contains(&name)
    }
}

/// Refuses requests that call the server by a foreign name or that another site's page makes.
pub(crate) async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    let host = host_of(request.uri(), request.headers());
    let mut response = match host {
        Some(host) if app.allowed.allows(&host) => {
            if let Err(refusal) = same_site(&request, &host) {
                refusal.into_response()
            } else {
                next.run(request).await
            }
        }
        other => Refusal::misdirected(other.as_deref().unwrap_or("")).into_response(),
    };
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

fn host_of(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    let from_uri = uri
        .authority()
        .map(|authority| authority.as_str().to_owned());
    from_uri.or_else(|| headers.get(header::HOST)?.to_str().ok().map(str::to_owned))
}

/// Fetch metadata first, `Origin` where a browser does not send it (OWASP, Cross-Site Request Forgery Prevention). A WebSocket
/// upgrade is a GET that changes nothing but reads everything, so it is checked like an unsafe method.
fn same_site(request: &Request, host: &str) -> Result<(), Refusal> {
    let headers = request.headers();
    let upgrade = headers.contains_key(header::UPGRADE) || request.method() == Method::CONNECT;
    if request.method().is_safe() && !upgrade {
        return Ok(());
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let ours = match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => site == "same-origin" || site == "none",
        (None, Some(origin)) => {
            origin.parse::<Uri>().ok().and_then(|uri| {
                uri.authority()
                    .map(|a| a.as_str().eq_ignore_ascii_case(host))
            }) == Some(true)
        }
        (None, None) => true,
    };
    if ours {
        Ok(())
    } else {
        Err(Refusal::cross_site())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_name_that_resolves_here_is_refused() {
        let local = AllowedHosts::new(&[], false);
        for good in [
            "127.0.0.1:8080",
            "localhost:8080",
            "LOCALHOST",
            "[::1]:8080",
            "127.9.9.9",
        ] {
            assert!(local.allows(good), "{good}");
        }
        for bad in [
            "evil.example:8080",
            "127.0.0.1.evil.example",
            "10.0.0.1",
            "localhost@evil.example",
            "",
            "a b",
        ] {
            assert!(!local.allows(bad), "{bad}");
        }
        let named = AllowedHosts::new(&["Console.Example".to_owned()], false);
        assert!(named.allows("console.example"));
        assert!(!named.allows("other.console.example"));
        assert!(AllowedHosts::new(&[], true).allows("10.0.0.1:8080"));
    }

    #[test]
    fn a_page_of_another_site_cannot_open_the_live_stream() {
        let ask = |pairs: &[(&str, &str)]| {
            let mut request = Request::builder()
                .method("GET")
                .uri("/api/v1/live")
                .header("upgrade", "websocket");
            for (name, value) in pairs {
                request = request.header(*name, *value);
            }
            same_site(
                &request.body(axum::body::Body::empty()).unwrap(),
                "127.0.0.1:8080",
            )
            .is_ok()
        };
        assert!(ask(&[]), "a program, not a browser");
        assert!(ask(&[("origin", "http://127.0.0.1:8080")]));
        assert!(ask(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "http://127.0.0.1:8080")
        ]));
        assert!(!ask(&[("origin", "http://evil.example")]));
        assert!(!ask(&[("origin", "null")]));
        assert!(!ask(&[("sec-fetch-site", "same-site")]));
        assert!(!ask(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "http://127.0.0.1:8080")
        ]));
    }
}
