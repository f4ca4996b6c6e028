//! `plimsoll stats` beside `docker stats`, on a real engine with containers of every kind.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use plimsoll_testkit::Engine;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    io::{BufReader, Read},
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

const IDLE: &[&str] = &["sleep", "100000"];
const BUSY: &[&str] = &["sh", "-c", "while :; do :; done"];
const PATIENCE: Duration = Duration::from_secs(30);

fn plimsoll(engine: &Engine, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command
        .env_remove("DOCKER_HOST")
        .env("DOCKER_CONFIG", "/nonexistent")
        .args(["stats", "--docker-host", &engine.address()])
        .args(args);
    command
}

fn docker(engine: &Engine, args: &[&str]) -> Command {
    let mut command = engine.command();
    command.arg("stats").args(args);
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Runs both at the same time, so that the pictures are of the same second.
fn side_by_side(engine: &Engine, args: &[&str]) -> (Output, Output) {
    let theirs = docker(engine, args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let ours = plimsoll(engine, args).output().unwrap();
    (ours, theirs.wait_with_output().unwrap())
}

fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "in vain: {what}");
        thread::yield_now();
    }
}

/// Twenty containers of all kinds, and four that do not run.
fn mixed(engine: &Engine) {
    for n in 1..=5 {
        engine.run_idle(&format!("idle-{n}"));
    }
    let run = |name: &str, options: &[&str], command: &[&str]| {
        engine.run(&[&["--name", name], options].concat(), command);
    };
    run("busy-share", &["--cpus", "0.2"], BUSY);
    run("busy-less", &["--cpus", "0.1"], BUSY);
    run("memory", &["-m", "64m"], IDLE);
    run(
        "memory-used",
        &["-m", "128m"],
        &[
            "sh",
            "-c",
            "dd if=/dev/zero of=/dev/shm/f bs=1M count=20; sleep 100000",
        ],
    );
    run(
        "pids",
        &["--pids-limit", "50"],
        &["sh", "-c", "sleep 100001 & sleep 100002 & sleep 100000"],
    );
    run(
        "cpuset",
        &["--cpuset-cpus", "0", "--cpu-shares", "128"],
        IDLE,
    );
    run("host-network", &["--network", "host"], IDLE);
    run("no-network", &["--network", "none"], IDLE);
    run("shares-network", &["--network", "container:idle-1"], IDLE);
    run("read-only", &["--read-only", "--tmpfs", "/tmp"], IDLE);
    run(
        "labelled",
        &[
            "-l",
            "com.docker.compose.project=shop",
            "-l",
            "com.docker.compose.service=api",
        ],
        IDLE,
    );
    run(
        "writes",
        &[],
        &[
            "sh",
            "-c",
            "dd if=/dev/zero of=/f bs=64k count=32 conv=fsync; sleep 100000",
        ],
    );
    run(
        "healthy",
        &["--health-cmd", "true", "--health-interval", "1h"],
        IDLE,
    );
    run("restarts", &["--restart", "always"], IDLE);
    run("paused", &[], IDLE);
    engine.docker(&["pause", "paused"]);
    engine.docker(&["create", "--name", "made", "busybox:test", "sleep", "1"]);
    for (name, command) in [("ended", "true"), ("failed", "false")] {
        let _ = engine.try_docker(&["run", "--name", name, "busybox:test", command]);
    }
    engine.run_idle("stopped");
    engine.docker(&["kill", "stopped"]);
}

/// Containers whose numbers stand still.
fn stands_still(name: &str) -> bool {
    !name.starts_with("busy")
}

fn lines(output: &Output) -> Vec<BTreeMap<String, String>> {
    text(&output.stdout)
        .lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).unwrap();
            let fields = value.as_object().unwrap();
            fields
                .iter()
                .map(|(k, v)| (k.clone(), v.as_str().unwrap().to_owned()))
                .collect()
        })
        .collect()
}

/// `12.34%` as a number.
fn percent(text: &str) -> f64 {
    text.strip_suffix('%').unwrap().parse().unwrap()
}

fn assert_same_numbers(ours: &[BTreeMap<String, String>], theirs: &[BTreeMap<String, String>]) {
    let names = |lines: &[BTreeMap<String, String>]| -> Vec<String> {
        lines.iter().map(|line| line["Name"].clone()).collect()
    };
    assert_eq!(
        names(ours),
        names(theirs),
        "the same containers in the same order"
    );
    for (our, their) in ours.iter().zip(theirs) {
        let name = &our["Name"];
        let columns: Vec<_> = our.keys().collect();
        assert_eq!(columns, their.keys().collect::<Vec<_>>());
        for column in columns {
            let (a, b) = (&our[column], &their[column]);
            match column.as_str() {
                "CPUPerc" if stands_still(name) => assert!(
                    (percent(a) - percent(b)).abs() <= 1.0,
                    "{name} {column}: {a} and {b}"
                ),
                // a quota in steps of 100 ms, over two seconds that overlap
                "CPUPerc" => assert!(
                    (percent(a) - percent(b)).abs() <= 8.0,
                    "{name} {column}: {a} and {b}"
                ),
                _ => assert_eq!(a, b, "{name} {column}"),
            }
        }
    }
}

#[test]
fn twenty_mixed_containers_read_as_docker_stats_reads_them() {
    let engine = Engine::start();
    mixed(&engine);
    settle(&engine);

    let json = ["--no-stream", "--format", "{{json .}}"];
    let (ours, theirs) = side_by_side(&engine, &json);
    assert!(ours.status.success(), "{}", text(&ours.stderr));
    assert_eq!(lines(&ours).len(), 20);
    assert_same_numbers(&lines(&ours), &lines(&theirs));

    let ours = plimsoll(&engine, &["--no-stream", "--format", "json"])
        .output()
        .unwrap();
    assert_same_numbers(&lines(&ours), &lines(&theirs));

    let (ours, theirs) = side_by_side(
        &engine,
        &[
            "--all",
            "--no-stream",
            "--no-trunc",
            "--format",
            "{{json .}}",
        ],
    );
    assert_eq!(lines(&ours).len(), 24);
    assert_same_numbers(&lines(&ours), &lines(&theirs));

    // What moves stands aside; then every byte is the same.
    engine.docker(&["rm", "-f", "busy-share", "busy-less"]);
    for args in [
        &["--no-stream"][..],
        &["--no-stream", "--all"],
        &["--no-stream", "--no-trunc"],
        &["--no-stream", "--format", "table"],
        &["--no-stream", "idle-1", "memory", "made", "idle-1"],
        &[
            "--no-stream",
            "--format",
            "table {{.Name}}\\t{{.PIDs}}\\t{{.Container}}",
        ],
        &[
            "--no-stream",
            "--format",
            "table {{upper .Name}}\\t{{pad .PIDs 2 2}}\\t{{truncate .ID 4}}\\t{{lower .MemUsage}}",
        ],
        &[
            "--no-stream",
            "--format",
            "{{.Name}}\\n\\t{{json .MemUsage}} {{title .Name}} {{join (split .NetIO \" / \") \",\"}}",
        ],
        &[
            "--no-stream",
            "--format",
            "{{range $i, $part := split .Name \"-\"}}{{if $i}}+{{end}}{{printf \"%s\" $part}}{{end}}",
        ],
        &["--no-stream", "--format", "  table of {{.Name}}"],
        &["--no-stream", "--format", "nothing"],
    ] {
        same_bytes(&engine, args);
    }
    for args in [
        &["--no-stream", "nobody"][..],
        &["--no-stream", "idle-1", "nobody", "noone"],
        &["nobody"],
    ] {
        let (ours, theirs) = side_by_side(&engine, args);
        assert_eq!(text(&ours.stderr), text(&theirs.stderr), "{args:?}");
        assert_eq!(ours.status.code(), Some(1), "{args:?}");
        assert_eq!(theirs.status.code(), Some(1), "{args:?}");
    }
}

/// Waits until docker sees the same numbers twice in what should stand still.
fn settle(engine: &Engine) {
    let mut before = String::new();
    wait_until("containers that stand still", || {
        let args = [
            "--no-stream",
            "--format",
            "{{.Name}} {{.MemUsage}} {{.NetIO}} {{.BlockIO}} {{.PIDs}}",
        ];
        let output = text(&docker(engine, &args).output().unwrap().stdout);
        let quiet: Vec<&str> = output.lines().filter(|line| stands_still(line)).collect();
        let now = quiet.join("\n");
        let settled = now == before;
        before = now;
        settled
    });
}

/// Compares what both print. A picture may fall on the second in which an idle container's own timer fires, so a difference
/// must show three times to be one.
fn same_bytes(engine: &Engine, args: &[&str]) {
    let mut seen = (String::new(), String::new());
    for _ in 0..3 {
        let (ours, theirs) = side_by_side(engine, args);
        assert!(ours.status.success(), "{args:?}: {}", text(&ours.stderr));
        seen = (text(&ours.stdout), text(&theirs.stdout));
        if seen.0 == seen.1 {
            return;
        }
    }
    assert_eq!(seen.0, seen.1, "{args:?}");
}

/// A `plimsoll stats` that redraws, and what it drew last.
struct Streaming {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
}

impl Streaming {
    fn start(engine: &Engine, args: &[&str]) -> Self {
        let mut child = plimsoll(engine, args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out }
    }

    /// The next whole frame, without its control sequences.
    fn frame(&mut self) -> String {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\x1b[J") {
            let mut byte = [0];
            self.out.read_exact(&mut byte).expect("it goes on drawing");
            bytes.push(byte[0]);
        }
        let frame = text(&bytes);
        let frame = frame
            .strip_prefix("\x1b[H")
            .expect("a frame begins at the top");
        frame.replace("\x1b[K", "").replace("\x1b[J", "")
    }

    fn wait_for(&mut self, what: &str, fits: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        loop {
            let frame = self.frame();
            if fits(&frame) {
                return frame;
            }
            assert!(start.elapsed() < PATIENCE, "in vain: {what}\n{frame}");
        }
    }
}

impl Drop for Streaming {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_stream_takes_in_what_starts_drops_what_goes_and_never_shows_a_mean_since_the_start() {
    let engine = Engine::start();
    engine.run_idle("first");
    engine.run(&["--name", "busy", "--cpus", "0.5"], BUSY);
    let mut stream = Streaming::start(&engine, &["--format", "table {{.Name}}\t{{.CPUPerc}}"]);
    let first = stream.frame();
    let busy = |frame: &str| {
        let line = frame.lines().find(|line| line.starts_with("busy"))?;
        Some(percent(line.split_whitespace().nth(1)?))
    };
    assert!(first.starts_with("NAME      CPU %\n"), "{first:?}");
    let used = busy(&first).expect("the first picture has its number");
    assert!(
        (30.0..70.0).contains(&used),
        "the first number is of the last second: {used}"
    );

    engine.run_idle("second");
    let frame = stream.wait_for("a new container", |frame| frame.contains("second"));
    let names: Vec<_> = frame
        .lines()
        .skip(1)
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(names.last(), Some(&"second"), "it joins below: {names:?}");
    engine.docker(&["kill", "first"]);
    stream.wait_for("one that ended is gone", |frame| !frame.contains("first"));
    engine.docker(&["rm", "-f", "second"]);
    stream.wait_for("one that was removed is gone", |frame| {
        !frame.contains("second")
    });
}

#[test]
fn without_an_engine_it_says_what_was_tried_and_a_closed_pipe_is_no_error() {
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args([
            "stats",
            "--no-stream",
            "--docker-host",
            "unix:///nonexistent/docker.sock",
        ])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(
        said.starts_with("No Docker engine answers.") && said.contains("/nonexistent/docker.sock"),
        "{said}"
    );

    let engine = Engine::start();
    let empty = side_by_side(&engine, &["--no-stream", "--format", "{{.Name}}"]);
    assert_eq!(text(&empty.0.stdout), text(&empty.1.stdout));
    engine.run_idle("alone");
    let mut stream = Streaming::start(&engine, &[]);
    stream.frame();
    let mut child = plimsoll(&engine, &[])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), text(&output.stderr)),
        (Some(0), String::new())
    );
}
