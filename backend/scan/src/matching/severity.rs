//! How bad a finding is, and who says so: the vendor of the package before scores.

use crate::advisory::{Advisory, Affected, Vector};
use cvss::Cvss;
use serde_json::Value;

/// How bad, in five words and one for not knowing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nobody has said.
    Unknown,
    /// Hardly at all.
    Negligible,
    /// Low.
    Low,
    /// Medium, in some vendors' word moderate.
    Medium,
    /// High, in some vendors' word important.
    High,
    /// Critical.
    Critical,
}

/// A severity with its source.
#[derive(Debug, Clone, PartialEq)]
pub struct Rating {
    /// How bad.
    pub severity: Severity,
    /// Who says so: `vendor`, or the standard of the score.
    pub source: String,
    /// The score from 0 to 10, where one was given or could be computed.
    pub score: Option<f64>,
    /// The vector that the score was computed from.
    pub vector: Option<String>,
}

/// The severity of an advisory for one of its packages; `None` when it gives none that can be read.
#[must_use]
pub fn rate(advisory: &Advisory, affected: &Affected) -> Option<Rating> {
    let vectors = || affected.severity.iter().chain(&advisory.severity);
    let words = [
        &affected.ecosystem_specific,
        &affected.database_specific,
        &advisory.database_specific,
    ];
    let vendor = words
        .iter()
        .find_map(|more| {
            ["severity", "urgency"]
                .iter()
                .find_map(|key| word(more.get(key)?.as_str()?))
        })
        .or_else(|| vectors().find_map(|vector| word(&vector.score)));
    let score = vectors()
        .filter_map(score)
        .max_by_key(|rating| (rating.source.clone(), rating.severity))
        .or_else(|| plain_score(&advisory.database_specific));
    match (vendor, score) {
        (Some(severity), score) => Some(Rating {
            severity,
            source: "vendor".to_owned(),
            score: score.as_ref().and_then(|score| score.score),
            vector: score.and_then(|score| score.vector),
        }),
        (None, score) => score,
    }
}

fn word(text: &str) -> Option<Severity> {
    Some(match text.to_ascii_lowercase().as_str() {
        "critical" => Severity::Critical,
        "high" | "important" => Severity::High,
        "medium" | "moderate" => Severity::Medium,
        "low" => Severity::Low,
        "negligible" | "unimportant" | "informational" | "none" => Severity::Negligible,
        _ => return None,
    })
}

fn score(vector: &Vector) -> Option<Rating> {
    let cvss: Cvss = vector.score.parse().ok()?;
    let score = cvss.score();
    Some(Rating {
        severity: of_score(score),
        source: vector.standard.clone(),
        score: Some(score),
        vector: Some(vector.score.clone()),
    })
}

/// A score without its vector, as some feeds give it.
fn plain_score(more: &Value) -> Option<Rating> {
    let keys = [
        ("cvss_v4", "CVSS_V4"),
        ("cvss_v3", "CVSS_V3"),
        ("cvss_score", "CVSS"),
        ("cvss_v2", "CVSS_V2"),
    ];
    keys.iter().find_map(|(key, standard)| {
        let value = more.get(key)?;
        let score = value.as_f64().or_else(|| value.as_str()?.parse().ok())?;
        (0.0..=10.0).contains(&score).then(|| Rating {
            severity: of_score(score),
            source: (*standard).to_owned(),
            score: Some(score),
            vector: None,
        })
    })
}

/// The qualitative scale of CVSS 3 and 4.
fn of_score(score: f64) -> Severity {
    match score {
        score if score >= 9.0 => Severity::Critical,
        score if score >= 7.0 => Severity::High,
        score if score >= 4.0 => Severity::Medium,
        score if score > 0.0 => Severity::Low,
        _ => Severity::Negligible,
    }
}
