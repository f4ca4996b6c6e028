//! Dragging on a chart: across it chooses a stretch of time to zoom to, with Shift it moves the time shown.

use super::super::{frame::Frame, paper::Paper};
use leptos::{ev, prelude::*};
use plimsoll_shared::UnixMs;
use wasm_bindgen::JsCast as _;

/// A drag shorter than this, in CSS pixels, was a click.
const LEAST: f64 = 6.0;

/// One drag, as far as it has come.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pull {
    /// Where it began, from the left edge of the chart.
    x: f64,
    /// What is there.
    at: UnixMs,
    /// Whether it moves the time shown.
    pans: bool,
    /// Whether it went far enough to be one.
    far: bool,
}

/// The drags of one chart.
#[derive(Clone, Copy)]
pub(super) struct Drag {
    paper: Paper,
    pull: StoredValue<Option<Pull>>,
    /// How far the time shown is pulled to the right, in CSS pixels.
    pub(super) shift: RwSignal<Option<f64>>,
}

impl Drag {
    /// None yet.
    pub(super) fn of(paper: Paper) -> Self {
        Self {
            paper,
            pull: StoredValue::new(None),
            shift: RwSignal::new(None),
        }
    }

    /// A pointer is pressed `x` CSS pixels from the left edge.
    pub(super) fn begin(self, event: &ev::PointerEvent, frame: &Frame, x: f64) {
        if event.button() != 0 || !event.is_primary() {
            return;
        }
        let element = event
            .current_target()
            .and_then(|t| t.dyn_into::<web_sys::Element>().ok());
        if let Some(element) = element {
            // Refused only when the pointer is gone already.
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        self.pull.set_value(Some(Pull {
            x,
            at: frame.at(x),
            pans: event.shift_key(),
            far: false,
        }));
    }

    /// It moved there.
    pub(super) fn go_on(self, frame: &Frame, x: f64) {
        let Some(mut pull) = self.pull.get_value() else {
            return;
        };
        pull.far |= (x - pull.x).abs() >= LEAST;
        self.pull.set_value(Some(pull));
        if pull.far && pull.pans {
            self.shift.set(Some(x - pull.x));
        } else if pull.far {
            self.paper.brush.set(Some((pull.at, frame.at(x))));
        }
    }

    /// It was let go there.
    pub(super) fn end(self, frame: &Frame, x: f64) {
        let Some(pull) = self.pull.get_value() else {
            return;
        };
        self.cancel();
        if !pull.far {
            return;
        }
        let (paper, now) = (self.paper, self.paper.now());
        let look = paper.look.get_untracked();
        if pull.pans {
            let by = frame.ms((pull.x - x).abs());
            let by = if x > pull.x { -by } else { by };
            paper.go(&look.moved(by, now), false);
        } else {
            paper.go(&look.between(pull.at, frame.at(x), now), false);
        }
    }

    /// It was given up; whether there was one.
    pub(super) fn cancel(self) -> bool {
        let pulled = self.pull.get_value().is_some();
        if pulled {
            self.pull.set_value(None);
            self.shift.set(None);
            self.paper.brush.set(None);
        }
        pulled
    }
}
