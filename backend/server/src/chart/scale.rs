//! Round places on axes: times as clocks count them, values as people do.

use super::unit::Unit;
use plimsoll_shared::UnixMs;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Distances between two ticks of time.
const STEPS: [i64; 22] = [
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    28 * DAY,
    91 * DAY,
];

/// Round local times from `from` to `to`, at most about `most` of them, each with its label; local time is `offset_min` ahead of UTC.
pub(super) fn times(
    from: UnixMs,
    to: UnixMs,
    most: usize,
    offset_min: i32,
) -> Vec<(UnixMs, String)> {
    let offset = i64::from(offset_min) * MINUTE;
    let span = to.since(from).max(1);
    let most = i64::try_from(most.max(1)).unwrap_or(1);
    let step = STEPS.into_iter().find(|step| span / step <= most);
    let step = step.unwrap_or_else(|| (span / most / (365 * DAY) + 1) * 365 * DAY);
    let local = from.0.saturating_add(offset);
    let mut at = local.div_euclid(step) * step;
    let mut ticks = Vec::new();
    while at <= to.0.saturating_add(offset) {
        if at >= local {
            ticks.push((UnixMs(at - offset), label(at, step)));
        }
        at = at.saturating_add(step);
    }
    ticks
}

fn label(local: i64, step: i64) -> String {
    let Ok(at) = jiff::Timestamp::from_millisecond(local) else {
        return String::new();
    };
    let form = match (step, local.rem_euclid(DAY)) {
        (step, _) if step >= 28 * DAY => "%-d %b %Y",
        (step, 0) if step >= MINUTE => "%-d %b",
        (step, _) if step >= DAY => "%-d %b",
        (step, _) if step >= MINUTE => "%H:%M",
        _ => "%H:%M:%S",
    };
    at.strftime(form).to_string()
}

/// A moment in local time in words.
pub(super) fn moment(at: UnixMs, offset_min: i32) -> String {
    let local = at.0.saturating_add(i64::from(offset_min) * MINUTE);
    jiff::Timestamp::from_millisecond(local).map_or_else(
        |_| at.0.to_string(),
        |at| at.strftime("%-d %b %Y %H:%M:%S").to_string(),
    )
}

/// The zone's name: `UTC`, `UTC+01:00`.
pub(super) fn zone(offset_min: i32) -> String {
    match offset_min {
        0 => "UTC".to_owned(),
        _ => {
            let sign = if offset_min < 0 { '-' } else { '+' };
            let size = offset_min.abs();
            format!("UTC{sign}{:02}:{:02}", size / 60, size % 60)
        }
    }
}

/// How values become heights.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Values {
    low: f64,
    high: f64,
    log: bool,
    pub(super) ticks: Vec<f64>,
}

impl Values {
    /// From zero to a round value above `most`.
    pub(super) fn linear(most: f64, unit: Unit, count: usize) -> Self {
        let most = if most > 0.0 { most } else { 1.0 };
        let step = round_step(
            most / f64::from(u32::try_from(count.max(1)).unwrap_or(1)),
            unit,
        );
        let mut ticks = vec![0.0];
        while let Some(last) = ticks
            .last()
            .filter(|last| **last < most && ticks.len() < 50)
        {
            ticks.push(last + step);
        }
        Self {
            low: 0.0,
            high: ticks.last().copied().unwrap_or(most),
            log: false,
            ticks,
        }
    }

    /// Whole decades around what is greater than zero.
    pub(super) fn logarithmic(least: f64, most: f64) -> Self {
        let most = if most > 0.0 { most } else { 1.0 };
        let least = if least > 0.0 {
            least.min(most)
        } else {
            most / 1000.0
        };
        let low = least.log10().floor().max(most.log10() - 12.0).floor();
        let high = most.log10().ceil().max(low + 1.0);
        let mut ticks = Vec::new();
        let mut at = low;
        while at <= high {
            ticks.push(10_f64.powf(at));
            at += 1.0;
        }
        Self {
            low,
            high,
            log: true,
            ticks,
        }
    }

    /// Where a value lies, 0 at the bottom and 1 at the top.
    pub(super) fn place(&self, value: f64) -> f64 {
        let value = match self.log {
            true => value.max(f64::MIN_POSITIVE).log10(),
            false => value,
        };
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// The next step up that people count in: 1, 2, 5, 10, …; of bytes 1, 2, 4, …, each times a power of 1024.
fn round_step(least: f64, unit: Unit) -> f64 {
    match unit {
        Unit::Bytes => {
            let power = least.max(1.0).log2().ceil();
            power.exp2()
        }
        _ => {
            let decade = 10_f64.powf(least.max(1e-12).log10().floor());
            let times = [1.0, 2.0, 5.0, 10.0];
            let step = times
                .into_iter()
                .find(|times| times * decade >= least * 0.999_999);
            step.unwrap_or(10.0) * decade
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_of_time_are_round_where_the_reader_is() {
        let from = UnixMs(1_795_528_985_123);
        let labels = |span: i64, offset| -> Vec<String> {
            let ticks = times(from, UnixMs(from.0 + span), 7, offset);
            ticks.into_iter().map(|tick| tick.1).collect()
        };
        assert_eq!(
            labels(HOUR, 0),
            ["14:10", "14:20", "14:30", "14:40", "14:50", "15:00"]
        );
        assert_eq!(
            labels(DAY, 330)[..2],
            ["25 Nov", "06:00"].map(str::to_owned)
        );
        assert!(
            labels(8 * DAY, 60)
                .iter()
                .all(|label| label.contains("Nov") || label.contains("Dec"))
        );
        assert_eq!(labels(5000, 0)[0], "14:03:06");
    }

    #[test]
    fn however_long_or_wrong_a_range_is_there_are_few_ticks() {
        for span in [0, 1, DAY, 400 * DAY, 5 * 366 * DAY, i64::MAX / 4] {
            let from = UnixMs(1_700_000_000_000);
            assert!(times(from, UnixMs(from.0.saturating_add(span)), 8, 0).len() <= 10);
        }
    }

    #[test]
    fn values_end_at_a_round_one_above_the_greatest() {
        let linear = |most, unit| *Values::linear(most, unit, 4).ticks.last().unwrap();
        assert_eq!(linear(93.0, Unit::OfCore), 100.0);
        assert_eq!(linear(0.0, Unit::OfCore), 1.0);
        assert_eq!(
            linear(600.0 * 1024.0 * 1024.0, Unit::Bytes),
            768.0 * 1024.0 * 1024.0
        );
        let log = Values::logarithmic(3.0, 4000.0);
        assert_eq!(log.ticks, [1.0, 10.0, 100.0, 1000.0, 10_000.0]);
        assert_eq!((log.place(0.0), log.place(1e9)), (0.0, 1.0));
    }

    #[test]
    fn a_zone_is_written_as_its_distance() {
        assert_eq!(zone(0), "UTC");
        assert_eq!(zone(-90), "UTC-01:30");
        assert_eq!(zone(330), "UTC+05:30");
    }
}
