//! What is drawn, as strokes on a backend that remembers them.

use super::super::{
    picture::{Flag, Limit, Mark},
    trail::Trail,
    unit::Unit,
};
use super::*;
use plimsoll_shared::EventKind;
use plotters::drawing::IntoDrawingArea as _;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind,
};
use std::{cell::RefCell, convert::Infallible, rc::Rc};

#[derive(Debug, Clone, PartialEq)]
enum Stroke {
    Path {
        points: Vec<BackendCoord>,
        rgb: (u8, u8, u8),
        width: u32,
    },
    Area {
        corners: usize,
        rgb: (u8, u8, u8),
    },
    Text(String, BackendCoord),
}

struct Remembering(Rc<RefCell<Vec<Stroke>>>);

type Done = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Remembering {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (WIDTH * 8, HEIGHT * 8)
    }

    fn ensure_prepared(&mut self) -> Done {
        Ok(())
    }

    fn present(&mut self) -> Done {
        Ok(())
    }

    fn draw_pixel(&mut self, _: BackendCoord, _: BackendColor) -> Done {
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Done {
        let points = path.into_iter().collect();
        self.0.borrow_mut().push(Stroke::Path {
            points,
            rgb: style.color().rgb,
            width: style.stroke_width(),
        });
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Done {
        self.0.borrow_mut().push(Stroke::Area {
            corners: corners.into_iter().count(),
            rgb: style.color().rgb,
        });
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, _: &S, at: BackendCoord) -> Done {
        self.0.borrow_mut().push(Stroke::Text(text.to_owned(), at));
        Ok(())
    }
}

const WIDTH: u32 = 562;
const HEIGHT: u32 = 134;
const SEA: (u8, u8, u8) = (1, 1, 1);
const KELP: (u8, u8, u8) = (2, 2, 2);
const MARK: (u8, u8, u8) = (3, 3, 3);
const LABEL: (u8, u8, u8) = (4, 4, 4);
const RULE: (u8, u8, u8) = (5, 5, 5);

fn inks() -> Inks {
    let ink = |(r, g, b)| RGBAColor(r, g, b, 1.0);
    Inks {
        hues: vec![ink(SEA), ink(KELP)],
        mark: ink(MARK),
        label: ink(LABEL),
        rule: ink(RULE),
        font: "sans-serif".to_owned(),
    }
}

fn trail(seconds: impl Iterator<Item = i64>) -> Trail {
    let point = |s: i64| Point {
        at: UnixMs(s * 1000),
        mean: 50.0,
        min: 40.0,
        max: 90.0,
    };
    Trail {
        points: seconds.map(point).collect(),
        step_ms: 1000,
    }
}

fn picture(trails: Vec<Trail>) -> Picture {
    Picture {
        from: UnixMs(0),
        to: UnixMs(60_000),
        unit: Unit::Percent,
        trails,
        ghosts: vec![],
        stacked: false,
        log: false,
        limit: None,
        held: vec![],
        gaps: vec![],
        marks: vec![],
        flags: vec![],
    }
}

fn drawn(picture: &Picture) -> Vec<Stroke> {
    let strokes = Rc::new(RefCell::new(Vec::new()));
    let frame = Frame::new(
        f64::from(WIDTH),
        f64::from(HEIGHT),
        picture.from,
        picture.to,
        picture.axis(),
    );
    let area = Remembering(strokes.clone()).into_drawing_area();
    paint(
        &area,
        picture,
        &frame,
        &inks(),
        (&|_| 0, &|_| "server stopped"),
    )
    .unwrap();
    strokes.take()
}

fn lines(strokes: &[Stroke], ink: (u8, u8, u8)) -> Vec<&Vec<BackendCoord>> {
    let of_ink = |stroke| match stroke {
        &Stroke::Path {
            ref points,
            rgb,
            width: 12,
        } if rgb == ink => Some(points),
        _ => None,
    };
    strokes.iter().filter_map(of_ink).collect()
}

fn texts(strokes: &[Stroke]) -> Vec<&str> {
    strokes
        .iter()
        .filter_map(|s| {
            if let Stroke::Text(text, _) = s {
                Some(text.as_str())
            } else {
                None
            }
        })
        .collect()
}

#[test]
fn a_line_is_one_and_a_half_pixels_wide_over_a_band_of_its_hue() {
    let strokes = drawn(&picture(vec![trail(0..60)]));
    let line = lines(&strokes, SEA);
    assert_eq!((line.len(), line[0].len()), (1, 60));
    let band = strokes.iter().position(|s| {
        *s == Stroke::Area {
            corners: 120,
            rgb: SEA,
        }
    });
    let over = strokes
        .iter()
        .position(|s| matches!(s, Stroke::Path { rgb: SEA, .. }));
    assert!(
        band.is_some() && band < over,
        "the band lies under the line"
    );
}

#[test]
fn points_keep_their_eighths_of_a_pixel() {
    let strokes = drawn(&picture(vec![trail(0..60)]));
    let off_grid = lines(&strokes, SEA)[0]
        .iter()
        .filter(|(x, _)| x % 8 != 0)
        .count();
    assert!(off_grid > 30, "{off_grid}");
}

#[test]
fn nothing_is_drawn_across_a_gap_but_its_hatching() {
    let mut shown = picture(vec![trail((0..20).chain(40..60))]);
    shown.gaps = vec![Gap {
        from: UnixMs(19_000),
        to: UnixMs(40_000),
        why: GapReason::HubStopped,
    }];
    let strokes = drawn(&shown);
    let line = lines(&strokes, SEA);
    assert_eq!(
        line.iter().map(|points| points.len()).collect::<Vec<_>>(),
        [20, 20]
    );
    let slanted = |s: &&Stroke| matches!(s, Stroke::Path { points, rgb: RULE, .. } if points[0].0 != points[1].0 && points[0].1 != points[1].1);
    assert!(strokes.iter().filter(slanted).count() > 20);
    assert!(texts(&strokes).contains(&"server stopped"));
    shown.gaps[0].why = GapReason::ContainerStopped;
    assert_eq!(
        drawn(&shown).iter().filter(slanted).count(),
        0,
        "that it did not run is known"
    );
}

#[test]
fn the_second_line_has_the_second_hue_and_lies_below_the_first() {
    let strokes = drawn(&picture(vec![trail(0..60), trail(0..60)]));
    let place = |ink| {
        strokes
            .iter()
            .position(|s| matches!(s, Stroke::Path { rgb, width: 12, .. } if *rgb == ink))
    };
    assert!(place(KELP).is_some() && place(KELP) < place(SEA));
}

#[test]
fn a_lone_reading_is_a_dot() {
    let strokes = drawn(&picture(vec![trail(30..31)]));
    assert_eq!(lines(&strokes, SEA).len(), 1);
}

#[test]
fn a_limit_is_a_line_with_its_word_or_a_word_at_the_edge() {
    let mut shown = picture(vec![trail(0..60)]);
    shown.limit = Some(Limit {
        value: 100.0,
        label: "limit 100%".to_owned(),
    });
    let strokes = drawn(&shown);
    assert_eq!(lines(&strokes, MARK).len(), 1);
    assert!(texts(&strokes).contains(&"limit 100%"));
    shown.limit = Some(Limit {
        value: 800.0,
        label: "limit 800%".to_owned(),
    });
    let strokes = drawn(&shown);
    assert!(lines(&strokes, MARK).is_empty());
    assert!(texts(&strokes).contains(&"limit 800% ↑"));
}

#[test]
fn events_are_dotted_lines_with_a_sign_each_where_there_is_room() {
    let mut shown = picture(vec![trail(0..60)]);
    let mark = |s: i64, kind| Mark {
        at: UnixMs(s * 1000),
        kind,
        detail: None,
    };
    shown.marks = vec![
        mark(10, EventKind::Die),
        mark(11, EventKind::Start),
        mark(40, EventKind::Oom),
        mark(300, EventKind::Die),
    ];
    let strokes = drawn(&shown);
    let signs: Vec<_> = texts(&strokes)
        .into_iter()
        .filter(|t| ["■", "▸", "▲"].contains(t))
        .collect();
    assert_eq!(signs, ["■", "▲"]);
    let dots = strokes
        .iter()
        .filter(|s| matches!(s, Stroke::Path { rgb: LABEL, .. }))
        .count();
    assert!(dots > 3 * 15, "{dots}");
}

#[test]
fn an_empty_chart_still_has_its_axes() {
    let strokes = drawn(&picture(vec![trail(0..0)]));
    assert!(texts(&strokes).contains(&"2%"));
    assert!(texts(&strokes).contains(&"00:00:30"));
}

#[test]
fn what_is_compared_is_thinner_and_lies_below() {
    let mut shown = picture(vec![trail(0..60)]);
    shown.ghosts = vec![trail(0..60)];
    let strokes = drawn(&shown);
    let place = |wide| {
        strokes
            .iter()
            .position(|s| matches!(s, Stroke::Path { rgb: SEA, width, .. } if *width == wide))
    };
    assert!(place(8).is_some() && place(8) < place(12));
}

#[test]
fn a_stack_is_drawn_along_its_upper_edges() {
    let mut shown = picture(vec![trail(0..60), trail(0..60)]);
    shown.stacked = true;
    let strokes = drawn(&shown);
    let frame = Frame::new(562.0, 134.0, shown.from, shown.to, shown.axis());
    let edge = strokes.iter().find_map(|stroke| match stroke {
        Stroke::Path {
            points, rgb: SEA, ..
        } => points.first(),
        _ => None,
    });
    assert_eq!(edge.map(|(_, y)| *y), Some(eighths(frame.y(90.0))));
}

#[test]
fn a_redeploy_has_its_sign() {
    let mut shown = picture(vec![trail(0..60)]);
    shown.flags = vec![Flag {
        at: UnixMs(30_000),
        before: None,
        image: "shop:2".to_owned(),
        url: String::new(),
    }];
    assert!(texts(&drawn(&shown)).contains(&FLAG));
}
