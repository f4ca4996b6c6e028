//! What a chart counts: where its value ticks stand and how its numbers read.

use plimsoll_shared::units;

/// Most intervals between value ticks.
const INTERVALS: f64 = 5.0;
/// Powers that a logarithmic scale reaches down; less is as good as nothing.
const MOST_POWERS: f64 = 10.0;

/// The unit of a chart's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Percent.
    Percent,
    /// Bytes, in binary units.
    Bytes,
    /// Bytes per second, in decimal units.
    Rate,
    /// Things counted one by one.
    Count,
}

impl Unit {
    /// Value ticks from zero to the first round value that is not below `most`, at most six.
    pub(crate) fn ticks(self, most: f64) -> Vec<f64> {
        let most = if most.is_finite() {
            most.max(self.least_top())
        } else {
            self.least_top()
        };
        let step = match self {
            Self::Bytes => 2_f64.powf((most / INTERVALS).log2().ceil()),
            Self::Count => one_two_five(most).max(1.0),
            Self::Percent | Self::Rate => one_two_five(most),
        };
        let mut ticks = vec![0.0];
        let mut at = 0.0;
        while at < most {
            at = ticks.len() as f64 * step;
            ticks.push(at);
        }
        ticks
    }

    /// Value ticks of a logarithmic scale from the last power that is not above `least` to the first that is not below `most`, at most six.
    pub(crate) fn log_ticks(self, least: f64, most: f64) -> Vec<f64> {
        let base: f64 = if self == Self::Bytes { 4.0 } else { 10.0 };
        let most = if most.is_finite() && most > 0.0 {
            most
        } else {
            self.least_top()
        };
        // What a label would print as zero is as good as zero.
        let nothing = match self {
            Self::Percent | Self::Count => 0.01,
            Self::Bytes | Self::Rate => 1.0,
        };
        let most = most.max(nothing * base);
        let least = if least > 0.0 {
            least.clamp(nothing, most)
        } else {
            most
        };
        // The margin forgives what the logarithm lost.
        let high = (most.log(base) - 1e-9).ceil();
        let low = (least.log(base) + 1e-9)
            .floor()
            .min(high - 1.0)
            .max(high - MOST_POWERS);
        let step = ((high - low) / INTERVALS).ceil();
        let mut ticks = Vec::new();
        let mut at = high;
        while at > low {
            ticks.push(base.powf(at));
            at -= step;
        }
        ticks.push(base.powf(at));
        ticks.reverse();
        ticks
    }

    /// The top of the value axis never lies below this, so that noise around nothing looks like nothing.
    fn least_top(self) -> f64 {
        match self {
            Self::Percent => 2.0,
            Self::Bytes => 1024.0 * 1024.0,
            Self::Rate => 1000.0,
            Self::Count => 4.0,
        }
    }

    /// A tick's label.
    pub(crate) fn tick(self, value: f64) -> String {
        match self {
            Self::Percent => format!("{}%", trimmed(value)),
            Self::Bytes => units::binary(whole(value)),
            Self::Rate => units::decimal_rounded(whole(value)),
            Self::Count => trimmed(value),
        }
    }

    /// A value as docker prints it.
    pub(crate) fn text(self, value: f64) -> String {
        match self {
            Self::Percent => units::percent(value),
            Self::Bytes => units::binary(whole(value)),
            Self::Rate => format!("{}/s", units::decimal_rounded(whole(value))),
            Self::Count => trimmed(value),
        }
    }
}

/// The smallest of 1, 2 and 5 times a power of ten that covers `most` in [`INTERVALS`] intervals.
fn one_two_five(most: f64) -> f64 {
    let least = most / INTERVALS;
    let power = 10_f64.powf(least.log10().floor());
    // The margin forgives what the logarithm lost.
    let enough = |step: &f64| *step >= least * (1.0 - 1e-9);
    [1.0, 2.0, 5.0]
        .map(|m| m * power)
        .into_iter()
        .find(enough)
        .unwrap_or(10.0 * power)
}

/// At most one decimal from ten on, two below, and no zeros at the end.
fn trimmed(value: f64) -> String {
    let text = if value.abs() < 10.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.1}")
    };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is what a label needs"
)]
fn whole(value: f64) -> u64 {
    value.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(unit: Unit, most: f64) -> Vec<String> {
        unit.ticks(most).into_iter().map(|v| unit.tick(v)).collect()
    }

    #[test]
    fn value_ticks_are_round_in_their_own_unit() {
        assert_eq!(
            labels(Unit::Percent, 71.9),
            ["0%", "20%", "40%", "60%", "80%"]
        );
        assert_eq!(
            labels(Unit::Percent, 830.0),
            ["0%", "200%", "400%", "600%", "800%", "1000%"]
        );
        assert_eq!(
            labels(Unit::Bytes, 2.1 * 1024_f64.powi(3)),
            ["0B", "512MiB", "1GiB", "1.5GiB", "2GiB", "2.5GiB"]
        );
        assert_eq!(
            labels(Unit::Rate, 4_100_000.0),
            ["0B", "1MB", "2MB", "3MB", "4MB", "5MB"]
        );
        assert_eq!(labels(Unit::Count, 3.0), ["0", "1", "2", "3", "4"]);
    }

    #[test]
    fn a_logarithmic_scale_has_round_powers() {
        let labels = |unit: Unit, least, most| -> Vec<String> {
            let ticks = unit.log_ticks(least, most);
            ticks.into_iter().map(|v| unit.tick(v)).collect()
        };
        assert_eq!(
            labels(Unit::Percent, 0.5, 71.9),
            ["0.1%", "1%", "10%", "100%"]
        );
        assert_eq!(labels(Unit::Count, 3.0, 3.0), ["1", "10"]);
        assert_eq!(
            labels(Unit::Bytes, 1024.0 * 1024.0, 200.0 * 1024.0 * 1024.0),
            ["1MiB", "4MiB", "16MiB", "64MiB", "256MiB"]
        );
        for (least, most) in [(0.0, 0.0), (-1.0, f64::NAN), (1e-30, 1e30), (5.0, 1.0)] {
            let ticks = Unit::Rate.log_ticks(least, most);
            assert!((2..=6).contains(&ticks.len()), "{least} {most}: {ticks:?}");
        }
    }

    #[test]
    fn an_idle_container_gets_an_axis_that_makes_it_look_idle() {
        assert_eq!(
            labels(Unit::Percent, 0.02),
            ["0%", "0.5%", "1%", "1.5%", "2%"]
        );
        assert_eq!(labels(Unit::Percent, f64::NAN).len(), 5);
    }

    #[test]
    fn there_are_three_to_five_intervals_and_the_top_is_never_below_the_data() {
        for unit in [Unit::Percent, Unit::Bytes, Unit::Rate, Unit::Count] {
            let mut most = 0.001;
            while most < 1e15 {
                let ticks = unit.ticks(most);
                assert!((4..=6).contains(&ticks.len()), "{unit:?} {most}: {ticks:?}");
                assert!(
                    ticks.last().is_some_and(|top| *top >= most),
                    "{unit:?} {most}: {ticks:?}"
                );
                most *= 1.37;
            }
        }
    }

    #[test]
    fn a_value_reads_as_docker_prints_it() {
        assert_eq!(Unit::Percent.text(61.034), "61.03%");
        assert_eq!(Unit::Bytes.text(432_642_785.0), "412.6MiB");
        assert_eq!(Unit::Rate.text(3_100_000.0), "3.1MB/s");
        assert_eq!(Unit::Count.text(112.0), "112");
        assert_eq!(Unit::Count.text(1.5), "1.5");
    }
}
