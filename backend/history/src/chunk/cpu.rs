//! CPU percentages out of CPU time: exact to the bit, and almost free.
//!
//! A percentage is `used / passed × processors × 100`, in that order, in `f64`. CPU time used is a column already, so what has to
//! be kept is `passed`, the CPU time of the machine, and that is the same for all containers that were read with it.
//! A percentage that does not come out to the bit is kept as it is.

/// More processors than this are not looked for.
const PROCESSORS: u64 = 512;
/// Readings that are tried to find out how many processors the machine has.
const TRIES: usize = 48;
/// Nanoseconds in a tick of the kernel's CPU times, which is how `passed` is usually counted.
const TICK: u64 = 10_000_000;

/// How one reading's percentage is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// It is 0, as CPU time did not grow.
    Idle,
    /// It follows from CPU time and this much machine time.
    Passed(u64),
    /// Its bits.
    Raw(u64),
}

/// The percentage, as the collector computes it.
#[expect(
    clippy::cast_precision_loss,
    reason = "the collector divides as f64 too, and the results must be equal"
)]
pub(super) fn percent(used: u64, passed: u64, processors: u64) -> f64 {
    used as f64 / passed as f64 * processors as f64 * 100.0
}

/// The machine time that gives just this percentage, if there is one.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a guess that is checked to the bit"
)]
fn passed(used: u64, wanted: f64, processors: u64) -> Option<u64> {
    let guess = used as f64 * processors as f64 * 100.0 / wanted;
    if !(1.0..9e15).contains(&guess) {
        return None;
    }
    let guess = guess.round() as u64;
    let ticks = (guess + TICK / 2) / TICK * TICK;
    [ticks, guess, guess + 1, guess - 1]
        .into_iter()
        .find(|passed| {
            *passed > 0 && percent(used, *passed, processors).to_bits() == wanted.to_bits()
        })
}

/// How to keep the percentage of a reading that came after CPU time grew by `used`; `None` where there is none before it.
pub(super) fn keep(used: Option<u64>, wanted: f64, processors: u64) -> Kept {
    match used {
        Some(0) if wanted.to_bits() == 0 => Kept::Idle,
        Some(used) if used > 0 => {
            passed(used, wanted, processors).map_or(Kept::Raw(wanted.to_bits()), Kept::Passed)
        }
        _ => Kept::Raw(wanted.to_bits()),
    }
}

/// How many processors explain most of these `(used, percentage)`; 1 if none does.
pub(super) fn processors(samples: impl Iterator<Item = (u64, f64)>) -> u64 {
    let samples: Vec<_> = samples
        .filter(|(used, percent)| *used > 0 && *percent > 0.0)
        .take(TRIES)
        .collect();
    let explained = |processors: u64| {
        let explains = |(used, wanted): &&(u64, f64)| {
            passed(*used, *wanted, processors).is_some_and(|passed| passed % TICK == 0)
        };
        samples.iter().filter(explains).count()
    };
    let mut best = (1, 0);
    for candidate in 1..=PROCESSORS {
        let count = explained(candidate);
        if count > best.1 {
            best = (candidate, count);
        }
        if count == samples.len() {
            break;
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_the_collector_computes_is_derived(used in 1..64_000_000_000_u64, ticks in 90..110_u64, cpus in 1..128_u64) {
            let passed = ticks * cpus * TICK;
            let wanted = percent(used, passed, cpus);
            prop_assert_eq!(keep(Some(used), wanted, cpus), Kept::Passed(passed));
        }

        #[test]
        fn the_machine_is_found_out(used in prop::collection::vec(1_000_000..9_000_000_000_u64, 20..40), cpus in 1..64_u64, jitter in 0..3_u64) {
            let samples: Vec<_> = used.iter().zip(0..).map(|(used, i)| (*used, percent(*used, (100 * cpus + i % (jitter + 1)) * TICK, cpus))).collect();
            let found = processors(samples.iter().copied());
            for (used, wanted) in samples {
                prop_assert!(matches!(keep(Some(used), wanted, found), Kept::Passed(_)), "{} of {}", found, cpus);
            }
        }
    }
}
