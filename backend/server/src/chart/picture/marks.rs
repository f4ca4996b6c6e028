//! What stands in a picture besides its lines: gaps, and where lives begin.

use super::{Course, Drawn, SMALL, Sheet, fine, plain, reason, shortened, wide};
use plimsoll_shared::series::Gap;
use plotters::{
    element::Rectangle,
    style::{Color, text_anchor::HPos},
};

impl Sheet<'_> {
    /// The gaps that all lines have, hatched, with their reason where there is room.
    pub(super) fn gaps(&self) -> Drawn {
        let Some((first, others)) = self.lines.lines.split_first() else {
            return Ok(());
        };
        let shared = |gap: &&Gap| others.iter().all(|line| line.gaps.contains(gap));
        for gap in first.gaps.iter().filter(shared) {
            let (from, to) = (self.x(gap.from), self.x(gap.to));
            if to - from < 1.0 {
                continue;
            }
            let [_, top, _, bottom] = self.plot;
            let shade = self.look.label.mix(0.08).filled();
            let corners = [fine((from, top)), fine((to, bottom))];
            self.area.draw(&Rectangle::new(corners, shade))?;
            self.hatch(from, to)?;
            let words = reason(gap.reason);
            if wide(words, SMALL) + 8.0 < to - from {
                let at = ((from + to) / 2.0, top + 4.0);
                let half = wide(words, SMALL) / 2.0 + 4.0;
                let corners = [
                    fine((at.0 - half, at.1 - 1.0)),
                    fine((at.0 + half, at.1 + SMALL + 5.0)),
                ];
                self.area
                    .draw(&Rectangle::new(corners, self.look.paper.filled()))?;
                self.write(words, SMALL, self.look.label, at, HPos::Center)?;
            }
        }
        Ok(())
    }

    /// Slanting strokes between two places, at most a few hundred.
    pub(super) fn hatch(&self, from: f64, to: f64) -> Drawn {
        let [_, top, _, bottom] = self.plot;
        let height = bottom - top;
        let mut start = from - height;
        while start < to {
            // Up and to the right, cut at both sides.
            let low = (from - start).max(0.0);
            let high = (to - start).min(height);
            if low < high {
                let ends = [(start + low, bottom - low), (start + high, bottom - high)];
                self.path(&ends, self.look.rule, 1.0)?;
            }
            start += 8.0;
        }
        Ok(())
    }

    /// Where lives begin: a dashed line with a flag, and what it was where there is room.
    pub(super) fn begins(&self) -> Drawn {
        let [_, top, right, bottom] = self.plot;
        let one = self.lines.lines.len() == 1;
        let mut free = f64::NEG_INFINITY;
        let mut courses: Vec<&Course<'_>> = Vec::new();
        for course in &self.courses {
            if courses
                .last()
                .is_none_or(|last| last.line.of != course.line.of)
            {
                courses.push(course);
            }
        }
        for course in courses {
            let hue = if one { self.look.mark } else { course.hue };
            let mut last = f64::NEG_INFINITY;
            for begin in &course.line.begins {
                let x = self.x(begin.at);
                // One that starts all the time is a thicket anyhow.
                if x - last < 2.0 {
                    continue;
                }
                last = x;
                let mut y = top - 8.0;
                while y < bottom {
                    self.path(&[(x, y), (x, (y + 4.0).min(bottom))], hue, 1.0)?;
                    y += 8.0;
                }
                let flag = [(x, top - 8.0), (x + 7.0, top - 4.0), (x, top)];
                self.fill(&flag, hue, 1.0)?;
                let words = match begin.redeployed {
                    true if begin.image.is_empty() => "redeployed".to_owned(),
                    true => format!("redeployed: {}", shortened(&plain(&begin.image), 40)),
                    false => "restarted".to_owned(),
                };
                let width = wide(&words, SMALL);
                if !one || x <= free {
                    continue;
                }
                if x + 10.0 + width < right {
                    self.write(&words, SMALL, hue, (x + 10.0, top - 13.0), HPos::Left)?;
                    free = x + 20.0 + width;
                } else if x - 4.0 - width > free.max(0.0) {
                    self.write(&words, SMALL, hue, (x - 4.0, top - 13.0), HPos::Right)?;
                    free = right;
                }
            }
        }
        Ok(())
    }
}
