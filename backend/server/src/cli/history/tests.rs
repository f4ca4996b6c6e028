//! History that is taken out and in again answers as before.

use super::*;
use crate::{
    pack::{Packing, retention},
    recorder::{Question, answer, of_lives},
};
use plimsoll_history::{
    gap::{self, Gap, Reason},
    tier,
};
use plimsoll_model::{Batch, Happening, Observation};
use plimsoll_shared::{
    Collection, ContainerId, EventKind, Memory, Reading, Traffic, series::Series,
};
use plimsoll_store::{Missing, Recorded};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const HOUR: i64 = 3_600_000;
/// A moment at which a stretch of every tier begins.
const START: i64 = 700 * 28 * 24 * HOUR;
const END: i64 = START + 13 * HOUR;
const GAP: i64 = 12_000;

fn id(n: u8) -> ContainerId {
    format!("{n:02x}").repeat(32).parse().unwrap()
}

fn reading(at: i64, n: u64) -> Reading {
    let seconds = (at - START).unsigned_abs() / 1000;
    Reading {
        at: UnixMs(at),
        cpu_percent: Some(25.0),
        cpu_total_ns: seconds * 10_000_000 * n,
        throttling: None,
        memory: Memory {
            used: 1_000_000 + seconds % 97 * 4096,
            raw: 2_000_000,
            limit: None,
            rss: None,
            cache: None,
        },
        network: Some(Traffic {
            received: seconds * 1000 * n,
            sent: 0,
            received_dropped: 0,
            sent_dropped: 0,
        }),
        block: None,
        pids: Some(n),
        pids_limit: None,
        machine: None,
    }
}

/// A folder in which two containers were measured every ten seconds for thirteen hours, packed but for the last quarter of an hour,
/// one of them restarted, and a gap.
async fn some_history(dir: &Path) -> Archive {
    let store = Archive::new(Store::open(dir).await.unwrap());
    let host = HostId::local();
    let told = |at: i64, what| Recorded {
        at: UnixMs(at),
        what,
    };
    let happened = |at: i64, kind| {
        let happening = Happening {
            at: UnixMs(at),
            container: id(1),
            name: "web".to_owned(),
            kind,
            detail: None,
        };
        told(at, Observation::Happened(happening))
    };
    let mut all = vec![happened(START - 5, EventKind::Start)];
    for at in (START..END).step_by(10_000) {
        if at == START + 5 * HOUR {
            all.push(happened(at - 2000, EventKind::Die));
            all.push(happened(at - 1000, EventKind::Start));
        }
        let batch = Batch {
            at: UnixMs(at),
            collection: Collection::Cgroup2,
            readings: vec![(id(1), reading(at, 1)), (id(2), reading(at, 2))],
            machine: None,
        };
        all.push(told(at, Observation::Readings(batch)));
    }
    for some in all.chunks(500) {
        let lives = store.record(&host, some).await.unwrap();
        let sweeps = of_lives(some, &lives);
        store.append_sweeps(&host, &sweeps, &[]).await.unwrap();
    }
    let missing = Gap {
        life: None,
        from: UnixMs(START + HOUR),
        to: UnixMs(START + 2 * HOUR),
        reason: Reason::HubStopped,
    };
    let missing = Missing {
        from: missing.from,
        to: missing.to,
        bytes: gap::encode(&[missing]).unwrap(),
    };
    store.append(&host, &[], &[missing]).await.unwrap();
    packing()
        .once(&store, &host, UnixMs(END), &CancellationToken::new())
        .await
        .unwrap();
    store
}

fn packing() -> Packing {
    Packing {
        retention: retention(Duration::from_secs(48 * 3600)),
        max_gap_ms: GAP,
    }
}

async fn exported(store: &Archive, selection: &Selection) -> Vec<String> {
    let mut out = Vec::new();
    export::export(store, selection, &mut out).await.unwrap();
    let text = String::from_utf8(out).unwrap();
    text.lines().map(str::to_owned).collect()
}

async fn imported(dir: &Path, lines: &[String]) -> Result<Archive, HistoryError> {
    let store = Store::open(dir).await.unwrap();
    let text = lines.join("\n");
    import::import(&store, &mut text.as_bytes()).await?;
    Ok(Archive::new(store))
}

async fn charts(store: &Archive) -> Vec<Series> {
    let host = HostId::local();
    let mut charts = Vec::new();
    for container in [id(1), id(2)] {
        for (from, to, points) in [
            (START, END, 900),
            (START, END, 40),
            (END - HOUR, END, 2000),
            (START + 4 * HOUR, START + 6 * HOUR, 300),
        ] {
            let (from, to) = (UnixMs(from), UnixMs(to));
            let keep = &packing().retention;
            let question = Question {
                host: &host,
                container: &container,
                plan: tier::plan(from, to, points, to, keep).unwrap(),
                to,
                max_gap_ms: GAP,
                lasting: None,
            };
            charts.push(answer(store, &question).await.unwrap());
        }
    }
    charts
}

/// The lines without the first and without the numbers of lives, which are each folder's own.
fn unnumbered(lines: &[String]) -> Vec<String> {
    let without = |line: &String| {
        let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
        for of in line.as_object_mut().unwrap().values_mut() {
            for number in ["n", "life"] {
                of.as_object_mut().unwrap().remove(number);
            }
        }
        line.to_string()
    };
    let mut lines: Vec<String> = lines[1..].iter().map(without).collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn what_is_exported_and_imported_answers_as_before_and_twice_is_once() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = some_history(old.path()).await;
    let lines = exported(&store, &Selection::all()).await;
    let count = |lines: &[String], beginning: &str| {
        lines
            .iter()
            .filter(|line| line.starts_with(beginning))
            .count()
    };
    assert_eq!(
        count(&lines, "{\"life\""),
        4,
        "three lives and the machine's"
    );
    assert_eq!(count(&lines, "{\"gap\""), 1);
    assert_eq!(count(&lines, "{\"buckets\""), 5);
    assert!(count(&lines, "{\"readings\"") > 100);
    let before = charts(&store).await;
    assert!(
        before
            .iter()
            .all(|chart| chart.columns[0].mean.iter().any(Option::is_some))
    );

    let back = imported(new.path(), &lines).await.unwrap();
    assert!(charts(&back).await == before);
    let again = exported(&back, &Selection::all()).await;
    assert!(
        unnumbered(&again) == unnumbered(&lines),
        "it is the same text"
    );
    back.close().await.unwrap();
    drop(back);
    let back = imported(new.path(), &lines).await.unwrap();
    assert!(exported(&back, &Selection::all()).await[1..] == again[1..]);
    packing()
        .once(
            &back,
            &HostId::local(),
            UnixMs(END),
            &CancellationToken::new(),
        )
        .await
        .unwrap();
    assert!(charts(&back).await == before, "it goes on as the old one");
}

#[tokio::test]
async fn a_selection_holds_what_was_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let store = some_history(dir.path()).await;
    let one = Selection {
        container: Some("web".to_owned()),
        from: UnixMs(START + 12 * HOUR),
        ..Selection::all()
    };
    let lines = exported(&store, &one).await;
    assert!(lines.iter().all(|line| !line.contains(id(2).as_str())));
    let readings = lines
        .iter()
        .filter_map(|line| match serde_json::from_str(line).unwrap() {
            line::Line::Readings(of) => Some(of.readings.len()),
            _ => None,
        });
    assert_eq!(readings.sum::<usize>(), 360, "an hour of ten seconds");
    let nowhere = Selection {
        host: Some("elsewhere".parse().unwrap()),
        ..Selection::all()
    };
    assert_eq!(exported(&store, &nowhere).await.len(), 1);
}

#[tokio::test]
async fn a_line_that_cannot_be_is_named_and_what_is_no_export_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let head =
        "{\"plimsoll_history\":{\"version\":1,\"exported_at\":0,\"levels\":[],\"growths\":[]}}";
    for (lines, says) in [
        (vec!["{\"a\":1}"], "Line 1 "),
        (vec!["hello"], "Line 1 "),
        (
            vec![
                "{\"plimsoll_history\":{\"version\":7,\"exported_at\":0,\"levels\":[],\"growths\":[]}}",
            ],
            "version 7",
        ),
        (
            vec!["{\"gap\":{\"host\":\"local\",\"from\":0,\"to\":1,\"reason\":\"unknown\"}}"],
            "first line",
        ),
        (
            vec![head, "{\"readings\":{\"life\":9,\"readings\":[]}}"],
            "Line 2 ",
        ),
        (vec![head, head], "second time"),
    ] {
        let lines: Vec<String> = lines.into_iter().map(str::to_owned).collect();
        let refused = imported(dir.path(), &lines).await.map(|_| ()).unwrap_err();
        assert!(refused.to_string().contains(says), "{refused}");
    }
}
