//! The last hour of every container, minute by minute: filled from the past once, and from then on only with what is new.

use crate::{
    http::Refusal,
    recorder::{Recorder, Strand},
};
use plimsoll_history::{
    Life,
    query::{Piece, Selection},
    tier::{self, Plan, Tier},
};
use plimsoll_shared::{
    HostId, Reading, UnixMs,
    lines::Subject,
    series::{Metric, sample},
};
use plimsoll_store::LifeId;
use std::collections::{BTreeMap, VecDeque};

const MINUTE_MS: i64 = 60_000;
/// Minutes that are kept: sixty whole ones and the one that has begun.
const MINUTES: usize = 61;

/// What is ranked, and the throttled share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Cpu,
    Memory,
    Network,
    Block,
    Throttled,
}

const KINDS: usize = 5;

/// What [`kinds`] is made of.
const MEASURED: [Metric; 7] = [
    Metric::Cpu,
    Metric::Memory,
    Metric::NetReceived,
    Metric::NetSent,
    Metric::BlockRead,
    Metric::BlockWritten,
    Metric::Throttled,
];

/// One minute: of each kind how many measurements, their mean and the largest.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Minute {
    n: [u16; KINDS],
    mean: [f32; KINDS],
    max: [f32; KINDS],
}

impl Minute {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a spark and an order need no more than 23 bits"
    )]
    fn add(&mut self, values: [Option<f64>; KINDS]) {
        for (kind, value) in values.into_iter().enumerate() {
            let Some(value) = value.map(|value| value as f32) else {
                continue;
            };
            let n = self.n[kind].saturating_add(1);
            self.n[kind] = n;
            self.mean[kind] += (value - self.mean[kind]) / f32::from(n);
            self.max[kind] = match n {
                1 => value,
                _ => self.max[kind].max(value),
            };
        }
    }

    fn mean(&self, what: What) -> Option<f64> {
        let kind = what as usize;
        (self.n[kind] > 0).then(|| f64::from(self.mean[kind]))
    }
}

/// One line's hour.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    pub(super) name: String,
    lives: Vec<LifeId>,
    minutes: VecDeque<Minute>,
}

impl Seen {
    /// Mean of so many of its last minutes, each measurement counted once, and the largest; `None` when nothing was measured.
    pub(super) fn over(&self, what: What, minutes: usize) -> Option<(f64, f64)> {
        let kind = what as usize;
        let last = self.minutes.iter().rev().take(minutes);
        let there = last.filter(|minute| minute.n[kind] > 0);
        let (mut n, mut sum, mut max) = (0.0, 0.0, f64::NEG_INFINITY);
        for minute in there {
            let count = f64::from(minute.n[kind]);
            n += count;
            sum += count * f64::from(minute.mean[kind]);
            max = max.max(f64::from(minute.max[kind]));
        }
        (n > 0.0).then(|| (sum / n, max))
    }

    /// Its means, a whole minute each, oldest first.
    pub(super) fn spark(&self, what: What) -> Vec<Option<f64>> {
        let round = |value: f64| (value * 100.0).round() / 100.0;
        let skipped = self.minutes.len().saturating_sub(MINUTES - 1);
        let last = self.minutes.iter().skip(skipped);
        last.map(|minute| minute.mean(what).map(round)).collect()
    }
}

/// The last hour of every line.
#[derive(Debug, Default)]
pub(super) struct Hour {
    /// Start of the first minute, and up to when it is filled.
    filled: Option<(UnixMs, UnixMs)>,
    pub(super) seen: BTreeMap<Subject, Seen>,
}

impl Hour {
    /// Start of the first minute at `now`.
    pub(super) fn start(now: UnixMs) -> UnixMs {
        let minutes = i64::try_from(MINUTES - 1).unwrap_or(0);
        tier::bucket(UnixMs(now.0 - minutes * MINUTE_MS), MINUTE_MS)
    }

    /// Brings it up to `now`. Lines that are known go on from the minute that had begun; others are read whole.
    pub(super) async fn fill(
        &mut self,
        recorder: &Recorder,
        hosts: &[HostId],
        now: UnixMs,
    ) -> Result<(), Refusal> {
        let from = Self::start(now);
        let whole = recorder.range(plan(from), now);
        let strands = recorder.strands(hosts, &whole).await?;
        self.slide(from);
        let again = self
            .filled
            .map(|(_, to)| tier::bucket(to, MINUTE_MS).max(from));
        let (known, fresh): (Vec<Strand>, Vec<Strand>) =
            strands.into_iter().partition(|strand| self.goes_on(strand));
        let mut seen = BTreeMap::new();
        for (strands, since) in [(known, again.unwrap_or(from)), (fresh, from)] {
            let range = recorder.range(plan(since), now);
            let gap = range.max_gap_ms;
            let fold = move |pieces: &[(Life, Piece<'_>)]| minutes(since, now, pieces, gap);
            let filled = recorder
                .folded(strands.clone(), &range, Selection::of(&MEASURED), fold)
                .await?;
            for (strand, new) in strands.into_iter().zip(filled) {
                let kept = self.seen.remove(&strand.of).filter(|_| since != from);
                let mut all = kept.map_or_else(VecDeque::new, |seen| seen.minutes);
                let place = usize::try_from(since.since(from) / MINUTE_MS).unwrap_or(0);
                all.resize(place, Minute::default());
                all.extend(new);
                seen.insert(
                    strand.of,
                    Seen {
                        name: strand.name,
                        lives: strand.lives,
                        minutes: all,
                    },
                );
            }
        }
        self.seen = seen;
        self.filled = Some((from, now));
        Ok(())
    }

    /// Whether what is kept of a line is the beginning of what it is now.
    fn goes_on(&self, strand: &Strand) -> bool {
        let seen = self.seen.get(&strand.of);
        self.filled.is_some() && seen.is_some_and(|seen| follows(&seen.lives, &strand.lives))
    }

    /// Drops the minutes before `from`; everything when the clock was put back or nothing of the hour is left.
    fn slide(&mut self, from: UnixMs) {
        let Some((began, to)) = self.filled else {
            return;
        };
        let passed = usize::try_from(from.since(began) / MINUTE_MS).unwrap_or(MINUTES);
        if from < began || passed >= MINUTES {
            self.filled = None;
            self.seen.clear();
            return;
        }
        for seen in self.seen.values_mut() {
            seen.minutes.drain(..passed.min(seen.minutes.len()));
        }
        self.filled = Some((from, to));
    }
}

/// Whether `new` is `old` with more lives behind, and perhaps without some that are too old now.
fn follows(old: &[LifeId], new: &[LifeId]) -> bool {
    (0..=old.len()).any(|gone| !old[gone..].is_empty() && new.starts_with(&old[gone..]))
}

fn plan(from: UnixMs) -> Plan {
    Plan {
        tier: Tier::Second,
        from,
        step_ms: MINUTE_MS,
        points: MINUTES,
    }
}

/// The minutes from `from` to the one that `to` lies in, out of readings.
fn minutes(from: UnixMs, to: UnixMs, pieces: &[(Life, Piece<'_>)], max_gap_ms: i64) -> Vec<Minute> {
    let count = usize::try_from(to.since(from) / MINUTE_MS + 1).unwrap_or(0);
    let mut minutes = vec![Minute::default(); count.min(MINUTES)];
    for of_one in pieces.chunk_by(|a, b| a.0 == b.0) {
        let mut before: Option<&Reading> = None;
        for (_, piece) in of_one {
            let Piece::Readings(readings) = piece else {
                continue;
            };
            for reading in *readings {
                let values = sample(before, reading, max_gap_ms);
                before = Some(reading);
                let place = usize::try_from(reading.at.since(from).div_euclid(MINUTE_MS));
                if let Some(minute) = place.ok().and_then(|place| minutes.get_mut(place)) {
                    minute.add(kinds(&values));
                }
            }
        }
    }
    minutes
}

fn kinds(values: &[Option<f64>; Metric::ALL.len()]) -> [Option<f64>; KINDS] {
    let of = |metric: Metric| values[metric as usize];
    let both = |a: Metric, b: Metric| match (of(a), of(b)) {
        (Some(a), Some(b)) => Some(a + b),
        (a, b) => a.or(b),
    };
    [
        of(Metric::Cpu),
        of(Metric::Memory),
        both(Metric::NetReceived, Metric::NetSent),
        both(Metric::BlockRead, Metric::BlockWritten),
        of(Metric::Throttled),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_shared::{Memory, Traffic};

    fn reading(at: i64, cpu: f64) -> Reading {
        let bytes = at.unsigned_abs();
        Reading {
            at: UnixMs(at),
            cpu_percent: Some(cpu),
            cpu_total_ns: bytes,
            throttling: None,
            memory: Memory {
                used: 1 << 20,
                raw: 1 << 20,
                limit: None,
                rss: None,
                cache: None,
            },
            network: Some(Traffic {
                received: bytes,
                sent: bytes * 2,
                received_dropped: 0,
                sent_dropped: 0,
            }),
            block: None,
            pids: None,
            pids_limit: None,
            machine: None,
        }
    }

    #[test]
    fn a_minute_has_the_mean_and_the_largest_and_what_was_not_measured_is_none() {
        let readings: Vec<Reading> = (-1..180)
            .map(|s| reading(s * 1000, if s == 70 { 100.0 } else { 10.0 }))
            .collect();
        let pieces = [(Life(1), Piece::Readings(&readings))];
        let from = UnixMs(0);
        let filled = minutes(from, UnixMs(3 * MINUTE_MS + 5), &pieces, 3000);
        assert_eq!(filled.len(), 4);
        let seen = Seen {
            name: String::new(),
            lives: Vec::new(),
            minutes: filled.into(),
        };
        assert_eq!(
            seen.spark(What::Cpu),
            [Some(10.0), Some(11.5), Some(10.0), None]
        );
        let (mean, max) = seen.over(What::Cpu, 60).unwrap();
        assert!((mean - 10.5).abs() < 1e-4 && max == 100.0, "{mean} {max}");
        assert_eq!(seen.over(What::Network, 60), Some((3000.0, 3000.0)));
        assert_eq!(seen.over(What::Block, 60), None);
        assert_eq!(seen.over(What::Cpu, 1), None, "nothing in the last minute");
    }

    #[test]
    fn a_line_goes_on_when_lives_were_added_behind_or_fell_out_in_front() {
        let lives =
            |all: &[u64]| -> Vec<LifeId> { all.iter().map(|n| LifeId::of_number(*n)).collect() };
        assert!(follows(&lives(&[1, 2]), &lives(&[1, 2, 3])));
        assert!(follows(&lives(&[1, 2]), &lives(&[2, 3])));
        assert!(!follows(&lives(&[1, 2]), &lives(&[3])));
        assert!(!follows(&lives(&[]), &lives(&[3])));
    }
}
