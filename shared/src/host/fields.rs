//! Tagged states as JSON holds them, read field by field: serde's own way with internally tagged enums compiles every type inside a
//! second time.

use crate::{Found, UnixMs};
use serde::Deserialize;

/// All fields that a [`super::HostState`] of some kind has.
#[derive(Deserialize)]
pub(super) struct HostState {
    is: HostKind,
    since: UnixMs,
    tried: Option<Vec<Found>>,
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum HostKind {
    Searching,
    Up,
    Stale,
    Down,
}

impl TryFrom<HostState> for super::HostState {
    type Error = &'static str;

    fn try_from(fields: HostState) -> Result<Self, Self::Error> {
        let since = fields.since;
        Ok(match fields.is {
            HostKind::Searching => Self::Searching {
                since,
                tried: fields.tried.ok_or("missing field `tried`")?,
            },
            HostKind::Up => Self::Up { since },
            HostKind::Stale => Self::Stale { since },
            HostKind::Down => Self::Down {
                since,
                reason: fields.reason.ok_or("missing field `reason`")?,
            },
        })
    }
}

/// All fields that a [`super::Recording`] of some kind has.
#[derive(Deserialize)]
pub(super) struct Recording {
    is: RecordingKind,
    since: Option<UnixMs>,
    reason: Option<String>,
    lost: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum RecordingKind {
    On,
    Off,
}

impl TryFrom<Recording> for super::Recording {
    type Error = &'static str;

    fn try_from(fields: Recording) -> Result<Self, Self::Error> {
        Ok(match fields.is {
            RecordingKind::On => Self::On,
            RecordingKind::Off => Self::Off {
                since: fields.since.ok_or("missing field `since`")?,
                reason: fields.reason.ok_or("missing field `reason`")?,
                lost: fields.lost.ok_or("missing field `lost`")?,
            },
        })
    }
}

/// All fields that a [`super::TaskState`] of some kind has.
#[derive(Deserialize)]
pub(super) struct TaskState {
    is: TaskKind,
    since: Option<UnixMs>,
    until: Option<UnixMs>,
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum TaskKind {
    Running,
    Waiting,
}

impl TryFrom<TaskState> for super::TaskState {
    type Error = &'static str;

    fn try_from(fields: TaskState) -> Result<Self, Self::Error> {
        Ok(match fields.is {
            TaskKind::Running => Self::Running {
                since: fields.since.ok_or("missing field `since`")?,
            },
            TaskKind::Waiting => Self::Waiting {
                until: fields.until.ok_or("missing field `until`")?,
                reason: fields.reason.ok_or("missing field `reason`")?,
            },
        })
    }
}
