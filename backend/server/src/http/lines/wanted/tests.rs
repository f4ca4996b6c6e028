//! What a query may say, and what is said of one that may not.

use super::*;

const NOW: UnixMs = UnixMs(1_795_000_000_000);

fn asked(query: &str) -> Result<Wanted, String> {
    Query::of(query, |_, _| false)?.wanted(NOW)
}

fn id() -> String {
    "ab".repeat(32)
}

#[test]
fn lists_are_written_with_commas_or_by_naming_the_parameter_again() {
    let one = asked(&format!("of=local/{}&of=local&metric=cpu,memory", id())).unwrap();
    let other = asked(&format!(
        "of=local%2F{},local&metric=cpu&metric=memory",
        id()
    ))
    .unwrap();
    assert_eq!(one, other);
    assert_eq!(one.metrics, [Metric::Cpu, Metric::Memory]);
    assert_eq!((one.to, one.to.since(one.from)), (NOW, HOUR_MS));
    assert!(one.linked);
    assert_eq!(one.points, USUAL_POINTS);
}

#[test]
fn the_greatest_consumers_are_asked_for_by_a_metric() {
    let wanted = asked("top=5&metric=memory&by=max&host=local&percentiles=50,99.9").unwrap();
    let top = Whose::Top {
        count: 5,
        by: By::Max,
        host: Some(HostId::local()),
    };
    assert_eq!((wanted.whose, wanted.percentiles), (top, vec![50.0, 99.9]));
}

#[test]
fn what_does_not_fit_is_said_with_what_would() {
    let many: String = (0..201).map(|n| format!("host-{n},")).collect();
    for (query, said) in [
        ("", "of=HOST"),
        ("of=local/xyz", "64 lower-case"),
        ("of=local&metric=heat", "net_received"),
        ("of=local&points=1000000000", "1 to 2000"),
        ("of=local&points=0", "1 to 2000"),
        ("of=local&points=many", "1 to 2000"),
        ("of=local&from=now&to=-1h", "before it begins"),
        ("of=local&from=5&to=5", "before it begins"),
        (
            "of=local&from=-9223372036854775808&to=9223372036854775807",
            "before 1970",
        ),
        ("of=local&from=0&to=now", "longer than 5 years"),
        ("of=local&from=soon", "from: \"soon\""),
        ("of=local&colour=red", "no parameter \"colour\""),
        ("of=local&to=now&to=now", "to is given twice"),
        ("of=local&percentiles=101", "from 0 to 100"),
        ("of=local&percentiles=NaN", "from 0 to 100"),
        ("of=local&percentiles=1,2,3,4,5,6,7,8,9,10,11", "at most 10"),
        ("of=local&line=maybe", "on or off"),
        ("of=local&top=3&metric=cpu", "exclude each other"),
        ("top=3", "metric=cpu"),
        ("top=0&metric=cpu", "1 to 200"),
        ("top=1000000000&metric=cpu", "1 to 200"),
        ("top=3&metric=cpu&by=luck", "mean, max or total"),
        ("of=local&by=max", "belongs to top"),
        (&format!("of={many}"), "at most 200"),
        (
            "top=200&metric=cpu,memory,pids&points=2000",
            "400000 values",
        ),
    ] {
        let refused = asked(query).expect_err(query);
        assert!(refused.contains(said), "{query}: {refused}");
        assert!(refused.ends_with('.') && refused.len() < 500, "{refused}");
    }
}

#[test]
fn percentiles_are_of_single_readings_where_these_are_kept_and_not_too_many() {
    let retention = Retention::default();
    let tier = |query: &str| asked(query).unwrap().plan(NOW, &retention).unwrap().tier;
    assert_eq!(tier("of=local&from=-24h&percentiles=95"), Tier::Second);
    assert_eq!(tier("of=local&from=-24h"), Tier::Minute);
    assert!(tier("of=local&from=-30d&percentiles=95") > Tier::Second);
    let top = "top=200&metric=cpu&from=-24h&percentiles=95";
    assert!(tier(top) > Tier::Second);
}
