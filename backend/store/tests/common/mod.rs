//! What the tests of the store share: a folder, a container, a reading.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use plimsoll_model::{Batch, ContainerFacts, Happening, Observation};
use plimsoll_shared::{
    BlockIo, Collection, ContainerId, ContainerState, EventKind, Health, HostId, ImageRef, Memory,
    Network, Reading, Throttling, Traffic, UnixMs,
};
use plimsoll_store::{Chunk, LifeId, Recorded, Store, StoreError, Stretch, Tail};
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
        machine: None,
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
            machine: None,
        }),
    )
}

/// Keeps what was observed, readings included, as the server does; how readings become bytes is not the store's matter, so here a
/// life, an instant and a percentage stand for each.
pub(crate) async fn keep(store: &Store, recorded: &[Recorded]) -> Result<(), StoreError> {
    let lives = store.record(&host(), recorded).await?;
    let sweeps = recorded.iter().filter_map(|recorded| match &recorded.what {
        Observation::Readings(batch) => Some(batch),
        _ => None,
    });
    let tails: Vec<Tail> = sweeps
        .zip(lives)
        .map(|(batch, lives)| {
            let readings = lives.iter().zip(&batch.readings);
            Tail {
                at: batch.at,
                bytes: readings
                    .flat_map(|(life, (_, reading))| written(*life, reading))
                    .collect(),
            }
        })
        .collect();
    store.append(&host(), &tails, &[]).await
}

/// A life, an instant and perhaps a percentage.
const WRITTEN: usize = 25;

fn written(life: LifeId, reading: &Reading) -> [u8; WRITTEN] {
    let mut bytes = [0; WRITTEN];
    bytes[..8].copy_from_slice(&life.number().to_le_bytes());
    bytes[8..16].copy_from_slice(&reading.at.0.to_le_bytes());
    bytes[16] = u8::from(reading.cpu_percent.is_some());
    let percent = reading.cpu_percent.unwrap_or_default();
    bytes[17..].copy_from_slice(&percent.to_le_bytes());
    bytes
}

/// What [`keep`] wrote into a tail, or into the front of a chunk.
pub(crate) fn read(bytes: &[u8]) -> Vec<(LifeId, Reading)> {
    let eight = |bytes: &[u8]| <[u8; 8]>::try_from(bytes).unwrap();
    bytes
        .chunks_exact(WRITTEN)
        .map(|one| {
            let life = LifeId::of_number(u64::from_le_bytes(eight(&one[..8])));
            let at = i64::from_le_bytes(eight(&one[8..16]));
            let percent = (one[16] == 1).then(|| f64::from_le_bytes(eight(&one[17..])));
            (life, reading(at, percent))
        })
        .collect()
}

/// Packs the tails from `from` up to `to`; a life's block is its share of their bytes.
pub(crate) async fn pack(store: &Store, from: i64, to: i64) -> Result<(), StoreError> {
    let (from, to) = (UnixMs(from), UnixMs(to));
    let tails = store.tails(&host(), from, to, u32::MAX).await?;
    let mut blocks: BTreeMap<LifeId, Vec<u8>> = BTreeMap::new();
    for (life, reading) in tails.iter().flat_map(|tail| read(&tail.bytes)) {
        blocks
            .entry(life)
            .or_default()
            .extend(written(life, &reading));
    }
    let packed: Vec<UnixMs> = tails.iter().map(|tail| tail.at).collect();
    let Some(last_at) = packed.last().copied() else {
        return Ok(());
    };
    let chunk = Chunk {
        last_at,
        front: Vec::new(),
        blocks: blocks.into_iter().collect(),
    };
    let stretch = Stretch { tier: 0, from, to };
    store.pack(&host(), stretch, &[chunk], &packed).await
}

/// Everything ever read of a container, life by life: what the first version kept, what is packed, and what is not yet.
pub(crate) async fn all_readings(store: &Store, n: u64) -> Vec<(LifeId, Reading)> {
    let (first, last) = (UnixMs(0), UnixMs(i64::MAX));
    let (host, id) = (host(), id(n));
    let lives = store.lives_between(&host, &id, first, last).await.unwrap();
    let mut all = Vec::new();
    for life in lives {
        let begins = all.len();
        let push = |reading| all.push((life.id, reading));
        store
            .old_readings(life.id, first, last, push)
            .await
            .unwrap();
        for block in store.blocks(life.id, 0, first, last).await.unwrap() {
            all.extend(read(&block.bytes));
        }
        let mut from = first;
        loop {
            let tails = store.tails(&host, from, last, 5000).await.unwrap();
            let Some(newest) = tails.last() else { break };
            from = UnixMs(newest.at.0 + 1);
            let readings = tails.iter().flat_map(|tail| read(&tail.bytes));
            all.extend(readings.filter(|(of, _)| *of == life.id));
        }
        all[begins..].sort_by_key(|(_, reading)| reading.at);
    }
    all
}
