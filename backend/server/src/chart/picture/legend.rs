//! The legend of a picture: who is who, with mean and largest.

use super::{AXIS, Course, Drawn, RIGHT, SMALL, Sheet, wide};
use crate::chart::unit::Unit;
use plotters::style::text_anchor::HPos;

pub(super) const ROW: f64 = 18.0;
/// Rows at most; what does not fit is counted.
const ROWS: usize = 6;

impl Sheet<'_> {
    /// The courses of each row of the legend.
    pub(super) fn laid_out(&self) -> Vec<Vec<usize>> {
        let most = f64::from(self.picture.width) - 32.0;
        let mut rows: Vec<Vec<usize>> = Vec::new();
        let mut used = f64::INFINITY;
        for (i, course) in self.courses.iter().enumerate() {
            let width = self.key_width(course);
            if used + width > most {
                if rows.len() == ROWS {
                    break;
                }
                rows.push(Vec::new());
                used = 0.0;
            }
            if let Some(row) = rows.last_mut() {
                row.push(i);
            }
            used += width;
        }
        rows
    }

    pub(super) fn key(&self, course: &Course<'_>) -> String {
        let means = course.column.mean.iter().flatten();
        let max = course
            .column
            .max
            .iter()
            .flatten()
            .copied()
            .fold(f64::NAN, f64::max);
        match (means.clone().count(), max.is_nan()) {
            (0, _) | (_, true) => format!("{}: nothing measured", course.name),
            (count, false) => {
                let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
                let mean = means.sum::<f64>() / count;
                let unit = Unit::of(course.column.metric);
                format!(
                    "{}: mean {}, max {}",
                    course.name,
                    unit.write(mean),
                    unit.write(max)
                )
            }
        }
    }

    pub(super) fn key_width(&self, course: &Course<'_>) -> f64 {
        wide(&self.key(course), SMALL) + 34.0
    }

    pub(super) fn keys(&self) -> Drawn {
        let mut y = self.plot[3] + AXIS + 4.0;
        let shown: usize = self.legend.iter().map(Vec::len).sum();
        let hidden = self.courses.len() - shown;
        for (place, row) in self.legend.iter().enumerate() {
            let mut x = 16.0;
            for i in row {
                let course = &self.courses[*i];
                let middle = y + SMALL / 2.0 + 1.0;
                self.path(&[(x, middle), (x + 14.0, middle)], course.hue, 3.0)?;
                self.write(
                    &self.key(course),
                    SMALL,
                    self.look.ink,
                    (x + 20.0, y),
                    HPos::Left,
                )?;
                x += self.key_width(course);
            }
            if hidden > 0 && place + 1 == self.legend.len() {
                let words = format!("and {hidden} more");
                let at = (f64::from(self.picture.width) - RIGHT, y);
                self.write(&words, SMALL, self.look.label, at, HPos::Right)?;
            }
            y += ROW;
        }
        Ok(())
    }
}
