//! Instants as people read them: the calendar without a browser.

use plimsoll_shared::UnixMs;

/// How many minutes the reader's clock is ahead of UTC at an instant.
pub(crate) type Offset<'a> = &'a dyn Fn(UnixMs) -> i64;

/// Whose clock times are told on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// The browser's.
    Local,
    /// UTC.
    Utc,
}

/// Date and time of day on one clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Civil {
    /// Year.
    pub(crate) year: i64,
    /// Month, from 1.
    pub(crate) month: i64,
    /// Day, from 1.
    pub(crate) day: i64,
    /// Hour.
    pub(crate) hour: i64,
    /// Minute.
    pub(crate) minute: i64,
    /// Second.
    pub(crate) second: i64,
}

impl Civil {
    /// The reading of a clock that runs `offset_minutes` ahead of UTC.
    pub(crate) fn of(at: UnixMs, offset_minutes: i64) -> Self {
        let seconds = at.0.div_euclid(1000) + offset_minutes * 60;
        let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        // Days since 0000-03-01, in eras of 400 years (Howard Hinnant, "chrono-compatible low-level date algorithms").
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let of_era = z.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day: of_year - (153 * shifted + 2) / 5 + 1,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
        }
    }

    /// The milliseconds that a clock on the wall has counted when it reads this; `None` when no calendar has that day or time.
    pub(crate) fn local_ms(self) -> Option<i64> {
        let time = (0..24).contains(&self.hour)
            && (0..60).contains(&self.minute)
            && (0..60).contains(&self.second);
        if !time || !(1..=12).contains(&self.month) || !(1970..=9999).contains(&self.year) {
            return None;
        }
        // The same eras as above.
        let year = self.year - i64::from(self.month <= 2);
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((self.month + 9) % 12) + 2) / 5 + self.day - 1;
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
        let ms = (days * 86_400 + self.hour * 3600 + self.minute * 60 + self.second) * 1000;
        // A day that the month does not have reads as one of the next month.
        (Self::of(UnixMs(ms), 0) == self).then_some(ms)
    }
}

/// The instant at which a clock on the wall has counted `local` milliseconds; looked up twice, since the offset may change between the two.
pub(crate) fn from_local(local: i64, offset: Offset) -> UnixMs {
    let guess = UnixMs(local - offset(UnixMs(local)) * 60_000);
    UnixMs(local - offset(guess) * 60_000)
}

/// `2026-11-24T15:03:09Z`, or with the clock's offset, `2026-11-24T23:03:09+08:00` (RFC 3339).
pub(crate) fn iso(at: UnixMs, offset_minutes: i64) -> String {
    let c = Civil::of(at, offset_minutes);
    let zone = if offset_minutes == 0 {
        "Z".to_owned()
    } else {
        let sign = if offset_minutes < 0 { '-' } else { '+' };
        let ahead = offset_minutes.abs();
        format!("{sign}{:02}:{:02}", ahead / 60, ahead % 60)
    };
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{zone}",
        c.year, c.month, c.day, c.hour, c.minute, c.second
    )
}

/// Time of day, `15:03`.
pub(crate) fn hour_minute(at: UnixMs, offset_minutes: i64) -> String {
    let c = Civil::of(at, offset_minutes);
    format!("{:02}:{:02}", c.hour, c.minute)
}

/// Time of day to the second, `15:03:09`.
pub(crate) fn hour_minute_second(at: UnixMs, offset_minutes: i64) -> String {
    let c = Civil::of(at, offset_minutes);
    format!("{:02}:{:02}:{:02}", c.hour, c.minute, c.second)
}

/// Date and time of day, `2026-11-24 15:03:09`.
pub(crate) fn date_time(at: UnixMs, offset_minutes: i64) -> String {
    let c = Civil::of(at, offset_minutes);
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
        c.year, c.month, c.day, c.hour, c.minute, c.second
    )
}

/// A stretch of time in its largest unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Span {
    /// Whole seconds.
    Seconds(i64),
    /// Whole minutes.
    Minutes(i64),
    /// Whole hours.
    Hours(i64),
    /// Whole days.
    Days(i64),
}

impl Span {
    /// Milliseconds, rounded down; two of a unit before the next one begins, so that `90 s` is not `1 min`. Days begin at 48 hours.
    pub(crate) fn of(ms: i64) -> Self {
        let seconds = ms.max(0) / 1000;
        match seconds {
            0..120 => Self::Seconds(seconds),
            120..7200 => Self::Minutes(seconds / 60),
            7200..172_800 => Self::Hours(seconds / 3600),
            _ => Self::Days(seconds / 86_400),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_knows_leap_days_offsets_and_times_before_1970() {
        for (at, offset, text) in [
            (0, 0, "1970-01-01T00:00:00Z"),
            (1_709_164_800_000, 0, "2024-02-29T00:00:00Z"),
            (1_795_532_589_000, 480, "2026-11-24T23:03:09+08:00"),
            (951_782_399_000, -210, "2000-02-28T20:29:59-03:30"),
            (-1, 0, "1969-12-31T23:59:59Z"),
            (4_102_444_800_000, 0, "2100-01-01T00:00:00Z"),
        ] {
            assert_eq!(iso(UnixMs(at), offset), text);
        }
    }

    #[test]
    fn a_date_is_read_back_and_one_that_no_calendar_has_is_none() {
        for at in [0, 1_709_164_800_000, 1_795_532_589_000, 4_102_444_800_000] {
            assert_eq!(Civil::of(UnixMs(at), 0).local_ms(), Some(at));
        }
        let day = Civil::of(UnixMs(1_795_532_589_000), 0);
        for none in [
            Civil { day: 31, ..day },
            Civil { day: 0, ..day },
            Civil { month: 13, ..day },
            Civil { hour: 24, ..day },
            Civil { minute: 60, ..day },
            Civil { year: 1969, ..day },
            Civil {
                month: 2,
                day: 29,
                ..day
            },
        ] {
            assert_eq!(none.local_ms(), None, "{none:?}");
        }
    }

    #[test]
    fn a_span_is_told_in_its_largest_unit() {
        for (seconds, span) in [
            (-3, Span::Seconds(0)),
            (119, Span::Seconds(119)),
            (120, Span::Minutes(2)),
            (7199, Span::Minutes(119)),
            (7200, Span::Hours(2)),
            (172_799, Span::Hours(47)),
            (172_800, Span::Days(2)),
        ] {
            assert_eq!(Span::of(seconds * 1000), span, "{seconds}");
        }
    }
}
