//! One container as the console shows it.

use crate::{ContainerId, HostId, ImageDigest, RowKey, UnixMs};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A container's state, the engine's own words (Docker Engine API, `ContainerState.Status`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ContainerState {
    /// Made, never started.
    Created,
    /// Running.
    Running,
    /// Frozen.
    Paused,
    /// Between two lives: its restart policy is about to start it again.
    Restarting,
    /// Being removed.
    Removing,
    /// Ended.
    Exited,
    /// Could not be removed whole.
    Dead,
    /// A word this version does not know.
    #[serde(other)]
    Unknown,
}

impl ContainerState {
    /// Whether processes of the container exist, so that it can be measured.
    #[must_use]
    pub fn is_alive(self) -> bool {
        matches!(self, Self::Running | Self::Paused)
    }
}

/// What a container's own health check says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Health {
    /// The container has no health check.
    None,
    /// Still in its start period.
    Starting,
    /// The last check passed.
    Healthy,
    /// Enough checks in a row failed.
    Unhealthy,
    /// Not known: not asked yet, or a word this version does not know.
    #[serde(other)]
    Unknown,
}

/// The image a container was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImageRef {
    /// The name the container was made with (`nginx:1.29`); a label, not a key.
    pub reference: String,
    /// The image's configuration digest, the engine's image id; `None` when the engine gave none.
    pub digest: Option<ImageDigest>,
}

/// Where a container stands in a compose project.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Compose {
    /// Label `com.docker.compose.project`.
    pub project: String,
    /// Label `com.docker.compose.service`.
    pub service: Option<String>,
}

/// Whose network interfaces a container uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "lowercase",
    tag = "kind",
    content = "of",
    try_from = "NetworkFields"
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Network {
    /// Its own.
    Own,
    /// The host's: the engine counts no bytes for it.
    Host,
    /// None.
    None,
    /// Another container's: both report the same counters, so a sum counts them once.
    Container(ContainerId),
}

/// A [`Network`] as JSON holds it, read field by field: serde's own way with tagged enums compiles every type inside twice.
#[derive(Deserialize)]
struct NetworkFields {
    kind: NetworkKind,
    of: Option<ContainerId>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum NetworkKind {
    Own,
    Host,
    None,
    Container,
}

impl TryFrom<NetworkFields> for Network {
    type Error = &'static str;

    fn try_from(fields: NetworkFields) -> Result<Self, Self::Error> {
        Ok(match fields.kind {
            NetworkKind::Own => Self::Own,
            NetworkKind::Host => Self::Host,
            NetworkKind::None => Self::None,
            NetworkKind::Container => Self::Container(fields.of.ok_or("missing field `of`")?),
        })
    }
}

/// A published or exposed port.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Port {
    /// Port inside the container.
    pub container: u16,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
    /// Address and port on the host, when published.
    pub host: Option<(String, u16)>,
}

/// Everything about a container except its numbers: one row of the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContainerRow {
    /// The server's short number for it in live frames.
    pub key: RowKey,
    /// Host it runs on.
    pub host: HostId,
    /// Full id.
    pub id: ContainerId,
    /// Name without the leading slash. Text from outside: draw it as text.
    pub name: String,
    /// Image it was made from.
    pub image: ImageRef,
    /// State.
    pub state: ContainerState,
    /// Health.
    pub health: Health,
    /// When it was made.
    pub created_at: UnixMs,
    /// When its latest life began; `None` if it never ran or the engine was not asked.
    pub started_at: Option<UnixMs>,
    /// When its latest life ended; `None` while it runs.
    pub finished_at: Option<UnixMs>,
    /// Exit code of its latest life; `None` while it runs or when unknown.
    pub exit_code: Option<i64>,
    /// Whether the kernel ended its latest life for want of memory.
    pub oom_killed: bool,
    /// Restarts by its restart policy; `None` when not asked.
    pub restarts: Option<u64>,
    /// Compose project and service.
    pub compose: Option<Compose>,
    /// Whose network it uses.
    pub network: Network,
    /// Ports, sorted.
    pub ports: Vec<Port>,
    /// Set when the container is gone: when it was seen to go. Its history is kept.
    pub removed_at: Option<UnixMs>,
}

/// Resource limits as configured; `None` is no limit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Limits {
    /// Bytes of memory.
    pub memory: Option<u64>,
    /// Cores, from `NanoCpus` or quota over period.
    pub cpus: Option<f64>,
    /// Processes and threads.
    pub pids: Option<u64>,
}

/// A mount of a container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mount {
    /// `bind`, `volume`, `tmpfs`, …
    pub kind: String,
    /// Path on the host or name of the volume.
    pub source: String,
    /// Path inside.
    pub destination: String,
    /// Whether the container may write there.
    pub writable: bool,
}

/// A container's own page: its row and what the table has no room for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContainerDetail {
    /// The row.
    pub row: ContainerRow,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Entry point and command as one list; empty when not asked.
    pub command: Vec<String>,
    /// Restart policy in docker's words (`no`, `always`, `on-failure:5`); `None` when not asked.
    pub restart_policy: Option<String>,
    /// Limits as configured; `None` when not asked.
    pub limits: Option<Limits>,
    /// Mounts.
    pub mounts: Vec<Mount>,
    /// Networks by name with the container's address, when it has one.
    pub networks: BTreeMap<String, Option<String>>,
    /// A container that took this one's name (or compose place) after it went, if one did.
    pub replaced_by: Option<ContainerId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_read_back_as_it_was_written() {
        let other = Network::Container("ab".repeat(32).parse().unwrap());
        for network in [Network::Own, Network::Host, Network::None, other] {
            let text = serde_json::to_string(&network).unwrap();
            assert_eq!(
                serde_json::from_str::<Network>(&text).unwrap(),
                network,
                "{text}"
            );
        }
        assert!(serde_json::from_str::<Network>(r#"{"kind":"container"}"#).is_err());
    }
}
