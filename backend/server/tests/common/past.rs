//! A data folder with a past that a server before this one recorded.

use plimsoll_history::{Life, tail};
use plimsoll_model::{Batch, ContainerFacts, Happening, Observation};
use plimsoll_shared::{
    Collection, ContainerId, ContainerState, EventKind, Health, HostId, ImageRef, Limits, Memory,
    Network, Reading, Traffic, UnixMs,
};
use plimsoll_store::{Recorded, Store, Tail};
use std::{
    collections::BTreeMap,
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

pub const SECOND: i64 = 1000;
pub const MINUTE: i64 = 60 * SECOND;
/// A name that is markup, a formula and a quotation.
pub const NASTY: &str = "=<b onload=\"x\">&amp;\u{202e}</b>";

/// What was recorded, ending ten minutes ago when the server stopped.
pub struct Past {
    /// The first reading.
    pub from: i64,
    /// When `web` was deployed anew.
    pub redeployed: i64,
    /// The one second in which the nasty one was busy.
    pub spike: i64,
    /// The last reading.
    pub to: i64,
}

pub fn id(n: u64) -> ContainerId {
    format!("{n:064x}").parse().unwrap()
}

pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

fn facts(n: u64, name: &str, image: &str, began: i64) -> ContainerFacts {
    ContainerFacts {
        id: id(n),
        name: name.to_owned(),
        image: ImageRef {
            reference: image.to_owned(),
            digest: None,
        },
        state: ContainerState::Running,
        health: Health::None,
        created_at: UnixMs(began - 50),
        started_at: Some(UnixMs(began)),
        finished_at: None,
        exit_code: None,
        oom_killed: false,
        restarts: Some(0),
        compose: None,
        network: Network::Own,
        ports: Vec::new(),
        labels: BTreeMap::new(),
        command: Vec::new(),
        restart_policy: Some("no".to_owned()),
        limits: Some(Limits::default()),
        mounts: Vec::new(),
        networks: BTreeMap::new(),
    }
}

fn reading(at: i64, began: i64, cpu: f64) -> Reading {
    let n = ((at - began) / SECOND).unsigned_abs();
    Reading {
        at: UnixMs(at),
        cpu_percent: (at > began).then_some(cpu),
        cpu_total_ns: n * 10_000_000,
        throttling: None,
        memory: Memory {
            used: 50_000_000 + n % 600 * 40_960,
            raw: 90_000_000,
            limit: Some(1 << 30),
            rss: None,
            cache: Some(30_000_000),
        },
        network: Some(Traffic {
            received: n * 1000,
            sent: n * 10,
            received_dropped: 0,
            sent_dropped: 0,
        }),
        block: None,
        pids: Some(3),
        pids_limit: None,
        machine: None,
    }
}

fn happened(at: i64, n: u64, name: &str, kind: EventKind, detail: Option<&str>) -> Observation {
    Observation::Happened(Happening {
        at: UnixMs(at),
        container: id(n),
        name: name.to_owned(),
        kind,
        detail: detail.map(str::to_owned),
    })
}

/// Records twenty minutes of two containers, one of them deployed anew half-way.
pub async fn record(dir: &Path) -> Past {
    let to = now() / SECOND * SECOND - 10 * MINUTE;
    let past = Past {
        from: to - 20 * MINUTE,
        redeployed: to - 10 * MINUTE,
        spike: to - 7 * MINUTE,
        to,
    };
    let store = Store::open(dir).await.unwrap();
    let mut all = Vec::new();
    let mut push = |at: i64, what| {
        all.push(Recorded {
            at: UnixMs(at),
            what,
        });
    };
    let container = |n, name: &str, image: &str, at| {
        Observation::Container(Box::new(facts(n, name, image, at)))
    };
    push(past.from, container(1, "web", "shop:1", past.from));
    push(past.from, container(3, NASTY, "other:1", past.from));
    for at in (past.from..=past.to).step_by(1000) {
        let web = match at < past.redeployed {
            true => (1, past.from, 20.0),
            false => (2, past.redeployed, 30.0),
        };
        if at == past.redeployed {
            push(
                at,
                happened(at - 400, 1, "web", EventKind::Kill, Some("15")),
            );
            push(
                at,
                happened(at - 300, 1, "web", EventKind::Die, Some("143")),
            );
            push(at, happened(at - 200, 1, "web", EventKind::Destroy, None));
            push(at, Observation::Removed(id(1)));
            push(at, happened(at - 50, 2, "web", EventKind::Create, None));
            push(at, container(2, "web", "shop:2", at));
            push(at, happened(at, 2, "web", EventKind::Start, None));
        }
        let nasty = if at == past.spike { 400.0 } else { 1.0 };
        let readings = vec![
            (id(web.0), reading(at, web.1, web.2)),
            (id(3), reading(at, past.from, nasty)),
        ];
        push(
            at,
            Observation::Readings(Batch {
                at: UnixMs(at),
                collection: Collection::Cgroup1,
                readings,
                machine: None,
            }),
        );
    }
    let host = HostId::local();
    for some in all.chunks(500) {
        let lives = store.record(&host, some).await.unwrap();
        let sweeps = some.iter().filter_map(|recorded| match &recorded.what {
            Observation::Readings(batch) => Some(batch),
            _ => None,
        });
        let tails: Vec<Tail> = sweeps
            .zip(lives)
            .map(|(batch, lives)| {
                let lives = lives.into_iter().map(|life| Life(life.number()));
                let readings = batch.readings.iter().map(|(_, reading)| *reading);
                let sweep = tail::Sweep {
                    at: batch.at,
                    collection: batch.collection,
                    readings: lives.zip(readings).collect(),
                };
                Tail {
                    at: batch.at,
                    bytes: tail::encode(&sweep).unwrap(),
                }
            })
            .collect();
        store.append(&host, &tails, &[]).await.unwrap();
    }
    store.alive(UnixMs(past.to)).await.unwrap();
    store.close().await.unwrap();
    past
}
