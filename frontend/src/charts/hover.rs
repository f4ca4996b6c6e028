//! What a chart says about the instant under the crosshair.

use super::{
    frame::Frame,
    picture::{Mark, Picture},
    trail::{Point, Trail, Why},
};
use plimsoll_shared::UnixMs;

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
    /// Why there is no value.
    pub(crate) why: Option<Why>,
    /// Whether a limit held the container back.
    pub(crate) held: bool,
    /// Events here.
    pub(crate) marks: Vec<Mark>,
}

impl Hover {
    /// What `picture`, drawn in `frame`, says about `at`; `None` outside the time shown.
    pub(crate) fn of(picture: &Picture, frame: &Frame, at: UnixMs) -> Option<Self> {
        if !(picture.from..=picture.to).contains(&at) {
            return None;
        }
        let nearest: Vec<Option<Point>> = picture
            .trails
            .iter()
            .map(|trail| trail.nearest(at).copied())
            .collect();
        let at = nearest.iter().flatten().next().map_or(at, |point| point.at);
        let x = frame.x(at);
        Some(Self {
            at,
            x,
            to_the_left: x > (frame.left + frame.right) / 2.0,
            points: nearest
                .into_iter()
                .map(|point| point.map(|p| (p, frame.y(p.mean))))
                .collect(),
            why: picture.gap_at(at).map(|gap| gap.why),
            held: picture
                .held
                .iter()
                .any(|(from, to)| (*from..*to).contains(&at)),
            marks: picture.marks_near(at, frame.ms(REACH)).copied().collect(),
        })
    }
}

/// Where a key moves the crosshair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    /// To an instant.
    To(UnixMs),
    /// Away.
    Off,
}

/// Where the key named `key` (UI Events, `KeyboardEvent.key`) moves a crosshair that stands at `at`; `None` for other keys.
pub(crate) fn press(key: &str, picture: &Picture, at: Option<UnixMs>) -> Option<Move> {
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
        "Escape" => return Some(Move::Off),
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
    use super::super::{picture::Limit, trail::Gap, unit::Unit};
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
            limit: Some(Limit {
                value: 9.0,
                label: String::new(),
            }),
            held: vec![(UnixMs(40_000), UnixMs(50_000))],
            gaps: vec![Gap {
                from: UnixMs(9000),
                to: UnixMs(30_000),
                why: Why::Ended,
            }],
            marks: vec![Mark {
                at: UnixMs(9200),
                kind: EventKind::Die,
            }],
        }
    }

    fn hover(at: i64) -> Option<Hover> {
        let picture = picture();
        Hover::of(
            &picture,
            &Frame::new(662.0, 134.0, picture.from, picture.to, 10.0),
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
        assert_eq!((hover.why, hover.at), (Some(Why::Ended), UnixMs(20_000)));
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
        let press = |key, at: Option<i64>| press(key, &picture, at.map(UnixMs));
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
}
