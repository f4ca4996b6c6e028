//! What an image says of itself: manifests, indexes and configurations, as docker and the OCI write them.

use super::{LayerError, Limits};
use serde::{Deserialize, de::DeserializeOwned};
use std::collections::BTreeMap;

/// Labels kept, and bytes of each.
const MOST_LABELS: usize = 512;
const LABEL_BYTES: usize = 4096;

/// An entry of docker's `manifest.json`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Docker {
    pub(super) config: String,
    #[serde(default)]
    pub(super) repo_tags: Option<Vec<String>>,
    pub(super) layers: Vec<String>,
}

/// An OCI index, or a manifest: the fields tell which.
#[derive(Debug, Deserialize)]
pub(super) struct Oci {
    pub(super) manifests: Option<Vec<Descriptor>>,
    pub(super) config: Option<Descriptor>,
    pub(super) layers: Option<Vec<Descriptor>>,
}

/// A pointer at content.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Descriptor {
    #[serde(rename = "mediaType", default)]
    pub(super) media_type: String,
    pub(super) digest: String,
    pub(super) platform: Option<PlatformFields>,
    #[serde(default)]
    pub(super) annotations: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct PlatformFields {
    pub(super) architecture: String,
    pub(super) os: String,
    pub(super) variant: Option<String>,
}

/// An image's configuration.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Configuration {
    pub(super) architecture: Option<String>,
    pub(super) os: Option<String>,
    pub(super) variant: Option<String>,
    #[serde(default)]
    pub(super) rootfs: RootFs,
    #[serde(default)]
    pub(super) history: Vec<History>,
    #[serde(default)]
    pub(super) config: Option<Inner>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct RootFs {
    #[serde(default)]
    pub(super) diff_ids: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct History {
    pub(super) created: Option<String>,
    pub(super) created_by: Option<String>,
    pub(super) comment: Option<String>,
    #[serde(default)]
    pub(super) empty_layer: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Inner {
    #[serde(default)]
    pub(super) labels: Option<BTreeMap<String, String>>,
}

impl Configuration {
    /// The labels, of which no more are kept than people read.
    pub(super) fn labels(&mut self) -> BTreeMap<String, String> {
        let labels = self
            .config
            .take()
            .and_then(|config| config.labels)
            .unwrap_or_default();
        labels
            .into_iter()
            .filter(|(key, value)| key.len() + value.len() <= LABEL_BYTES)
            .take(MOST_LABELS)
            .collect()
    }
}

/// Reads one of these, within the limits.
pub(super) fn read<T: DeserializeOwned>(
    what: &str,
    bytes: &[u8],
    limits: &Limits,
) -> Result<T, LayerError> {
    if bytes.len() as u64 > limits.json_bytes {
        return Err(LayerError::Refused(super::Limit::JsonBytes(
            limits.json_bytes,
        )));
    }
    serde_json::from_slice(bytes).map_err(|error| LayerError::Manifest {
        what: what.to_owned(),
        reason: error.to_string(),
    })
}
