//! The greatest consumers of a host as areas that lie on one another, and all others as one.

use super::{
    chart::Named,
    picture::Picture,
    trail::{Point, Trail},
    unit::Unit,
};
use plimsoll_shared::{
    UnixMs,
    lines::{Line, Lines, Subject},
    series::{Column, GapReason},
};

/// Lines that have a hue of their own.
const OWN: usize = 8;
/// Word in URLs of all others.
const OTHERS: &str = "others";

/// How a stack is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner<'a> {
    /// Start and end of the time shown.
    pub(crate) bounds: (UnixMs, UnixMs),
    /// The present.
    pub(crate) now: UnixMs,
    /// What is counted.
    pub(crate) unit: Unit,
    /// Cores that make 100 % of CPU; 1 for everything else.
    pub(crate) cores: f64,
    /// The lines that are not drawn, by their words in URLs.
    pub(crate) hidden: &'a [String],
    /// Whether the lines lie on one another.
    pub(crate) stacked: bool,
    /// Whether the scale is logarithmic.
    pub(crate) log: bool,
}

/// The names of a stack's lines, greatest first; `others` puts their number in words.
pub(crate) fn names(lines: &Lines, others: impl Fn(usize) -> String) -> Vec<Named> {
    let own = lines.lines.iter().take(OWN).map(|line| Named {
        key: key(line),
        name: line.name.clone(),
    });
    let rest = lines.lines.len().saturating_sub(OWN);
    let rest = (rest > 0).then(|| Named {
        key: OTHERS.to_owned(),
        name: others(rest),
    });
    own.chain(rest).collect()
}

/// The stack of an answer with one metric.
pub(crate) fn stack(lines: &Lines, manner: &Manner) -> Picture {
    let (from, to) = manner.bounds;
    let end = to.min(manner.now);
    let is_hidden = |key: &str| manner.hidden.iter().any(|hidden| hidden == key);
    let (own, rest) = lines.lines.split_at(lines.lines.len().min(OWN));
    let column = |line: &Line| line.columns.first().cloned();
    let mut columns: Vec<(bool, Column)> = own
        .iter()
        .filter_map(|line| Some((is_hidden(&key(line)), column(line)?)))
        .collect();
    columns.extend(sum(rest).map(|column| (is_hidden(OTHERS), column)));
    let all = sum(&lines.lines);
    let stacked = manner.stacked && !manner.log;
    if stacked {
        pile(&mut columns);
    }
    let trail = |column: &Column| {
        let trail = Trail::of_column(column, lines.from, lines.step_ms, manner.now);
        trail.cut(from, end, 1.0 / manner.cores)
    };
    let told: Vec<_> = own
        .iter()
        .flat_map(|line| line.gaps.iter().copied())
        .filter(|gap| gap.reason != GapReason::ContainerStopped)
        .collect();
    let gaps = all.map(|all| trail(&all).gaps((from, end), &told, &[]));
    let drawn = |(hidden, column): &(bool, Column)| match hidden {
        true => Trail::default(),
        false => trail(column),
    };
    Picture {
        from,
        to,
        unit: manner.unit,
        trails: columns.iter().map(drawn).collect(),
        ghosts: Vec::new(),
        stacked,
        log: manner.log,
        limit: None,
        held: Vec::new(),
        gaps: gaps.unwrap_or_default(),
        marks: Vec::new(),
        flags: Vec::new(),
    }
}

/// The newest value of each line; `None` where it has none as new as the newest of all.
pub(crate) fn newest(picture: &Picture) -> Vec<Option<f64>> {
    let last = |trail: &Trail| trail.points.last().copied();
    let newest = picture.trails.iter().filter_map(last).map(|p| p.at).max();
    let value = |point: Option<Point>| point.filter(|p| Some(p.at) == newest).map(|p| p.mean);
    picture.trails.iter().map(|t| value(last(t))).collect()
}

fn key(line: &Line) -> String {
    match &line.of {
        Subject::Host(host) => host.to_string(),
        Subject::Container(_, id) => id.short().to_owned(),
    }
}

/// The sum of several lines' means, bucket by bucket; `None` of no lines. A line that has no value in a bucket adds nothing to it.
fn sum(lines: &[Line]) -> Option<Column> {
    let first = lines.first()?.columns.first()?;
    let mut sums: Vec<Option<f64>> = vec![None; first.mean.len()];
    for column in lines.iter().filter_map(|line| line.columns.first()) {
        for (sum, mean) in sums.iter_mut().zip(&column.mean) {
            if let Some(mean) = mean {
                *sum = Some(sum.unwrap_or(0.0) + mean);
            }
        }
    }
    Some(Column {
        metric: first.metric,
        mean: sums.clone(),
        min: sums.clone(),
        max: sums,
        last_n: 1,
    })
}

/// Makes `min` and `max` of each column the lower and upper edge of its area.
fn pile(columns: &mut [(bool, Column)]) {
    let buckets = columns.iter().map(|(_, c)| c.mean.len()).max().unwrap_or(0);
    let mut tops = vec![0.0; buckets];
    for (_, column) in columns.iter_mut().filter(|(hidden, _)| !hidden) {
        for (place, top) in tops.iter_mut().enumerate() {
            let Some(mean) = column.mean.get(place).copied().flatten() else {
                continue;
            };
            column.min[place] = Some(*top);
            *top += mean;
            column.max[place] = Some(*top);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_shared::series::{Gap, Metric};

    fn line(number: usize, mean: &[Option<f64>]) -> Line {
        Line {
            of: format!(
                "local/{}",
                format!("{number:x}").repeat(64)[..64].to_owned()
            )
            .parse()
            .unwrap(),
            name: format!("c{number}"),
            columns: vec![Column {
                metric: Metric::Cpu,
                mean: mean.to_vec(),
                min: mean.to_vec(),
                max: mean.to_vec(),
                last_n: 1,
            }],
            gaps: Vec::new(),
            begins: Vec::new(),
            whole: Vec::new(),
        }
    }

    fn lines(lines: Vec<Line>) -> Lines {
        Lines {
            from: UnixMs(0),
            step_ms: 1000,
            points: 3,
            tier_ms: 1000,
            lines,
        }
    }

    fn manner(hidden: &[String]) -> Manner<'_> {
        Manner {
            bounds: (UnixMs(0), UnixMs(3000)),
            now: UnixMs(3000),
            unit: Unit::Percent,
            cores: 1.0,
            hidden,
            stacked: true,
            log: false,
        }
    }

    #[test]
    fn each_area_lies_on_those_before_it_and_one_that_did_not_run_adds_nothing() {
        let lines = lines(vec![
            line(1, &[Some(5.0), Some(5.0), None]),
            line(2, &[Some(1.0), None, Some(2.0)]),
            line(3, &[Some(1.0), Some(1.0), Some(1.0)]),
        ]);
        let edges = |picture: &Picture, place: usize| -> Vec<(f64, f64, f64)> {
            let points = &picture.trails[place].points;
            points.iter().map(|p| (p.min, p.mean, p.max)).collect()
        };
        let picture = stack(&lines, &manner(&[]));
        assert_eq!(edges(&picture, 1), [(5.0, 1.0, 6.0), (0.0, 2.0, 2.0)]);
        assert_eq!(edges(&picture, 2)[1], (5.0, 1.0, 6.0));
        assert_eq!(newest(&picture), [None, Some(2.0), Some(1.0)]);
        let hidden = ["111111111111".to_owned()];
        let picture = stack(&lines, &manner(&hidden));
        assert!(picture.trails[0].points.is_empty());
        assert_eq!(edges(&picture, 1)[0], (0.0, 1.0, 1.0));
    }

    #[test]
    fn all_that_have_no_hue_of_their_own_are_one_area() {
        let many = (1..=11).map(|n| line(n, &[Some(1.0), None, Some(1.0)]));
        let lines = lines(many.collect());
        let named = names(&lines, |n| format!("{n} others"));
        assert_eq!(named.len(), 9);
        assert_eq!(
            (named[8].key.as_str(), named[8].name.as_str()),
            (OTHERS, "3 others")
        );
        let picture = stack(&lines, &manner(&[]));
        let points = &picture.trails[8].points;
        assert_eq!(points.len(), 2, "what nobody measured is no zero");
        assert_eq!(
            (points[0].min, points[0].mean, points[0].max),
            (8.0, 3.0, 11.0)
        );
    }

    #[test]
    fn a_time_in_which_nothing_was_measured_is_a_gap_with_its_reason() {
        let mut one = line(1, &[None, None, None]);
        one.gaps = vec![Gap {
            from: UnixMs(0),
            to: UnixMs(60_000),
            reason: GapReason::HubStopped,
        }];
        let mut lines = lines(vec![one]);
        lines.step_ms = 20_000;
        let far = Manner {
            bounds: (UnixMs(0), UnixMs(60_000)),
            now: UnixMs(60_000),
            ..manner(&[])
        };
        let gaps = stack(&lines, &far).gaps;
        assert_eq!(gaps.len(), 1);
        assert_eq!(gaps[0].why, GapReason::HubStopped);
        assert!(stack(&super::tests::lines(vec![]), &far).trails.is_empty());
    }
}
