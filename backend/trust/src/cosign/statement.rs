//! in-toto statements: what is said about which digests.

use crate::json::Json;

/// The type of statement that is cosign's signature of an image; every other type is an attestation.
pub const SIGNATURE: &str = "https://sigstore.dev/cosign/sign/v1";

const PAYLOAD: &str = "application/vnd.in-toto+json";

/// A statement.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statement {
    pub predicate_type: String,
    subjects: Vec<String>,
    predicate: Json,
}

/// How an image was built, as far as its provenance says it in the usual places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Who built it.
    pub builder: Option<String>,
    /// The repository it was built from.
    pub source: Option<String>,
    /// The commit it was built from.
    pub commit: Option<String>,
}

impl Statement {
    pub fn read(payload_type: &str, payload: &[u8]) -> Option<Self> {
        if payload_type != PAYLOAD {
            return None;
        }
        let json = Json::parse(payload).ok()?;
        json.get("_type")?
            .text()?
            .starts_with("https://in-toto.io/Statement/v")
            .then_some(())?;
        let subjects = json
            .get("subject")?
            .list()?
            .iter()
            .filter_map(|subject| Some(subject.get("digest")?.get("sha256")?.text()?.to_owned()))
            .collect();
        Some(Statement {
            predicate_type: json.get("predicateType")?.text()?.to_owned(),
            subjects,
            predicate: json.get("predicate").cloned().unwrap_or(Json::Null),
        })
    }

    /// Whether it speaks of the image with this digest, `sha256:…`.
    pub fn is_about(&self, digest: &str) -> bool {
        digest
            .strip_prefix("sha256:")
            .is_some_and(|hex| self.subjects.iter().any(|subject| subject == hex))
    }

    /// The provenance, if this is SLSA provenance of version 0.2 or 1.
    pub fn provenance(&self) -> Option<Provenance> {
        let at = |path: &[&str]| {
            let mut json = Some(&self.predicate);
            for key in path {
                json = json.and_then(|json| json.get(key));
            }
            json.and_then(Json::text).map(str::to_owned)
        };
        match self.predicate_type.as_str() {
            "https://slsa.dev/provenance/v1" => {
                let commit = self
                    .predicate
                    .get("buildDefinition")
                    .and_then(|build| build.get("resolvedDependencies"))
                    .and_then(Json::list)
                    .and_then(|list| {
                        list.iter()
                            .find_map(|from| from.get("digest")?.get("gitCommit")?.text())
                    });
                Some(Provenance {
                    builder: at(&["runDetails", "builder", "id"]),
                    source: at(&[
                        "buildDefinition",
                        "externalParameters",
                        "workflow",
                        "repository",
                    ])
                    .or_else(|| at(&["buildDefinition", "externalParameters", "source"])),
                    commit: commit.map(str::to_owned),
                })
            }
            "https://slsa.dev/provenance/v0.2" => Some(Provenance {
                builder: at(&["builder", "id"]),
                source: at(&["invocation", "configSource", "uri"]),
                commit: at(&["invocation", "configSource", "digest", "sha1"]),
            }),
            _ => None,
        }
    }
}
