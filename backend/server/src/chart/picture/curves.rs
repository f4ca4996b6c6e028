//! The lines of a picture: means with their bands, or areas on each other.

use super::{Drawn, Sheet, fine};
use plotters::{
    element::{Circle, PathElement},
    style::{Color, RGBColor, ShapeStyle},
};

impl Sheet<'_> {
    pub(super) fn bands_and_means(&self) -> Drawn {
        for course in &self.courses {
            for run in runs(&course.column.mean) {
                let places: Vec<usize> = run.collect();
                let of = |values: &[Option<f64>]| -> Vec<(f64, f64)> {
                    let there = places.iter().filter_map(|i| Some((*i, values[*i]?)));
                    there
                        .map(|(i, value)| (self.middle(i), self.y(value)))
                        .collect()
                };
                let (high, low) = (of(&course.column.max), of(&course.column.min));
                let band: Vec<_> = high
                    .iter()
                    .copied()
                    .chain(low.iter().rev().copied())
                    .collect();
                if places.len() > 1 && high != low {
                    self.fill(&band, course.hue, 0.18)?;
                    // A peak of one bucket has hardly any area; its edge is seen.
                    self.edge(&high, course.hue)?;
                }
                if let ([x, ..], [top, ..], [bottom, ..]) = (&places[..], &high[..], &low[..])
                    && places.len() == 1
                    && top != bottom
                {
                    let x = self.middle(*x);
                    self.path(&[(x, top.1), (x, bottom.1)], course.hue, 1.0)?;
                }
            }
        }
        for course in &self.courses {
            for run in runs(&course.column.mean) {
                let means: Vec<_> = run
                    .filter_map(|i| Some((self.middle(i), self.y(course.column.mean[i]?))))
                    .collect();
                match means[..] {
                    [(x, y)] => {
                        let dot = Circle::new(fine((x, y)), 12, course.hue.filled());
                        self.area.draw(&dot)?;
                    }
                    _ => self.path(&means, course.hue, 1.5)?,
                }
            }
        }
        Ok(())
    }

    pub(super) fn stack(&self) -> Drawn {
        let there: Vec<Option<f64>> = (0..self.lines.points).map(|i| self.height(0, i)).collect();
        for count in (1..=self.courses.len()).rev() {
            let hue = self.courses[count - 1].hue;
            for run in runs(&there) {
                let places: Vec<usize> = run.collect();
                let edge = |count: usize| -> Vec<(f64, f64)> {
                    let heights = places
                        .iter()
                        .filter_map(|i| Some((*i, self.height(count, *i)?)));
                    heights
                        .map(|(i, sum)| (self.middle(i), self.y(sum)))
                        .collect()
                };
                let (top, bottom) = (edge(count), edge(count - 1));
                let area: Vec<_> = top
                    .iter()
                    .copied()
                    .chain(bottom.into_iter().rev())
                    .collect();
                self.fill(&area, hue, 0.55)?;
                self.path(&top, hue, 1.0)?;
            }
        }
        Ok(())
    }

    fn edge(&self, points: &[(f64, f64)], ink: RGBColor) -> Drawn {
        let points: Vec<_> = points.iter().copied().map(fine).collect();
        let style = ShapeStyle::from(ink.mix(0.45)).stroke_width(6);
        self.area.draw(&PathElement::new(points, style))?;
        Ok(())
    }
}

/// Buckets in a row that have a value.
fn runs(values: &[Option<f64>]) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        while values.get(at).is_some_and(Option::is_none) {
            at += 1;
        }
        let from = at;
        while values.get(at).is_some_and(Option::is_some) {
            at += 1;
        }
        (from < at).then_some(from..at)
    })
}
