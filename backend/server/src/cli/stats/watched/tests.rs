use super::*;
use plimsoll_model::Batch;
use plimsoll_shared::{Collection, Health, ImageRef, Memory, Network, UnixMs};

fn id(n: u64) -> ContainerId {
    format!("{n:x}").repeat(64)[..64].parse().unwrap()
}

fn container(n: u64, name: &str, state: ContainerState) -> ContainerFacts {
    ContainerFacts {
        id: id(n),
        name: name.to_owned(),
        image: ImageRef {
            reference: "busybox:test".to_owned(),
            digest: None,
        },
        state,
        health: Health::None,
        created_at: UnixMs(0),
        started_at: None,
        finished_at: None,
        exit_code: None,
        oom_killed: false,
        restarts: None,
        compose: None,
        network: Network::Own,
        ports: Vec::new(),
        labels: Default::default(),
        command: Vec::new(),
        restart_policy: None,
        limits: None,
        mounts: Vec::new(),
        networks: Default::default(),
    }
}

fn sweep(which: &[u64], cpu_percent: Option<f64>) -> Observation {
    let reading = Reading {
        at: UnixMs(0),
        cpu_percent,
        cpu_total_ns: 0,
        throttling: None,
        memory: Memory {
            used: 1024,
            raw: 1024,
            limit: Some(2048),
            rss: None,
            cache: None,
        },
        network: None,
        block: None,
        pids: Some(1),
        pids_limit: None,
        machine: None,
    };
    Observation::Readings(Batch {
        at: UnixMs(0),
        collection: Collection::Cgroup1,
        readings: which.iter().map(|n| (id(*n), reading)).collect(),
        machine: None,
    })
}

fn watching(all: bool, named: &[&str]) -> (Watched, Vec<String>) {
    let named: Vec<String> = named.iter().map(|name| (*name).to_owned()).collect();
    let mut watched = Watched::new(all, &named);
    let missing = watched.apply(Observation::Listed(vec![
        container(1, "newest", ContainerState::Running),
        container(2, "ended", ContainerState::Exited),
        container(3, "oldest", ContainerState::Running),
    ]));
    (watched, missing)
}

fn names(watched: &Watched) -> Vec<String> {
    watched
        .lines(true)
        .into_iter()
        .map(|line| line.name)
        .collect()
}

#[test]
fn those_that_run_come_in_the_engines_order_and_all_when_asked() {
    assert_eq!(names(&watching(false, &[]).0), ["newest", "oldest"]);
    assert_eq!(names(&watching(true, &[]).0), ["newest", "ended", "oldest"]);
}

#[test]
fn named_containers_come_in_the_order_they_were_named_each_name_once() {
    let start = &id(3).to_string()[..5];
    let (watched, missing) = watching(false, &["ended", start, "/newest", "ended"]);
    assert_eq!(missing, Vec::<String>::new());
    assert_eq!(names(&watched), ["ended", "oldest", "newest"]);
    assert_eq!(watched.lines(true)[1].container, start);
    assert_eq!(
        watching(false, &["new", "ended", ""]).1,
        ["new", ""],
        "a part of a name is no name"
    );
}

#[test]
fn a_picture_is_complete_when_everyone_who_runs_was_read_twice() {
    let (mut watched, _) = watching(true, &[]);
    assert!(!watched.is_complete());
    watched.apply(sweep(&[1, 3], None));
    assert!(!watched.is_complete(), "a first reading has no rate");
    watched.apply(sweep(&[1, 3], Some(1.0)));
    assert!(watched.is_complete());
    watched.apply(Observation::Container(Box::new(container(
        3,
        "oldest",
        ContainerState::Exited,
    ))));
    watched.apply(Observation::Container(Box::new(container(
        3,
        "oldest",
        ContainerState::Running,
    ))));
    assert!(!watched.is_complete(), "a new life begins anew");
}

#[test]
fn one_that_starts_again_joins_below_unless_it_was_there_all_the_time() {
    for (all, order) in [
        (false, ["oldest", "newest"].as_slice()),
        (true, &["newest", "ended", "oldest"]),
    ] {
        let (mut watched, _) = watching(all, &[]);
        watched.apply(Observation::Container(Box::new(container(
            1,
            "newest",
            ContainerState::Exited,
        ))));
        watched.apply(Observation::Container(Box::new(container(
            1,
            "newest",
            ContainerState::Running,
        ))));
        assert_eq!(names(&watched), order);
    }
}

#[test]
fn one_that_falls_silent_loses_its_numbers_and_one_that_stopped_shows_zeros() {
    let (mut watched, _) = watching(true, &[]);
    let cpu = |watched: &Watched| -> Vec<String> {
        watched
            .lines(true)
            .iter()
            .map(|line| line.texts()[1].clone())
            .collect()
    };
    watched.apply(sweep(&[1, 3], Some(1.5)));
    assert_eq!(cpu(&watched), ["1.50%", "0.00%", "1.50%"]);
    watched.apply(sweep(&[1], Some(1.5)));
    assert_eq!(cpu(&watched), ["1.50%", "0.00%", "1.50%"]);
    watched.apply(sweep(&[1], Some(1.5)));
    assert_eq!(cpu(&watched), ["1.50%", "0.00%", "--"]);
    watched.apply(Observation::Removed(id(3)));
    assert_eq!(names(&watched), ["newest", "ended"]);
}
