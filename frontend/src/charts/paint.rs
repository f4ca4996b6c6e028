//! Draws a picture with plotters, on any backend whose unit is an eighth of a CSS pixel.

use super::{
    clock,
    frame::{Frame, eighths, sharp},
    inks::Inks,
    picture::{FLAG, Picture, sign},
    trail::{Gap, Point},
};
use crate::state::time::Offset;
use plimsoll_shared::{UnixMs, series::GapReason};
use plotters::{
    coord::Shift,
    drawing::{DrawingArea, DrawingAreaErrorKind},
    element::{PathElement, Polygon, Text},
    style::{
        Color, RGBAColor, ShapeStyle, TextStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};
use plotters_backend::DrawingBackend;

const LINE: f64 = 1.5;
const HAIR: f64 = 1.0;
const TEXT: f64 = 10.5;
/// How much of the line's hue its min–max band has.
const BAND: f64 = 0.2;
/// How much of its hue an area of a stack has, and how wide its upper edge is.
const AREA: f64 = 0.72;
const EDGE: f64 = 0.5;
/// How much of the line's hue what it is compared with has, and how wide that is drawn.
const GHOST: (f64, f64) = (0.55, 1.0);
const HATCH_SPACING: f64 = 6.0;
/// Room that a letter of a label takes at most, and a letter of a script with wide ones.
const LETTER: (f64, f64) = (6.0, 11.5);
/// Dots of event lines and the space between them.
const DOT: (f64, f64) = (1.5, 3.0);
/// How much of the labels' ink event lines have.
const EVENT: f64 = 0.6;
/// Signs of events nearer than this would cover each other.
const SIGN_ROOM: f64 = 10.0;
/// Height of the strip that says when the limit held the container back.
const STRIP: f64 = 3.0;

type Drawn<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

struct Painter<'a, DB: DrawingBackend> {
    area: &'a DrawingArea<DB, Shift>,
    frame: &'a Frame,
    inks: &'a Inks,
}

/// Draws `picture` into `area`, back to front; `reason` says why there is a gap.
pub(crate) fn paint<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    picture: &Picture,
    frame: &Frame,
    inks: &Inks,
    (offset, reason): (Offset, &dyn Fn(GapReason) -> &'static str),
) -> Drawn<DB> {
    let painter = Painter { area, frame, inks };
    painter.gaps(picture)?;
    painter.value_axis(picture)?;
    painter.time_axis(picture, offset)?;
    let band = if picture.stacked { AREA } else { BAND };
    for (place, trail) in picture.trails.iter().enumerate() {
        for piece in trail.pieces().filter(|piece| piece.len() > 1) {
            painter.band(piece, inks.line(place).mix(band))?;
        }
    }
    painter.reasons(picture, reason)?;
    painter.events(picture)?;
    painter.held(picture)?;
    painter.limit(picture)?;
    for (place, ghost) in picture.ghosts.iter().enumerate().rev() {
        for piece in ghost.pieces() {
            painter.line(piece, inks.line(place).mix(GHOST.0), GHOST.1, |p| p.mean)?;
        }
    }
    // The second line first, so that the first lies on top.
    for (place, trail) in picture.trails.iter().enumerate().rev() {
        for piece in trail.pieces() {
            let height = |p: &Point| if picture.stacked { p.max } else { p.mean };
            let width = if picture.stacked { EDGE } else { LINE };
            painter.line(piece, inks.line(place), width, height)?;
        }
    }
    Ok(())
}

impl<DB: DrawingBackend> Painter<'_, DB> {
    fn path(
        &self,
        points: impl IntoIterator<Item = (f64, f64)>,
        ink: RGBAColor,
        width: f64,
    ) -> Drawn<DB> {
        let points: Vec<(i32, i32)> = points
            .into_iter()
            .map(|(x, y)| (eighths(x), eighths(y)))
            .collect();
        self.area
            .draw(&PathElement::new(points, stroke(ink, width)))
    }

    fn text(
        &self,
        text: &str,
        at: (f64, f64),
        ink: RGBAColor,
        (h_pos, v_pos): (HPos, VPos),
    ) -> Drawn<DB> {
        let style = TextStyle::from((self.inks.font.as_str(), TEXT * 8.0))
            .color(&ink)
            .pos(Pos { h_pos, v_pos });
        self.area
            .draw(&Text::new(text, (eighths(at.0), eighths(at.1)), style))
    }

    fn value_axis(&self, picture: &Picture) -> Drawn<DB> {
        for value in picture.ticks() {
            let y = sharp(self.frame.y(value));
            self.path(
                [(self.frame.left, y), (self.frame.right, y)],
                self.inks.rule,
                HAIR,
            )?;
            self.text(
                &picture.unit.tick(value),
                (self.frame.left - 6.0, y),
                self.inks.label,
                (HPos::Right, VPos::Center),
            )?;
        }
        Ok(())
    }

    fn time_axis(&self, picture: &Picture, offset: Offset) -> Drawn<DB> {
        for (at, label) in clock::ticks(picture.from, picture.to, self.frame.time_labels(), offset)
        {
            let x = self.frame.x(at);
            let foot = sharp(self.frame.bottom);
            self.path(
                [(sharp(x), foot), (sharp(x), foot + 3.0)],
                self.inks.rule,
                HAIR,
            )?;
            // A label that would stick out keeps its tick and loses nothing but its centring.
            let anchor = if x > self.frame.right - 14.0 {
                HPos::Right
            } else {
                HPos::Center
            };
            let x = if x > self.frame.right - 14.0 {
                self.frame.right + 8.0
            } else {
                x
            };
            self.text(
                &label,
                (x, foot + 10.5),
                self.inks.label,
                (anchor, VPos::Center),
            )?;
        }
        Ok(())
    }

    fn gaps(&self, picture: &Picture) -> Drawn<DB> {
        let unmeasured = |gap: &&Gap| gap.why != GapReason::ContainerStopped;
        for gap in picture.gaps.iter().filter(unmeasured) {
            for [a, b] in
                self.frame
                    .hatch(self.frame.x(gap.from), self.frame.x(gap.to), HATCH_SPACING)
            {
                self.path([a, b], self.inks.rule, HAIR)?;
            }
        }
        Ok(())
    }

    /// Why there is a gap, in words where it is wide enough for them.
    fn reasons(&self, picture: &Picture, reason: &dyn Fn(GapReason) -> &'static str) -> Drawn<DB> {
        for gap in &picture.gaps {
            let words = reason(gap.why);
            let letter = |c: char| if c.is_ascii() { LETTER.0 } else { LETTER.1 };
            let room: f64 = words.chars().map(letter).sum();
            let left = self.frame.x(gap.from).max(self.frame.left);
            let right = self.frame.x(gap.to).min(self.frame.right);
            if right - left > room + 8.0 {
                let middle = (
                    (left + right) / 2.0,
                    (self.frame.top + self.frame.bottom) / 2.0,
                );
                self.text(words, middle, self.inks.label, (HPos::Center, VPos::Center))?;
            }
        }
        Ok(())
    }

    fn band(&self, piece: &[Point], ink: RGBAColor) -> Drawn<DB> {
        let corner = |at, value| (eighths(self.frame.x(at)), eighths(self.frame.y(value)));
        let upper = piece.iter().map(|p| corner(p.at, p.max));
        let lower = piece.iter().rev().map(|p| corner(p.at, p.min));
        let outline: Vec<(i32, i32)> = upper.chain(lower).collect();
        self.area.draw(&Polygon::new(outline, ink.filled()))
    }

    fn line(
        &self,
        piece: &[Point],
        ink: RGBAColor,
        width: f64,
        height: impl Fn(&Point) -> f64,
    ) -> Drawn<DB> {
        let place = |p: &Point| (self.frame.x(p.at), self.frame.y(height(p)));
        // A lone point is drawn as a dot: a line of no length with round ends.
        let lone = (piece.len() == 1)
            .then(|| piece.iter().map(place))
            .into_iter()
            .flatten();
        self.path(
            piece
                .iter()
                .map(place)
                .chain(lone.map(|(x, y)| (x + 0.125, y))),
            ink,
            width,
        )
    }

    fn limit(&self, picture: &Picture) -> Drawn<DB> {
        let Some(limit) = &picture.limit else {
            return Ok(());
        };
        if !picture.limit_in_sight() {
            let at = (self.frame.right - 2.0, self.frame.top + 8.0);
            let corner = (HPos::Right, VPos::Center);
            return self.text(&format!("{} ↑", limit.label), at, self.inks.mark, corner);
        }
        let y = self.frame.y(limit.value);
        self.path(
            [(self.frame.left, y), (self.frame.right, y)],
            self.inks.mark,
            LINE,
        )?;
        self.text(
            &limit.label,
            (self.frame.right - 2.0, y - 7.0),
            self.inks.mark,
            (HPos::Right, VPos::Center),
        )
    }

    fn held(&self, picture: &Picture) -> Drawn<DB> {
        for (from, to) in &picture.held {
            let y = self.frame.bottom - STRIP / 2.0;
            let x0 = self.frame.x(*from).max(self.frame.left);
            let x1 = self.frame.x(*to).max(x0 + 1.0).min(self.frame.right);
            self.path([(x0, y), (x1, y)], self.inks.mark, STRIP)?;
        }
        Ok(())
    }

    fn events(&self, picture: &Picture) -> Drawn<DB> {
        for mark in picture.landmarks(self.frame.ms(SIGN_ROOM)) {
            self.event(mark.at, sign(mark.kind))?;
        }
        for flag in &picture.flags {
            self.event(flag.at, FLAG)?;
        }
        Ok(())
    }

    fn event(&self, at: UnixMs, sign: &str) -> Drawn<DB> {
        let ink = self.inks.label.mix(EVENT);
        let x = sharp(self.frame.x(at));
        if !(self.frame.left..=self.frame.right).contains(&x) {
            return Ok(());
        }
        let mut y = self.frame.top;
        while y < self.frame.bottom {
            self.path([(x, y), (x, (y + DOT.0).min(self.frame.bottom))], ink, HAIR)?;
            y += DOT.0 + DOT.1;
        }
        let middle = (HPos::Center, VPos::Center);
        self.text(sign, (x, self.frame.top - 6.0), self.inks.label, middle)
    }
}

fn stroke(ink: RGBAColor, width: f64) -> ShapeStyle {
    ShapeStyle {
        color: ink,
        filled: false,
        stroke_width: eighths(width).unsigned_abs(),
    }
}

#[cfg(test)]
mod tests;
