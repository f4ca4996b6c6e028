//! Plain facts that two backend crates must name: what a collector saw, for whoever records or shows it.
//!
//! No IO and no async. What the browser names too lives in `plimsoll-shared`.

use plimsoll_shared::{
    Collection, Compose, ContainerId, ContainerState, EngineFacts, EventKind, Found, Health,
    ImageRef, Limits, Mount, Network, Port, Reading, UnixMs,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything an engine tells of one container, numbers aside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContainerFacts {
    /// Full id.
    pub id: ContainerId,
    /// Name without the leading slash.
    pub name: String,
    /// Image it was made from.
    pub image: ImageRef,
    /// State.
    pub state: ContainerState,
    /// Health.
    pub health: Health,
    /// When it was made.
    pub created_at: UnixMs,
    /// When its latest life began; `None` if it never ran or only the list was read.
    pub started_at: Option<UnixMs>,
    /// When its latest life ended; `None` while it runs.
    pub finished_at: Option<UnixMs>,
    /// Exit code of its latest life; `None` while it runs or when unknown.
    pub exit_code: Option<i64>,
    /// Whether the kernel ended its latest life for want of memory.
    pub oom_killed: bool,
    /// Restarts by its restart policy; `None` when only the list was read.
    pub restarts: Option<u64>,
    /// Compose project and service.
    pub compose: Option<Compose>,
    /// Whose network it uses.
    pub network: Network,
    /// Ports, sorted.
    pub ports: Vec<Port>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Entry point and command; empty when only the list was read.
    pub command: Vec<String>,
    /// Restart policy in docker's words; `None` when only the list was read.
    pub restart_policy: Option<String>,
    /// Limits as configured; `None` when only the list was read.
    pub limits: Option<Limits>,
    /// Mounts.
    pub mounts: Vec<Mount>,
    /// Networks by name with the container's address.
    pub networks: BTreeMap<String, Option<String>>,
}

/// One thing an engine said happened to a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// When, by the engine's clock.
    pub at: UnixMs,
    /// To which container.
    pub container: ContainerId,
    /// Its name at that moment.
    pub name: String,
    /// What.
    pub kind: EventKind,
    /// More in a few words.
    pub detail: Option<String>,
}

/// The readings of one sweep over a host's running containers.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// When the sweep began; the same for all its readings' tick, so that one host's series share their times.
    pub at: UnixMs,
    /// How they were taken.
    pub collection: Collection,
    /// One reading per container that gave one. A container that gave none is absent: a gap, not zeros.
    pub readings: Vec<(ContainerId, Reading)>,
    /// The machine's own reading; `None` when the machine cannot be seen from here.
    pub machine: Option<Box<Reading>>,
}

/// What a collector tells of one host, in the order it happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Observation {
    /// No engine could be reached at any of these places; the collector goes on looking.
    Searching(Vec<Found>),
    /// An engine answers at `endpoint`.
    Connected {
        /// Where, as DOCKER_HOST would write it.
        endpoint: String,
        /// What it says of itself.
        facts: Box<EngineFacts>,
        /// Its clock minus ours in milliseconds, when it could be compared.
        clock_skew_ms: Option<i64>,
    },
    /// All containers the engine lists: what is not here is gone.
    Listed(Vec<ContainerFacts>),
    /// One container is new or changed.
    Container(Box<ContainerFacts>),
    /// One container was removed.
    Removed(ContainerId),
    /// Something happened. Comes before the change it caused.
    Happened(Happening),
    /// One sweep of readings; sent every interval while connected, even when empty, so that it is the host's heartbeat.
    Readings(Batch),
    /// The engine stopped answering: why, as a sentence. The collector goes on trying.
    Lost(String),
}
