//! A plotters backend on a canvas whose unit is an eighth of a CSS pixel.
//!
//! plotters' own canvas backend rounds to whole pixels, which makes slow lines ragged. This one keeps eighths, joins lines round and
//! lets the browser measure text.

use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    text_anchor::{HPos, VPos},
};
use std::convert::Infallible;
use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Units of this backend in a CSS pixel.
const UNITS: f64 = 8.0;

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// A canvas ready to be drawn on.
pub(crate) struct Canvas {
    context: CanvasRenderingContext2d,
    size: (u32, u32),
}

impl Canvas {
    /// Gives `element` the resolution that `width` by `height` CSS pixels need on this screen, and wipes it. `None` when the browser
    /// gives no two-dimensional context.
    pub(crate) fn open(
        element: &HtmlCanvasElement,
        width: f64,
        height: f64,
        pixel_ratio: f64,
    ) -> Option<Self> {
        let context: CanvasRenderingContext2d = element.get_context("2d").ok()??.dyn_into().ok()?;
        let (device_width, device_height) =
            (whole(width * pixel_ratio), whole(height * pixel_ratio));
        if (element.width(), element.height()) != (device_width, device_height) {
            element.set_width(device_width);
            element.set_height(device_height);
        }
        let scale = pixel_ratio / UNITS;
        context
            .set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0)
            .ok()?;
        context.clear_rect(0.0, 0.0, width * UNITS, height * UNITS);
        context.set_line_join("round");
        context.set_line_cap("round");
        Some(Self {
            context,
            size: (whole(width * UNITS), whole(height * UNITS)),
        })
    }

    fn trace(&self, path: impl IntoIterator<Item = BackendCoord>) {
        self.context.begin_path();
        for (place, (x, y)) in path.into_iter().enumerate() {
            if place == 0 {
                self.context.move_to(x.into(), y.into());
            } else {
                self.context.line_to(x.into(), y.into());
            }
        }
    }

    fn stroke(&self, style: &impl BackendStyle) {
        self.context.set_line_width(style.stroke_width().into());
        self.context.set_stroke_style_str(&css(style.color()));
        self.context.stroke();
    }

    fn fill(&self, style: &impl BackendStyle) {
        self.context.set_fill_style_str(&css(style.color()));
        self.context.fill();
    }

    fn finish(&self, style: &impl BackendStyle, fill: bool) {
        if fill {
            self.fill(style);
        } else {
            self.stroke(style);
        }
    }

    fn set_font(&self, style: &impl BackendTextStyle) {
        self.context
            .set_font(&format!("{}px {}", style.size(), style.family().as_str()));
    }
}

impl DrawingBackend for Canvas {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.context.set_fill_style_str(&css(color));
        self.context.fill_rect(x.into(), y.into(), 1.0, 1.0);
        Ok(())
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.trace(path);
        self.stroke(style);
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (x0, y0): BackendCoord,
        (x1, y1): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        self.trace([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]);
        self.context.close_path();
        self.finish(style, fill);
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        self.context.begin_path();
        // Refused only for a negative radius.
        let _ = self.context.arc(
            x.into(),
            y.into(),
            radius.into(),
            0.0,
            std::f64::consts::TAU,
        );
        self.finish(style, fill);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        self.trace(corners);
        self.context.close_path();
        self.fill(style);
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        (x, y): BackendCoord,
    ) -> Drawn {
        self.set_font(style);
        self.context.set_text_align(match style.anchor().h_pos {
            HPos::Left => "left",
            HPos::Center => "center",
            HPos::Right => "right",
        });
        self.context.set_text_baseline(match style.anchor().v_pos {
            VPos::Top => "top",
            VPos::Center => "middle",
            VPos::Bottom => "bottom",
        });
        self.context.set_fill_style_str(&css(style.color()));
        // Refused only for a malformed argument.
        let _ = self.context.fill_text(text, x.into(), y.into());
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        self.set_font(style);
        let width = self
            .context
            .measure_text(text)
            .map_or(0.0, |metrics| metrics.width());
        Ok((whole(width), whole(style.size())))
    }
}

fn css(color: BackendColor) -> String {
    let (r, g, b) = color.rgb;
    format!("rgba({r},{g},{b},{})", color.alpha)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates; sizes are small and positive"
)]
fn whole(length: f64) -> u32 {
    length.round() as u32
}
