//! Reads an instant as a person types it: `14:03`, `Tue 14:03`, `yesterday 14:03`, `2026-11-17 14:03:09`.

use super::time::{Civil, Offset, from_local};
use plimsoll_shared::UnixMs;

const DAY_MS: i64 = 86_400_000;

/// Weekdays from Monday, by the beginnings of their names.
const WEEKDAYS: [&[&str]; 7] = [
    &["mon", "周一", "星期一", "礼拜一"],
    &["tue", "周二", "星期二", "礼拜二"],
    &["wed", "周三", "星期三", "礼拜三"],
    &["thu", "周四", "星期四", "礼拜四"],
    &["fri", "周五", "星期五", "礼拜五"],
    &["sat", "周六", "星期六", "礼拜六"],
    &["sun", "周日", "星期日", "周天", "礼拜天"],
];

/// Why a text is no instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It is empty.
    Empty,
    /// It is in none of the forms that are read.
    Form,
    /// The calendar has no such day, or the day no such time.
    Calendar,
}

/// The instant a text means to someone whose clock is `offset` ahead of UTC and shows `now`; a text that leaves out the day means its latest
/// one.
pub(crate) fn read(text: &str, now: UnixMs, offset: Offset) -> Result<UnixMs, Unread> {
    let text = text.trim().to_lowercase().replace('：', ":");
    let text = text.strip_prefix("last ").unwrap_or(&text);
    match text {
        "" => return Err(Unread::Empty),
        "now" | "现在" => return Ok(now),
        _ => {}
    }
    if let Some(at) = written_out(text) {
        return at;
    }
    let (day, clock) = split(text);
    let seconds = clock_of(clock)?;
    let today = Civil::of(now, offset(now));
    let at = |civil: Civil| {
        let local = civil.local_ms().ok_or(Unread::Calendar)?;
        Ok(from_local(local + seconds * 1000, offset))
    };
    let midnight = Civil {
        hour: 0,
        minute: 0,
        second: 0,
        ..today
    };
    let days_ago = |days: i64| {
        let local = midnight.local_ms().ok_or(Unread::Calendar)?;
        Ok(from_local(local - days * DAY_MS + seconds * 1000, offset))
    };
    match day {
        "" => days_ago(0).and_then(|at| if at > now { days_ago(1) } else { Ok(at) }),
        "today" | "今天" => days_ago(0),
        "yesterday" | "昨天" => days_ago(1),
        _ => {
            if let Some(weekday) = weekday_of(day) {
                let since_monday =
                    (midnight.local_ms().ok_or(Unread::Calendar)? / DAY_MS + 3).rem_euclid(7);
                let ago = (since_monday - weekday).rem_euclid(7);
                return days_ago(ago)
                    .and_then(|at| if at > now { days_ago(ago + 7) } else { Ok(at) });
            }
            let numbers = numbers(day, '-').ok_or(Unread::Form)?;
            match *numbers.as_slice() {
                [year, month, day] => at(Civil {
                    year,
                    month,
                    day,
                    ..midnight
                }),
                [month, day] => {
                    let this = at(Civil {
                        month,
                        day,
                        ..midnight
                    });
                    match this {
                        Ok(at) if at <= now => Ok(at),
                        _ => at(Civil {
                            year: today.year - 1,
                            month,
                            day,
                            ..midnight
                        }),
                    }
                }
                _ => Err(Unread::Form),
            }
        }
    }
}

/// What RFC 3339 writes with its offset, and Unix milliseconds; `None` for other texts.
fn written_out(text: &str) -> Option<Result<UnixMs, Unread>> {
    if text.len() == 13
        && let Ok(ms) = text.parse()
    {
        return Some(Ok(UnixMs(ms)));
    }
    if text.len() < 17 || !text.is_ascii() {
        return None;
    }
    let (body, ahead) = if let Some(body) = text.strip_suffix('z') {
        (body, 0)
    } else {
        let (body, zone) = text.split_at(text.len() - 6);
        let sign = match zone.as_bytes().first() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return None,
        };
        let &[hours, minutes] = numbers(&zone[1..], ':')?.as_slice() else {
            return None;
        };
        (body, sign * (hours * 60 + minutes))
    };
    Some(read(body, UnixMs(0), &|_| ahead))
}

/// The day's part of a text and the clock's.
fn split(text: &str) -> (&str, &str) {
    match text.rsplit_once([' ', 't']) {
        Some((day, clock)) if clock.contains(':') => (day.trim(), clock),
        _ if text.contains(':') => ("", text),
        _ => (text, ""),
    }
}

/// Seconds after midnight; a text without a clock means midnight.
fn clock_of(clock: &str) -> Result<i64, Unread> {
    if clock.is_empty() {
        return Ok(0);
    }
    let (hour, minute, second) = match *numbers(clock, ':').ok_or(Unread::Form)?.as_slice() {
        [hour, minute] => (hour, minute, 0),
        [hour, minute, second] => (hour, minute, second),
        _ => return Err(Unread::Form),
    };
    let exists = hour < 24 && minute < 60 && second < 60;
    exists
        .then_some(hour * 3600 + minute * 60 + second)
        .ok_or(Unread::Calendar)
}

fn weekday_of(day: &str) -> Option<i64> {
    let is = |names: &&[&str]| {
        names.iter().any(|name| {
            day == *name || (name.is_ascii() && day.starts_with(name) && day.ends_with("day"))
        })
    };
    i64::try_from(WEEKDAYS.iter().position(is)?).ok()
}

/// Plain numbers of at most four digits.
fn numbers(text: &str, between: char) -> Option<Vec<i64>> {
    text.split(between)
        .map(|part| {
            let plain = (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| part.parse().ok()).flatten()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::time::date_time;
    use super::*;

    /// 2026-11-24T15:03:09Z, a Tuesday.
    const NOW: UnixMs = UnixMs(1_795_532_589_000);

    fn told(text: &str, ahead: i64) -> Result<String, Unread> {
        read(text, NOW, &|_| ahead).map(|at| date_time(at, ahead))
    }

    #[test]
    fn what_people_type_is_an_instant_of_the_past() {
        for (text, meant) in [
            ("14:03", "2026-11-24 14:03:00"),
            ("16:00", "2026-11-23 16:00:00"),
            ("Tue 14:03", "2026-11-24 14:03:00"),
            ("last tuesday 16:03", "2026-11-17 16:03:00"),
            ("周一 9:05", "2026-11-23 09:05:00"),
            ("yesterday 14:03:30", "2026-11-23 14:03:30"),
            ("昨天 14：03", "2026-11-23 14:03:00"),
            ("11-17 14:03", "2026-11-17 14:03:00"),
            ("12-24", "2025-12-24 00:00:00"),
            ("2026-11-17", "2026-11-17 00:00:00"),
            (" 2026-11-17T14:03 ", "2026-11-17 14:03:00"),
            ("2026-11-17 14:03:09", "2026-11-17 14:03:09"),
            ("now", "2026-11-24 15:03:09"),
        ] {
            assert_eq!(told(text, 0).as_deref(), Ok(meant), "{text:?}");
        }
    }

    #[test]
    fn a_time_is_meant_on_the_readers_clock_unless_it_says_otherwise() {
        assert_eq!(told("23:02", 480).as_deref(), Ok("2026-11-24 23:02:00"));
        assert_eq!(told("23:04", 480).as_deref(), Ok("2026-11-23 23:04:00"));
        assert_eq!(
            told("2026-11-17T14:03:00Z", 480).as_deref(),
            Ok("2026-11-17 22:03:00")
        );
        assert_eq!(
            told("2026-11-17T14:03:00+08:00", 480).as_deref(),
            Ok("2026-11-17 14:03:00")
        );
        assert_eq!(
            told("1795532589000", 0).as_deref(),
            Ok("2026-11-24 15:03:09")
        );
    }

    #[test]
    fn nonsense_is_told_from_a_day_that_does_not_exist() {
        assert_eq!(told("  ", 0), Err(Unread::Empty));
        for text in [
            "soon",
            "14:3x",
            "17/11",
            "2026-11-17-4",
            "12345",
            "--",
            "t",
            ":",
        ] {
            assert_eq!(told(text, 0), Err(Unread::Form), "{text:?}");
        }
        for text in ["24:00", "14:60", "2026-02-29", "2026-13-01 10:00", "02-30"] {
            assert_eq!(told(text, 0), Err(Unread::Calendar), "{text:?}");
        }
    }
}
