//! What is kept of a host's sweeps, and why some are missing.

use plimsoll_history::{
    Life,
    gap::{self, Gap, Reason},
    tail::Sweep,
};
use plimsoll_model::{Batch, Observation};
use plimsoll_shared::UnixMs;
use plimsoll_store::{LifeId, Missing, Recorded};

/// Up to when it is known of one host what was read and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    /// The newest sweep, or when this server began.
    pub(super) to: UnixMs,
    /// How many readings had been given up by then.
    pub(super) lost: u64,
}

/// The gaps up to when this server began: the host did not answer from its newest sweep to the last sign of life of the server
/// before this one, which did not run from then on.
pub(super) fn before_start(
    newest: UnixMs,
    alive: Option<UnixMs>,
    started: UnixMs,
    max_gap_ms: i64,
) -> Vec<Gap> {
    let stopped = alive.map_or(newest, |alive| alive.max(newest));
    let mut gaps = Vec::new();
    gaps.extend(between(newest, stopped, Reason::HostDown, max_gap_ms));
    gaps.extend(between(stopped, started, Reason::HubStopped, max_gap_ms));
    gaps
}

/// The gap before a sweep at `at`, if it is one.
pub(super) fn before_sweep(known: Known, at: UnixMs, lost: u64, max_gap_ms: i64) -> Option<Gap> {
    let reason = if lost > known.lost {
        Reason::BufferOverflow
    } else {
        Reason::HostDown
    };
    between(known.to, at, reason, max_gap_ms)
}

fn between(from: UnixMs, to: UnixMs, reason: Reason, max_gap_ms: i64) -> Option<Gap> {
    (to.0.saturating_sub(from.0) > max_gap_ms).then_some(Gap {
        life: None,
        from,
        to,
        reason,
    })
}

/// The sweeps among what was recorded.
pub(super) fn sweeps(recorded: &[Recorded]) -> impl Iterator<Item = &Batch> {
    recorded.iter().filter_map(|recorded| match &recorded.what {
        Observation::Readings(batch) => Some(batch),
        _ => None,
    })
}

/// The sweeps among what was recorded as history takes them, their readings being of these lives.
pub(crate) fn of_lives(recorded: &[Recorded], lives: &[Vec<LifeId>]) -> Vec<Sweep> {
    let sweeps = sweeps(recorded).zip(lives);
    sweeps.map(|(batch, lives)| of(batch, lives)).collect()
}

fn of(batch: &Batch, lives: &[LifeId]) -> Sweep {
    let lives = lives.iter().map(|life| Life(life.number()));
    let readings = batch.readings.iter().map(|(_, reading)| reading);
    let readings = readings.chain(batch.machine.as_deref()).copied();
    Sweep {
        at: batch.at,
        collection: batch.collection,
        readings: lives.zip(readings).collect(),
    }
}

/// The gap as it is kept.
pub(super) fn missing(gap: Gap) -> Option<Missing> {
    let bytes = gap::encode(&[gap])
        .inspect_err(|error| tracing::error!(%error, "a gap is not recorded"))
        .ok()?;
    Some(Missing {
        from: gap.from,
        to: gap.to,
        bytes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_shared::{Collection, Machine, Memory, Reading};

    const MINUTE: i64 = 60_000;

    fn told(gaps: Vec<Gap>) -> Vec<(i64, i64, Reason)> {
        let told = |gap: Gap| (gap.from.0, gap.to.0, gap.reason);
        gaps.into_iter().map(told).collect()
    }

    #[test]
    fn a_server_that_did_not_run_is_told_from_a_host_that_did_not_answer() {
        let gaps = |newest, alive: Option<i64>, started| {
            told(before_start(
                UnixMs(newest),
                alive.map(UnixMs),
                UnixMs(started),
                3000,
            ))
        };
        assert_eq!(
            gaps(0, Some(5), 10 * MINUTE),
            [(5, 10 * MINUTE, Reason::HubStopped)]
        );
        assert_eq!(
            gaps(0, Some(4 * MINUTE), 10 * MINUTE),
            [
                (0, 4 * MINUTE, Reason::HostDown),
                (4 * MINUTE, 10 * MINUTE, Reason::HubStopped)
            ]
        );
        assert_eq!(
            gaps(7, None, 10 * MINUTE),
            [(7, 10 * MINUTE, Reason::HubStopped)]
        );
        assert_eq!(gaps(0, Some(0), 2900), [], "too short to be seen");
        assert_eq!(gaps(MINUTE, Some(MINUTE), 0), [], "the clock was put back");
    }

    #[test]
    fn readings_that_were_given_up_are_not_put_down_to_the_host() {
        let known = Known {
            to: UnixMs(0),
            lost: 3,
        };
        let reason = |lost| before_sweep(known, UnixMs(MINUTE), lost, 3000).map(|gap| gap.reason);
        assert_eq!(reason(3), Some(Reason::HostDown));
        assert_eq!(reason(9), Some(Reason::BufferOverflow));
        assert_eq!(before_sweep(known, UnixMs(1000), 9, 3000), None);
    }

    #[test]
    fn the_machines_reading_is_appended_with_those_of_its_containers() {
        let container = Reading {
            at: UnixMs(1000),
            cpu_percent: None,
            cpu_total_ns: 5,
            throttling: None,
            memory: Memory {
                used: 1,
                raw: 2,
                limit: None,
                rss: None,
                cache: None,
            },
            network: None,
            block: None,
            pids: None,
            pids_limit: None,
            machine: None,
        };
        let machine = Reading {
            machine: Some(Machine {
                load_centi: 7,
                pressure: None,
                disk: None,
            }),
            ..container
        };
        let batch = Batch {
            at: UnixMs(1000),
            collection: Collection::Cgroup1,
            readings: vec![("ab".repeat(32).parse().expect("an id"), container)],
            machine: Some(Box::new(machine)),
        };
        let lives = [LifeId::of_number(3), LifeId::of_number(u64::MAX)];
        assert_eq!(
            of(&batch, &lives).readings,
            [(Life(3), container), (Life(u64::MAX), machine)]
        );
    }
}
