//! Where a time and a value stand on a chart, in CSS pixels and in the eighths of one that are drawn.

use plimsoll_shared::UnixMs;

/// Room for value labels.
const LEFT: f64 = 52.0;
/// Room to the right of the newest value.
const RIGHT: f64 = 10.0;
/// Room for the signs of events.
const TOP: f64 = 14.0;
/// Room for time labels.
const BOTTOM: f64 = 20.0;
/// Width a time label needs with air around it.
const TIME_LABEL: f64 = 58.0;

/// The values a chart reaches over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Axis {
    /// At the lower edge.
    pub(crate) low: f64,
    /// At the upper edge.
    pub(crate) high: f64,
    /// Whether equal distances are equal ratios.
    pub(crate) log: bool,
}

impl Axis {
    /// From zero to `high`.
    pub(crate) fn even(high: f64) -> Self {
        Self {
            low: 0.0,
            high: if high > 0.0 { high } else { 1.0 },
            log: false,
        }
    }

    /// How high a value stands, from 0 to 1; what a ratio cannot reach stands at the lower edge.
    fn share(&self, value: f64) -> f64 {
        if self.log {
            (value.max(self.low) / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        }
    }
}

/// The plot inside a chart of a given size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Frame {
    /// Left edge.
    pub(crate) left: f64,
    /// Right edge.
    pub(crate) right: f64,
    /// Upper edge.
    pub(crate) top: f64,
    /// Lower edge.
    pub(crate) bottom: f64,
    from: UnixMs,
    to: UnixMs,
    axis: Axis,
}

impl Frame {
    /// The plot of a chart `width` by `height` CSS pixels large that shows `from` to `to` and the values of `axis`.
    pub(crate) fn new(width: f64, height: f64, from: UnixMs, to: UnixMs, axis: Axis) -> Self {
        Self {
            left: LEFT,
            right: (width - RIGHT).max(LEFT + 1.0),
            top: TOP,
            bottom: (height - BOTTOM).max(TOP + 1.0),
            from,
            to: to.max(UnixMs(from.0 + 1)),
            axis,
        }
    }

    /// Distance of an instant from the left edge of the chart.
    pub(crate) fn x(&self, at: UnixMs) -> f64 {
        let share = at.since(self.from) as f64 / self.to.since(self.from) as f64;
        self.left + (self.right - self.left) * share
    }

    /// Distance of a value from the upper edge of the chart.
    pub(crate) fn y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * self.axis.share(value)
    }

    /// The instant at a distance from the left edge; the nearest one shown where that is beside the plot.
    pub(crate) fn at(&self, x: f64) -> UnixMs {
        let share = ((x - self.left) / (self.right - self.left)).clamp(0.0, 1.0);
        let beyond = share * self.to.since(self.from) as f64;
        #[expect(clippy::cast_possible_truncation, reason = "lies between two instants")]
        let beyond = beyond.round() as i64;
        UnixMs(self.from.0 + beyond)
    }

    /// Milliseconds that `pixels` are wide.
    pub(crate) fn ms(&self, pixels: f64) -> i64 {
        self.at(self.left + pixels).since(self.from)
    }

    /// Time labels there is room for.
    pub(crate) fn time_labels(&self) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small positive number"
        )]
        let labels = ((self.right - self.left) / TIME_LABEL) as usize;
        labels.max(2)
    }

    /// Diagonal lines `spacing` apart that fill the plot from `x0` to `x1`, each as its two ends.
    pub(crate) fn hatch(&self, x0: f64, x1: f64, spacing: f64) -> Vec<[(f64, f64); 2]> {
        let (x0, x1) = (x0.max(self.left), x1.min(self.right));
        let height = self.bottom - self.top;
        if x1 <= x0 {
            return Vec::new();
        }
        // Every line rises to the right and is named by its foot on the lower edge; feet are multiples of the spacing, so that the
        // pattern does not swim when a gap grows.
        let mut foot = ((x0 - height) / spacing).ceil() * spacing;
        let mut lines = Vec::new();
        while foot < x1 {
            let (a, b) = (foot.max(x0), (foot + height).min(x1));
            if b > a {
                lines.push([(a, self.bottom - (a - foot)), (b, self.bottom - (b - foot))]);
            }
            foot += spacing;
        }
        lines
    }
}

/// A length in CSS pixels as eighths of one, the unit in which charts are drawn.
pub(crate) fn eighths(length: f64) -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the cast saturates, far outside any screen"
    )]
    let eighths = (length * 8.0).round() as i32;
    eighths
}

/// The centre of the device pixel row nearest to `y`, where a hairline is sharp.
pub(crate) fn sharp(y: f64) -> f64 {
    y.floor() + 0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        Frame::new(562.0, 134.0, UnixMs(0), UnixMs(5000), Axis::even(10.0))
    }

    #[test]
    fn time_runs_from_edge_to_edge_and_values_rise() {
        let frame = frame();
        assert_eq!((frame.x(UnixMs(0)), frame.x(UnixMs(5000))), (52.0, 552.0));
        assert_eq!((frame.y(0.0), frame.y(10.0)), (114.0, 14.0));
    }

    #[test]
    fn on_a_logarithmic_scale_equal_distances_are_equal_ratios() {
        let axis = Axis {
            low: 1.0,
            high: 100.0,
            log: true,
        };
        let frame = Frame::new(562.0, 134.0, UnixMs(0), UnixMs(5000), axis);
        for (value, y) in [(0.0, 114.0), (1.0, 114.0), (10.0, 64.0), (100.0, 14.0)] {
            assert!((frame.y(value) - y).abs() < 1e-9, "{value}");
        }
    }

    #[test]
    fn a_place_under_the_pointer_is_an_instant_of_the_window() {
        let frame = frame();
        for at in [0, 1, 777, 5000] {
            assert_eq!(frame.at(frame.x(UnixMs(at))), UnixMs(at));
        }
        assert_eq!(
            (frame.at(-40.0), frame.at(9000.0)),
            (UnixMs(0), UnixMs(5000))
        );
        assert_eq!(frame.ms(4.0), 40);
    }

    #[test]
    fn a_hatch_stays_inside_its_gap() {
        let frame = frame();
        let lines = frame.hatch(100.0, 140.0, 6.0);
        assert!(lines.len() > 20);
        for (x, y) in lines.into_iter().flatten() {
            assert!(
                (100.0..=140.0).contains(&x) && (14.0..=114.0).contains(&y),
                "{x} {y}"
            );
        }
        assert!(frame.hatch(700.0, 800.0, 6.0).is_empty());
    }

    #[test]
    fn a_chart_without_room_or_time_divides_by_nothing() {
        let frame = Frame::new(0.0, 0.0, UnixMs(5), UnixMs(5), Axis::even(0.0));
        assert!(frame.x(UnixMs(5)).is_finite() && frame.y(0.0).is_finite());
        assert!(frame.time_labels() >= 2);
        assert_eq!(eighths(1.5), 12);
    }
}
