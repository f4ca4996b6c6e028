//! Where time ticks stand and how they read, in the time zone the reader chose.

use crate::state::time::{Civil, Offset, from_local, hour_minute, hour_minute_second};
use plimsoll_shared::UnixMs;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Distances between time ticks that people find round.
const STEPS: [i64; 22] = [
    SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
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
    30 * DAY,
    91 * DAY,
];

/// Round instants from `from` to `to` with their labels, at most `most` of them.
pub(crate) fn ticks(
    from: UnixMs,
    to: UnixMs,
    most: usize,
    offset: Offset,
) -> Vec<(UnixMs, String)> {
    let span = to.since(from);
    let most = i64::try_from(most.max(1)).unwrap_or(i64::MAX);
    let Some(step) = STEPS.into_iter().find(|step| span / step < most) else {
        return Vec::new();
    };
    let first = (from.0 + offset(from) * MINUTE).div_euclid(step) * step;
    (0..=span / step + 1)
        .map(|i| from_local(first + i * step, offset))
        .filter(|at| (from..=to).contains(at))
        .map(|at| (at, label(at, step, offset)))
        .collect()
}

fn label(at: UnixMs, step: i64, offset: Offset) -> String {
    let midnight = (at.0 + offset(at) * MINUTE).rem_euclid(DAY) == 0;
    if step >= DAY || (midnight && step >= MINUTE) {
        return month_day(at, offset(at));
    }
    if step < MINUTE {
        hour_minute_second(at, offset(at))
    } else {
        hour_minute(at, offset(at))
    }
}

/// Month and day, `11-24`.
pub(crate) fn month_day(at: UnixMs, offset_minutes: i64) -> String {
    let day = Civil::of(at, offset_minutes);
    format!("{:02}-{:02}", day.month, day.day)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-24T13:30:07Z.
    const AT: UnixMs = UnixMs(1_795_527_007_000);

    fn utc(_: UnixMs) -> i64 {
        0
    }

    fn labels(span: i64, most: usize, offset: Offset) -> Vec<String> {
        ticks(AT, UnixMs(AT.0 + span), most, offset)
            .into_iter()
            .map(|(_, label)| label)
            .collect()
    }

    #[test]
    fn an_hour_has_a_tick_each_quarter() {
        assert_eq!(labels(HOUR, 5, &utc), ["13:45", "14:00", "14:15", "14:30"]);
        assert_eq!(labels(15 * MINUTE, 4, &utc), ["13:35", "13:40", "13:45"]);
    }

    #[test]
    fn midnight_reads_as_its_date() {
        assert_eq!(labels(DAY, 5, &utc), ["18:00", "11-25", "06:00", "12:00"]);
    }

    #[test]
    fn ticks_are_round_on_the_readers_clock() {
        let kathmandu = |_| 5 * 60 + 45;
        assert_eq!(labels(6 * HOUR, 4, &kathmandu), ["20:00", "22:00", "11-25"]);
        let offset = |at: UnixMs| if at.0 < AT.0 + 90 * MINUTE { 120 } else { 60 };
        let all = labels(6 * HOUR, 7, &offset);
        assert_eq!(all.first().map(String::as_str), Some("16:00"), "{all:?}");
        assert_eq!(
            all.last().map(String::as_str),
            Some("20:00"),
            "after the clock went back: {all:?}"
        );
    }

    #[test]
    fn there_are_never_more_ticks_than_asked() {
        for span in [
            1,
            999,
            SECOND,
            61 * SECOND,
            17 * MINUTE,
            5 * HOUR,
            3 * DAY,
            40 * DAY,
        ] {
            for most in [1, 2, 5, 12] {
                assert!(labels(span, most, &utc).len() <= most, "{span} {most}");
            }
        }
        assert!(labels(400 * DAY, 1, &utc).is_empty());
    }
}
