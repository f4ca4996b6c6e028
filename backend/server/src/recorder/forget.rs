//! What is forgotten: what each tier no longer keeps, and the oldest of the finest tiers when history has reached its budget.

use super::{Recorder, lock};
use crate::clock;
use plimsoll_history::tier::{Retention, Tier};
use plimsoll_shared::UnixMs;
use plimsoll_store::{Horizon, Store, StoreError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Rows deleted in one transaction, and the pause between two.
const SLICE: u32 = 500;
const PAUSE: Duration = Duration::from_millis(20);
/// Events are kept this long, or as long as single readings if that is longer: 30 days.
const KEEP_EVENTS_MS: i64 = 30 * 24 * 3_600_000;
const EVERY: Duration = Duration::from_secs(60);

/// How much is kept.
#[derive(Debug, Clone, Copy)]
pub struct Keep {
    /// How long each tier is.
    pub retention: Retention,
    /// Most bytes of the sample history; `None` without a budget.
    pub budget: Option<u64>,
}

/// What is old at `now`. Lives and removed containers stay as long as anything that may name them.
#[must_use]
pub fn horizon(retention: &Retention, now: UnixMs) -> Horizon {
    let ago = |ms: i64| UnixMs(now.0.saturating_sub(ms));
    let longest = retention.0.into_iter().fold(KEEP_EVENTS_MS, i64::max);
    Horizon {
        tiers: Tier::ALL.map(|tier| ago(retention.of(tier))),
        events: ago(retention.of(Tier::Second).max(KEEP_EVENTS_MS)),
        lives: ago(longest),
    }
}

/// How far back each tier reaches at `now`: as long as it is kept, or up to where it was forgotten early.
pub(crate) fn reach(retention: &Retention, early: &[Option<UnixMs>; 5], now: UnixMs) -> Retention {
    let mut reach = *retention;
    for (reach, early) in reach.0.iter_mut().zip(early) {
        if let Some(early) = early {
            *reach = (*reach).min(now.0.saturating_sub(early.0).max(0));
        }
    }
    reach
}

impl Recorder {
    /// How far back each tier reaches at `now`, when it is kept for `retention`.
    pub fn reach(&self, retention: &Retention, now: UnixMs) -> Retention {
        reach(retention, &lock(&self.0.early), now)
    }

    /// Forgets every minute, in slices.
    ///
    /// # Errors
    /// None: trouble is said and tried again.
    pub async fn prune(self, keep: Keep, stop: CancellationToken) -> anyhow::Result<()> {
        loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(EVERY) => {}
            }
            let Some(store) = self.writable() else {
                continue;
            };
            if let Err(error) = self.forget(&store, keep, clock::now(), &stop).await {
                self.met(&error, "old readings could not be deleted");
            }
        }
    }

    /// Forgets what is old at `now`, and what is too much.
    pub(crate) async fn forget(
        &self,
        store: &Store,
        keep: Keep,
        now: UnixMs,
        stop: &CancellationToken,
    ) -> Result<(), StoreError> {
        let horizon = horizon(&keep.retention, now);
        while !stop.is_cancelled() && store.prune(horizon, SLICE).await? >= u64::from(SLICE) {
            tokio::time::sleep(PAUSE).await;
        }
        let Some(budget) = keep.budget else {
            return Ok(());
        };
        while !stop.is_cancelled() && store.shrink(budget, SLICE).await? {
            *lock(&self.0.early) = store.forgotten_early().await?;
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tier_that_was_forgotten_early_reaches_less_far() {
        let retention = Retention([100, 200, 300, 400, 500]);
        let early = [
            Some(UnixMs(950)),
            Some(UnixMs(10)),
            None,
            Some(UnixMs(2000)),
            None,
        ];
        let reach = reach(&retention, &early, UnixMs(1000));
        assert_eq!(reach, Retention([50, 200, 300, 0, 500]));
    }
}
