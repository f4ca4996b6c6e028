//! Rows for tests.

use super::fleet::Fleet;
use plimsoll_shared::{
    Body, Collection, ContainerRow, ContainerState, Counts, Health, HostId, HostRow, HostState,
    ImageRef, Network, RowKey, RowReading, UnixMs,
};

/// A running container without anything special.
pub(crate) fn row(key: u32, name: &str) -> ContainerRow {
    ContainerRow {
        key: RowKey(key),
        host: HostId::local(),
        id: format!("{key:064x}").parse().unwrap(),
        name: name.to_owned(),
        image: ImageRef {
            reference: format!("{name}:1"),
            digest: None,
        },
        state: ContainerState::Running,
        health: Health::None,
        created_at: UnixMs(0),
        started_at: Some(UnixMs(0)),
        finished_at: None,
        exit_code: None,
        oom_killed: false,
        restarts: Some(0),
        compose: None,
        network: Network::Own,
        ports: Vec::new(),
        removed_at: None,
    }
}

/// A reading with that CPU and 100 of 1,000 bytes of memory.
pub(crate) fn reading(key: u32, cpu: f64) -> RowReading {
    RowReading(
        RowKey(key),
        Some(cpu),
        100,
        Some(1000),
        Some((10, 20)),
        Some((30, 40)),
        Some(2),
    )
}

/// A fleet of these rows and readings.
pub(crate) fn fleet(rows: Vec<ContainerRow>, readings: Vec<RowReading>) -> Fleet {
    let mut fleet = Fleet::default();
    fleet.apply(&Body::ContainersFull {
        rows,
        readings,
        sparks: Vec::new(),
    });
    fleet
}

/// A host in that state of which nothing else is known.
pub(crate) fn host(id: &str, state: HostState) -> HostRow {
    HostRow {
        id: id.parse().unwrap(),
        endpoint: None,
        state,
        engine: None,
        collection: Collection::Undecided,
        counts: Counts::default(),
        last_heard: None,
        cpu_percent: None,
        memory_used: None,
        machine: None,
        clock_skew_ms: None,
    }
}
