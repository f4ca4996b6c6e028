//! What packing keeps: everything, and what it makes of it at every tier.

mod jumps;

use super::*;
use crate::recorder::{Question, answer};
use plimsoll_history::tail;
use plimsoll_history::{query::Value, rollup::Counter};
use plimsoll_model::{Batch, Observation};
use plimsoll_shared::{
    Collection, ContainerId, EventKind, Memory, Traffic,
    series::{GapReason, Metric, Series},
};
use plimsoll_store::{Recorded, Store, Tail};
use std::{
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

const SECOND: i64 = 1000;
const HOUR: i64 = 3600 * SECOND;
const DAY: i64 = 24 * HOUR;
/// A moment at which a stretch of every tier begins.
const START: i64 = 700 * 28 * DAY;
const GAP: i64 = 3000;

fn host() -> HostId {
    HostId::local()
}

fn id() -> ContainerId {
    "ab".repeat(32).parse().unwrap()
}

fn packing() -> Packing {
    Packing {
        retention: retention(Duration::from_secs(48 * 3600)),
        max_gap_ms: GAP,
    }
}

/// A reading that differs from its neighbours; one second is a spike.
fn reading(at: i64, cpu: f64) -> Reading {
    let n = (at - START).unsigned_abs() / 1000;
    Reading {
        at: UnixMs(at),
        cpu_percent: Some(cpu),
        cpu_total_ns: n * 10_000_000,
        throttling: None,
        memory: Memory {
            used: 1_000_000 + n % 97 * 4096,
            raw: 2_000_000 + n % 97 * 4096,
            limit: Some(1 << 30),
            rss: None,
            cache: None,
        },
        network: Some(Traffic {
            received: n * 1000 + n % 7,
            sent: n * 10,
            received_dropped: 0,
            sent_dropped: 0,
        }),
        block: None,
        pids: Some(3 + n % 2),
        pids_limit: None,
        machine: None,
    }
}

fn sweep(at: i64, cpu: f64) -> Recorded {
    Recorded {
        at: UnixMs(at),
        what: Observation::Readings(Batch {
            at: UnixMs(at),
            collection: Collection::Cgroup1,
            readings: vec![(id(), reading(at, cpu))],
            machine: None,
        }),
    }
}

async fn opened(dir: &Path) -> Archive {
    Archive::new(Store::open(dir).await.unwrap())
}

/// Records a sweep every `step` milliseconds.
async fn record(store: &Archive, from: i64, to: i64, step: usize, spike: i64) {
    let all: Vec<Recorded> = (from..to)
        .step_by(step)
        .map(|at| sweep(at, if at == spike { 400.0 } else { 1.0 }))
        .collect();
    for some in all.chunks(2000) {
        let lives = store.record(&host(), some).await.unwrap();
        let sweeps = crate::recorder::of_lives(some, &lives);
        store.append_sweeps(&host(), &sweeps, &[]).await.unwrap();
    }
}

async fn pack_at(store: &Archive, now: i64) {
    let stop = CancellationToken::new();
    packing()
        .once(store, &host(), UnixMs(now), &stop)
        .await
        .unwrap();
}

async fn series(store: &Archive, from: i64, to: i64, points: usize, now: i64) -> Series {
    let plan = tier::plan(
        UnixMs(from),
        UnixMs(to),
        points,
        UnixMs(now),
        &packing().retention,
    )
    .unwrap();
    let question = Question {
        host: &host(),
        container: &id(),
        plan,
        to: UnixMs(to),
        max_gap_ms: GAP,
        lasting: None,
    };
    answer(store, &question).await.unwrap()
}

fn greatest(series: &Series, metric: Metric) -> f64 {
    let column = series.columns.iter().find(|c| c.metric == metric).unwrap();
    column.max.iter().flatten().copied().fold(0.0, f64::max)
}

#[tokio::test]
async fn a_packed_hour_answers_like_the_unpacked_one_in_less_room() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened(dir.path()).await;
    record(
        &store,
        START,
        START + HOUR + 60_000,
        1000,
        START + 1_234_000,
    )
    .await;
    let end = START + HOUR + 59_000;
    let mut before = Vec::new();
    for points in [1, 7, 900, 2000] {
        before.push(series(&store, START + 5000, end, points, end).await);
    }
    let unpacked: usize = all_tails(&store)
        .await
        .iter()
        .map(|tail| tail.bytes.len())
        .sum();
    pack_at(&store, end).await;
    let left = all_tails(&store).await;
    assert_eq!((left.len(), left[0].at), (60, UnixMs(START + HOUR)));
    for (points, before) in [1, 7, 900, 2000].into_iter().zip(before) {
        let after = series(&store, START + 5000, end, points, end).await;
        assert!(before == after, "{points} points differ");
        assert!(after.columns[0].mean.len() <= points.max(2));
    }
    pack_at(&store, end).await;
    assert_eq!(all_tails(&store).await, left, "twice is once");
    let life = store.lives(&host(), &id(), 1).await.unwrap()[0].id;
    let blocks = store
        .blocks(life, 0, UnixMs(START), UnixMs(end))
        .await
        .unwrap();
    let packed: usize = blocks.iter().map(|b| b.bytes.len() + b.front.len()).sum();
    println!("an hour of one container: {unpacked} bytes as tails, {packed} packed");
    assert!(packed * 4 < unpacked, "{packed} of {unpacked} bytes");
}

async fn all_tails(store: &Archive) -> Vec<Tail> {
    store
        .tails(&host(), UnixMs(0), UnixMs(i64::MAX), u32::MAX)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_one_second_spike_is_the_maximum_at_every_tier_and_increments_add_up() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened(dir.path()).await;
    // A reading a minute for four weeks and a bit, and a reading a second in one hour of it.
    let spike = START + 9 * DAY + 1000;
    record(&store, START, START + 9 * DAY, 60_000, 0).await;
    record(&store, START + 9 * DAY, START + 9 * DAY + HOUR, 1000, spike).await;
    let end = START + 28 * DAY + HOUR;
    record(&store, START + 9 * DAY + HOUR, end, 60_000, 0).await;
    pack_at(&store, end).await;
    let life = store.lives(&host(), &id(), 1).await.unwrap()[0].id;
    for tier in &Tier::ALL[1..] {
        let blocks = store
            .blocks(life, tier.number(), UnixMs(START), UnixMs(START + 28 * DAY))
            .await
            .unwrap();
        let of_tier: Vec<_> = blocks
            .iter()
            .filter_map(|b| buckets(life, b))
            .flatten()
            .collect();
        let most = of_tier
            .iter()
            .filter_map(|(_, b)| Value::of(b, Metric::Cpu))
            .map(|v| v.max);
        assert_eq!(
            most.fold(0.0, f64::max).to_bits(),
            400_f64.to_bits(),
            "{tier:?}"
        );
        let within = of_tier.iter().filter(|(at, _)| at.0 < START + 28 * DAY);
        let grown: u64 = within
            .filter_map(|(_, b)| b.growth(Counter::NetReceived))
            .map(|growth| growth.increment)
            .sum();
        let last = reading(START + 28 * DAY - 60_000, 0.0)
            .network
            .unwrap()
            .received;
        assert_eq!(grown, last, "{tier:?}: what was received is all there");
    }
    for (ago, span, points) in [
        (28 * DAY, 28 * DAY, 2000),
        (28 * DAY, 28 * DAY, 300),
        (20 * DAY, 2 * DAY, 900),
    ] {
        let from = end - ago;
        let answer = series(&store, from, from + span, points, end).await;
        assert_eq!(
            greatest(&answer, Metric::Cpu).to_bits(),
            400_f64.to_bits(),
            "{span} in {points}"
        );
    }

    // A late sweep is packed beside, and what was rolled up from its stretch is made anew.
    let late = START + 28 * DAY - 90_500;
    let all = sweep(late, 777.0);
    let lives = store
        .record(&host(), std::slice::from_ref(&all))
        .await
        .unwrap();
    let sweeps = crate::recorder::of_lives(&[all], &lives);
    store.append_sweeps(&host(), &sweeps, &[]).await.unwrap();
    pack_at(&store, end).await;
    let answer = series(&store, end - 28 * DAY, end, 300, end).await;
    assert_eq!(greatest(&answer, Metric::Cpu).to_bits(), 777_f64.to_bits());
}

#[test]
fn containers_that_share_no_instants_are_packed_in_more_chunks() {
    let readings: Vec<_> = (0..140_000_i64)
        .map(|n| {
            (
                Life(n.rem_euclid(4).unsigned_abs()),
                reading(START + n, 1.0),
            )
        })
        .collect();
    let chunks = packed(readings.clone());
    assert_eq!(chunks.len(), 2);
    let blocks = chunks.iter().flat_map(|chunk| &chunk.blocks);
    let lives: Vec<u64> = blocks.map(|(life, _)| life.number()).collect();
    assert_eq!(lives, [0, 1, 2, 3]);
    assert_eq!(packed(readings[..4].to_vec()).len(), 1);
}

#[tokio::test]
async fn a_damaged_block_is_a_gap_and_the_rest_answers() {
    for trick in [
        "flipped",
        "shorter",
        "empty",
        "newer front",
        "flipped front",
    ] {
        let dir = tempfile::tempdir().unwrap();
        let store = opened(dir.path()).await;
        record(&store, START, START + HOUR, 1000, 0).await;
        pack_at(&store, START + 2 * HOUR).await;
        let life = store.lives(&host(), &id(), 1).await.unwrap()[0].id;
        let (from, to) = (UnixMs(START + HOUR / 4), UnixMs(START + HOUR / 2));
        let block = store.blocks(life, 0, from, to).await.unwrap().remove(0);
        let (mut bytes, mut front) = (block.bytes, block.front);
        match trick {
            "flipped" => bytes[7] ^= 1,
            "shorter" => bytes.truncate(bytes.len() - 1),
            "empty" => bytes.clear(),
            "newer front" => front[4] = 9,
            _ => front[50] ^= 1,
        }
        let chunk = Chunk {
            last_at: UnixMs(START + HOUR / 2 - 1000),
            front,
            blocks: vec![(life, bytes)],
        };
        let stretch = Stretch { tier: 0, from, to };
        store.replace(&host(), stretch, &[chunk]).await.unwrap();
        let answer = series(&store, START, START + HOUR - 1, 60, START + HOUR).await;
        let minutes: Vec<bool> = answer.columns[0].mean.iter().map(Option::is_some).collect();
        let expected: Vec<bool> = (0..60).map(|minute| !(15..30).contains(&minute)).collect();
        assert_eq!(minutes, expected, "{trick}");
        let gaps: Vec<_> = answer
            .gaps
            .iter()
            .map(|g| (g.from, g.to, g.reason))
            .collect();
        assert_eq!(gaps, [(from, to, GapReason::Unknown)], "{trick}");
        pack_at(&store, START + 7 * HOUR).await;
    }
}

#[tokio::test]
async fn what_is_pruned_was_rolled_up_and_still_answers() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened(dir.path()).await;
    let end = START + 3 * DAY;
    record(&store, START, end, 10_000, START + HOUR).await;
    let horizon = crate::recorder::horizon(&packing().retention, UnixMs(end));
    pack_at(&store, START + HOUR).await;
    assert_eq!(store.prune(horizon, 5000).await.unwrap(), 0);
    pack_at(&store, end + 60_000).await;
    let before = series(&store, START, START + 6 * HOUR, 300, end).await;
    let pruned = store.prune(horizon, 5000).await.unwrap();
    assert_eq!(pruned, 2 * 4 * 24, "a day of chunks with a block each");
    let after = series(&store, START, START + 6 * HOUR, 300, end).await;
    assert!(before == after);
    assert_eq!(greatest(&after, Metric::Cpu).to_bits(), 400_f64.to_bits());
}

#[tokio::test]
async fn ten_minutes_without_a_server_are_a_gap_with_its_reason() {
    let dir = tempfile::tempdir().unwrap();
    let now = clock::now().0;
    let store = opened(dir.path()).await;
    record(&store, now - 1200 * SECOND, now - 600 * SECOND, 1000, 0).await;
    store.close().await.unwrap();
    drop(store);
    let recorder = Recorder::open(dir.path(), GAP).await.unwrap();
    let store = recorder.store().unwrap();
    record(&store, now + 100, now + 200, 1000, 0).await;
    let answer = series(&store, now - 1200 * SECOND, now + 1000, 2000, now).await;
    let [gap] = answer.gaps[..] else {
        panic!("{:?}", answer.gaps)
    };
    assert_eq!(gap.reason, GapReason::HubStopped);
    assert_eq!(gap.from, UnixMs(now - 601 * SECOND), "the newest sweep");
    assert!((now..now + 60_000).contains(&gap.to.0), "{gap:?}");
    assert!(answer.columns.iter().all(|column| {
        let at =
            |instant: i64| usize::try_from((instant - answer.from.0) / answer.step_ms).unwrap();
        column.mean[at(gap.from.0) + 2..at(now)]
            .iter()
            .all(Option::is_none)
    }));
    recorder.close().await;
}

#[tokio::test]
async fn a_container_that_did_not_run_is_a_gap_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened(dir.path()).await;
    let happened = |at: i64, kind| Recorded {
        at: UnixMs(at),
        what: Observation::Happened(plimsoll_model::Happening {
            at: UnixMs(at),
            container: id(),
            name: "web".to_owned(),
            kind,
            detail: None,
        }),
    };
    store
        .record(&host(), &[happened(START, EventKind::Start)])
        .await
        .unwrap();
    record(&store, START + 500, START + 60_000, 1000, 0).await;
    let told = [
        happened(START + 60_000, EventKind::Die),
        happened(START + 120_000, EventKind::Start),
    ];
    store.record(&host(), &told).await.unwrap();
    record(&store, START + 120_500, START + 180_000, 1000, 0).await;
    let gaps = series(&store, START, START + 180_000, 900, START + 180_000)
        .await
        .gaps;
    let told: Vec<_> = gaps
        .iter()
        .map(|g| (g.from.0 - START, g.to.0 - START, g.reason))
        .collect();
    assert_eq!(told, [(60_000, 120_000, GapReason::ContainerStopped)]);
}

/// Tells a child of this test where to write.
const FOLDER: &str = "PLIMSOLL_TEST_PACKED_FOLDER";
const FIRST: &str = "PLIMSOLL_TEST_PACKED_FIRST";

/// What a child does: appends, packs and prunes, and says which second it was told is kept. Without a folder there is nothing to do.
#[tokio::test]
async fn child_that_packs_until_it_is_killed() {
    let Ok(folder) = env::var(FOLDER) else { return };
    let first: i64 = env::var(FIRST).unwrap().parse().unwrap();
    let store = opened(Path::new(&folder)).await;
    println!("\nopen");
    for n in first.. {
        let at = START + n * 60 * SECOND;
        record(&store, at, at + 60 * SECOND, 1000, 0).await;
        println!("\nkept {n}");
        if n % 5 == 4 {
            println!("\npacking");
            pack_at(&store, at + 90 * SECOND).await;
            println!("\npruning");
            let old = crate::recorder::horizon(&packing().retention, UnixMs(START));
            store.prune(old, 100).await.unwrap();
        }
    }
}

#[tokio::test]
async fn killed_while_it_appends_packs_and_prunes_every_reading_is_there_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut next = 0_i64;
    for round in 0..90_u32 {
        let mut child = Command::new(env::current_exe().unwrap())
            .args([
                "--exact",
                "pack::tests::child_that_packs_until_it_is_killed",
                "--nocapture",
            ])
            .env(FOLDER, dir.path())
            .env(FIRST, next.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut kept = next - 1;
        let mut seen = 0;
        while seen < 6 + round % 20 {
            let line = lines.next().expect("the child goes on").unwrap();
            seen += u32::from(!line.is_empty());
            if let Some(n) = line.strip_prefix("kept ") {
                kept = n.parse().unwrap();
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let rest = lines.map_while(Result::ok);
        let last = rest
            .filter_map(|line| line.strip_prefix("kept ")?.parse().ok())
            .last();
        kept = last.unwrap_or(kept);

        let store = opened(dir.path()).await;
        // What was looked over before is looked over again at the end.
        let from = if round == 89 { 0 } else { (next - 40).max(0) };
        let minutes = whole_minutes(&store, from, round).await;
        assert!(
            kept < minutes,
            "round {round}: minute {kept} was acknowledged, {minutes} are there"
        );
        next = minutes;
        store.close().await.unwrap();
    }
    println!("{next} minutes of readings, each there once");
    assert!(next > 200, "the children wrote {next} minutes");
}

/// How many minutes are there from `minutes` on and before, each with sixty readings that are counted one by one through the read path.
async fn whole_minutes(store: &Archive, mut minutes: i64, round: u32) -> i64 {
    loop {
        let from = START + minutes * 60 * SECOND;
        let Some(life) = store.lives(&host(), &id(), 1).await.unwrap().pop() else {
            return 0;
        };
        let (from, to) = (UnixMs(from), UnixMs(from + 60 * SECOND));
        let tails = store.tails(&host(), from, to, 100).await.unwrap();
        let unpacked = tails
            .iter()
            .flat_map(|tail| tail::decode(&tail.bytes).unwrap().readings);
        let blocks = store.blocks(life.id, 0, from, to).await.unwrap();
        let packed = blocks.iter().flat_map(|block| unpack(life.id, block));
        let mut at: Vec<UnixMs> = unpacked
            .map(|(_, reading)| reading.at)
            .chain(packed.map(|reading| reading.at))
            .collect();
        at.retain(|at| *at >= from && *at < to);
        at.sort_unstable();
        if at.is_empty() {
            return minutes;
        }
        let whole: Vec<UnixMs> = (0..60).map(|n| UnixMs(from.0 + n * SECOND)).collect();
        assert_eq!(
            at, whole,
            "round {round}, minute {minutes}: a reading is missing or there twice"
        );
        minutes += 1;
    }
}
