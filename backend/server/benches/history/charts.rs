//! Charts over HTTP of the real server on the seeded database, and how soon that server is ready.

use crate::{
    report::{Line, line, milliseconds, percentile, print, sorted},
    seed::{CONTAINERS, Seed, seed},
};
use anyhow::{Context, Result, bail, ensure};
use plimsoll_shared::{ContainerId, UnixMs, routes};
use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// Questions of each kind, each of another container.
const ASKED: usize = 100;
/// How often many containers are asked for at once.
const MANY: usize = 3;
/// Longest a server may take to be ready.
const PATIENCE: Duration = Duration::from_secs(60);
const STRETCHES: [(&str, i64); 4] = [
    ("1 h", HOUR),
    ("24 h", DAY),
    ("30 d", 30 * DAY),
    ("13 months", 395 * DAY),
];

/// Seeds, starts the server cold and asks it.
pub(crate) async fn run() -> Result<()> {
    let program = std::env::var_os("PLIMSOLL_BIN")
        .map(PathBuf::from)
        .context("PLIMSOLL_BIN does not name the built server: run `cargo xtask bench history`")?;
    let seed = seed().await?;
    let size = seed.bytes()?;
    let server = Server::start(&program, &seed)?;
    let mut http = Http(BufReader::new(TcpStream::connect(server.address)?));
    let mut lines = Vec::new();
    for (name, length) in STRETCHES {
        lines.extend(one_container(&mut http, &seed, name, length)?);
    }
    let gigabytes = size as f64 / 1e9;
    let of = format!("{CONTAINERS} containers, 13 months, {gigabytes:.1} GB, over HTTP");
    print(&format!("Charts of one of {of}"), "aim", &lines);
    let lines = many_containers(&mut http, &seed)?;
    print(&format!("Many of {of}"), "aim", &lines);
    let resident = resident(server.process.id())?;
    print(
        &format!("The server on a file of {gigabytes:.1} GB, nothing of it in memory"),
        "aim",
        &[
            line(
                "start to /readyz",
                seconds(server.ready_after),
                "3 s with 2 GB",
            ),
            line(
                "its memory after all questions",
                format!("{} MB", resident / 1_000_000),
                "",
            ),
        ],
    );
    Ok(())
}

fn one_container(http: &mut Http, seed: &Seed, name: &str, length: i64) -> Result<Vec<Line>> {
    let (mut cold, mut warm) = (Vec::new(), Vec::new());
    let mut bytes = 0;
    for number in 0..ASKED {
        let id = &seed.containers[number * 7 % seed.containers.len()];
        let path = series(seed, &[id], length, "points=900");
        for times in [&mut cold, &mut warm] {
            let (time, body) = http.get(&path)?;
            ensure!(
                body.windows(6).any(|text| text == b"\"mean\""),
                "no chart: {}",
                String::from_utf8_lossy(&body[..body.len().min(200)])
            );
            bytes = body.len();
            times.push(time);
        }
    }
    let row = |what: &str, times: Vec<f64>| {
        let times = sorted(times);
        let at = |share| milliseconds(percentile(&times, share));
        line(
            format!("one container, {name}, all metrics, {what}, p50 and p95"),
            format!("{} {}", at(0.5), at(0.95)),
            "10 ms",
        )
    };
    Ok(vec![
        row(&format!("{} kB", bytes / 1000), cold),
        row("asked again", warm),
    ])
}

fn many_containers(http: &mut Http, seed: &Seed) -> Result<Vec<Line>> {
    let some: Vec<&ContainerId> = seed.containers.iter().take(100).collect();
    let mut lines = Vec::new();
    let hundred = series(seed, &some, DAY, "metric=cpu&points=240");
    let to = seed.end.0;
    let top = |length: i64| {
        format!(
            "{}?top=10&by=mean&metric=cpu&points=60&from={}&to={to}",
            routes::SERIES,
            to - length
        )
    };
    for (what, path, aim) in [
        ("100 containers × 240 points, 24 h, CPU", hundred, "60 ms"),
        ("the 10 greatest of 1000 by CPU, 1 h", top(HOUR), ""),
        ("the 10 greatest of 1000 by CPU, 24 h", top(DAY), ""),
        ("the 10 greatest of 1000 by CPU, 30 d", top(30 * DAY), ""),
    ] {
        let mut times = Vec::new();
        for _ in 0..MANY {
            times.push(http.get(&path)?.0);
        }
        let times = sorted(times);
        let at = |share| milliseconds(percentile(&times, share));
        lines.push(line(
            format!("{what}, p50 and longest"),
            format!("{} {}", at(0.5), at(1.0)),
            aim,
        ));
    }
    Ok(lines)
}

fn series(seed: &Seed, of: &[&ContainerId], length: i64, rest: &str) -> String {
    let of: Vec<String> = of.iter().map(|id| format!("local/{id}")).collect();
    let UnixMs(end) = seed.end;
    let (from, to) = (end - length, end - 1000);
    format!(
        "{}?of={}&from={from}&to={to}&{rest}",
        routes::SERIES,
        of.join(",")
    )
}

/// The server's process; ended when dropped.
struct Server {
    process: Child,
    address: SocketAddr,
    ready_after: Duration,
}

impl Server {
    /// Starts it on the seeded folder, of which the kernel has forgotten what it had in memory; no engine is there.
    fn start(program: &PathBuf, seed: &Seed) -> Result<Self> {
        let file = File::open(seed.samples())?;
        rustix::fs::fsync(&file)?;
        rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed)?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let begun = Instant::now();
        let process = Command::new(program)
            .args(["serve", "--listen", &address.to_string(), "--docker-host"])
            .arg(format!(
                "unix://{}",
                seed.folder.join("no-engine.sock").display()
            ))
            .arg("--data")
            .arg(&seed.folder)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{} could not be started", program.display()))?;
        let mut server = Self {
            process,
            address,
            ready_after: Duration::ZERO,
        };
        loop {
            ensure!(
                begun.elapsed() < PATIENCE,
                "the server was not ready within {} s",
                PATIENCE.as_secs()
            );
            if let Some(status) = server.process.try_wait()? {
                bail!("the server ended: {status}");
            }
            let ready = TcpStream::connect(address)
                .map_err(anyhow::Error::from)
                .and_then(|stream| Http(BufReader::new(stream)).get("/readyz"));
            if ready.is_ok() {
                server.ready_after = begun.elapsed();
                return Ok(server);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // In order, so that the folder serves again.
        let pid = rustix::process::Pid::from_child(&self.process);
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        let _ = self.process.wait();
    }
}

/// A connection that is kept.
struct Http(BufReader<TcpStream>);

impl Http {
    /// Milliseconds from the question to the last byte of its answer, and the answer.
    fn get(&mut self, path: &str) -> Result<(f64, Vec<u8>)> {
        let begun = Instant::now();
        let question = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        self.0.get_mut().write_all(question.as_bytes())?;
        let mut status = String::new();
        self.0.read_line(&mut status)?;
        let mut length = None;
        loop {
            let mut header = String::new();
            self.0.read_line(&mut header)?;
            let header = header.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(text) = header.strip_prefix("content-length:") {
                length = Some(text.trim().parse()?);
            }
        }
        let mut body = vec![0; length.context("an answer without a length")?];
        self.0.read_exact(&mut body)?;
        let time = begun.elapsed().as_secs_f64() * 1000.0;
        if !status.contains(" 200 ") {
            bail!(
                "{} for {path}: {}",
                status.trim_end(),
                String::from_utf8_lossy(&body)
            );
        }
        Ok((time, body))
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

fn resident(pid: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(kib
        .context("the kernel tells no VmRSS")?
        .trim()
        .parse::<u64>()?
        * 1024)
}
