//! The life of a host's machine: one, and nobody else's.
#[expect(dead_code, reason = "each test program uses its own part")]
mod common;

use common::{at, container, host, id, reading, saw, sweep};
use plimsoll_model::{Batch, Observation};
use plimsoll_shared::{Collection, HostId, UnixMs};
use plimsoll_store::{Recorded, Store};

fn with_machine(when: i64, which: &[u64]) -> Recorded {
    at(
        when,
        Observation::Readings(Batch {
            at: UnixMs(when),
            collection: Collection::Cgroup1,
            readings: which
                .iter()
                .map(|n| (id(*n), reading(when, Some(1.0))))
                .collect(),
            machine: Some(Box::new(reading(when, Some(2.0)))),
        }),
    )
}

#[tokio::test]
async fn a_machine_has_one_life_which_outlasts_the_server_and_is_no_containers() {
    let dir = tempfile::tempdir().unwrap();
    let other: HostId = "other".parse().unwrap();
    let mut found = Vec::new();
    for start in 0..2 {
        let store = Store::open(dir.path()).await.unwrap();
        if start == 0 {
            assert_eq!(store.machine_life(&host()).await.unwrap(), None);
        }
        let first = [
            saw(1000, &container(1, 900)),
            with_machine(2000, &[1]),
            sweep(3000, &[1], Some(1.0)),
        ];
        let lives = store.record(&host(), &first).await.unwrap();
        let machine = store.machine_life(&host()).await.unwrap().unwrap();
        assert_eq!(lives.len(), 2);
        assert_eq!((lives[0].len(), lives[0][1]), (2, machine));
        assert_eq!(lives[1], lives[0][..1], "a sweep without the machine");
        // Now all of it is known by heart.
        let again = store.record(&host(), &[with_machine(4000, &[1])]).await;
        assert_eq!(again.unwrap(), [lives[0].clone()]);
        let alone = store.record(&other, &[with_machine(5000, &[])]).await;
        let alone = alone.unwrap()[0][0];
        assert!(alone != machine && !lives[0][..1].contains(&alone));
        found.push((machine, alone));
        store.close().await.unwrap();
    }
    assert_eq!(found[0], found[1]);
}
