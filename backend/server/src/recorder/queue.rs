//! What waits to be written, bounded: when it is too much, the oldest readings go first and are counted.

use plimsoll_model::Observation;
use plimsoll_shared::HostId;
use plimsoll_store::Recorded;
use std::collections::VecDeque;

/// Most single readings that wait; about 100 MB.
const MOST_READINGS: usize = 500_000;
/// Most other observations that wait.
const MOST_OTHERS: usize = 50_000;

#[derive(Default)]
pub(super) struct Queue {
    waiting: VecDeque<(HostId, Recorded)>,
    readings: usize,
    others: usize,
    lost: u64,
}

impl Queue {
    /// Adds one observation at the end.
    pub(super) fn push(&mut self, host: HostId, recorded: Recorded) {
        self.count(&recorded.what, true);
        self.waiting.push_back((host, recorded));
        while self.readings > MOST_READINGS {
            self.give_up(|observation| matches!(observation, Observation::Readings(_)));
        }
        while self.others > MOST_OTHERS {
            self.give_up(|observation| !matches!(observation, Observation::Readings(_)));
        }
    }

    /// Takes up to `most` observations of one host from the front.
    pub(super) fn take(&mut self, most: usize) -> Option<(HostId, Vec<Recorded>)> {
        let host = self.waiting.front()?.0.clone();
        let mut taken = Vec::new();
        while taken.len() < most && self.waiting.front().is_some_and(|(of, _)| *of == host) {
            if let Some((_, recorded)) = self.waiting.pop_front() {
                self.count(&recorded.what, false);
                taken.push(recorded);
            }
        }
        Some((host, taken))
    }

    /// Puts back what could not be written, in front and in order.
    pub(super) fn put_back(&mut self, host: &HostId, taken: Vec<Recorded>) {
        for recorded in taken.into_iter().rev() {
            self.count(&recorded.what, true);
            self.waiting.push_front((host.clone(), recorded));
        }
    }

    /// Readings and events given up so far.
    pub(super) fn lost(&self) -> u64 {
        self.lost
    }

    fn count(&mut self, observation: &Observation, came: bool) {
        let (counter, n) = match observation {
            Observation::Readings(batch) => (&mut self.readings, batch.readings.len()),
            _ => (&mut self.others, 1),
        };
        *counter = if came {
            *counter + n
        } else {
            counter.saturating_sub(n)
        };
    }

    fn give_up(&mut self, which: fn(&Observation) -> bool) {
        let Some(place) = self
            .waiting
            .iter()
            .position(|(_, recorded)| which(&recorded.what))
        else {
            self.readings = 0;
            self.others = 0;
            return;
        };
        if let Some((_, recorded)) = self.waiting.remove(place) {
            self.count(&recorded.what, false);
            let n = match &recorded.what {
                Observation::Readings(batch) => batch.readings.len(),
                _ => 1,
            };
            self.lost += u64::try_from(n).unwrap_or(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::Batch;
    use plimsoll_shared::{Collection, ContainerId, Memory, Reading, UnixMs};

    fn batch(at: i64, containers: usize) -> Recorded {
        let reading = Reading {
            at: UnixMs(at),
            cpu_percent: None,
            cpu_total_ns: 0,
            throttling: None,
            memory: Memory {
                used: 0,
                raw: 0,
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
        let id: ContainerId = "ab".repeat(32).parse().unwrap();
        let readings = vec![(id, reading); containers];
        let batch = Batch {
            at: UnixMs(at),
            collection: Collection::Cgroup1,
            readings,
            machine: None,
        };
        Recorded {
            at: UnixMs(at),
            what: Observation::Readings(batch),
        }
    }

    #[test]
    fn what_could_not_be_written_goes_back_in_order() {
        let mut queue = Queue::default();
        for at in 0..5 {
            queue.push(HostId::local(), batch(at, 1));
        }
        let (host, taken) = queue.take(3).unwrap();
        queue.put_back(&host, taken);
        let (_, all) = queue.take(100).unwrap();
        assert_eq!(all, (0..5).map(|at| batch(at, 1)).collect::<Vec<_>>());
        assert_eq!((queue.readings, queue.others), (0, 0));
    }

    #[test]
    fn the_oldest_readings_are_given_up_first_and_counted() {
        let mut queue = Queue::default();
        let lost = Observation::Lost("x".to_owned());
        queue.push(
            HostId::local(),
            Recorded {
                at: UnixMs(0),
                what: lost,
            },
        );
        for at in 0..7 {
            queue.push(HostId::local(), batch(at, 100_000));
        }
        assert_eq!(queue.lost(), 200_000);
        let (_, taken) = queue.take(100).unwrap();
        assert_eq!(taken.len(), 6);
        assert!(
            matches!(taken[0].what, Observation::Lost(_)),
            "what is no reading stays"
        );
        assert!(matches!(&taken[1].what, Observation::Readings(batch) if batch.at == UnixMs(2)));
    }
}
