//! The resolutions history is kept in, how long each, and which one answers a question.

use plimsoll_shared::UnixMs;

/// The most points a series is answered with.
pub const MOST_POINTS: usize = 2000;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A resolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Every reading, usually one a second.
    Second,
    /// Buckets of ten seconds.
    TenSeconds,
    /// Buckets of a minute.
    Minute,
    /// Buckets of ten minutes.
    TenMinutes,
    /// Buckets of an hour.
    Hour,
}

impl Tier {
    /// All, finest first.
    pub const ALL: [Tier; 5] = [
        Self::Second,
        Self::TenSeconds,
        Self::Minute,
        Self::TenMinutes,
        Self::Hour,
    ];

    /// Width of a bucket in milliseconds.
    #[must_use]
    pub fn width_ms(self) -> i64 {
        match self {
            Self::Second => SECOND,
            Self::TenSeconds => 10 * SECOND,
            Self::Minute => MINUTE,
            Self::TenMinutes => 10 * MINUTE,
            Self::Hour => HOUR,
        }
    }

    /// How long the tier is kept when nobody says otherwise, in milliseconds: 48 hours, 14 days, 60 days, 13 months of 30.5 days, 5 years.
    #[must_use]
    pub fn default_retention_ms(self) -> i64 {
        match self {
            Self::Second => 48 * HOUR,
            Self::TenSeconds => 14 * DAY,
            Self::Minute => 60 * DAY,
            Self::TenMinutes => 13 * 61 * DAY / 2,
            Self::Hour => 5 * 365 * DAY + DAY,
        }
    }

    /// How much time one chunk of the tier best covers, in milliseconds: 15 minutes of readings, and of buckets 6 hours, a day, a week, 28 days,
    /// so that a column has hundreds of values; each is a whole number of the finer one's. Until a stretch is over, the next finer tier answers for it.
    #[must_use]
    pub fn chunk_ms(self) -> i64 {
        match self {
            Self::Second => crate::chunk::SECONDS * SECOND,
            Self::TenSeconds => 6 * HOUR,
            Self::Minute => DAY,
            Self::TenMinutes => 7 * DAY,
            Self::Hour => 28 * DAY,
        }
    }

    /// The next coarser one, which is made of this one.
    #[must_use]
    pub fn coarser(self) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| *tier > self)
    }

    /// Its number in bytes.
    #[must_use]
    pub fn number(self) -> u16 {
        match self {
            Self::Second => 0,
            Self::TenSeconds => 1,
            Self::Minute => 2,
            Self::TenMinutes => 3,
            Self::Hour => 4,
        }
    }

    /// The tier of a number.
    #[must_use]
    pub fn of_number(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.number() == number)
    }

    /// Start of the bucket that `at` lies in.
    #[must_use]
    pub fn bucket(self, at: UnixMs) -> UnixMs {
        bucket(at, self.width_ms())
    }
}

/// Start of the bucket of `width_ms` that `at` lies in.
#[must_use]
pub fn bucket(at: UnixMs, width_ms: i64) -> UnixMs {
    let width = width_ms.max(1);
    UnixMs(at.0.div_euclid(width).saturating_mul(width))
}

/// How long each tier is kept, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention(pub [i64; 5]);

impl Default for Retention {
    fn default() -> Self {
        Self(Tier::ALL.map(Tier::default_retention_ms))
    }
}

impl Retention {
    /// How long `tier` is kept.
    #[must_use]
    pub fn of(&self, tier: Tier) -> i64 {
        self.0[usize::from(tier.number())]
    }
}

/// How a range is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// What is read.
    pub tier: Tier,
    /// Start of the first bucket of the answer, a multiple of `step_ms`.
    pub from: UnixMs,
    /// Width of a bucket of the answer, a whole number of the tier's.
    pub step_ms: i64,
    /// How many buckets the answer has.
    pub points: usize,
}

impl Plan {
    /// End of the last bucket, itself outside.
    #[must_use]
    pub fn to(&self) -> UnixMs {
        let points = i64::try_from(self.points).unwrap_or(i64::MAX);
        let length = points.saturating_mul(self.step_ms);
        UnixMs(self.from.0.saturating_add(length))
    }
}

/// Which tier serves `from` up to and including `to` in about `width` points, at most [`MOST_POINTS`]; `None` when the range ends before it begins.
///
/// The coarsest tier that is as fine as the answer needs, unless it no longer reaches back to `from`: then the finest one that does,
/// or the one kept longest.
#[must_use]
pub fn plan(
    from: UnixMs,
    to: UnixMs,
    width: usize,
    now: UnixMs,
    retention: &Retention,
) -> Option<Plan> {
    let span = i128::from(to.0) - i128::from(from.0);
    if span < 0 {
        return None;
    }
    let points = i128::try_from(width.clamp(1, MOST_POINTS)).unwrap_or(1);
    let needed = ((span + points) / points).clamp(SECOND.into(), i64::MAX.into());
    let needed = i64::try_from(needed).unwrap_or(i64::MAX);
    let reaches = |tier: &Tier| from.0 >= now.0.saturating_sub(retention.of(*tier));
    let fine_enough = |tier: &Tier| tier.width_ms() <= needed;
    let longest = Tier::ALL
        .into_iter()
        .max_by_key(|tier| retention.of(*tier))?;
    let tier = Tier::ALL
        .into_iter()
        .rev()
        .filter(fine_enough)
        .find(reaches)
        .or_else(|| Tier::ALL.into_iter().find(reaches))
        .unwrap_or(longest);
    // The widest first try: starting on a multiple may cost one more bucket.
    let mut units = (needed / tier.width_ms()).max(1);
    loop {
        let step_ms = units.saturating_mul(tier.width_ms());
        let start = bucket(from, step_ms);
        let count = (i128::from(to.0) - i128::from(start.0)) / i128::from(step_ms) + 1;
        if count <= points.max(2) || step_ms == i64::MAX {
            return Some(Plan {
                tier,
                from: start,
                step_ms,
                points: usize::try_from(count).unwrap_or(MOST_POINTS),
            });
        }
        units = units.saturating_add((units / 1000).max(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: UnixMs = UnixMs(1_795_000_000_000);

    fn tier_of(ago: i64, span: i64, width: usize) -> Tier {
        let from = UnixMs(NOW.0 - ago);
        let to = UnixMs(from.0 + span);
        plan(from, to, width, NOW, &Retention::default())
            .unwrap()
            .tier
    }

    #[test]
    fn the_coarsest_tier_that_is_fine_enough_answers() {
        assert_eq!(tier_of(10 * MINUTE, 10 * MINUTE, 900), Tier::Second);
        assert_eq!(tier_of(HOUR, HOUR, 900), Tier::Second);
        assert_eq!(tier_of(DAY, DAY, 900), Tier::Minute);
        assert_eq!(tier_of(6 * HOUR, 6 * HOUR, 900), Tier::TenSeconds);
        assert_eq!(tier_of(30 * DAY, 30 * DAY, 900), Tier::TenMinutes);
        assert_eq!(tier_of(390 * DAY, 390 * DAY, 900), Tier::Hour);
    }

    #[test]
    fn a_minute_of_last_week_comes_from_the_finest_tier_that_is_left() {
        assert_eq!(tier_of(7 * DAY, MINUTE, 900), Tier::TenSeconds);
        assert_eq!(tier_of(50 * DAY, HOUR, 900), Tier::Minute);
        assert_eq!(tier_of(300 * DAY, DAY, 2000), Tier::TenMinutes);
        assert_eq!(tier_of(4000 * DAY, DAY, 2000), Tier::Hour);
    }

    #[test]
    fn a_finer_tier_is_kept_until_the_coarser_ones_chunk_is_over() {
        for tier in Tier::ALL {
            if let Some(coarser) = tier.coarser() {
                assert_eq!(coarser.width_ms() % tier.width_ms(), 0);
                assert_eq!(coarser.chunk_ms() % coarser.width_ms(), 0);
                assert_eq!(coarser.chunk_ms() % tier.chunk_ms(), 0);
                assert!(coarser.chunk_ms() < tier.default_retention_ms());
            }
        }
    }

    #[test]
    fn a_range_that_ends_before_it_begins_has_no_answer() {
        assert_eq!(
            plan(NOW, UnixMs(NOW.0 - 1), 100, NOW, &Retention::default()),
            None
        );
    }

    proptest! {
        #[test]
        fn a_plan_covers_its_range_in_few_points(from: i64, to: i64, width in prop_oneof![0..3000_usize, Just(1_000_000_000_usize), Just(usize::MAX)], now: i64) {
            let found = plan(UnixMs(from), UnixMs(to), width, UnixMs(now), &Retention::default());
            prop_assert_eq!(found.is_some(), from <= to);
        }

        #[test]
        fn points_are_at_most_what_was_asked(ago in 0..4_000 * DAY, span in 0..4_000 * DAY, width in 0..3000_usize) {
            let (from, to) = (UnixMs(NOW.0 - ago), UnixMs(NOW.0 - ago + span));
            let plan = plan(from, to, width, NOW, &Retention::default()).unwrap();
            prop_assert!(plan.points <= width.clamp(2, MOST_POINTS) && plan.points >= 1);
            prop_assert!(plan.from <= from && to < plan.to());
            prop_assert_eq!((plan.from.0 % plan.step_ms, plan.step_ms % plan.tier.width_ms()), (0, 0));
        }
    }
}
