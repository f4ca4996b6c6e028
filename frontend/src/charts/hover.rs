//! What a chart says about the instant under the crosshair.

use super::{
    frame::Frame,
    picture::{Flag, Mark, Picture},
    trail::{Point, Trail},
};
use plimsoll_shared::{UnixMs, series::GapReason};

/// An event this near to the crosshair, in CSS pixels, is told with it.
const REACH: f64 = 5.0;

/// What is under the crosshair on one chart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hover {
    /// The instant told: the nearest point's, where there is one.
    pub(crate) at: UnixMs,
    /// Distance of the crosshair from the chart's left edge.
    pub(crate) x: f64,
    /// Whether the words go to the left of the crosshair, where there is more room.
    pub(crate) to_the_left: bool,
    /// Each line's point and its distance from the upper edge; `None` where it has no value.
    pub(crate) points: Vec<Option<(Point, f64)>>,
    /// The same of what the lines are compared with.
    pub(crate) ghosts: Vec<Option<(Point, f64)>>,
    /// Why there is no value.
    pub(crate) why: Option<GapReason>,
    /// Whether a limit held the container back.
    pub(crate) held: bool,
    /// Events here.
    pub(crate) marks: Vec<Mark>,
    /// Redeploys here.
    pub(crate) flags: Vec<Flag>,
}

impl Hover {
    /// What `picture`, drawn in `frame`, says about `at`; `None` outside the time shown.
    pub(crate) fn of(picture: &Picture, frame: &Frame, at: UnixMs) -> Option<Self> {
        if !(picture.from..=picture.to).contains(&at) {
            return None;
        }
        let nearest = |trails: &[Trail], at: UnixMs| -> Vec<Option<(Point, f64)>> {
            let points = trails.iter().map(|trail| trail.nearest(at).copied());
            let height = |p: Point| if picture.stacked { p.max } else { p.mean };
            points
                .map(|point| point.map(|p| (p, frame.y(height(p)))))
                .collect()
        };
        let points = nearest(&picture.trails, at);
        let at = points.iter().flatten().next().map_or(at, |(p, _)| p.at);
        let x = frame.x(at);
        let reach = frame.ms(REACH);
        Some(Self {
            at,
            x,
            to_the_left: x > (frame.left + frame.right) / 2.0,
            points,
            ghosts: nearest(&picture.ghosts, at),
            why: picture.gap_at(at).map(|gap| gap.why),
            held: picture
                .held
                .iter()
                .any(|(from, to)| (*from..*to).contains(&at)),
            marks: picture.marks_near(at, reach).cloned().collect(),
            flags: picture.flags_near(at, reach).cloned().collect(),
        })
    }
}

/// What a key does to a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Move {
    /// Moves the crosshair to an instant.
    To(UnixMs),
    /// Takes the crosshair away.
    Off,
    /// Moves the time shown by that share of its length.
    Pan(f64),
    /// Shows that many times as much time.
    Zoom(f64),
    /// Goes back to now.
    Live,
}

/// What the key named `key` (UI Events, `KeyboardEvent.key`) does to a chart whose crosshair stands at `at`; `None` for other keys.
pub(crate) fn press(key: &str, shift: bool, picture: &Picture, at: Option<UnixMs>) -> Option<Move> {
    match key {
        "ArrowLeft" if shift => return Some(Move::Pan(-0.25)),
        "ArrowRight" if shift => return Some(Move::Pan(0.25)),
        "+" | "=" => return Some(Move::Zoom(0.5)),
        "-" | "_" => return Some(Move::Zoom(2.0)),
        "l" | "L" => return Some(Move::Live),
        "Escape" => return Some(Move::Off),
        _ => {}
    }
    let trail: &Trail = picture
        .trails
        .iter()
        .find(|trail| !trail.points.is_empty())?;
    let point = match key {
        "ArrowLeft" => trail.step(at, true),
        "ArrowRight" => trail.step(at, false),
        "PageUp" => leap(trail, at, -10),
        "PageDown" => leap(trail, at, 10),
        "Home" => trail.points.first(),
        "End" => trail.points.last(),
        _ => None,
    };
    point.map(|point| Move::To(point.at))
}

fn leap(trail: &Trail, at: Option<UnixMs>, by: i32) -> Option<&Point> {
    (0..by.abs()).fold(trail.step(at, by < 0), |point, _| {
        trail.step(point.map(|p| p.at), by < 0)
    })
}

#[cfg(test)]
mod tests {
    use super::super::{frame::Axis, picture::Limit, trail::Gap, unit::Unit};
    use super::*;
    use plimsoll_shared::EventKind;

    fn picture() -> Picture {
        let point = |s: i64| Point {
            at: UnixMs(s * 1000),
            mean: 5.0,
            min: 4.0,
            max: 8.0,
        };
        let points = (0..10).chain(30..60).map(point).collect();
        Picture {
            from: UnixMs(0),
            to: UnixMs(60_000),
            unit: Unit::Count,
            trails: vec![
                Trail {
                    points,
                    step_ms: 1000,
                },
                Trail {
                    points: vec![],
                    step_ms: 1000,
                },
            ],
            ghosts: vec![],
            stacked: false,
            log: false,
            limit: Some(Limit {
                value: 9.0,
                label: String::new(),
            }),
            held: vec![(UnixMs(40_000), UnixMs(50_000))],
            gaps: vec![Gap {
                from: UnixMs(9000),
                to: UnixMs(30_000),
                why: GapReason::ContainerStopped,
            }],
            marks: vec![Mark {
                at: UnixMs(9200),
                kind: EventKind::Die,
                detail: None,
            }],
            flags: vec![],
        }
    }

    fn hover(at: i64) -> Option<Hover> {
        let picture = picture();
        Hover::of(
            &picture,
            &Frame::new(662.0, 134.0, picture.from, picture.to, Axis::even(10.0)),
            UnixMs(at),
        )
    }

    #[test]
    fn the_crosshair_snaps_to_the_nearest_point_and_tells_events_beside_it() {
        let hover = hover(8700).unwrap();
        assert_eq!((hover.at, hover.x), (UnixMs(9000), 142.0));
        assert_eq!(hover.points[0].map(|(p, y)| (p.mean, y)), Some((5.0, 64.0)));
        assert_eq!(hover.points[1], None);
        assert_eq!(hover.marks.len(), 1);
        assert!(!hover.to_the_left);
    }

    #[test]
    fn a_gap_says_why_it_is_one() {
        let hover = hover(20_000).unwrap();
        assert_eq!(
            (hover.why, hover.at),
            (Some(GapReason::ContainerStopped), UnixMs(20_000))
        );
        assert!(hover.points.iter().all(Option::is_none));
    }

    #[test]
    fn a_time_that_slid_out_of_the_chart_has_no_crosshair() {
        assert_eq!(hover(-1), None);
        assert!(hover(45_000).unwrap().held);
    }

    #[test]
    fn keys_move_through_time() {
        let picture = picture();
        let press = |key, at: Option<i64>| press(key, false, &picture, at.map(UnixMs));
        assert_eq!(press("Home", None), Some(Move::To(UnixMs(0))));
        assert_eq!(press("End", None), Some(Move::To(UnixMs(59_000))));
        assert_eq!(
            press("ArrowLeft", Some(30_000)),
            Some(Move::To(UnixMs(9000)))
        );
        assert_eq!(
            press("ArrowRight", Some(9000)),
            Some(Move::To(UnixMs(30_000)))
        );
        assert_eq!(
            press("PageDown", Some(30_000)),
            Some(Move::To(UnixMs(41_000)))
        );
        assert_eq!(press("Escape", Some(9000)), Some(Move::Off));
        assert_eq!(press("Tab", Some(9000)), None);
    }

    #[test]
    fn keys_zoom_and_move_the_time_shown_even_where_nothing_was_measured() {
        let mut picture = picture();
        picture.trails.clear();
        let press = |key, shift| press(key, shift, &picture, None);
        assert_eq!(press("ArrowLeft", true), Some(Move::Pan(-0.25)));
        assert_eq!(press("+", true), Some(Move::Zoom(0.5)));
        assert_eq!(press("-", false), Some(Move::Zoom(2.0)));
        assert_eq!(press("l", false), Some(Move::Live));
        assert_eq!(press("ArrowLeft", false), None);
    }
}
