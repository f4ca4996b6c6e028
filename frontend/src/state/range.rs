//! How much time charts show, as a length that ends now: `15m`, `6h`, `13mo`.

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// A twelfth of 365.25 days.
const MONTH: i64 = 2_629_800 * SECOND;

/// Least and most that charts show: a few readings, and as much as the server answers at once.
const LEAST: i64 = 10 * SECOND;
const MOST: i64 = 5 * 365 * DAY;

/// A length of time in one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Range {
    ms: i64,
}

/// What a length is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Twelfths of a year.
    Months,
}

impl Measure {
    /// Every measure, longest first.
    pub(crate) const ALL: [Self; 5] = [
        Self::Months,
        Self::Days,
        Self::Hours,
        Self::Minutes,
        Self::Seconds,
    ];

    /// Its word in URLs.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Minutes => "m",
            Self::Hours => "h",
            Self::Days => "d",
            Self::Months => "mo",
        }
    }

    fn ms(self) -> i64 {
        match self {
            Self::Seconds => SECOND,
            Self::Minutes => MINUTE,
            Self::Hours => HOUR,
            Self::Days => DAY,
            Self::Months => MONTH,
        }
    }
}

impl Default for Range {
    fn default() -> Self {
        Self::HOUR
    }
}

impl Range {
    /// An hour.
    pub(crate) const HOUR: Self = Self { ms: HOUR };

    /// The ranges offered, shortest first.
    pub(crate) const USUAL: [Self; 7] = [
        Self { ms: 15 * MINUTE },
        Self::HOUR,
        Self { ms: 6 * HOUR },
        Self { ms: DAY },
        Self { ms: 7 * DAY },
        Self { ms: 30 * DAY },
        Self { ms: 13 * MONTH },
    ];

    /// That long, or as near to it as charts can be, in whole seconds.
    pub(crate) fn of_ms(ms: i64) -> Self {
        Self {
            ms: ms.clamp(LEAST, MOST) / SECOND * SECOND,
        }
    }

    /// So many of a measure; `None` where that is less or more than charts show.
    pub(crate) fn of_count(count: i64, measure: Measure) -> Option<Self> {
        let ms = count.checked_mul(measure.ms())?;
        (LEAST..=MOST).contains(&ms).then_some(Self { ms })
    }

    /// The range a URL names.
    pub(crate) fn of(word: &str) -> Option<Self> {
        let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (count, unit) = word.split_at(digits);
        let measure = Measure::ALL.into_iter().find(|m| m.word() == unit)?;
        Self::of_count(count.parse().ok()?, measure)
    }

    /// The word that stands for it in URLs.
    pub(crate) fn word(self) -> String {
        let (count, measure) = self.parts();
        format!("{count}{}", measure.word())
    }

    /// Count and measure, in the largest measure that divides it; a day is 24 hours.
    pub(crate) fn parts(self) -> (i64, Measure) {
        let fits = |measure: &Measure| {
            self.ms % measure.ms() == 0 && (*measure != Measure::Days || self.ms >= 2 * DAY)
        };
        let measure = Measure::ALL.into_iter().find(fits);
        let measure = measure.unwrap_or(Measure::Seconds);
        (self.ms / measure.ms(), measure)
    }

    /// Its length in milliseconds.
    pub(crate) fn ms(self) -> i64 {
        self.ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_a_word_in_the_url() {
        let words = Range::USUAL.map(Range::word);
        assert_eq!(words, ["15m", "1h", "6h", "24h", "7d", "30d", "13mo"]);
        for range in Range::USUAL {
            assert_eq!(Range::of(&range.word()), Some(range));
        }
        assert_eq!(Range::of("90s").map(Range::ms), Some(90_000));
        for bad in [
            "",
            "h",
            "1",
            "1x",
            "0h",
            "9s",
            "1826d",
            "-1h",
            "1é",
            "99999999999999999mo",
        ] {
            assert_eq!(Range::of(bad), None, "{bad:?} was taken");
        }
    }

    #[test]
    fn any_length_becomes_one_that_charts_can_show() {
        assert_eq!(Range::of_ms(5_400_999).word(), "90m");
        assert_eq!(Range::of_ms(1).ms(), LEAST);
        assert_eq!(Range::of_ms(i64::MAX).ms(), MOST);
    }
}
