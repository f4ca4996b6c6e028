//! What every handler can reach.

use crate::recorder::Keep;
use crate::{
    clock, fleet::Fleet, http::AllowedHosts, live::Hub, overview, recorder::Recorder, site::Site,
    supervisor::Supervisor,
};
use plimsoll_history::tier::{Retention, Tier};
use plimsoll_shared::{ServerStatus, Setting, UnixMs};
use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// The running server, cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of the running server.
pub struct Parts {
    /// The present.
    pub fleet: Arc<RwLock<Fleet>>,
    /// The live stream.
    pub hub: Arc<Hub>,
    /// The past.
    pub recorder: Recorder,
    /// The overview as it was answered last.
    pub overview: overview::Cache,
    /// The pages.
    pub site: Site,
    /// The tasks.
    pub supervisor: Supervisor,
    /// Names this server answers to.
    pub allowed: AllowedHosts,
    /// Cancelled when the server stops.
    pub stop: CancellationToken,
    /// When this process started.
    pub started_at: UnixMs,
    /// Time between two readings.
    pub interval: Duration,
    /// How much of the past is kept.
    pub keep: Keep,
    /// Folder the data is in.
    pub data_dir: PathBuf,
    /// What the server was told, and by whom.
    pub settings: Vec<Setting>,
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// The running server.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The present, to read.
    pub fn present(&self) -> RwLockReadGuard<'_, Fleet> {
        self.fleet.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The server itself.
    pub async fn status(&self) -> ServerStatus {
        let traffic = self.hub.traffic();
        ServerStatus {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: self.started_at,
            interval_ms: u64::try_from(self.interval.as_millis()).unwrap_or(u64::MAX),
            recording: self.recorder.recording(),
            data_dir: self.data_dir.display().to_string(),
            data_bytes: self.recorder.bytes_on_disk().await,
            retention_hours: u64::try_from(self.keep.retention.of(Tier::Second) / 3_600_000)
                .unwrap_or(0),
            resident_bytes: resident_bytes(),
            settings: self.settings.clone(),
            tasks: self.supervisor.statuses(),
            viewers: traffic.viewers,
            frames_encoded: traffic.encoded,
            frames_sent: traffic.sent,
        }
    }

    /// How far back each tier of readings reaches at `now`.
    pub fn reach(&self, now: UnixMs) -> Retention {
        self.recorder.reach(&self.keep.retention, now)
    }

    /// Milliseconds since the server started.
    pub fn uptime_ms(&self) -> i64 {
        clock::now().since(self.started_at)
    }
}

fn resident_bytes() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = statm.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * u64::try_from(rustix::param::page_size()).ok()?)
}
