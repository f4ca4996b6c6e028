//! What happened to a container.

use crate::{ContainerId, HostId, UnixMs};
use serde::{Deserialize, Serialize};

/// One thing that happened to a container, as the engine reported it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContainerEvent {
    /// When, by the engine's clock.
    pub at: UnixMs,
    /// Where.
    pub host: HostId,
    /// To which container.
    pub container: ContainerId,
    /// Its name at that moment.
    pub name: String,
    /// What.
    pub kind: EventKind,
    /// More in a few words: exit code, signal, the new name, the health check's verdict.
    pub detail: Option<String>,
}

/// Kinds of events kept as history (Docker Engine API, `GET /events`, type container).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum EventKind {
    /// Made.
    Create,
    /// A life began.
    Start,
    /// A life ended; the detail is its exit code.
    Die,
    /// The kernel killed a process in it for want of memory.
    Oom,
    /// A signal was sent to it; the detail is the signal.
    Kill,
    /// Stopped on request.
    Stop,
    /// Restarted on request.
    Restart,
    /// Frozen.
    Pause,
    /// Unfrozen.
    Unpause,
    /// Renamed; the detail is `old → new`.
    Rename,
    /// Limits or restart policy changed.
    Update,
    /// The health check changed its mind; the detail is the new state.
    Health,
    /// Removed.
    Destroy,
}

impl EventKind {
    /// Every kind, in the order of a container's life.
    pub const ALL: [EventKind; 13] = [
        Self::Create,
        Self::Start,
        Self::Die,
        Self::Oom,
        Self::Kill,
        Self::Stop,
        Self::Restart,
        Self::Pause,
        Self::Unpause,
        Self::Rename,
        Self::Update,
        Self::Health,
        Self::Destroy,
    ];

    /// The word used in the database and the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Start => "start",
            Self::Die => "die",
            Self::Oom => "oom",
            Self::Kill => "kill",
            Self::Stop => "stop",
            Self::Restart => "restart",
            Self::Pause => "pause",
            Self::Unpause => "unpause",
            Self::Rename => "rename",
            Self::Update => "update",
            Self::Health => "health",
            Self::Destroy => "destroy",
        }
    }

    /// The kind that [`EventKind::as_str`] names, if it names one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}
