//! Which lines of a long table are in the document.

use std::ops::Range;

/// The most lines that are in the document at once.
const MOST: usize = 200;
/// Lines kept above and below what can be seen, so that a fast scroll finds them there.
const MARGIN: usize = 12;
/// Lines begin at a multiple of this, so that a slow scroll changes nothing most of the time.
const STEP: usize = 6;

/// The lines that are in the document, and the height that stands for the others.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Slice {
    /// Lines.
    pub(crate) lines: Range<usize>,
    /// Height of the lines above, in CSS pixels.
    pub(crate) above: f64,
    /// Height of the lines below, in CSS pixels.
    pub(crate) below: f64,
}

/// The lines to keep in the document of `total` lines that are `line` pixels high each, when `scrolled` pixels are above an opening
/// of `height` pixels.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "line numbers have 22 bits at most: a browser cannot scroll further"
)]
pub(crate) fn slice(total: usize, line: f64, scrolled: f64, height: f64) -> Slice {
    let first = (scrolled.max(0.0) / line).floor() as usize;
    let seen = (height.max(0.0) / line).ceil() as usize + 1;
    let last_first = total.saturating_sub(seen);
    let start = first.min(last_first).saturating_sub(MARGIN) / STEP * STEP;
    let wanted = (seen + 2 * MARGIN + STEP).min(MOST);
    let end = (start + wanted).min(total);
    Slice {
        lines: start..end,
        above: start as f64 * line,
        below: (total - end) as f64 * line,
    }
}

/// How far to scroll so that line number `at` can be seen; `None` when it can be seen already. `cover` pixels at the top of the
/// opening are under the heading.
#[expect(
    clippy::cast_precision_loss,
    reason = "line numbers have 22 bits at most"
)]
pub(crate) fn reveal(at: usize, line: f64, scrolled: f64, height: f64, cover: f64) -> Option<f64> {
    let top = at as f64 * line;
    let bottom = top + line + cover;
    if top < scrolled {
        Some(top)
    } else if bottom > scrolled + height {
        Some(bottom - height)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_lines_of_a_short_table_are_there() {
        let slice = slice(10, 30.0, 0.0, 600.0);
        assert_eq!(
            slice,
            Slice {
                lines: 0..10,
                above: 0.0,
                below: 0.0
            }
        );
    }

    #[test]
    fn heights_always_add_up_and_what_is_seen_is_there() {
        for total in [0, 1, 25, 199, 200, 201, 5000] {
            for scrolled in [-50.0, 0.0, 29.0, 30.0, 1234.5, 150_000.0, 1e9] {
                for height in [0.0, 300.0, 4000.0] {
                    let slice = slice(total, 30.0, scrolled, height);
                    let there = slice.lines.len();
                    assert!(there <= MOST);
                    let sum =
                        slice.above + slice.below + f64::from(u32::try_from(there).unwrap()) * 30.0;
                    assert_eq!(sum, f64::from(u32::try_from(total).unwrap()) * 30.0);
                    let farthest = (sum - height).max(0.0);
                    let at = scrolled.clamp(0.0, farthest);
                    assert!(slice.above <= at, "{total} {scrolled} {height}: {slice:?}");
                    assert!(
                        sum - slice.below >= (at + height).min(sum),
                        "{total} {scrolled} {height}: {slice:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_scroll_by_a_few_pixels_changes_nothing() {
        assert_eq!(
            slice(5000, 30.0, 3000.0, 600.0),
            slice(5000, 30.0, 3020.0, 600.0)
        );
    }

    #[test]
    fn a_line_out_of_sight_is_scrolled_to() {
        assert_eq!(reveal(5, 30.0, 0.0, 300.0, 30.0), None);
        assert_eq!(reveal(5, 30.0, 300.0, 300.0, 30.0), Some(150.0));
        assert_eq!(reveal(20, 30.0, 0.0, 300.0, 30.0), Some(360.0));
    }
}
