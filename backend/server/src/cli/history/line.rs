//! The lines of an exported history: one JSON object each, told apart by its only key.
//!
//! | key | what | when |
//! |---|---|---|
//! | `plimsoll_history` | the version of this format, 1; when it was written; what the places of `levels` and `growths` mean | first |
//! | `container` | its host, everything the engine told of it, and when it was removed | before its lives |
//! | `life` | from start to end of a container's main process, or of a machine's; `n` names it in what follows | before its history |
//! | `gap` | why a host, or one life, has no readings from one instant up to another | |
//! | `readings` | single readings of one life, as the API gives them | ascending in time, finest tier first |
//! | `buckets` | roll-ups of one life: width, and start and content of each | likewise |
//!
//! Instants are Unix milliseconds. A level is n, smallest, largest, sum and latest; CPU is in millionths of a core, load in hundredths.
//! A growth is what a counter grew by, the part of it that counts as a rate, how many rates, the milliseconds they cover, the slowest and
//! the fastest a second. A line is of one stretch: of single readings a quarter of an hour, of buckets as long as a chunk is.

use plimsoll_history::rollup::Bucket;
use plimsoll_model::ContainerFacts;
use plimsoll_shared::{ContainerId, HostId, Reading, UnixMs, series::GapReason};
use serde::{Deserialize, Serialize};

/// The version of the format.
pub(super) const VERSION: u32 = 1;

/// One line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    PlimsollHistory(Head),
    Container(Box<Container>),
    Life(Life),
    Gap(Gap),
    Readings(Readings),
    Buckets(Buckets),
}

/// The first line.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) version: u32,
    pub(super) exported_at: UnixMs,
    /// What the places of `levels` mean, in order.
    pub(super) levels: Vec<String>,
    /// What the places of `growths` mean.
    pub(super) growths: Vec<String>,
}

/// A container.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Container {
    pub(super) host: HostId,
    pub(super) removed_at: Option<UnixMs>,
    pub(super) facts: ContainerFacts,
}

/// A life; of a machine without a container.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Life {
    pub(super) n: u64,
    pub(super) host: HostId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) container: Option<ContainerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) began_at: Option<UnixMs>,
    #[serde(default)]
    pub(super) guessed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ended_at: Option<UnixMs>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) exit_code: Option<i64>,
    #[serde(default)]
    pub(super) oom_killed: bool,
}

/// A stretch without readings.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Gap {
    pub(super) host: HostId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) life: Option<u64>,
    pub(super) from: UnixMs,
    pub(super) to: UnixMs,
    pub(super) reason: GapReason,
}

/// Readings of one life.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Readings {
    pub(super) life: u64,
    pub(super) readings: Vec<Reading>,
}

/// Roll-ups of one life.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Buckets {
    pub(super) life: u64,
    pub(super) width_ms: i64,
    pub(super) buckets: Vec<(UnixMs, Bucket)>,
}
