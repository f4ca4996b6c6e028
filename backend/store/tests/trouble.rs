//! A data folder that is read-only, full, damaged or not ours: a sentence for each, nothing lost, nothing overwritten.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod common;

use common::{all_readings, container, host, id, keep, pack, saw, sweep};
use plimsoll_model::Observation;
use plimsoll_shared::{EventKind, UnixMs};
use plimsoll_store::{Chunk, Horizon, LifeId, Store, StoreError, Stretch};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    env, fs, io::Write, os::unix::fs::PermissionsExt, path::Path, process::Command, time::Duration,
};

/// Tells a test that it may mount what it likes.
const OWN_MOUNTS: &str = "PLIMSOLL_TEST_OWN_MOUNTS";

/// Runs a test of this file again where its mounts are its own: they end with the process, and no other sees them. Permission
/// bits would not do, for they do not bind root. Whether this is that second run.
fn with_own_mounts(test: &str) -> bool {
    if env::var_os(OWN_MOUNTS).is_some() {
        return true;
    }
    let done = Command::new("unshare")
        .args(["--map-root-user", "--mount", "--"])
        .arg(env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(OWN_MOUNTS, "1")
        .status()
        .expect("unshare, of Debian's util-linux");
    assert!(done.success(), "{test} failed where its mounts are its own");
    false
}

fn mount(args: &[&str], at: &Path) {
    let done = Command::new("mount").args(args).arg(at).status().unwrap();
    assert!(done.success(), "mount {args:?}");
}

async fn open(file: &Path) -> SqliteConnection {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file))
        .await
        .unwrap()
}

/// A folder with some history, closed.
async fn some_history() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    let mut recorded = vec![saw(1000, &container(1, 1000))];
    recorded.extend((1..2000).map(|n| sweep(1000 + n * 1000, &[1], Some(1.0))));
    keep(&store, &recorded).await.unwrap();
    store.close().await.unwrap();
    dir
}

/// Every file and its bytes, apart from the lock, which names whoever looked last.
fn contents(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .filter(|(name, _)| name != "plimsoll.lock")
        .collect();
    all.sort();
    all
}

#[tokio::test]
async fn the_folder_and_its_files_are_for_this_user_alone() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("new/data");
    let store = Store::open(&dir).await.unwrap();
    keep(
        &store,
        &[saw(1000, &container(1, 1000)), sweep(2000, &[1], None)],
    )
    .await
    .unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    for entry in fs::read_dir(&dir).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    assert!(store.size().await.unwrap() > 100_000);
}

#[tokio::test]
async fn a_read_only_folder_is_named_and_left_alone() {
    if !with_own_mounts("a_read_only_folder_is_named_and_left_alone") {
        return;
    }
    let dir = some_history().await;
    let before = contents(dir.path());
    mount(&["--bind", dir.path().to_str().unwrap()], dir.path());
    mount(&["-o", "remount,bind,ro"], dir.path());
    let refused = Store::open(dir.path()).await.unwrap_err();
    assert!(
        matches!(refused, StoreError::ReadOnly { .. }),
        "{refused:?}"
    );
    assert!(
        refused.to_string().contains(dir.path().to_str().unwrap()),
        "{refused}"
    );
    assert_eq!(contents(dir.path()), before);
    let looked = Store::open_to_read(dir.path());
    assert_eq!(
        all_readings(&looked, 1).await.len(),
        1999,
        "what is there is read"
    );
    drop(looked);
    mount(&["-o", "remount,bind,rw"], dir.path());
    assert_eq!(
        all_readings(&Store::open(dir.path()).await.unwrap(), 1)
            .await
            .len(),
        1999
    );
}

#[tokio::test]
async fn a_full_disk_refuses_writes_cleanly_reads_on_prunes_and_recovers() {
    if !with_own_mounts("a_full_disk_refuses_writes_cleanly_reads_on_prunes_and_recovers") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    mount(&["-t", "tmpfs", "-o", "size=12m", "none"], dir.path());
    let store = Store::open(&dir.path().join("data")).await.unwrap();
    keep(&store, &[saw(1000, &container(1, 1000))])
        .await
        .unwrap();

    let old = Chunk {
        last_at: UnixMs(300_000),
        front: vec![1; 100],
        blocks: (1..=250)
            .map(|life| (LifeId::of_number(life), vec![1; 200]))
            .collect(),
    };
    let stretch = Stretch {
        tier: 4,
        from: UnixMs(0),
        to: UnixMs(400_000),
    };
    store.replace(&host(), stretch, &[old]).await.unwrap();

    let mut filler = fs::File::create(dir.path().join("filler")).unwrap();
    let mut acknowledged = 0;
    let mut full = None;
    for n in 1..2000_i64 {
        let batch: Vec<_> = (0..50)
            .map(|i| sweep((n * 50 + i) * 1000, &[1], Some(1.0)))
            .collect();
        match keep(&store, &batch).await {
            Ok(()) => acknowledged += 50,
            Err(error) => {
                full = Some((error, batch));
                break;
            }
        }
        if n == 20 {
            while filler.write_all(&[0; 4096]).is_ok() {}
        }
    }
    let (error, refused) = full.expect("the disk fills up");
    assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
    assert!(error.to_string().contains("no space left"), "{error}");
    assert_eq!(
        all_readings(&store, 1).await.len(),
        acknowledged,
        "nothing of the refused batch is there"
    );
    assert!(store.container(&host(), &id(1)).await.unwrap().is_some());
    assert!(matches!(
        keep(&store, &refused).await,
        Err(StoreError::Full { .. })
    ));

    let horizon = Horizon {
        tiers: [UnixMs(400_000); 5],
        events: UnixMs(0),
        lives: UnixMs(0),
    };
    let pruned = store
        .prune(horizon, 100)
        .await
        .expect("the reserve lets old rows go");
    assert_eq!(pruned, 100);

    drop(filler);
    fs::remove_file(dir.path().join("filler")).unwrap();
    keep(&store, &refused).await.expect("there is room again");
    assert_eq!(all_readings(&store, 1).await.len(), acknowledged + 50);
    store.prune(horizon, 100).await.unwrap();
    assert!(
        dir.path().join("data/ballast").exists(),
        "the reserve is set aside again"
    );
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_full_disk_at_the_start_is_named_and_an_old_folder_still_opens() {
    if !with_own_mounts("a_full_disk_at_the_start_is_named_and_an_old_folder_still_opens") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    mount(&["-t", "tmpfs", "-o", "size=12m", "none"], dir.path());
    let old = dir.path().join("old");
    let store = Store::open(&old).await.unwrap();
    keep(
        &store,
        &[saw(1000, &container(1, 1000)), sweep(2000, &[1], None)],
    )
    .await
    .unwrap();
    store.close().await.unwrap();
    drop(store);
    let mut filler = fs::File::create(dir.path().join("filler")).unwrap();
    while filler.write_all(&[0; 4096]).is_ok() {}
    let refused = Store::open(&dir.path().join("new")).await.unwrap_err();
    assert!(matches!(refused, StoreError::Full { .. }), "{refused:?}");
    let store = Store::open(&old).await.unwrap();
    assert_eq!(all_readings(&store, 1).await.len(), 1);
}

#[tokio::test]
async fn files_of_other_programs_are_left_as_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("plimsoll.db");
    fs::write(&file, "dear diary").unwrap();
    let refused = Store::open(dir.path()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Foreign { .. }), "{refused:?}");
    assert!(
        refused.to_string().contains(file.to_str().unwrap()),
        "{refused}"
    );
    assert_eq!(fs::read(&file).unwrap(), b"dear diary");

    fs::remove_file(&file).unwrap();
    let options = SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true);
    let mut db = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("create table recipes (name text)")
        .execute(&mut db)
        .await
        .unwrap();
    db.close().await.unwrap();
    let before = fs::read(&file).unwrap();
    let refused = Store::open(dir.path()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Foreign { .. }), "{refused:?}");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[tokio::test]
async fn a_damaged_file_is_named_and_left_as_it_is() {
    for (trick, file) in [
        ("header", "plimsoll.db"),
        ("header", "samples.db"),
        ("cut short", "plimsoll.db"),
        ("cut short", "samples.db"),
        ("zeroed page", "plimsoll.db"),
        ("zeroed page", "samples.db"),
        ("scrambled page", "plimsoll.db"),
        ("scrambled page", "samples.db"),
    ] {
        let dir = some_history().await;
        let path = dir.path().join(file);
        let mut bytes = fs::read(&path).unwrap();
        match trick {
            "header" => bytes[..16].fill(0),
            "cut short" => bytes.truncate(bytes.len() - 4096),
            "zeroed page" => bytes[2 * 4096..3 * 4096].fill(0),
            _ => bytes[3 * 4096..4 * 4096].iter_mut().for_each(|b| *b = !*b),
        }
        fs::write(&path, &bytes).unwrap();
        let refused = Store::open(dir.path()).await.err();
        assert!(
            matches!(&refused, Some(StoreError::Damaged { path: named, .. }) if *named == path),
            "{trick} in {file}: {refused:?}"
        );
        assert!(
            fs::read(&path).unwrap() == bytes,
            "{trick} in {file}: it was changed"
        );
    }
}

/// The log of a copy of the folder in which writing went on and then ended as a power cut ends it.
async fn log_of_another_time(dir: &Path, file: &str) -> Vec<u8> {
    let copy = tempfile::tempdir().unwrap();
    for (name, bytes) in contents(dir) {
        fs::write(copy.path().join(name), bytes).unwrap();
    }
    let store = Store::open(copy.path()).await.unwrap();
    keep(
        &store,
        &[
            saw(9000, &container(7, 9000)),
            sweep(9_000_000, &[7], Some(2.0)),
        ],
    )
    .await
    .unwrap();
    let log = fs::read(copy.path().join(format!("{file}-wal"))).unwrap();
    store.close().await.unwrap();
    log
}

#[tokio::test]
async fn a_log_of_another_time_is_not_folded_in() {
    for file in ["plimsoll.db", "samples.db"] {
        let dir = some_history().await;
        let log = log_of_another_time(dir.path(), file).await;
        assert!(log.len() > 1000, "{file}: {} bytes", log.len());
        let path = dir.path().join(file);
        let before = fs::read(&path).unwrap();
        let beside = dir.path().join(format!("{file}-wal"));
        fs::write(&beside, &log).unwrap();
        let refused = Store::open(dir.path()).await.err();
        assert!(
            matches!(&refused, Some(StoreError::Damaged { path: named, .. }) if *named == path),
            "{file}: {refused:?}"
        );
        assert!(fs::read(&path).unwrap() == before, "{file} was changed");
        assert!(
            fs::read(&beside).unwrap() == log,
            "{file}: the log was changed"
        );
        fs::remove_file(&beside).unwrap();
        // The refusal left no trace, and without the log all is well.
        let refused_again = Store::open(dir.path()).await.err();
        assert!(refused_again.is_none(), "{file}: {refused_again:?}");
    }
}

#[tokio::test]
async fn what_is_readable_is_read_when_the_other_file_is_damaged() {
    let dir = some_history().await;
    let path = dir.path().join("samples.db");
    let whole = fs::read(&path).unwrap();
    let mut bytes = whole.clone();
    bytes[..16].fill(0);
    fs::write(&path, &bytes).unwrap();
    assert!(Store::open(dir.path()).await.is_err());
    let store = Store::open_to_read(dir.path());
    let known = store.container(&host(), &id(1)).await.unwrap();
    assert_eq!(known.unwrap().facts, container(1, 1000));
    let life = store.lives(&host(), &id(1), 1).await.unwrap()[0].id;
    let refused = store.blocks(life, 0, UnixMs(0), UnixMs(i64::MAX)).await;
    assert!(
        matches!(&refused, Err(StoreError::Damaged { path: named, .. }) if *named == path),
        "{refused:?}"
    );
    let said = refused.unwrap_err().to_string();
    let advice = format!("plimsoll restore BACKUP --data {}", dir.path().display());
    assert!(said.contains(&advice), "{said}");
    assert!(
        keep(&store, &[sweep(9_000_000, &[1], None)]).await.is_err(),
        "nothing is written"
    );
    assert!(fs::read(&path).unwrap() == bytes);
    fs::write(&path, &whole).unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    assert_eq!(all_readings(&store, 1).await.len(), 1999);
}

#[tokio::test]
async fn a_folder_of_a_newer_version_is_refused_politely() {
    let dir = some_history().await;
    let mut db = open(&dir.path().join("plimsoll.db")).await;
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         values (9000, 'from the future', 1, x'00', 0)",
    )
    .execute(&mut db)
    .await
    .unwrap();
    db.close().await.unwrap();
    let refused = Store::open(dir.path()).await.unwrap_err();
    assert!(
        matches!(refused, StoreError::Newer { found: 9000, .. }),
        "{refused:?}"
    );
    assert!(refused.to_string().contains("newer plimsoll"), "{refused}");
}

#[tokio::test]
async fn readings_without_their_containers_are_not_given_to_others() {
    let dir = some_history().await;
    fs::remove_file(dir.path().join("plimsoll.db")).unwrap();
    let refused = Store::open(dir.path()).await.unwrap_err();
    assert!(
        matches!(refused, StoreError::Unpaired { .. }),
        "{refused:?}"
    );
    fs::remove_file(dir.path().join("samples.db")).unwrap();
    assert!(Store::open(dir.path()).await.is_ok(), "a new pair begins");
}

#[tokio::test]
async fn a_backup_that_holds_the_file_delays_a_write_and_fails_none() {
    let dir = some_history().await;
    let store = Store::open(dir.path()).await.unwrap();
    let mut backup = open(&dir.path().join("plimsoll.db")).await;
    sqlx::query("begin exclusive")
        .execute(&mut backup)
        .await
        .unwrap();
    let batch = [saw(9000, &container(2, 9000)), sweep(9_000_000, &[2], None)];
    let mut recording = Box::pin(keep(&store, &batch));
    let waited = tokio::time::timeout(Duration::from_millis(300), &mut recording).await;
    assert!(waited.is_err(), "it waits for the backup: {waited:?}");
    assert_eq!(
        all_readings(&store, 1).await.len(),
        1999,
        "who reads does not wait"
    );
    sqlx::query("commit").execute(&mut backup).await.unwrap();
    recording.await.unwrap();
    assert_eq!(all_readings(&store, 2).await.len(), 1);
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_the_store_usable() {
    let dir = some_history().await;
    let store = Store::open(dir.path()).await.unwrap();
    for n in 0..40_u64 {
        let batch = [
            saw(9000, &container(10 + n, 9000)),
            sweep(9_000_000 + n.cast_signed(), &[10 + n], None),
        ];
        let _ = tokio::time::timeout(Duration::from_micros(50 * n), keep(&store, &batch)).await;
    }
    let batch: Vec<_> = (0..40_u64)
        .flat_map(|n| {
            [
                saw(9000, &container(10 + n, 9000)),
                sweep(9_000_000 + n.cast_signed(), &[10 + n], None),
            ]
        })
        .collect();
    keep(&store, &batch).await.unwrap();
    for n in 0..40 {
        assert_eq!(all_readings(&store, 10 + n).await.len(), 1);
    }
}

#[tokio::test]
async fn what_is_old_goes_in_slices_and_the_rest_stays() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).await.unwrap();
    let lives: Vec<u64> = (1..=50).collect();
    let mut recorded: Vec<_> = lives
        .iter()
        .map(|n| saw(1000, &container(*n, 1000)))
        .collect();
    recorded.extend((0..1000).map(|n| sweep(2000 + n * 1000, &lives, Some(1.0))));
    recorded.push(common::happened(5000, 1, EventKind::Kill, None));
    recorded.push(common::at(600_000, Observation::Removed(id(2))));
    keep(&store, &recorded).await.unwrap();
    for n in 0..8 {
        pack(&store, n * 100_000, (n + 1) * 100_000).await.unwrap();
    }
    let horizon = Horizon {
        tiers: [UnixMs(500_000); 5],
        events: UnixMs(700_000),
        lives: UnixMs(500_000),
    };
    assert_eq!(
        store.prune(horizon, 300).await.unwrap(),
        1,
        "an event, and nothing that has no coarser chunk yet"
    );
    let coarser = Stretch {
        tier: 1,
        from: UnixMs(0),
        to: UnixMs(400_000),
    };
    let chunk = Chunk {
        last_at: UnixMs(0),
        front: Vec::new(),
        blocks: Vec::new(),
    };
    store.replace(&host(), coarser, &[chunk]).await.unwrap();
    let mut slices = Vec::new();
    loop {
        let deleted = store.prune(horizon, 30).await.unwrap();
        slices.push(deleted);
        if deleted < 30 {
            break;
        }
    }
    assert_eq!(slices.iter().sum::<u64>(), 4 * 51, "{slices:?}");
    assert!(slices.iter().all(|slice| *slice <= 31), "{slices:?}");
    let left = all_readings(&store, 1).await;
    assert_eq!((left.len(), left[0].1.at), (602, UnixMs(400_000)));

    let later = Horizon {
        lives: UnixMs(700_000),
        ..horizon
    };
    store.prune(later, 300).await.unwrap();
    assert!(
        store.container(&host(), &id(2)).await.unwrap().is_none(),
        "the removed one is forgotten"
    );
    assert!(store.container(&host(), &id(1)).await.unwrap().is_some());
    assert_eq!(store.lives(&host(), &id(1), 9).await.unwrap().len(), 1);
    keep(&store, &[sweep(1_002_000, &[1], Some(1.0))])
        .await
        .unwrap();
    assert_eq!(all_readings(&store, 1).await.len(), 603);
}
