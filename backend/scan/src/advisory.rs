//! Advisories in the one form that is kept: OSV (ossf/osv-schema), of which this reads what decides and what people see.

use serde::Deserialize;
use serde_json::Value;

/// One advisory.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Advisory {
    /// Its id: `RUSTSEC-2016-0001`, `DSA-5330-1`.
    pub id: String,
    /// Other names of the same vulnerability.
    #[serde(default, deserialize_with = "list")]
    pub aliases: Vec<String>,
    /// Vulnerabilities of others that it passes on: the CVEs of a distribution's advisory. No aliases.
    #[serde(default, deserialize_with = "list")]
    pub upstream: Vec<String>,
    /// When it last changed, as the feed writes it; some write a day before all days, or one to come.
    #[serde(default)]
    pub modified: String,
    /// When it was withdrawn.
    pub withdrawn: Option<String>,
    /// What it is about, in a sentence.
    #[serde(default)]
    pub summary: String,
    /// How bad it is, in vectors.
    #[serde(default, deserialize_with = "list")]
    pub severity: Vec<Vector>,
    /// What it affects.
    #[serde(default, deserialize_with = "list")]
    pub affected: Vec<Affected>,
    /// What the feed adds.
    #[serde(default)]
    pub database_specific: Value,
}

/// A score in the words of one standard.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Vector {
    /// The standard: `CVSS_V2`, `CVSS_V3`, `CVSS_V4`, or a vendor's own.
    #[serde(rename = "type")]
    pub standard: String,
    /// The vector, or the vendor's word.
    pub score: String,
}

/// One package that an advisory affects, in some versions.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Affected {
    /// Which package; `None` where only a repository of sources is named.
    pub package: Option<Named>,
    /// How bad it is for this package.
    #[serde(default, deserialize_with = "list")]
    pub severity: Vec<Vector>,
    /// The affected versions in ranges.
    #[serde(default, deserialize_with = "list")]
    pub ranges: Vec<Range>,
    /// The affected versions one by one.
    #[serde(default, deserialize_with = "list")]
    pub versions: Vec<String>,
    /// What the ecosystem adds: a status, urgency, the binary packages.
    #[serde(default)]
    pub ecosystem_specific: Value,
    /// What the feed adds.
    #[serde(default)]
    pub database_specific: Value,
}

/// A package by ecosystem and name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
pub struct Named {
    /// `Debian:12`, `crates.io`.
    pub ecosystem: String,
    /// Its name there.
    pub name: String,
}

/// A stretch of versions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Range {
    /// `SEMVER`, `ECOSYSTEM` or `GIT`; commits say nothing of packages.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where it begins and ends, in no order.
    #[serde(default)]
    pub events: Vec<Event>,
}

/// Where a range begins or ends.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// From here on.
    Introduced(String),
    /// Before here.
    Fixed(String),
    /// Up to and with this.
    LastAffected(String),
    /// No version from here on counts.
    Limit(String),
}

/// A list that may be `null`.
fn list<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// Why a record is no advisory.
#[derive(Debug, thiserror::Error)]
#[error("this is no OSV advisory")]
pub struct NoAdvisory(#[from] serde_json::Error);

impl Advisory {
    /// Reads one record.
    ///
    /// # Errors
    /// When it is no JSON, or lacks what every advisory has.
    pub fn read(bytes: &[u8]) -> Result<Self, NoAdvisory> {
        Ok(serde_json::from_slice(bytes)?)
    }
}
