//! What goes into the bytes comes out, and nothing else is believed.

use super::*;
use crate::{
    lines::{Begin, Subject, Whole},
    series::{Column, Gap, Metric},
};
use proptest::prelude::*;

fn metric() -> impl Strategy<Value = Metric> {
    (0..Metric::ALL.len()).prop_map(|i| Metric::ALL[i])
}

/// A value that four bytes hold, in hundredths.
fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        (0..100_000_i32).prop_map(|n| f64::from(n) / 100.0),
        (1..40_u32).prop_map(|n| f64::from(1 << 18) * f64::from(n)),
    ]
}

fn bucket() -> impl Strategy<Value = Option<[f64; 3]>> {
    prop_oneof![
        Just(None),
        value().prop_map(|v| Some([v, v, v])),
        (value(), value(), value()).prop_map(|(a, b, c)| Some([a, b, c])),
    ]
}

fn column(points: usize) -> impl Strategy<Value = Column> {
    let buckets = proptest::collection::vec(bucket(), points);
    (metric(), buckets, any::<u32>()).prop_map(|(metric, buckets, last_n)| {
        let of = |place: usize| {
            let buckets = buckets.iter();
            buckets.map(|bucket| bucket.map(|b| b[place])).collect()
        };
        Column {
            metric,
            mean: of(0),
            min: of(1),
            max: of(2),
            last_n,
        }
    })
}

fn id() -> impl Strategy<Value = crate::ContainerId> {
    any::<u8>().prop_map(|n| format!("{n:02x}").repeat(32).parse().unwrap())
}

fn subject() -> impl Strategy<Value = Subject> {
    let host = || crate::HostId::local();
    prop_oneof![
        Just(Subject::Host(host())),
        id().prop_map(move |id| Subject::Container(host(), id)),
    ]
}

fn gap(from: i64) -> impl Strategy<Value = Gap> {
    (-1_000_000..1_000_000_i64, 0..1_000_000_i64, 0..5_usize).prop_map(
        move |(at, length, reason)| Gap {
            from: UnixMs(from + at),
            to: UnixMs(from + at + length),
            reason: REASONS[reason],
        },
    )
}

fn begin(from: i64) -> impl Strategy<Value = Begin> {
    let texts = (".{0,12}", ".{0,12}");
    (any::<u32>(), id(), texts, any::<bool>()).prop_map(
        move |(at, container, (name, image), redeployed)| Begin {
            at: UnixMs(from + i64::from(at)),
            container,
            name,
            image,
            redeployed,
        },
    )
}

fn sum() -> impl Strategy<Value = Whole> {
    let one = || proptest::option::of(-1e300..1e300_f64);
    let percentiles = proptest::collection::vec(one(), 0..4);
    (
        metric(),
        (one(), one(), one(), one()),
        percentiles,
        any::<bool>(),
    )
        .prop_map(
            |(metric, (mean, min, max, total), percentiles, exact)| Whole {
                metric,
                mean,
                min,
                max,
                total,
                percentiles,
                exact,
            },
        )
}

fn line(points: usize, from: i64) -> impl Strategy<Value = Line> {
    (
        subject(),
        ".{0,20}",
        proptest::collection::vec(column(points), 0..4),
        proptest::collection::vec(gap(from), 0..4),
        proptest::collection::vec(begin(from), 0..4),
        proptest::collection::vec(sum(), 0..3),
    )
        .prop_map(|(of, name, columns, gaps, begins, whole)| Line {
            of,
            name,
            columns,
            gaps,
            begins,
            whole,
        })
}

fn lines() -> impl Strategy<Value = Lines> {
    (0..40_usize, -5_000_000_000_000..5_000_000_000_000_i64).prop_flat_map(|(points, from)| {
        let lines = proptest::collection::vec(line(points, from), 0..4);
        (lines, 1..i64::MAX, 0..i64::MAX).prop_map(move |(lines, step_ms, tier_ms)| Lines {
            from: UnixMs(from),
            step_ms,
            points,
            tier_ms,
            lines,
        })
    })
}

proptest! {
    #[test]
    fn lines_come_back_as_they_were(lines in lines()) {
        prop_assert_eq!(Lines::decode(&lines.encode()), Ok(lines));
    }

    #[test]
    fn every_cut_is_noticed(lines in lines(), cut in any::<prop::sample::Index>()) {
        let bytes = lines.encode();
        let cut = cut.index(bytes.len());
        prop_assert!(Lines::decode(&bytes[..cut]).is_err());
    }

    #[test]
    fn bytes_that_were_changed_never_panic(lines in lines(), at in any::<prop::sample::Index>(), to: u8) {
        let mut bytes = lines.encode();
        let at = at.index(bytes.len());
        bytes[at] = to;
        let _ = Lines::decode(&bytes);
    }

    #[test]
    fn any_bytes_behind_the_first_four_never_panic(rest in proptest::collection::vec(any::<u8>(), 0..300)) {
        let bytes = [b"PLL\x01".as_slice(), &rest].concat();
        let _ = Lines::decode(&bytes);
    }
}

#[test]
fn a_count_that_cannot_be_takes_no_memory() {
    let mut bytes = b"PLL\x01".to_vec();
    bytes.extend([0, 1, 1, 1]);
    bytes.extend([0xff, 0xff, 0xff, 0xff, 0x7f]);
    assert_eq!(Lines::decode(&bytes), Err(WireError::Truncated));
    let mut bytes = b"PLL\x01".to_vec();
    bytes.extend([0, 1, 0xff, 0xff, 0xff, 0xff, 0x7f, 1, 0]);
    let refused = Err(WireError::Malformed("the number of buckets"));
    assert_eq!(Lines::decode(&bytes), refused);
}

#[test]
fn another_version_and_another_form_are_told_apart() {
    assert_eq!(Lines::decode(b"PLL\x02"), Err(WireError::Version(2)));
    assert_eq!(Lines::decode(b"{\"from\":1}"), Err(WireError::Foreign));
    assert_eq!(Lines::decode(b""), Err(WireError::Foreign));
}

#[test]
fn what_does_not_vary_takes_little() {
    let flat = |value: f64| Column {
        metric: Metric::Memory,
        mean: vec![Some(value); 900],
        min: vec![Some(value); 900],
        max: vec![Some(value); 900],
        last_n: 1,
    };
    let lines = Lines {
        from: UnixMs(1_795_000_000_000),
        step_ms: 4000,
        points: 900,
        tier_ms: 1000,
        lines: vec![Line {
            of: Subject::Host(crate::HostId::local()),
            name: "local".to_owned(),
            columns: vec![flat(1e9)],
            gaps: Vec::new(),
            begins: Vec::new(),
            whole: Vec::new(),
        }],
    };
    let bytes = lines.encode().len();
    assert!(bytes < 4 * 900 + 2 * 113 + 60, "{bytes}");
}
