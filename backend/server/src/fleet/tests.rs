//! What the console shows after what a collector saw.

use super::*;
use plimsoll_model::{Batch, ContainerFacts, Happening};
use plimsoll_shared::{
    Body, Collection, ContainerState, EventKind, Health, HostState, ImageRef, Limits, Memory,
    Network, Reading, Recording, View,
};
use std::collections::BTreeMap;

fn id(n: u8) -> ContainerId {
    format!("{n:064x}").parse().unwrap()
}

fn facts(n: u8, state: ContainerState) -> ContainerFacts {
    ContainerFacts {
        id: id(n),
        name: format!("c{n}"),
        image: ImageRef {
            reference: "busybox:test".to_owned(),
            digest: None,
        },
        state,
        health: Health::None,
        created_at: UnixMs(1),
        started_at: Some(UnixMs(2)),
        finished_at: None,
        exit_code: None,
        oom_killed: false,
        restarts: Some(3),
        compose: None,
        network: Network::Own,
        ports: Vec::new(),
        labels: BTreeMap::new(),
        command: vec!["top".to_owned()],
        restart_policy: Some("no".to_owned()),
        limits: Some(Limits::default()),
        mounts: Vec::new(),
        networks: BTreeMap::new(),
    }
}

fn reading(at: i64, cpu: Option<f64>) -> Reading {
    Reading {
        at: UnixMs(at),
        cpu_percent: cpu,
        cpu_total_ns: 0,
        throttling: None,
        memory: Memory {
            used: 100,
            raw: 100,
            limit: Some(1000),
            rss: None,
            cache: None,
        },
        network: None,
        block: None,
        pids: Some(1),
        pids_limit: None,
        machine: None,
    }
}

fn sweep(at: i64, readings: Vec<(ContainerId, Reading)>) -> Observation {
    Observation::Readings(Batch {
        at: UnixMs(at),
        collection: Collection::Cgroup1,
        readings,
        machine: None,
    })
}

fn connected() -> Observation {
    Observation::Connected {
        endpoint: "unix:///x".to_owned(),
        facts: Box::default(),
        clock_skew_ms: None,
    }
}

fn about() -> frames::About {
    frames::About {
        recording: Recording::On,
        build: String::new(),
    }
}

struct Told {
    measured: bool,
    rows: Vec<String>,
    gone: Vec<RowKey>,
    readings: usize,
    silent: Vec<RowKey>,
}

fn told(fleet: &mut Fleet) -> Told {
    let step = fleet.step(UnixMs(0));
    match fleet.delta(&View::Containers, &step, &about()).body {
        Body::ContainersDelta {
            measured,
            rows,
            gone,
            readings,
            silent,
        } => Told {
            measured,
            rows: rows.into_iter().map(|r| r.name).collect(),
            gone,
            readings: readings.len(),
            silent,
        },
        other => panic!("{other:?}"),
    }
}

fn fleet() -> (Fleet, HostId) {
    let host = HostId::local();
    let mut fleet = Fleet::new([host.clone()], 1000, UnixMs(0));
    fleet.apply(&host, &connected(), UnixMs(0));
    (fleet, host)
}

#[test]
fn only_what_changed_is_told() {
    let (mut fleet, host) = fleet();
    let listed = vec![
        facts(1, ContainerState::Running),
        facts(2, ContainerState::Running),
    ];
    fleet.apply(&host, &Observation::Listed(listed.clone()), UnixMs(1));
    assert_eq!(told(&mut fleet).rows, ["c1", "c2"]);
    fleet.apply(&host, &Observation::Listed(listed), UnixMs(2));
    assert!(
        told(&mut fleet).rows.is_empty(),
        "the same list again is no change"
    );

    fleet.apply(
        &host,
        &sweep(
            1000,
            vec![
                (id(1), reading(1000, Some(1.0))),
                (id(2), reading(1000, Some(0.0))),
            ],
        ),
        UnixMs(1000),
    );
    let first = told(&mut fleet);
    assert_eq!((first.measured, first.readings), (true, 2));
    fleet.apply(
        &host,
        &sweep(
            2000,
            vec![
                (id(1), reading(2000, Some(5.0))),
                (id(2), reading(2000, Some(0.0))),
            ],
        ),
        UnixMs(2000),
    );
    assert_eq!(told(&mut fleet).readings, 1, "c2 reads the same");
    assert!(!told(&mut fleet).measured, "nothing was measured since");
}

#[test]
fn the_machines_reading_is_the_latest_sweeps_and_another_engine_brings_its_own() {
    let (mut fleet, host) = fleet();
    let machine = reading(1000, Some(50.0));
    let swept = |at, machine: Option<Reading>| {
        Observation::Readings(Batch {
            at: UnixMs(at),
            collection: Collection::Cgroup2,
            readings: Vec::new(),
            machine: machine.map(Box::new),
        })
    };
    let mut after = |observation| {
        fleet.apply(&host, &observation, UnixMs(0));
        fleet.host(&host).unwrap().machine
    };
    assert_eq!(after(connected()), None);
    assert_eq!(after(swept(1000, Some(machine))), Some(machine));
    assert_eq!(after(Observation::Lost("gone".to_owned())), Some(machine));
    assert_eq!(after(connected()), None);
    assert_eq!(after(swept(2000, None)), None);
}

#[test]
fn a_container_that_gives_no_reading_falls_silent_and_shows_no_zero() {
    let (mut fleet, host) = fleet();
    fleet.apply(
        &host,
        &Observation::Listed(vec![facts(1, ContainerState::Running)]),
        UnixMs(1),
    );
    fleet.apply(
        &host,
        &sweep(1000, vec![(id(1), reading(1000, Some(1.0)))]),
        UnixMs(1000),
    );
    told(&mut fleet);
    fleet.apply(&host, &sweep(2000, vec![]), UnixMs(2000));
    let now = told(&mut fleet);
    assert_eq!((now.silent.len(), now.readings), (1, 0));
    assert_eq!(fleet.containers()[0].reading, None);
    let row = fleet.host(&host).unwrap();
    assert_eq!(
        (row.cpu_percent, row.memory_used),
        (None, None),
        "nothing measured is not zero"
    );
}

#[test]
fn a_container_that_ends_loses_its_numbers_at_once() {
    let (mut fleet, host) = fleet();
    fleet.apply(
        &host,
        &Observation::Listed(vec![facts(1, ContainerState::Running)]),
        UnixMs(1),
    );
    fleet.apply(
        &host,
        &sweep(1000, vec![(id(1), reading(1000, Some(1.0)))]),
        UnixMs(1000),
    );
    told(&mut fleet);
    fleet.apply(
        &host,
        &Observation::Container(Box::new(facts(1, ContainerState::Exited))),
        UnixMs(1500),
    );
    let now = told(&mut fleet);
    assert_eq!((now.rows.len(), now.silent.len()), (1, 1));
}

#[test]
fn a_removed_container_leaves_the_table_and_its_page_says_so() {
    let (mut fleet, host) = fleet();
    fleet.apply(
        &host,
        &Observation::Listed(vec![facts(1, ContainerState::Running)]),
        UnixMs(1),
    );
    told(&mut fleet);
    fleet.apply(&host, &Observation::Removed(id(1)), UnixMs(77));
    let now = told(&mut fleet);
    assert_eq!(now.gone.len(), 1);
    assert!(fleet.containers().is_empty());
    let Body::Container { row: Some(row), .. } = fleet
        .full(&View::Container(host, id(1)), &about(), UnixMs(80))
        .body
    else {
        panic!("forgotten")
    };
    assert_eq!(row.removed_at, Some(UnixMs(77)));
}

#[test]
fn what_a_list_does_not_tell_is_kept_from_the_inspection() {
    let (mut fleet, host) = fleet();
    fleet.apply(
        &host,
        &Observation::Listed(vec![facts(1, ContainerState::Running)]),
        UnixMs(1),
    );
    let mut listed = facts(1, ContainerState::Running);
    listed.restarts = None;
    listed.started_at = None;
    listed.limits = None;
    listed.command.clear();
    fleet.apply(&host, &Observation::Listed(vec![listed]), UnixMs(2));
    let detail = fleet.detail(&host, &id(1)).unwrap();
    assert_eq!(
        (detail.row.restarts, detail.row.started_at),
        (Some(3), Some(UnixMs(2)))
    );
    assert_eq!(detail.command, ["top"]);
}

#[test]
fn an_engine_that_goes_leaves_its_last_known_rows_and_says_why() {
    let (mut fleet, host) = fleet();
    fleet.apply(
        &host,
        &Observation::Listed(vec![facts(1, ContainerState::Running)]),
        UnixMs(1),
    );
    fleet.apply(
        &host,
        &sweep(1000, vec![(id(1), reading(1000, Some(1.0)))]),
        UnixMs(1000),
    );
    fleet.apply(
        &host,
        &Observation::Lost("the socket closed".to_owned()),
        UnixMs(5000),
    );
    fleet.apply(
        &host,
        &Observation::Lost("refused".to_owned()),
        UnixMs(9000),
    );
    let row = fleet.host(&host).unwrap();
    assert_eq!(
        row.state,
        HostState::Down {
            since: UnixMs(5000),
            reason: "refused".to_owned()
        },
        "since the first, why from the last"
    );
    assert_eq!(fleet.containers().len(), 1);
    fleet.apply(&host, &Observation::Searching(vec![]), UnixMs(9500));
    assert!(matches!(
        fleet.host(&host).unwrap().state,
        HostState::Down { .. }
    ));
    fleet.apply(&host, &connected(), UnixMs(10_000));
    assert_eq!(
        fleet.host(&host).unwrap().state,
        HostState::Up {
            since: UnixMs(10_000)
        }
    );
}

#[test]
fn a_host_that_is_silent_for_two_intervals_is_stale_until_it_is_heard() {
    let (mut fleet, host) = fleet();
    fleet.age(UnixMs(2000));
    assert!(matches!(
        fleet.host(&host).unwrap().state,
        HostState::Up { .. }
    ));
    fleet.age(UnixMs(2600));
    assert_eq!(
        fleet.host(&host).unwrap().state,
        HostState::Stale { since: UnixMs(0) }
    );
    fleet.apply(&host, &sweep(3000, vec![]), UnixMs(3000));
    assert!(matches!(
        fleet.host(&host).unwrap().state,
        HostState::Up { .. }
    ));
}

#[test]
fn a_page_is_told_of_its_own_events_only() {
    let (mut fleet, host) = fleet();
    fleet.apply(
        &host,
        &Observation::Listed(vec![
            facts(1, ContainerState::Running),
            facts(2, ContainerState::Running),
        ]),
        UnixMs(1),
    );
    fleet.step(UnixMs(1));
    for n in [1, 2] {
        let happening = Happening {
            at: UnixMs(5),
            container: id(n),
            name: format!("c{n}"),
            kind: EventKind::Oom,
            detail: None,
        };
        fleet.apply(&host, &Observation::Happened(happening), UnixMs(5));
    }
    let step = fleet.step(UnixMs(6));
    let Body::Container { events, .. } = fleet
        .delta(&View::Container(host.clone(), id(1)), &step, &about())
        .body
    else {
        panic!("wrong body")
    };
    assert_eq!(
        events.iter().map(|e| e.name.as_str()).collect::<Vec<_>>(),
        ["c1"]
    );
}
