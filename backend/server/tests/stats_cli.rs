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

/// Keeps the kernel from announcing itself over IPv6 in the engine's network, which idle containers would count as received.
fn silence_network(engine: &Engine) {
    let pid = engine.pid().unwrap().to_string();
    for which in ["all", "default"] {
        let setting = format!("net.ipv6.conf.{which}.disable_ipv6=1");
        let done = Command::new("nsenter")
            .args(["-t", &pid, "-n", "busybox", "sysctl", "-w", &setting])
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", text(&done.stderr));
    }
}

/// Twenty containers of all kinds, and four that do not run.
fn mixed(engine: &Engine) {
    silence_network(engine);
    for n in 1..=4 {
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
    let gateway = "ping -c 20 -s 1000 -A $(ip route | sed -n 's/^default via \\([0-9.]*\\).*/\\1/p'); sleep 100000";
    run("traffic", &[], &["sh", "-c", gateway]);
    run(
        "writes",
        &[],
        &[
            "sh",
            "-c",
            "dd if=/dev/zero of=/f bs=64k count=32 oflag=direct; sleep 100000",
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

type Columns = BTreeMap<String, String>;

fn lines(output: &Output) -> Vec<Columns> {
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

/// Compares what both measured. A machine that is busy with other things now and then lets a container's second pass
/// differently for the two who look; a difference must show three times to be one.
fn assert_seen_alike(engine: &Engine, args: &[&str], count: usize) {
    let mut differences = Vec::new();
    for _ in 0..3 {
        differences = seen_differently(engine, args, count);
        if differences.is_empty() {
            return;
        }
    }
    panic!("{differences:#?}");
}

/// Docker looks, we look, docker looks again: what docker saw unchanged we must have seen so.
fn seen_differently(engine: &Engine, args: &[&str], count: usize) -> Vec<String> {
    let look = |mut command: Command| {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        lines(&output)
    };
    let before = look(docker(engine, args));
    let ours = look(plimsoll(engine, args));
    let after = look(docker(engine, args));
    let names = |lines: &[Columns]| {
        lines
            .iter()
            .map(|line| line["Name"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(&ours),
        names(&before),
        "the same containers in the same order"
    );
    assert_eq!(
        names(&ours),
        names(&after),
        "the same containers in the same order"
    );
    assert_eq!(ours.len(), count);
    let traffic = ours.iter().find(|line| line["Name"] == "traffic").unwrap();
    assert!(!traffic["NetIO"].contains("0B"), "{}", traffic["NetIO"]);

    let (mut differences, mut compared) = (Vec::new(), 0);
    for ((our, before), after) in ours.iter().zip(&before).zip(&after) {
        let name = &our["Name"];
        assert_eq!(
            our.keys().collect::<Vec<_>>(),
            before.keys().collect::<Vec<_>>()
        );
        for (column, ours) in our {
            let (before, after) = (&before[column], &after[column]);
            // A quota is spent in steps of 100 ms: one more or less in a second is a tenth of it.
            let step = if stands_still(name) { 0.5 } else { 3.0 };
            let near = |theirs: &str| (percent(ours) - percent(theirs)).abs() <= step;
            let alike = match column.as_str() {
                "CPUPerc" => near(before) || near(after),
                _ => before != after || ours == before,
            };
            compared += usize::from(before == after);
            if !alike {
                differences.push(format!(
                    "{name} {column}: docker {before}, plimsoll {ours}, docker {after}"
                ));
            }
        }
    }
    assert!(
        compared >= count * 8,
        "only {compared} of {} columns stood still",
        count * 9
    );
    differences
}

#[test]
fn twenty_mixed_containers_read_as_docker_stats_reads_them() {
    let engine = Engine::start();
    mixed(&engine);
    settle(&engine);

    assert_seen_alike(&engine, &["--no-stream", "--format", "{{json .}}"], 20);
    assert_seen_alike(
        &engine,
        &[
            "--all",
            "--no-stream",
            "--no-trunc",
            "--format",
            "{{json .}}",
        ],
        24,
    );

    // What moves stands aside; then every byte is the same.
    engine.docker(&["rm", "-f", "busy-share", "busy-less"]);
    let ours = plimsoll(&engine, &["--no-stream", "--format", "json"])
        .output()
        .unwrap();
    assert_eq!(
        lines(&ours).len(),
        18,
        "json is short for {{json .}}, also where docker is too old to know"
    );
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
    // The mean since the machine started would be next to nothing.
    let first = stream.frame();
    let busy = |frame: &str| {
        let line = frame.lines().find(|line| line.starts_with("busy"))?;
        Some(percent(line.split_whitespace().nth(1)?))
    };
    assert!(first.starts_with("NAME      CPU %\n"), "{first:?}");
    let used = busy(&first).expect("the first picture has its number");
    assert!(
        (5.0..70.0).contains(&used),
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
