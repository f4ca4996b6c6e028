//! Lines of a real engine's containers through the real server.
#![expect(clippy::unwrap_used, reason = "a set-up that breaks ends the test")]

mod common;

use common::{PATIENCE, Server, past};
use plimsoll_shared::{
    HostState, Page, Problem, UnixMs,
    lines::{Line, Lines, MEDIA_TYPE},
    series::{GapReason, Metric},
};
use plimsoll_testkit::Engine;
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

const PLACE: [&str; 4] = [
    "--label",
    "com.docker.compose.project=shop",
    "--label",
    "com.docker.compose.service=web",
];

fn run(engine: &Engine, name: &str, more: &[&str], command: &[&str]) -> String {
    let options = [
        &["run", "-d", "--name", name],
        more,
        &["busybox:test"],
        command,
    ]
    .concat();
    engine.docker(&options).trim().to_owned()
}

impl Server {
    async fn lines(&self, query: &str) -> Lines {
        self.json(&format!("/api/v1/series?{query}")).await
    }

    /// Asks until the answer is what is waited for, and gives it.
    async fn lines_until(&self, what: &str, query: &str, ready: impl Fn(&Lines) -> bool) -> Lines {
        let deadline = Instant::now() + PATIENCE;
        loop {
            // It may not have heard of the container yet.
            let (_, body) = self.get(&format!("/api/v1/series?{query}")).await;
            match serde_json::from_str(&body) {
                Ok(lines) if ready(&lines) => return lines,
                _ => {}
            }
            assert!(
                Instant::now() < deadline,
                "no {what} within {PATIENCE:?}: {body}\n{}",
                self.log()
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn refused(&self, query: &str) -> Problem {
        let (status, body) = self.get(&format!("/api/v1/series?{query}")).await;
        let problem: Problem = serde_json::from_str(&body).unwrap();
        assert_eq!(status, problem.status);
        problem
    }
}

fn measured(line: &Line, metric: Metric) -> Vec<f64> {
    let column = line.columns.iter().find(|c| c.metric == metric).unwrap();
    column.mean.iter().flatten().copied().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redeploy_is_one_line_with_a_marker_and_replicas_are_two() {
    let engine = Engine::start();
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path(), &engine.address()).await;
    server
        .host_until("up", |state| matches!(state, HostState::Up { .. }))
        .await;
    let sleep = ["sleep", "1000"];
    let old = run(&engine, "shop-web-a", &PLACE, &sleep);
    let beside = run(&engine, "shop-web-b", &PLACE, &sleep);
    let cpu = |id: &str| format!("of=local/{id}&metric=memory&from=-5m&points=300");
    server
        .lines_until("readings of the old one", &cpu(&old), |lines| {
            measured(&lines.lines[0], Metric::Memory).len() >= 2
        })
        .await;
    engine.docker(&["rm", "-f", &old]);
    let new = run(&engine, "shop-web-c", &PLACE, &sleep);
    let lines = server
        .lines_until("marker of the redeploy", &cpu(&new), |lines| {
            let line = &lines.lines[0];
            line.begins.iter().any(|begin| begin.redeployed)
                && measured(line, Metric::Memory).len() >= 4
        })
        .await;
    let line = &lines.lines[0];
    let begin = line.begins.iter().find(|begin| begin.redeployed).unwrap();
    assert_eq!(
        (
            begin.container.as_str(),
            begin.name.as_str(),
            begin.image.as_str()
        ),
        (new.as_str(), "shop-web-c", "busybox:test")
    );
    let column = &line.columns[0];
    let start = |i: usize| UnixMs(lines.from.0 + i64::try_from(i).unwrap() * lines.step_ms);
    let places = (0..lines.points).filter(|i| column.mean[*i].is_some());
    let (before, after): (Vec<_>, Vec<_>) = places.partition(|i| start(*i) < begin.at);
    assert!(!before.is_empty() && !after.is_empty(), "{line:#?}");

    let alone = server.lines(&format!("{}&line=off", cpu(&new))).await;
    assert!(alone.lines[0].begins.is_empty(), "{alone:#?}");
    let of_both = format!("of=local/{new},local/{beside}&metric=memory&from=-5m&points=300");
    let both = server.lines(&of_both).await;
    let begins: Vec<usize> = both.lines.iter().map(|line| line.begins.len()).collect();
    assert_eq!(begins, [1, 0], "the other replica ran all the time");

    engine.docker(&["restart", "-t", "0", &beside]);
    let again = server
        .lines_until("marker of the restart", &cpu(&beside), |lines| {
            !lines.lines[0].begins.is_empty()
        })
        .await;
    assert!(again.lines[0].begins.iter().all(|begin| !begin.redeployed));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_lines_come_as_json_as_a_table_and_as_bytes() {
    let engine = Engine::start();
    let busy = ["sh", "-c", "while :; do :; done"];
    run(&engine, "busy", &["--cpus", "0.3"], &busy);
    run(&engine, "idle", &[], &["sleep", "1000"]);
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path(), &engine.address()).await;
    let top = "top=2&metric=cpu,memory&from=-2m&points=120&percentiles=50,95,100";
    server
        .lines_until("readings of both", top, |lines| {
            lines.lines.len() == 2
                && lines
                    .lines
                    .iter()
                    .all(|line| measured(line, Metric::Cpu).len() >= 5)
        })
        .await;
    // A stretch that is over, so that all forms tell of the same.
    let until = server.lines("of=local&metric=cpu&from=-2s").await.from.0 - 1;
    let query = format!("{top}&to={until}");
    let json = server.lines(&query).await;
    let names: Vec<&str> = json.lines.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(names, ["busy", "idle"], "the greatest first");
    let head = |accept: &str, format: &str| {
        format!(
            "GET /api/v1/series?{query}{format} HTTP/1.1\r\nhost: {}\r\naccept: {accept}\r\nconnection: close\r\n\r\n",
            server.address
        )
    };

    let (head_of_bytes, bytes) = server.ask_bytes(&head(MEDIA_TYPE, "")).await;
    assert!(head_of_bytes.contains(MEDIA_TYPE), "{head_of_bytes}");
    let decoded = Lines::decode(&bytes).unwrap();
    assert_eq!(decoded.lines.len(), 2);
    for (decoded, line) in decoded.lines.iter().zip(&json.lines) {
        assert_eq!((&decoded.of, &decoded.name), (&line.of, &line.name));
        assert_eq!(decoded.gaps, line.gaps);
        assert_eq!(decoded.whole, line.whole);
        assert_eq!(
            decoded.columns[0], line.columns[0],
            "percentages come back as they were"
        );
    }

    let (head_of_table, table) = server.ask_bytes(&head("*/*", "&format=csv")).await;
    let head_of_table = head_of_table.to_ascii_lowercase();
    assert!(
        head_of_table.contains("content-type: text/csv"),
        "{head_of_table}"
    );
    assert!(
        head_of_table.contains("content-disposition: attachment; filename=\"plimsoll-lines-"),
        "{head_of_table}"
    );
    let table = String::from_utf8(table).unwrap();
    let mut values: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut rows = table.split_terminator("\r\n");
    let header = rows.next().unwrap();
    assert!(header.contains("CPU max (percent of one core)"), "{header}");
    for row in rows {
        let cells: Vec<&str> = row.split(',').collect();
        assert!(cells[0].ends_with('Z'), "{row}");
        // One reading a bucket, so its mean is the reading.
        values
            .entry(cells[1])
            .or_default()
            .extend(cells[3].parse::<f64>().ok());
    }
    for line in &json.lines {
        let mut measured = values[line.name.as_str()].clone();
        measured.sort_by(f64::total_cmp);
        let whole = &line.whole[0];
        assert!(whole.exact);
        for (wish, found) in [50.0, 95.0, 100.0].iter().zip(&whole.percentiles) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a few readings"
            )]
            let rank = (wish * measured.len() as f64 / 100.0).ceil() as usize;
            let brute = measured[rank.max(1) - 1];
            let found = found.unwrap();
            assert!(
                (found - brute).abs() <= 0.0051,
                "{}: p{wish} is {found}, not {brute}",
                line.name
            );
        }
    }
    let (_, gone) = server
        .ask_bytes(&head("text/csv, application/json", ""))
        .await;
    assert!(gone.starts_with(b"time,name,subject"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_answered_is_refused_by_name() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path(), "unix:///nonexistent.sock").await;
    let id = "ab".repeat(32);
    for (query, status, said) in [
        ("of=local&points=1000000000", 400, "from 1 to 2000"),
        ("of=local&from=now&to=-1h", 400, "before it begins"),
        ("of=local&metric=heat", 400, "There is no metric \"heat\""),
        ("of=elsewhere", 404, "There is no host \"elsewhere\""),
        (
            &format!("of=local/{id}"),
            404,
            "has no container abababababab",
        ),
        (
            "top=3&metric=cpu&host=elsewhere",
            404,
            "There is no host \"elsewhere\"",
        ),
        ("of=local&format=xml", 400, "json, csv or bin"),
        ("", 400, "of=HOST"),
    ] {
        let problem = server.refused(query).await;
        assert_eq!(problem.status, status, "{query}: {problem:?}");
        assert!(problem.detail.contains(said), "{query}: {problem:?}");
    }
    let host = server.lines("of=local&from=-10m&points=10").await;
    assert_eq!(host.lines[0].columns.len(), Metric::ALL.len());
    let page: Page<plimsoll_shared::ContainerNow> = server.json("/api/v1/containers").await;
    assert!(page.items.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_minutes_without_a_server_are_a_gap_that_says_so_in_every_form() {
    let data = tempfile::tempdir().unwrap();
    let past = past::record(data.path()).await;
    let server = Server::start(data.path(), "unix:///nonexistent.sock").await;
    let query = format!(
        "of=local/{}&metric=memory&from=-40m&points=600",
        past::id(2)
    );
    let lines = server.lines(&query).await;
    let gaps: Vec<_> = lines.lines[0]
        .gaps
        .iter()
        .filter(|gap| gap.reason == GapReason::HubStopped)
        .collect();
    assert_eq!(gaps.len(), 1, "{:#?}", lines.lines[0].gaps);
    assert_eq!(gaps[0].from.0, past.to);
    let minutes = gaps[0].to.since(gaps[0].from) / past::MINUTE;
    assert!((10..12).contains(&minutes), "{gaps:?}");
    let (_, table) = server
        .get(&format!("/api/v1/series?{query}&format=csv"))
        .await;
    assert!(table.contains(",,,server did not run\r\n"), "{table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_second_is_the_maximum_however_wide_the_buckets_are() {
    let data = tempfile::tempdir().unwrap();
    let past = past::record(data.path()).await;
    let server = Server::start(data.path(), "unix:///nonexistent.sock").await;
    for (range, points, tier_ms) in [
        ("-1h", 2000, 1000),
        ("-1h", 300, 10_000),
        ("-1h", 60, 60_000),
        ("-7d", 900, 600_000),
        ("-300d", 2000, 3_600_000),
    ] {
        let query = format!(
            "of=local/{}&metric=cpu&from={range}&points={points}",
            past::id(3)
        );
        let lines = server.lines(&query).await;
        assert_eq!(lines.tier_ms, tier_ms, "{query}");
        let column = &lines.lines[0].columns[0];
        let place = usize::try_from((past.spike - lines.from.0) / lines.step_ms).unwrap();
        assert_eq!(column.max[place], Some(400.0), "{query}");
        let mean = column.mean[place].unwrap();
        let least = if lines.step_ms == 1000 { 400.0 } else { 1.0 };
        assert!(
            mean >= least && column.min[place].unwrap() <= mean,
            "{query}: {mean}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_from_outside_are_text_in_a_table() {
    let data = tempfile::tempdir().unwrap();
    past::record(data.path()).await;
    let server = Server::start(data.path(), "unix:///nonexistent.sock").await;
    let query = format!(
        "of=local/{}&metric=cpu&from=-15m&points=10&format=csv",
        past::id(3)
    );
    let (_, table) = server.get(&format!("/api/v1/series?{query}")).await;
    let cell = format!("\"'{}\"", past::NASTY.replace('"', "\"\""));
    assert!(table.contains(&cell), "{table}");
}
