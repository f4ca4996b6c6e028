//! What the tests of the store share: a folder, a container, a reading.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use plimsoll_model::{Batch, ContainerFacts, Happening, Observation};
use plimsoll_shared::{
    BlockIo, Collection, ContainerId, ContainerState, EventKind, Health, HostId, ImageRef, Memory,
    Network, Reading, Throttling, Traffic, UnixMs,
};
use plimsoll_store::{LifeId, Recorded, Store};
use std::collections::BTreeMap;

pub(crate) fn host() -> HostId {
    HostId::local()
}

pub(crate) fn id(n: u64) -> ContainerId {
    format!("{n:064x}").parse().unwrap()
}

/// A running container made at `created_at`, as an inspection tells it.
pub(crate) fn container(n: u64, created_at: i64) -> ContainerFacts {
    ContainerFacts {
        id: id(n),
        name: format!("web-{n}"),
        image: ImageRef {
            reference: "nginx:1.29".to_owned(),
            digest: Some(format!("sha256:{}", "a".repeat(64)).parse().unwrap()),
        },
        state: ContainerState::Running,
        health: Health::None,
        created_at: UnixMs(created_at),
        started_at: Some(UnixMs(created_at + 100)),
        finished_at: None,
        exit_code: None,
        oom_killed: false,
        restarts: Some(0),
        compose: None,
        network: Network::Own,
        ports: Vec::new(),
        labels: BTreeMap::from([("tier".to_owned(), "front <b>".to_owned())]),
        command: vec!["nginx".to_owned()],
        restart_policy: Some("no".to_owned()),
        limits: Some(plimsoll_shared::Limits::default()),
        mounts: Vec::new(),
        networks: BTreeMap::from([("bridge".to_owned(), Some("172.17.0.2".to_owned()))]),
    }
}

/// A reading whose every field is set and different.
pub(crate) fn reading(at: i64, cpu_percent: Option<f64>) -> Reading {
    let n = at.cast_unsigned();
    Reading {
        at: UnixMs(at),
        cpu_percent,
        cpu_total_ns: n * 1000,
        throttling: Some(Throttling {
            periods: n + 1,
            throttled_periods: n + 2,
            throttled_ns: n + 3,
        }),
        memory: Memory {
            used: n + 4,
            raw: n + 5,
            limit: Some(u64::MAX),
            rss: Some(n + 6),
            cache: Some(n + 7),
        },
        network: Some(Traffic {
            received: n + 8,
            sent: n + 9,
            received_dropped: n + 10,
            sent_dropped: n + 11,
        }),
        block: Some(BlockIo {
            read: n + 12,
            written: n + 13,
        }),
        pids: Some(3),
        pids_limit: Some(100),
    }
}

pub(crate) fn at(at: i64, what: Observation) -> Recorded {
    Recorded {
        at: UnixMs(at),
        what,
    }
}

pub(crate) fn saw(now: i64, facts: &ContainerFacts) -> Recorded {
    at(now, Observation::Container(Box::new(facts.clone())))
}

pub(crate) fn happened(when: i64, n: u64, kind: EventKind, detail: Option<&str>) -> Recorded {
    at(
        when,
        Observation::Happened(Happening {
            at: UnixMs(when),
            container: id(n),
            name: format!("web-{n}"),
            kind,
            detail: detail.map(str::to_owned),
        }),
    )
}

/// One sweep that read the containers `which`.
pub(crate) fn sweep(when: i64, which: &[u64], cpu_percent: Option<f64>) -> Recorded {
    at(
        when,
        Observation::Readings(Batch {
            at: UnixMs(when),
            collection: Collection::Cgroup1,
            readings: which
                .iter()
                .map(|n| (id(*n), reading(when, cpu_percent)))
                .collect(),
        }),
    )
}

/// Everything ever read of a container.
pub(crate) async fn all_readings(store: &Store, n: u64) -> Vec<(LifeId, Reading)> {
    let mut all = Vec::new();
    store
        .readings(
            &host(),
            &id(n),
            UnixMs(0),
            UnixMs(i64::MAX),
            |life, reading| {
                all.push((life, reading));
            },
        )
        .await
        .unwrap();
    all
}
