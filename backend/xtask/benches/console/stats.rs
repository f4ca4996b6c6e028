//! What it costs to measure idle containers: ours beside `docker stats` streaming the same ones.

use crate::{
    cpu::{self, CpuTime, cpu_time},
    report::{line, print},
    setting::{self, Live},
};
use anyhow::{Context, Result};
use plimsoll_shared::{Body, View};
use plimsoll_testkit::Engine;
use std::{process::Stdio, time::Duration};

/// How long the engine is watched at rest and under our server: Go collects garbage in each of the engine's idle processes every two
/// minutes, and a shorter window would catch that by chance.
const ROUND: Duration = Duration::from_secs(120);
/// How long it is watched under `docker stats`, which keeps all of them busy.
const BUSY: Duration = Duration::from_secs(20);
/// The first seconds, in which the engine is asked what there is, are not what a container costs.
const SETTLE: Duration = Duration::from_secs(4);

/// 20 containers, then 100.
pub(crate) async fn run() -> Result<()> {
    let engine = Engine::start();
    for count in [20, 100] {
        println!("\nstarting {count} idle containers, then measuring for five minutes");
        setting::fill(&engine, count);
        measure(&engine, count).await?;
    }
    Ok(())
}

async fn measure(engine: &Engine, count: usize) -> Result<()> {
    let daemon = engine.pid().context("the engine runs")?;
    let folder = engine
        .socket()
        .parent()
        .context("a socket lies in a folder")?
        .display()
        .to_string();
    let runtime = cpu::processes("containerd", &folder);
    let quiet = spent(ROUND, &[&[daemon], &runtime]).await;

    let console = setting::console(&engine.address()).await?;
    let server = console.server.pid().context("the server runs")?;
    let mut live = Live::watch(&console.server.url, vec![View::Containers]).await?;
    wait_for_readings(&mut live, count).await?;
    drop(live);
    tokio::time::sleep(SETTLE).await;
    let ours = spent(ROUND, &[&[server], &[daemon], &runtime]).await;
    let resident = cpu::resident(server)?;
    drop(console);

    let mut command = engine.command();
    command
        .args(["stats", "--format", "{{json .}}"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut docker = command.spawn().context("docker could not be started")?;
    tokio::time::sleep(SETTLE).await;
    let theirs = spent(BUSY, &[&[docker.id()], &[daemon], &runtime]).await;
    docker
        .kill()
        .and_then(|()| docker.wait())
        .context("docker could not be ended")?;

    let micros = |seconds: f64| format!("{:.1} µs", seconds * 1e6 / count as f64);
    let all = |parts: &[f64]| parts.iter().sum::<f64>();
    let asking = |parts: &[f64]| (all(parts) - all(&quiet)).max(0.0);
    let share = |ours: f64, theirs: f64| format!("{:.1} %", 100.0 * ours / theirs);
    print(
        &format!("CPU per container-second, {count} idle containers (aim: 5 % of docker stats)"),
        "docker stats",
        &[
            line("the program itself", micros(ours[0]), micros(theirs[0])),
            line("dockerd", micros(ours[1]), micros(theirs[1])),
            line(
                "containerd and its shims",
                micros(ours[2]),
                micros(theirs[2]),
            ),
            line("all", micros(all(&ours)), micros(all(&theirs))),
            line(
                "share of docker stats",
                share(all(&ours), all(&theirs)),
                "100 %",
            ),
            line(
                "engine at rest, nobody asking",
                micros(all(&quiet)),
                micros(all(&quiet)),
            ),
            line(
                "all without what it needs at rest",
                micros(asking(&ours)),
                micros(asking(&theirs)),
            ),
            line(
                "share of docker stats",
                share(asking(&ours), asking(&theirs)),
                "100 %",
            ),
            line(
                "server's resident memory",
                format!("{:.1} MiB", resident as f64 / 1_048_576.0),
                "",
            ),
        ],
    );
    Ok(())
}

/// CPU seconds a second that each group of processes uses during `window`.
async fn spent(window: Duration, groups: &[&[u32]]) -> Vec<f64> {
    let before: Vec<CpuTime> = groups.iter().map(|group| cpu_time(group)).collect();
    tokio::time::sleep(window).await;
    let used = groups
        .iter()
        .zip(&before)
        .map(|(group, before)| before.until(&cpu_time(group)));
    used.map(|used| used.as_secs_f64() / window.as_secs_f64())
        .collect()
}

async fn wait_for_readings(live: &mut Live, count: usize) -> Result<()> {
    for _ in 0..60 {
        let (frame, _) = live.next().await?;
        let seen = match &frame.body {
            Body::ContainersFull { readings, .. } | Body::ContainersDelta { readings, .. } => {
                readings.len()
            }
            _ => 0,
        };
        if seen >= count {
            return Ok(());
        }
    }
    anyhow::bail!("the server never measured all {count} containers in one sweep")
}
