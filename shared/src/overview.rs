//! What the first page shows: who uses most, who is near a limit, and what changed.

use crate::{EventKind, UnixMs, lines::Subject, series::Metric};
use serde::{Deserialize, Serialize};

/// The answer of `GET /api/v1/overview`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Overview {
    /// When it was put together.
    pub at: UnixMs,
    /// Start of the stretch that the top consumers are ranked over, which ends at `at`.
    pub ranked_from: UnixMs,
    /// Start of the stretch that the changes are from, which ends at `at`.
    pub changed_from: UnixMs,
    /// The greatest consumers, by metric: CPU, memory, network, block devices.
    pub top: Vec<Top>,
    /// What is near its limit, nearest first.
    pub near: Vec<Near>,
    /// What changed, newest first; at most a hundred.
    pub changed: Vec<Change>,
    /// Whether there were more changes than that.
    pub more_changes: bool,
}

/// The greatest consumers of one metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Top {
    /// Which metric; of network and block devices both directions together are ranked, and the first one named.
    pub metric: Metric,
    /// Greatest mean first, at most five.
    pub items: Vec<TopItem>,
}

/// One of the greatest consumers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopItem {
    /// Who.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub of: Subject,
    /// Its name.
    pub name: String,
    /// Its mean over the stretch, in the metric's unit.
    pub mean: f64,
    /// Its largest value in the stretch.
    pub max: f64,
    /// Its means in up to sixty equal parts of the stretch, oldest first; `None` is a gap.
    pub spark: Vec<Option<f64>>,
}

/// Something near its limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Near {
    /// Who.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub of: Subject,
    /// Its name.
    pub name: String,
    /// Near which limit.
    pub limit: NearLimit,
    /// Now, in the limit's unit.
    pub value: f64,
    /// The limit.
    pub most: f64,
}

/// A limit one can be near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum NearLimit {
    /// Memory of a container that has a limit of its own, bytes.
    Memory,
    /// Share of CPU periods in which its quota held it back over the last five minutes, percent; the most is 100.
    Throttled,
    /// Processes and threads.
    Pids,
    /// A machine's memory, bytes.
    HostMemory,
    /// A machine's file system with the engine's data, bytes.
    HostDisk,
}

/// Something that changed, with how often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// What.
    pub kind: ChangeKind,
    /// Who, by its newest container.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub of: Subject,
    /// Its name.
    pub name: String,
    /// When it last happened.
    pub at: UnixMs,
    /// How often in the stretch.
    pub times: u32,
    /// More in a few words: exit code, the images before and after.
    pub detail: Option<String>,
}

/// Kinds of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ChangeKind {
    /// A container took over from another of the same service or name.
    Redeployed,
    /// A container that took over from none was made.
    Created,
    /// A container that none took over from was removed.
    Removed,
    /// It ended with an exit code other than 0.
    Failed,
    /// The kernel killed a process in it for want of memory.
    OutOfMemory,
    /// It was restarted, on request or by its restart policy.
    Restarted,
    /// Its health check says unhealthy.
    Unhealthy,
    /// Its limits or restart policy were changed.
    Updated,
}

impl ChangeKind {
    /// The kind of event in a container's list that tells of it.
    #[must_use]
    pub fn event(self) -> EventKind {
        match self {
            Self::Redeployed | Self::Created => EventKind::Create,
            Self::Removed => EventKind::Destroy,
            Self::Failed => EventKind::Die,
            Self::OutOfMemory => EventKind::Oom,
            Self::Restarted => EventKind::Restart,
            Self::Unhealthy => EventKind::Health,
            Self::Updated => EventKind::Update,
        }
    }
}
