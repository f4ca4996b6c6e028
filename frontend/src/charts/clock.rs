//! Where time ticks stand and how they read, in the time zone the reader chose.

use plimsoll_shared::UnixMs;

/// How many milliseconds the reader's clock is ahead of UTC at an instant.
pub(crate) type Offset<'a> = &'a dyn Fn(UnixMs) -> i64;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Distances between time ticks that people find round.
const STEPS: [i64; 18] = [
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
    7 * DAY,
];

/// Round instants from `from` to `to` with their labels, at most `most` of them.
pub(crate) fn ticks(from: UnixMs, to: UnixMs, most: usize, offset: Offset) -> Vec<(UnixMs, String)> {
    let span = to.since(from);
    let most = i64::try_from(most.max(1)).unwrap_or(i64::MAX);
    let Some(step) = STEPS.into_iter().find(|step| span / step < most) else {
        return Vec::new();
    };
    let first = (from.0 + offset(from)).div_euclid(step) * step;
    (0..=span / step + 1)
        .map(|i| from_local(first + i * step, offset))
        .filter(|at| (from..=to).contains(at))
        .map(|at| (at, label(at, step, offset)))
        .collect()
}

/// The instant a clock on the wall calls `local`; looked up twice, since the offset may change between the two.
fn from_local(local: i64, offset: Offset) -> UnixMs {
    let guess = UnixMs(local - offset(UnixMs(local)));
    UnixMs(local - offset(guess))
}

fn label(at: UnixMs, step: i64, offset: Offset) -> String {
    let of_day = (at.0 + offset(at)).rem_euclid(DAY);
    if step >= DAY || (of_day == 0 && step >= MINUTE) {
        return date(at, offset);
    }
    if step < MINUTE { time(at, offset) } else { short_time(at, offset) }
}

/// Month and day, `11-24`.
pub(crate) fn date(at: UnixMs, offset: Offset) -> String {
    let (_, month, day) = civil((at.0 + offset(at)).div_euclid(DAY));
    format!("{month:02}-{day:02}")
}

/// Hours and minutes, `14:15`.
pub(crate) fn short_time(at: UnixMs, offset: Offset) -> String {
    let of_day = (at.0 + offset(at)).rem_euclid(DAY);
    format!("{:02}:{:02}", of_day / HOUR, of_day % HOUR / MINUTE)
}

/// Hours, minutes and seconds, `14:15:21`.
pub(crate) fn time(at: UnixMs, offset: Offset) -> String {
    let of_day = (at.0 + offset(at)).rem_euclid(DAY);
    format!("{}:{:02}", short_time(at, offset), of_day % MINUTE / SECOND)
}

/// Year, month and day of a day counted from 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, of_year - (153 * shifted_month + 2) / 5 + 1)
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
        ticks(AT, UnixMs(AT.0 + span), most, offset).into_iter().map(|(_, label)| label).collect()
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
        let kathmandu = |_| 5 * HOUR + 45 * MINUTE;
        assert_eq!(labels(6 * HOUR, 4, &kathmandu), ["20:00", "22:00", "11-25"]);
        let offset = |at: UnixMs| if at.0 < AT.0 + 90 * MINUTE { 2 * HOUR } else { HOUR };
        let all = labels(6 * HOUR, 7, &offset);
        assert_eq!(all.first().map(String::as_str), Some("16:00"), "{all:?}");
        assert_eq!(all.last().map(String::as_str), Some("20:00"), "after the clock went back: {all:?}");
    }

    #[test]
    fn there_are_never_more_ticks_than_asked() {
        for span in [1, 999, SECOND, 61 * SECOND, 17 * MINUTE, 5 * HOUR, 3 * DAY, 40 * DAY] {
            for most in [1, 2, 5, 12] {
                assert!(labels(span, most, &utc).len() <= most, "{span} {most}");
            }
        }
        assert!(labels(400 * DAY, 1, &utc).is_empty());
    }

    #[test]
    fn a_moment_reads_with_its_seconds() {
        assert_eq!(time(AT, &utc), "13:30:07");
        assert_eq!(date(AT, &utc), "11-24");
        assert_eq!(date(UnixMs(951_782_400_000), &utc), "02-29");
        assert_eq!(date(UnixMs(-1), &utc), "12-31");
    }
}
