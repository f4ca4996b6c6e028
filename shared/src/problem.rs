//! How the API says no.

use serde::{Deserialize, Serialize};

/// An error answer (RFC 9457, `application/problem+json`): a status, a title and a sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// The kind of problem in a few words.
    pub title: String,
    /// What was wrong, where, and what to do.
    pub detail: String,
    /// The request's id, which the log line carries too.
    pub request: Option<String>,
}
