//! A Docker host and the state of this server, as the console shows them.

use crate::{HostId, Reading, UnixMs};
use serde::{Deserialize, Serialize};

mod fields;

/// Whether a host's engine answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "is", try_from = "fields::HostState")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum HostState {
    /// No engine was found yet: what was tried, in order.
    Searching {
        /// Since when.
        since: UnixMs,
        /// Each place that was tried and why it did not do.
        tried: Vec<Found>,
    },
    /// The engine answers.
    Up {
        /// Since when.
        since: UnixMs,
    },
    /// The engine was silent for longer than two intervals.
    Stale {
        /// When it was last heard.
        since: UnixMs,
    },
    /// The connection to the engine is lost; the server keeps trying.
    Down {
        /// Since when.
        since: UnixMs,
        /// Why, as a sentence.
        reason: String,
    },
}

/// One place where an engine was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Found {
    /// The address tried, as DOCKER_HOST would write it.
    pub endpoint: String,
    /// Where that address came from: `DOCKER_HOST`, `docker context "desktop"`, `default socket`, …
    pub source: String,
    /// Why it did not do and what to do about it, as a sentence.
    pub problem: String,
}

/// How a host's containers are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Collection {
    /// Straight from the kernel's cgroup version 1 files.
    Cgroup1,
    /// Straight from the kernel's cgroup version 2 files.
    Cgroup2,
    /// One streaming stats connection to the engine per container.
    Streams,
    /// Not decided yet: no container runs.
    Undecided,
}

/// What an engine says of itself (Docker Engine API, `GET /info` and `GET /version`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EngineFacts {
    /// The engine's own id; tells two engines apart.
    pub engine_id: String,
    /// The machine's name.
    pub name: String,
    /// Engine version.
    pub version: String,
    /// API version in use, `1.41`.
    pub api_version: String,
    /// Operating system in words.
    pub os: String,
    /// Kernel version.
    pub kernel: String,
    /// Architecture.
    pub arch: String,
    /// Online CPUs.
    pub cpus: u64,
    /// Memory of the machine in bytes, as the engine read it when it started.
    pub memory: u64,
    /// cgroup version, `1` or `2`.
    pub cgroup_version: String,
    /// cgroup driver, `systemd` or `cgroupfs`.
    pub cgroup_driver: String,
    /// Storage driver.
    pub storage_driver: String,
    /// Security options in the engine's words.
    pub security: Vec<String>,
    /// Whether containers outlive a restart of the engine.
    pub live_restore: bool,
    /// Images the engine holds.
    pub images: u64,
    /// The engine's own warnings.
    pub warnings: Vec<String>,
}

/// How many containers a host has, by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counts {
    /// Running, the unhealthy among them included.
    pub running: u32,
    /// Running and unhealthy.
    pub unhealthy: u32,
    /// Paused.
    pub paused: u32,
    /// Restarting.
    pub restarting: u32,
    /// Everything else the engine lists: created, exited, dead.
    pub stopped: u32,
}

/// One host, one row of the hosts table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HostRow {
    /// Id in URLs.
    pub id: HostId,
    /// Where the engine is, as DOCKER_HOST would write it; `None` before one is found.
    pub endpoint: Option<String>,
    /// State.
    pub state: HostState,
    /// What the engine says of itself; kept while it is down.
    pub engine: Option<EngineFacts>,
    /// How its containers are measured.
    pub collection: Collection,
    /// Containers by state.
    pub counts: Counts,
    /// When the engine or a container of it was last heard.
    pub last_heard: Option<UnixMs>,
    /// CPU of all its containers in percent of one core; `None` when nothing was measured.
    pub cpu_percent: Option<f64>,
    /// Memory used by all its containers in bytes; `None` when nothing was measured.
    pub memory_used: Option<u64>,
    /// The machine's own reading of the latest sweep; `None` when the machine cannot be seen from here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<Reading>,
    /// The engine's clock minus this server's, in milliseconds; `None` when not compared yet.
    pub clock_skew_ms: Option<i64>,
}

/// Whether history is being written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "is", try_from = "fields::Recording")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Recording {
    /// It is.
    On,
    /// It is not; live numbers go on.
    Off {
        /// Since when.
        since: UnixMs,
        /// What stopped it, where, and what to do, as a sentence.
        reason: String,
        /// Readings that could not be kept so far.
        lost: u64,
    },
}

/// What one of the server's tasks is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "is", try_from = "fields::TaskState")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TaskState {
    /// Running since then.
    Running {
        /// Since when.
        since: UnixMs,
    },
    /// Ended or panicked; starts again then.
    Waiting {
        /// When it starts again.
        until: UnixMs,
        /// Why it ended.
        reason: String,
    },
}

/// One of the server's tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskStatus {
    /// Its name.
    pub name: String,
    /// What it is doing.
    pub state: TaskState,
    /// How often it had to be started again.
    pub restarts: u64,
}

/// One of the server's settings, and who set it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Setting {
    /// Its name in the configuration file, `docker_host`; the flag `--docker-host` and the variable `PLIMSOLL_DOCKER_HOST` follow from it.
    pub name: String,
    /// Its value as it could be written in the file; empty for none.
    pub value: String,
    /// Where it was set: `--retention`, `PLIMSOLL_RETENTION`, `/etc/plimsoll/config.toml:3`; `None` when nobody did, and the default holds.
    pub from: Option<String>,
}

impl Setting {
    /// The flag of the command line that sets it.
    #[must_use]
    pub fn flag(&self) -> String {
        format!("--{}", self.name.replace(['_', '.'], "-"))
    }

    /// The variable of the environment that sets it.
    #[must_use]
    pub fn variable(&self) -> String {
        let name = self.name.replace('.', "_");
        format!("PLIMSOLL_{}", name.to_uppercase())
    }
}

/// The server itself, for the About page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServerStatus {
    /// Version of the program.
    pub version: String,
    /// When this process started.
    pub started_at: UnixMs,
    /// Milliseconds between two readings.
    pub interval_ms: u64,
    /// Whether history is being written.
    pub recording: Recording,
    /// Folder the data is in.
    pub data_dir: String,
    /// Bytes on disk; `None` when it cannot be told.
    pub data_bytes: Option<u64>,
    /// Hours of readings kept.
    pub retention_hours: u64,
    /// Resident memory of the server in bytes; `None` when it cannot be told.
    pub resident_bytes: Option<u64>,
    /// What it was told, and by whom.
    pub settings: Vec<Setting>,
    /// Tasks.
    pub tasks: Vec<TaskStatus>,
    /// Browser tabs on the live stream.
    pub viewers: u64,
    /// Live frames encoded since the start.
    pub frames_encoded: u64,
    /// Live frames sent since the start; larger than `frames_encoded` when several tabs share a view.
    pub frames_sent: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::DeserializeOwned;
    use std::fmt::Debug;

    fn survives<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
        let text = serde_json::to_string(value).unwrap();
        assert_eq!(serde_json::from_str::<T>(&text).unwrap(), *value, "{text}");
    }

    #[test]
    fn states_are_read_back_as_they_were_written() {
        let since = UnixMs(7);
        let reason = "because".to_owned();
        survives(&HostState::Searching {
            since,
            tried: Vec::new(),
        });
        survives(&HostState::Up { since });
        survives(&HostState::Stale { since });
        survives(&HostState::Down {
            since,
            reason: reason.clone(),
        });
        survives(&Recording::On);
        survives(&Recording::Off {
            since,
            reason: reason.clone(),
            lost: 3,
        });
        survives(&TaskState::Running { since });
        survives(&TaskState::Waiting {
            until: since,
            reason,
        });
        assert!(serde_json::from_str::<HostState>(r#"{"is":"down","since":1}"#).is_err());
    }
}
