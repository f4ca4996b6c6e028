//! Stretches without readings, each with its reason: they are drawn as gaps and never count as zeros.
//!
//! Gaps lie beside chunks, in the container of [`crate::format`], kind 3; the header's instants are the number of gaps, its first and last
//! instant the earliest start and the latest end. The front, per gap in order: the reason, a byte: 0 unknown, 1 host down,
//! 2 container stopped, 3 hub stopped, 4 buffer overflow, plus 128 when it is the gap of one life, whose number follows (varint); the start as a zigzag step in milliseconds
//! from the start before (varint, the first from the header's); the length in milliseconds (varint).

use crate::{
    DecodeError, Life, PackError,
    bytes::{Cursor, put_varint, step, stepped},
    format::{self, Header, Kind},
};
use plimsoll_shared::UnixMs;

/// A reason, a step and a length.
const SHORTEST: usize = 3;
/// Set on the reason of a gap of one life.
const OF_LIFE: u8 = 0x80;

/// Why there are no readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Nobody knows.
    Unknown,
    /// The host or its engine did not answer.
    HostDown,
    /// The container did not run.
    ContainerStopped,
    /// This server did not run.
    HubStopped,
    /// Readings were dropped because they could not be written fast enough.
    BufferOverflow,
}

impl Reason {
    const ALL: [Reason; 5] = [
        Self::Unknown,
        Self::HostDown,
        Self::ContainerStopped,
        Self::HubStopped,
        Self::BufferOverflow,
    ];

    fn number(self) -> u8 {
        match self {
            Self::Unknown => 0,
            Self::HostDown => 1,
            Self::ContainerStopped => 2,
            Self::HubStopped => 3,
            Self::BufferOverflow => 4,
        }
    }
}

/// A stretch without readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// Of which life; `None` means of all the host's containers.
    pub life: Option<Life>,
    /// Its first moment.
    pub from: UnixMs,
    /// The first moment after it.
    pub to: UnixMs,
    /// Why.
    pub reason: Reason,
}

/// Puts gaps in order, so that those of one life (or of the host) do not overlap.
///
/// Where two overlap, a known reason stays before [`Reason::Unknown`], else the one given first. What then touches and has the same
/// reason becomes one. Gaps that end before they begin are dropped.
#[must_use]
pub fn merge(gaps: &[Gap]) -> Vec<Gap> {
    let mut order: Vec<Gap> = gaps.iter().filter(|g| g.from < g.to).copied().collect();
    order.sort_by_key(|gap| (gap.life, gap.reason == Reason::Unknown));
    let mut merged: Vec<Gap> = Vec::new();
    for of_one in order.chunk_by(|a, b| a.life == b.life) {
        let mut done: Vec<Gap> = Vec::new();
        for gap in of_one {
            let free = without(*gap, &done);
            done.extend(free);
            done.sort_by_key(|gap| gap.from);
            join(&mut done);
        }
        merged.extend(done);
    }
    merged
}

/// The parts of `gap` that none of `taken` covers; `taken` are in order and apart.
fn without(gap: Gap, taken: &[Gap]) -> Vec<Gap> {
    let mut free = Vec::new();
    let mut from = gap.from;
    let start = taken.partition_point(|other| other.to <= gap.from);
    for other in &taken[start..] {
        if other.from >= gap.to {
            break;
        }
        if from < other.from {
            free.push(Gap {
                from,
                to: other.from,
                ..gap
            });
        }
        from = other.to;
    }
    if from < gap.to {
        free.push(Gap { from, ..gap });
    }
    free
}

fn join(gaps: &mut Vec<Gap>) {
    gaps.dedup_by(|next, gap| {
        let touch = gap.to == next.from && gap.reason == next.reason;
        if touch {
            gap.to = next.to;
        }
        touch
    });
}

/// Stretches of `from` to `to` in which more than `max_gap_ms` lie between two of these instants, which are in order: what is to be explained.
#[must_use]
pub fn between(
    instants: &[UnixMs],
    from: UnixMs,
    to: UnixMs,
    max_gap_ms: i64,
) -> Vec<(UnixMs, UnixMs)> {
    let inside = instants
        .iter()
        .copied()
        .filter(|at| *at >= from && *at < to);
    let mut before = from;
    let mut found = Vec::new();
    for at in inside.chain([to]) {
        if i128::from(at.0) - i128::from(before.0) > i128::from(max_gap_ms) {
            found.push((before, at));
        }
        before = at;
    }
    found
}

/// Gaps as bytes, in the order given.
///
/// # Errors
/// When there are more than [`format::LIMIT`].
pub fn encode(gaps: &[Gap]) -> Result<Vec<u8>, PackError> {
    let header = Header {
        detail: 0,
        from: gaps.iter().map(|gap| gap.from).min().unwrap_or(UnixMs(0)),
        to: gaps.iter().map(|gap| gap.to).max().unwrap_or(UnixMs(0)),
        instants: gaps.len(),
        lives: 0,
    };
    let mut front = Vec::new();
    let mut before = header.from;
    for gap in gaps {
        let reason = gap.reason.number();
        match gap.life {
            None => front.push(reason),
            Some(life) => {
                front.push(reason | OF_LIFE);
                put_varint(&mut front, life.0);
            }
        }
        put_varint(
            &mut front,
            step(before.0.cast_unsigned(), gap.from.0.cast_unsigned()),
        );
        put_varint(
            &mut front,
            gap.to.0.wrapping_sub(gap.from.0).cast_unsigned(),
        );
        before = gap.from;
    }
    format::seal(Kind::Gaps, &header, &front)
}

/// The gaps that [`encode`] wrote.
///
/// # Errors
/// When the bytes are not whole and unchanged gaps.
pub fn decode(bytes: &[u8]) -> Result<Vec<Gap>, DecodeError> {
    let (header, front, rest) = format::open(Kind::Gaps, bytes)?;
    Cursor(rest).end("what follows gaps")?;
    let mut cursor = Cursor(front);
    if header.instants > front.len() / SHORTEST {
        return Err(DecodeError::Truncated);
    }
    let mut gaps = Vec::with_capacity(header.instants);
    let mut before = header.from;
    for _ in 0..header.instants {
        let mark = cursor.u8()?;
        let life = match mark & OF_LIFE {
            0 => None,
            _ => Some(Life(cursor.varint()?)),
        };
        let mut reasons = Reason::ALL.into_iter();
        let reason = reasons.find(|reason| reason.number() == mark & !OF_LIFE);
        let from = stepped(before.0.cast_unsigned(), cursor.varint()?).cast_signed();
        let length = cursor.varint()?.cast_signed();
        before = UnixMs(from);
        gaps.push(Gap {
            life,
            from: before,
            to: UnixMs(from.wrapping_add(length)),
            reason: reason.ok_or(DecodeError::Malformed("the reason of a gap"))?,
        });
    }
    cursor.end("what follows the last gap")?;
    Ok(gaps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn gap(from: i64, to: i64, reason: Reason) -> Gap {
        Gap {
            life: None,
            from: UnixMs(from),
            to: UnixMs(to),
            reason,
        }
    }

    #[test]
    fn gaps_that_touch_become_one() {
        let gaps = [
            gap(10, 20, Reason::HubStopped),
            gap(0, 10, Reason::HubStopped),
        ];
        assert_eq!(merge(&gaps), [gap(0, 20, Reason::HubStopped)]);
    }

    #[test]
    fn a_known_reason_stays_before_an_unknown_one() {
        let gaps = [
            gap(0, 100, Reason::Unknown),
            gap(40, 60, Reason::HostDown),
            gap(50, 70, Reason::HubStopped),
        ];
        let expected = [
            gap(0, 40, Reason::Unknown),
            gap(40, 60, Reason::HostDown),
            gap(60, 70, Reason::HubStopped),
            gap(70, 100, Reason::Unknown),
        ];
        assert_eq!(merge(&gaps), expected);
    }

    #[test]
    fn ten_missing_minutes_are_one_stretch_to_explain() {
        let instants: Vec<UnixMs> = (0..60).chain(660..700).map(|s| UnixMs(s * 1000)).collect();
        assert_eq!(
            between(&instants, UnixMs(0), UnixMs(700_000), 3000),
            [(UnixMs(59_000), UnixMs(660_000))]
        );
        assert_eq!(
            between(&[], UnixMs(0), UnixMs(9000), 3000),
            [(UnixMs(0), UnixMs(9000))]
        );
    }

    fn any_gap() -> impl Strategy<Value = Gap> {
        let life = prop_oneof![Just(None), (0..3_u64).prop_map(|l| Some(Life(l)))];
        let reason = prop::sample::select(Reason::ALL.to_vec());
        (life, 0..300_i64, 0..60_i64, reason).prop_map(|(life, from, length, reason)| Gap {
            life,
            ..gap(from, from + length, reason)
        })
    }

    proptest! {
        #[test]
        fn gaps_come_back(gaps in prop::collection::vec(any_gap(), 0..40), from: i64, to: i64) {
            let mut gaps = gaps;
            gaps.push(Gap { life: Some(Life(u64::MAX)), ..gap(from, to, Reason::BufferOverflow) });
            prop_assert_eq!(decode(&encode(&gaps).unwrap()).unwrap(), gaps);
        }

        #[test]
        fn merged_gaps_lie_apart_and_cover_the_same_time(gaps in prop::collection::vec(any_gap(), 0..30)) {
            let merged = merge(&gaps);
            prop_assert_eq!(&merge(&merged), &merged);
            for pair in merged.windows(2) {
                prop_assert!(pair[0].life < pair[1].life || pair[0].life == pair[1].life && pair[0].to <= pair[1].from);
            }
            let covered = |gaps: &[Gap], life, at| gaps.iter().any(|g| g.life == life && g.from.0 <= at && at < g.to.0);
            for life in [None, Some(Life(0)), Some(Life(1)), Some(Life(2))] {
                for at in 0..360 {
                    prop_assert_eq!(covered(&merged, life, at), covered(&gaps, life, at));
                }
            }
        }

        #[test]
        fn any_bytes_are_gaps_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200), count in 0..60_u16) {
            let header = Header { detail: 0, from: UnixMs(0), to: UnixMs(0), instants: count.into(), lives: 0 };
            let _ = decode(&format::seal(Kind::Gaps, &header, &bytes).unwrap());
        }
    }
}
