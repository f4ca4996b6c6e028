//! The small curve of a row.

use super::fleet::SPARK_TICKS;
use std::fmt::Write as _;

/// Width of the drawing, in its own units.
pub(crate) const WIDTH: f32 = 72.0;
/// Height of the drawing, in its own units.
pub(crate) const HEIGHT: f32 = 18.0;
/// Below this many percent a curve does not reach the top, so that an idle container looks idle.
const QUIET_PERCENT: f32 = 20.0;

/// The curve as two SVG paths.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Spark {
    /// The line; it breaks where nothing was measured.
    pub(crate) line: String,
    /// The area under it.
    pub(crate) area: String,
}

/// Draws CPU percent of the last minute, oldest first, the newest at the right edge.
pub(crate) fn draw(ticks: impl ExactSizeIterator<Item = Option<f32>> + Clone) -> Spark {
    curve(ticks, SPARK_TICKS, QUIET_PERCENT)
}

/// Draws ticks, oldest first, the newest at the right edge of a drawing that has room for `slots`. A curve below `quiet` does not reach
/// the top.
pub(crate) fn curve(
    ticks: impl ExactSizeIterator<Item = Option<f32>> + Clone,
    slots: usize,
    quiet: f32,
) -> Spark {
    let top = ticks.clone().flatten().fold(quiet, f32::max);
    let first = slots.saturating_sub(ticks.len());
    let mut spark = Spark::default();
    let mut begun: Option<f32> = None;
    let mut last = 0.0;
    for (at, tick) in ticks.enumerate() {
        let x = place(first + at, slots);
        match tick {
            Some(value) => {
                let y = HEIGHT - 1.0 - (HEIGHT - 3.0) * (value.max(0.0) / top);
                let step = if begun.is_some() { 'L' } else { 'M' };
                // Writing to a string does not fail.
                let _ = write!(spark.line, "{step}{x:.1} {y:.1}");
                let _ = match begun {
                    Some(_) => write!(spark.area, "L{x:.1} {y:.1}"),
                    None => write!(spark.area, "M{x:.1} {HEIGHT}L{x:.1} {y:.1}"),
                };
                begun.get_or_insert(x);
                last = x;
            }
            None => close(&mut spark, &mut begun, last),
        }
    }
    close(&mut spark, &mut begun, last);
    spark
}

/// Ends a piece; one of a single tick is a dot.
fn close(spark: &mut Spark, begun: &mut Option<f32>, last: f32) {
    let Some(first) = begun.take() else {
        return;
    };
    if first.to_bits() == last.to_bits() {
        spark.line.push_str("h0");
    }
    let _ = write!(spark.area, "L{last:.1} {HEIGHT}Z");
}

#[expect(clippy::cast_precision_loss, reason = "at most sixty")]
fn place(tick: usize, slots: usize) -> f32 {
    tick as f32 * WIDTH / slots.saturating_sub(1).max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_breaks_the_line() {
        let ticks = [Some(20.0), Some(20.0), None, Some(0.0)];
        let spark = draw(ticks.into_iter());
        assert_eq!(spark.line, "M68.3 2.0L69.6 2.0M72.0 17.0h0");
        assert_eq!(
            spark.area,
            "M68.3 18L68.3 2.0L69.6 2.0L69.6 18ZM72.0 18L72.0 17.0L72.0 18Z"
        );
    }

    #[test]
    fn nothing_measured_draws_nothing() {
        assert_eq!(draw([None, None].into_iter()), Spark::default());
        assert_eq!(draw([].into_iter()), Spark::default());
    }

    #[test]
    fn a_busy_container_scales_to_its_peak_and_an_idle_one_stays_low() {
        assert!(draw([Some(800.0)].into_iter()).line.ends_with(" 2.0h0"));
        assert!(draw([Some(0.3)].into_iter()).line.ends_with(" 16.8h0"));
    }
}
