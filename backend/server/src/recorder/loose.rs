//! What of a host's readings is not packed yet, by stretch and life, in few bytes.

use plimsoll_history::{
    Life,
    recent::Recent,
    tail::Sweep,
    tier::{self, Tier},
};
use plimsoll_shared::{Reading, UnixMs};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A reading's own time is this close to its sweep's, which says in which stretch it lies.
const SLACK_MS: i64 = 60_000;

/// One host's readings that are not packed.
#[derive(Debug, Default)]
pub(super) struct Loose {
    /// Whether everything that the store has is here.
    pub(super) whole: bool,
    /// By their first moment, each as long as a chunk.
    stretches: BTreeMap<UnixMs, Stretch>,
}

#[derive(Debug, Default)]
struct Stretch {
    sweeps: BTreeSet<UnixMs>,
    lives: HashMap<Life, Recent>,
}

impl Loose {
    /// Takes in a sweep, once.
    pub(super) fn add(&mut self, sweep: &Sweep) {
        let start = tier::bucket(sweep.at, Tier::Second.chunk_ms());
        let stretch = self.stretches.entry(start).or_default();
        if stretch.sweeps.insert(sweep.at) {
            for (life, reading) in &sweep.readings {
                stretch.lives.entry(*life).or_default().push(reading);
            }
        }
    }

    /// The readings of a life from `from` up to and including `to`.
    pub(super) fn readings(&self, life: Life, from: UnixMs, to: UnixMs) -> Vec<Reading> {
        let length = Tier::Second.chunk_ms();
        let first = UnixMs(from.0.saturating_sub(length.saturating_add(SLACK_MS)));
        let last = UnixMs(to.0.saturating_add(SLACK_MS));
        if first > last {
            return Vec::new();
        }
        let stretches = self.stretches.range(first..=last);
        let readings = stretches
            .filter_map(|(_, stretch)| stretch.lives.get(&life))
            .flat_map(Recent::readings);
        readings.filter(|r| r.at >= from && r.at <= to).collect()
    }

    /// When the sweeps of the stretch that begins at `start` were taken, in order.
    pub(super) fn sweeps(&self, start: UnixMs) -> Vec<UnixMs> {
        let stretch = self.stretches.get(&start);
        stretch.map_or_else(Vec::new, |stretch| stretch.sweeps.iter().copied().collect())
    }

    /// The lives that have readings in it, ascending.
    pub(super) fn lives(&self, start: UnixMs) -> Vec<Life> {
        let stretch = self.stretches.get(&start);
        let mut lives: Vec<Life> =
            stretch.map_or_else(Vec::new, |stretch| stretch.lives.keys().copied().collect());
        lives.sort_unstable();
        lives
    }

    /// The readings that some lives have in it.
    pub(super) fn of_stretch(&self, start: UnixMs, lives: &[Life]) -> Vec<(Life, Reading)> {
        let Some(stretch) = self.stretches.get(&start) else {
            return Vec::new();
        };
        let of = |life: &Life| {
            let readings = stretch.lives.get(life)?.readings();
            let life = *life;
            Some(readings.map(move |reading| (life, reading)))
        };
        lives.iter().filter_map(of).flatten().collect()
    }

    /// Lets go of a stretch whose `sweeps` are packed; of one that has others by now not everything is known any more.
    pub(super) fn forget(&mut self, start: UnixMs, sweeps: &[UnixMs]) {
        let known = self.stretches.remove(&start).unwrap_or_default().sweeps;
        self.whole &= known.iter().eq(sweeps);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_shared::{Collection, Memory};

    fn sweep(at: i64, lives: &[u64]) -> Sweep {
        let memory = Memory {
            used: at.unsigned_abs(),
            raw: 0,
            limit: None,
            rss: None,
            cache: None,
        };
        let reading = Reading {
            at: UnixMs(at + 3),
            cpu_percent: None,
            cpu_total_ns: 0,
            throttling: None,
            memory,
            network: None,
            block: None,
            pids: None,
            pids_limit: None,
            machine: None,
        };
        Sweep {
            at: UnixMs(at),
            collection: Collection::Cgroup1,
            readings: lives.iter().map(|life| (Life(*life), reading)).collect(),
        }
    }

    fn found(loose: &Loose, life: u64, from: i64, to: i64) -> Vec<i64> {
        let readings = loose.readings(Life(life), UnixMs(from), UnixMs(to));
        readings.iter().map(|reading| reading.at.0).collect()
    }

    #[test]
    fn a_sweep_is_there_once_and_its_readings_are_found_by_life_and_time() {
        let length = Tier::Second.chunk_ms();
        let mut loose = Loose::default();
        for at in [0, 1000, 1000, length - 1, length, 500] {
            loose.add(&sweep(at, &[1, 2]));
        }
        loose.add(&sweep(2000, &[2]));
        assert_eq!(
            found(&loose, 1, i64::MIN, i64::MAX),
            [3, 1003, length + 2, 503, length + 3],
            "as they came, stretch by stretch"
        );
        assert_eq!(found(&loose, 2, 1003, 2003), [1003, 2003]);
        assert_eq!(
            found(&loose, 1, length + 2, length + 3),
            [length + 2, length + 3]
        );
        assert_eq!(found(&loose, 1, 5, 4), [0; 0]);
        assert_eq!(loose.lives(UnixMs(0)), [Life(1), Life(2)]);
        assert_eq!(loose.of_stretch(UnixMs(length), &[Life(2)]).len(), 1);
    }

    #[test]
    fn a_stretch_that_grew_while_it_was_packed_is_known_no_more() {
        let mut loose = Loose {
            whole: true,
            ..Loose::default()
        };
        loose.add(&sweep(0, &[1]));
        let packed = loose.sweeps(UnixMs(0));
        loose.forget(UnixMs(0), &packed);
        assert!(loose.whole);
        loose.add(&sweep(1000, &[1]));
        let packed = loose.sweeps(UnixMs(0));
        loose.add(&sweep(2000, &[1]));
        loose.forget(UnixMs(0), &packed);
        assert!(!loose.whole);
        assert_eq!(found(&loose, 1, 0, 9000), [0; 0]);
    }
}
