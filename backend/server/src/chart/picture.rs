//! A picture of lines as SVG.
//!
//! plotters' SVG backend counts in whole numbers; pictures are drawn eight times as large and the view box scales them back, so that lines are
//! smooth. Corners are round: mitred ones would be spikes that are not there.

mod curves;
mod legend;
mod marks;

use super::{
    look::{Look, Theme},
    scale::{self, Values},
    unit::{self, Unit},
};
use plimsoll_shared::{
    UnixMs,
    lines::{Line, Lines},
    series::{Column, GapReason},
};
use plotters::backend::SVGBackend;
use plotters::{
    coord::Shift,
    drawing::{DrawingArea, IntoDrawingArea},
    element::{PathElement, Polygon, Text},
    style::{
        Color, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};

/// Parts of a pixel.
const FINE: f64 = 8.0;
/// plotters writes sizes of fonts smaller by this.
const FONT: f64 = 1.24;
const FAMILY: &str = "DejaVu Sans, system-ui, sans-serif";
const SMALL: f64 = 11.0;
const LARGE: f64 = 15.0;
/// A letter of the family is about this wide, as part of its size.
const LETTER: f64 = 0.6;
const TOP: f64 = 66.0;
const RIGHT: f64 = 16.0;
const AXIS: f64 = 24.0;

/// How a picture shall look.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Picture {
    /// In pixels.
    pub(crate) width: u32,
    /// In pixels.
    pub(crate) height: u32,
    pub(crate) title: String,
    pub(crate) theme: Theme,
    /// Whether heights are powers of ten.
    pub(crate) log: bool,
    /// Whether lines stand on each other.
    pub(crate) stacked: bool,
    /// Minutes that local time is ahead of UTC.
    pub(crate) offset_min: i32,
}

/// One metric of one line.
struct Course<'a> {
    line: &'a Line,
    column: &'a Column,
    name: String,
    hue: RGBColor,
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// The lines as an SVG document; `None` if it could not be drawn, which no input should do.
pub(crate) fn svg(lines: &Lines, picture: &Picture) -> Option<String> {
    let mut text = String::new();
    let fine = |px: u32| px.saturating_mul(8);
    let size = (fine(picture.width), fine(picture.height));
    {
        let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
        Sheet::new(area, lines, picture)
            .draw()
            .inspect_err(|error| tracing::error!(%error, "a chart could not be drawn"))
            .ok()?;
    }
    let body = text.find(">\n").map(|end| &text[end + 2..])?;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\" stroke-linejoin=\"round\" \
         stroke-linecap=\"round\">\n{body}",
        picture.width, picture.height, size.0, size.1
    ))
}

/// A text from outside without what XML cannot hold and what would turn the text around.
fn plain(text: &str) -> String {
    let odd = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
    };
    text.chars()
        .map(|c| if odd(c) { '\u{fffd}' } else { c })
        .collect()
}

fn shortened(text: &str, most: usize) -> String {
    match text.chars().count() > most {
        true => text
            .chars()
            .take(most.saturating_sub(1))
            .chain(['…'])
            .collect(),
        false => text.to_owned(),
    }
}

struct Sheet<'a> {
    area: Area<'a>,
    lines: &'a Lines,
    picture: &'a Picture,
    look: Look,
    courses: Vec<Course<'a>>,
    unit: Unit,
    values: Values,
    /// Left, top, right and bottom of the plot in pixels.
    plot: [f64; 4],
    legend: Vec<Vec<usize>>,
}

impl<'a> Sheet<'a> {
    fn new(area: Area<'a>, lines: &'a Lines, picture: &'a Picture) -> Self {
        let look = Look::of(picture.theme);
        let several = lines.lines.len() > 1;
        let mut courses = Vec::new();
        for line in &lines.lines {
            for column in &line.columns {
                let metric = unit::name(column.metric);
                let name = match (several, line.columns.len()) {
                    (true, 1) => line.name.clone(),
                    (true, _) => format!("{} {metric}", line.name),
                    (false, _) => metric.to_owned(),
                };
                courses.push(Course {
                    line,
                    column,
                    name: shortened(&plain(&name), 40),
                    hue: look.hue(courses.len()),
                });
            }
        }
        let unit = courses
            .first()
            .map_or(Unit::Count, |course| Unit::of(course.column.metric));
        let (width, height) = (f64::from(picture.width), f64::from(picture.height));
        let mut sheet = Self {
            area,
            lines,
            picture,
            look,
            courses,
            unit,
            values: Values::linear(1.0, unit, 1),
            plot: [0.0, TOP, width - RIGHT, 0.0],
            legend: Vec::new(),
        };
        sheet.legend = sheet.laid_out();
        #[expect(clippy::cast_precision_loss, reason = "a few rows")]
        let rows = sheet.legend.len() as f64;
        sheet.plot[3] = (height - AXIS - 6.0 - rows * legend::ROW).max(TOP + 20.0);
        sheet.values = sheet.measured();
        let widest = sheet
            .values
            .ticks
            .iter()
            .map(|tick| wide(&unit.write(*tick), SMALL))
            .fold(0.0, f64::max);
        sheet.plot[0] = 16.0 + widest;
        sheet
    }

    fn draw(&self) -> Drawn {
        self.area.fill(&self.look.paper)?;
        self.heading()?;
        self.grid()?;
        self.gaps()?;
        match self.picture.stacked {
            true => self.stack()?,
            false => self.bands_and_means()?,
        }
        self.begins()?;
        self.keys()?;
        self.area.present()?;
        Ok(())
    }

    /// How values become heights in this picture.
    fn measured(&self) -> Values {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few lines of the grid"
        )]
        let count = ((self.plot[3] - self.plot[1]) / 45.0).max(2.0) as usize;
        let of = |values: fn(&Column) -> &Vec<Option<f64>>| {
            let columns = self.courses.iter().map(move |course| values(course.column));
            columns.flatten().flatten().copied()
        };
        let most = match self.picture.stacked {
            true => (0..self.lines.points)
                .filter_map(|i| self.height(self.courses.len(), i))
                .fold(0.0, f64::max),
            false => of(|column| &column.max).fold(0.0, f64::max),
        };
        match self.picture.log {
            true => {
                let least = of(|column| &column.min).filter(|value| *value > 0.0);
                Values::logarithmic(least.fold(f64::INFINITY, f64::min), most)
            }
            false => Values::linear(most, self.unit, count),
        }
    }

    /// The sum of the first `count` courses' means in a bucket; `None` when nothing at all was measured.
    fn height(&self, count: usize, bucket: usize) -> Option<f64> {
        let at = |course: &Course<'_>| course.column.mean.get(bucket).copied().flatten();
        self.courses.iter().find_map(at)?;
        Some(self.courses[..count].iter().filter_map(at).sum())
    }

    fn x(&self, at: UnixMs) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of a few years")]
        let share = at.since(self.lines.from) as f64 / self.length().max(1) as f64;
        self.plot[0] + share.clamp(0.0, 1.0) * (self.plot[2] - self.plot[0])
    }

    fn y(&self, value: f64) -> f64 {
        self.plot[3] - self.values.place(value) * (self.plot[3] - self.plot[1])
    }

    fn length(&self) -> i64 {
        let points = i64::try_from(self.lines.points).unwrap_or(i64::MAX);
        points.saturating_mul(self.lines.step_ms)
    }

    /// The middle of a bucket.
    fn middle(&self, bucket: usize) -> f64 {
        let bucket = i64::try_from(bucket).unwrap_or(0);
        let at = bucket.saturating_mul(self.lines.step_ms) + self.lines.step_ms / 2;
        self.x(UnixMs(self.lines.from.0.saturating_add(at)))
    }

    fn heading(&self) -> Drawn {
        let title = match self.picture.title.is_empty() {
            true => self.own_title(),
            false => self.picture.title.clone(),
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "as many letters as fit"
        )]
        let most = ((self.plot[2] - 16.0) / (LARGE * LETTER)).max(4.0) as usize;
        self.write(
            &shortened(&plain(&title), most),
            LARGE,
            self.look.ink,
            (16.0, 8.0),
            HPos::Left,
        )?;
        let to = UnixMs(self.lines.from.0.saturating_add(self.length()));
        let offset = self.picture.offset_min;
        let range = format!(
            "{} – {} {}",
            scale::moment(self.lines.from, offset),
            scale::moment(to, offset),
            scale::zone(offset)
        );
        self.write(&range, SMALL, self.look.label, (16.0, 28.0), HPos::Left)
    }

    /// What is drawn, in words.
    fn own_title(&self) -> String {
        let mut metrics: Vec<&str> = Vec::new();
        for course in &self.courses {
            let name = unit::name(course.column.metric);
            if !metrics.contains(&name) {
                metrics.push(name);
            }
        }
        match &self.lines.lines[..] {
            [] => "nothing".to_owned(),
            [one] => format!("{} – {}", one.name, metrics.join(", ")),
            some => format!("{} lines – {}", some.len(), metrics.join(", ")),
        }
    }

    fn grid(&self) -> Drawn {
        let [left, top, right, bottom] = self.plot;
        for tick in &self.values.ticks {
            let y = self.y(*tick);
            self.path(&[(left, y), (right, y)], self.look.rule, 1.0)?;
            let at = (left - 6.0, y - SMALL / 2.0 - 1.0);
            self.write(
                &self.unit.write(*tick),
                SMALL,
                self.look.label,
                at,
                HPos::Right,
            )?;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few ticks"
        )]
        let most = ((right - left) / 90.0).max(1.0) as usize;
        let to = UnixMs(self.lines.from.0.saturating_add(self.length()));
        let mut free = 0.0;
        for (at, label) in scale::times(self.lines.from, to, most, self.picture.offset_min) {
            let x = self.x(at);
            self.path(&[(x, top), (x, bottom)], self.look.rule, 1.0)?;
            let half = wide(&label, SMALL) / 2.0;
            if x - half > free && x + half < f64::from(self.picture.width) {
                self.write(
                    &label,
                    SMALL,
                    self.look.label,
                    (x, bottom + 6.0),
                    HPos::Center,
                )?;
                free = x + half + 8.0;
            }
        }
        self.path(&[(left, bottom), (right, bottom)], self.look.label, 1.0)
    }

    /// A text whose top is at a place.
    fn write(&self, text: &str, size: f64, ink: RGBColor, at: (f64, f64), side: HPos) -> Drawn {
        let font = FontDesc::new(
            FontFamily::Name(FAMILY),
            size * FONT * FINE,
            FontStyle::Normal,
        );
        let style = TextStyle::from(font)
            .color(&ink)
            .pos(Pos::new(side, VPos::Top));
        self.area
            .draw(&Text::new(text.to_owned(), fine(at), style))?;
        Ok(())
    }

    fn path(&self, points: &[(f64, f64)], ink: RGBColor, width: f64) -> Drawn {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a stroke of a few pixels"
        )]
        let stroke = (width * FINE) as u32;
        let style = ShapeStyle::from(ink).stroke_width(stroke);
        let points: Vec<_> = points.iter().copied().map(fine).collect();
        self.area.draw(&PathElement::new(points, style))?;
        Ok(())
    }

    fn fill(&self, points: &[(f64, f64)], ink: RGBColor, share: f64) -> Drawn {
        let points: Vec<_> = points.iter().copied().map(fine).collect();
        self.area
            .draw(&Polygon::new(points, ink.mix(share).filled()))?;
        Ok(())
    }
}

/// A place in parts of pixels.
#[expect(
    clippy::cast_possible_truncation,
    reason = "pictures are a few thousand pixels wide"
)]
fn fine((x, y): (f64, f64)) -> (i32, i32) {
    ((x * FINE).round() as i32, (y * FINE).round() as i32)
}

/// About how wide a text is. Letters that are as wide as high count for it.
fn wide(text: &str, size: f64) -> f64 {
    let letters: f64 = text
        .chars()
        .map(|c| if c >= '\u{2e80}' { 1.0 } else { LETTER })
        .sum();
    letters * size
}

/// Why there are no readings, in words.
pub(crate) fn reason(reason: GapReason) -> &'static str {
    match reason {
        GapReason::Unknown => "nobody knows",
        GapReason::HostDown => "host did not answer",
        GapReason::ContainerStopped => "container did not run",
        GapReason::HubStopped => "server did not run",
        GapReason::BufferOverflow => "could not be written",
    }
}
