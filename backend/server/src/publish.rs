//! Tells the tabs: soon after something changed, and at least once a second as a heartbeat.

use crate::{clock, fleet::About, live::Hub, recorder::Recorder, site::Site};
use std::{sync::Arc, sync::PoisonError, sync::RwLock, time::Duration};
use tokio::{sync::Notify, time::Instant};
use tokio_util::sync::CancellationToken;

/// A tab hears at least this often.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// Changes this close together share a frame.
const GATHER: Duration = Duration::from_millis(25);
/// Frames are at least this far apart.
const SPACING: Duration = Duration::from_millis(150);

/// Publishes until `stop`.
///
/// # Errors
/// None.
pub async fn run(
    fleet: Arc<RwLock<crate::fleet::Fleet>>,
    hub: Arc<Hub>,
    recorder: Recorder,
    site: Site,
    changed: Arc<Notify>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let mut build = (site.build_id(), Instant::now());
    loop {
        let began = Instant::now();
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = changed.notified() => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(HEARTBEAT) => {}
        }
        if cfg!(debug_assertions) && build.1.elapsed() > HEARTBEAT {
            build = (site.build_id(), Instant::now());
        }
        let now = clock::now();
        fleet
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .age(now);
        hub.publish(
            About {
                recording: recorder.recording(),
                build: build.0.clone(),
            },
            now,
        );
        if let Some(rest) = SPACING.checked_sub(began.elapsed()) {
            tokio::time::sleep(rest).await;
        }
    }
}
