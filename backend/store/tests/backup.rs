//! A backup is whole, made while somebody writes, checked before it is put back, and put back whole or not at all.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod common;

use common::{all_readings, container, happened, id, keep, pack, saw, sweep};
use plimsoll_shared::EventKind;
use plimsoll_store::{BackupError, Store, StoreError, backup, restore, verify};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

async fn some_history(dir: &Path, seconds: i64) -> Store {
    let store = Store::open(dir).await.unwrap();
    let told = [
        saw(1000, &container(1, 1000)),
        happened(1500, 1, EventKind::Kill, None),
    ];
    keep(&store, &told).await.unwrap();
    let sweeps: Vec<_> = (2..seconds)
        .map(|n| sweep(n * 1000, &[1], Some(1.0)))
        .collect();
    keep(&store, &sweeps).await.unwrap();
    pack(&store, 0, seconds * 500).await.unwrap();
    store
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_made_while_the_server_writes_is_put_back_into_an_empty_folder() {
    let parent = tempfile::tempdir().unwrap();
    let place = |name: &str| -> PathBuf { parent.path().join(name) };
    let store = some_history(&place("data"), 500).await;
    let enough = Arc::new(AtomicBool::new(false));
    let writing = {
        let (store, enough) = (store.clone(), enough.clone());
        tokio::spawn(async move {
            let mut n = 500;
            while !enough.load(Ordering::SeqCst) {
                keep(&store, &[sweep(n * 1000, &[1], Some(1.0))])
                    .await
                    .unwrap();
                n += 1;
            }
            n
        })
    };
    let made = backup(&place("data"), &place("copy"), 7).await.unwrap();
    enough.store(true, Ordering::SeqCst);
    let written = writing.await.unwrap();
    assert_eq!(
        names(&place("copy")),
        ["manifest.json", "plimsoll.db", "samples.db"]
    );
    assert_eq!(verify(&place("copy")).await.unwrap(), made);
    assert!(matches!(
        backup(&place("data"), &place("copy"), 8).await,
        Err(BackupError::There { .. })
    ));

    restore(&place("copy"), &place("elsewhere"), false, 9)
        .await
        .unwrap();
    let back = Store::open(&place("elsewhere")).await.unwrap();
    let read = all_readings(&back, 1).await;
    let whole: Vec<i64> = (2..).map(|n| n * 1000).take(read.len()).collect();
    let at: Vec<i64> = read.iter().map(|(_, reading)| reading.at.0).collect();
    assert_eq!(at, whole, "every reading up to one moment, each once");
    assert!(read.len() >= 498 && i64::try_from(read.len()).unwrap() <= written);
    keep(&back, &[sweep(9_000_000, &[1], None)])
        .await
        .expect("it goes on");
    let held = restore(&place("copy"), &place("elsewhere"), true, 10).await;
    assert!(
        matches!(held, Err(BackupError::Store(StoreError::InUse { .. }))),
        "{held:?}"
    );
}

#[tokio::test]
async fn a_changed_or_incomplete_backup_is_not_put_back() {
    let parent = tempfile::tempdir().unwrap();
    let place = |name: &str| -> PathBuf { parent.path().join(name) };
    let store = some_history(&place("data"), 100).await;
    for trick in ["flipped", "shorter", "missing", "manifest", "nothing"] {
        let copy = place(trick);
        backup(&place("data"), &copy, 7).await.unwrap();
        let file = copy.join("samples.db");
        match trick {
            "flipped" => {
                let mut bytes = fs::read(&file).unwrap();
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
                fs::write(&file, bytes).unwrap();
            }
            "shorter" => {
                let bytes = fs::read(&file).unwrap();
                fs::write(&file, &bytes[..bytes.len() - 4096]).unwrap();
            }
            "missing" => fs::remove_file(&file).unwrap(),
            "manifest" => fs::write(copy.join("manifest.json"), "{}").unwrap(),
            _ => {
                fs::remove_dir_all(&copy).unwrap();
                fs::create_dir(&copy).unwrap();
            }
        }
        let refused = restore(&copy, &place("new"), false, 8).await.unwrap_err();
        assert!(
            refused.to_string().contains(copy.to_str().unwrap()),
            "{trick}: {refused}"
        );
        assert!(!place("new").exists(), "{trick}");
    }
    store.close().await.unwrap();
}

#[tokio::test]
async fn what_was_there_is_kept_aside_and_an_interrupted_restore_is_finished() {
    let parent = tempfile::tempdir().unwrap();
    let place = |name: &str| -> PathBuf { parent.path().join(name) };
    let store = some_history(&place("old"), 100).await;
    backup(&place("old"), &place("copy"), 7).await.unwrap();
    store.close().await.unwrap();
    let store = some_history(&place("data"), 300).await;
    store.close().await.unwrap();
    drop(store);

    let refused = restore(&place("copy"), &place("data"), false, 8).await;
    assert!(
        matches!(refused, Err(BackupError::Occupied { .. })),
        "{refused:?}"
    );
    // As it is when the power goes between the two files.
    let copies = place("data").join("restored");
    fs::create_dir(&copies).unwrap();
    fs::copy(place("copy").join("samples.db"), copies.join("samples.db")).unwrap();
    fs::rename(
        place("data/plimsoll.db"),
        place("data/plimsoll.db.replaced-8"),
    )
    .unwrap();
    fs::copy(place("copy").join("plimsoll.db"), place("data/plimsoll.db")).unwrap();
    fs::write(place("data").join("restoring"), "8").unwrap();
    let store = Store::open(&place("data")).await.unwrap();
    assert_eq!(all_readings(&store, 1).await.len(), 98);
    store.close().await.unwrap();
    drop(store);

    restore(&place("copy"), &place("data"), true, 9)
        .await
        .unwrap();
    let store = Store::open(&place("data")).await.unwrap();
    assert_eq!(all_readings(&store, 1).await.len(), 98);
    assert!(
        store
            .container(&common::host(), &id(1))
            .await
            .unwrap()
            .is_some()
    );
    store.close().await.unwrap();
    assert_eq!(
        names(&place("data")),
        [
            "ballast",
            "plimsoll.db",
            "plimsoll.db.replaced-8",
            "plimsoll.db.replaced-9",
            "plimsoll.lock",
            "samples.db",
            "samples.db.replaced-8",
            "samples.db.replaced-9",
        ]
    );
}
