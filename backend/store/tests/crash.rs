//! A process that is killed in the middle of writing loses nothing that was acknowledged and leaves nothing half-written.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod common;

use common::{all_readings, container, happened, host, id, keep, pack, saw, sweep};
use plimsoll_shared::{EventKind, UnixMs};
use plimsoll_store::{Chunk, EventFilter, Horizon, LifeId, Store, StoreError, Stretch};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// Tells a child of this test where to write.
const FOLDER: &str = "PLIMSOLL_TEST_FOLDER";
/// Tells it with which batch to begin.
const FIRST: &str = "PLIMSOLL_TEST_FIRST";
const CONTAINERS: [u64; 5] = [1, 2, 3, 4, 5];

/// What a child does: writes batch after batch and says which it was told are kept. Without a folder there is nothing to do.
#[tokio::test]
async fn child_that_writes_until_it_is_killed() {
    let Ok(folder) = env::var(FOLDER) else { return };
    let first: i64 = env::var(FIRST).unwrap().parse().unwrap();
    println!("\nopening");
    let store = Store::open(Path::new(&folder)).await.unwrap();
    println!("\nopen");
    let seen: Vec<_> = CONTAINERS
        .iter()
        .map(|n| saw(0, &container(*n, 0)))
        .collect();
    keep(&store, &seen).await.unwrap();
    for n in first.. {
        let batch = [
            happened(n, 1, EventKind::Kill, None),
            sweep(n, &CONTAINERS, Some(1.0)),
        ];
        keep(&store, &batch).await.unwrap();
        println!("\nkept {n}");
        if n % 20 == 0 {
            pack(&store, n - 40, n - 10).await.unwrap();
            made_coarser(&store, n).await;
        }
    }
}

/// A coarser chunk and a prune that takes chunks with it: of a life nobody reads, so that what is read is not touched.
async fn made_coarser(store: &Store, n: i64) {
    let chunk = Chunk {
        last_at: UnixMs(n),
        front: vec![7; 300],
        blocks: (1..50)
            .map(|life| (LifeId::of_number(1_000_000 + life), vec![7; 900]))
            .collect(),
    };
    let stretch = Stretch {
        tier: 4,
        from: UnixMs(n),
        to: UnixMs(n + 20),
    };
    store.replace(&host(), stretch, &[chunk]).await.unwrap();
    let horizon = Horizon {
        tiers: [UnixMs(n - 40); 5],
        events: UnixMs(0),
        lives: UnixMs(0),
    };
    store.prune(horizon, 40).await.unwrap();
}

struct Writing {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Writing {
    fn start(folder: &Path, first: i64) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args([
                "--exact",
                "child_that_writes_until_it_is_killed",
                "--nocapture",
            ])
            .env(FOLDER, folder)
            .env(FIRST, first.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// Waits for a line that begins so, and gives the rest of it.
    fn wait_for(&mut self, beginning: &str) -> String {
        loop {
            let line = self
                .lines
                .next()
                .expect("the child goes on writing")
                .unwrap();
            if let Some(rest) = line.strip_prefix(beginning) {
                return rest.to_owned();
            }
        }
    }

    /// Kills it as `kill -9` does, and gives the last batch that it was told is kept.
    fn kill(mut self) -> Option<i64> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let rest = self.lines.map_while(Result::ok);
        rest.filter_map(|line| line.strip_prefix("kept ")?.parse().ok())
            .last()
    }
}

async fn integrity(file: &Path) -> String {
    let mut db = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file))
        .await
        .unwrap();
    sqlx::query_scalar("pragma integrity_check")
        .fetch_one(&mut db)
        .await
        .unwrap()
}

#[tokio::test]
async fn killed_over_and_over_nothing_acknowledged_is_missing_and_nothing_is_there_twice() {
    let dir = tempfile::tempdir().unwrap();
    let mut next = 1;
    for round in 0..110_i64 {
        let mut writing = Writing::start(dir.path(), next);
        let mut kept = next - 1;
        if round % 5 == 0 {
            // in the middle of opening, in the first round of making the files
            writing.wait_for("opening");
        } else {
            for _ in 0..round % 25 * 3 {
                kept = writing.wait_for("kept ").parse().unwrap();
            }
        }
        kept = writing.kill().unwrap_or(kept);

        for file in ["plimsoll.db", "samples.db"] {
            let file = dir.path().join(file);
            if file.exists() {
                assert_eq!(integrity(&file).await, "ok", "round {round}");
            }
        }
        let store = Store::open(dir.path()).await.unwrap();
        let mut lengths = Vec::new();
        for n in CONTAINERS {
            let read = all_readings(&store, n).await;
            let at: Vec<i64> = read.iter().map(|(_, reading)| reading.at.0).collect();
            let whole: Vec<i64> = (1..).take(at.len()).collect();
            assert_eq!(
                at, whole,
                "round {round}: a batch is missing or there twice"
            );
            lengths.push(at.len());
        }
        let written = i64::try_from(lengths[0]).unwrap();
        assert!(
            lengths.iter().all(|length| *length == lengths[0]),
            "round {round}: half a batch: {lengths:?}"
        );
        assert!(
            kept <= written,
            "round {round}: {kept} was acknowledged, {written} is there"
        );
        let events = count_events(&store).await;
        assert!(
            written <= events && events <= written + 1,
            "round {round}: {events} events, {written} batches"
        );
        store.close().await.unwrap();
        next = written + 1;
    }
    assert!(next > 100, "the children wrote {next} batches");
}

async fn count_events(store: &Store) -> i64 {
    let mut filter = EventFilter {
        limit: 500,
        ..EventFilter::default()
    };
    let mut seen = 0;
    loop {
        let (page, before) = store.events(&filter).await.unwrap();
        seen += i64::try_from(page.len()).unwrap();
        let Some(before) = before else { return seen };
        filter.before = Some(before);
    }
}

#[tokio::test]
async fn a_folder_in_use_names_the_process_that_holds_it_and_is_free_when_that_dies() {
    let dir = tempfile::tempdir().unwrap();
    let mut writing = Writing::start(dir.path(), 1);
    writing.wait_for("kept ");
    let refused = Store::open(dir.path()).await.unwrap_err();
    let holder = writing.child.id();
    assert!(
        matches!(&refused, StoreError::InUse { pid: Some(pid), .. } if *pid == holder),
        "{refused:?}"
    );
    assert!(
        refused.to_string().contains(&format!("(process {holder})")),
        "{refused}"
    );
    writing.kill();
    let store = Store::open(dir.path()).await.unwrap();
    assert!(!all_readings(&store, 1).await.is_empty());
    assert!(store.container(&host(), &id(1)).await.unwrap().is_some());
}
