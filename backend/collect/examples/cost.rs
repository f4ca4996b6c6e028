//! Prints what measuring idle containers costs, by files and by streams: `cargo run --release --example cost -- 20 100`.
//!
//! Microseconds of CPU per container and second, of this process and of the engine (its daemon, containerd and shims).

use plimsoll_collect::{Interfaces, Life, Sampler, Settings, watch};
use plimsoll_model::Observation;
use plimsoll_shared::{Network, UnixMs};
use plimsoll_testkit::Engine;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// How long each way is measured.
const SECONDS: u32 = 20;

#[tokio::main]
async fn main() {
    let counts: Vec<u32> = std::env::args()
        .skip(1)
        .filter_map(|count| count.parse().ok())
        .collect();
    println!(
        "{:>10} {:>8} {:>10} {:>10} {:>10}",
        "containers", "way", "ours µs", "engine µs", "readings"
    );
    for count in counts {
        let engine = Engine::start();
        let ids: Vec<_> = (0..count)
            .map(|number| engine.run_idle(&format!("idle-{number}")))
            .collect();
        let alone = engine.cpu_time();
        tokio::time::sleep(Duration::from_secs(u64::from(SECONDS))).await;
        let alone = (engine.cpu_time() - alone).as_secs_f64() * 1e6 / f64::from(count * SECONDS);
        println!("{count:>10} {:>8} {:>10} {alone:>10.1}", "nobody", "");
        for (way, direct) in [("files", true), ("streams", false)] {
            let (ours, engines, readings) = cost(&engine, direct).await;
            let each = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(count * SECONDS);
            println!(
                "{count:>10} {way:>8} {:>10.1} {:>10.1} {readings:>10}",
                each(ours),
                each(engines)
            );
        }
        let (each, machine) = sampler(&engine, &ids);
        println!("{count:>10} {:>8} {each:>10.1}", "sampler");
        println!("{:>10} {:>8} {machine:>10.1}", "", "machine");
    }
}

/// CPU time of this process and of the engine over the measured time, and the readings it brought.
async fn cost(engine: &Engine, direct: bool) -> (Duration, Duration, usize) {
    let (sender, mut observations) = tokio::sync::mpsc::channel(64);
    let stop = CancellationToken::new();
    let settings = Settings {
        docker_host: Some(engine.address()),
        direct,
        ..Settings::default()
    };
    let watching = tokio::spawn(watch(settings, sender, stop.clone()));
    let mut begun: Option<(Instant, Duration, Duration)> = None;
    let mut readings = 0;
    let warm = Instant::now() + Duration::from_secs(4);
    while let Some(observation) = observations.recv().await {
        if let Observation::Readings(batch) = observation
            && Instant::now() > warm
        {
            match begun {
                None => begun = Some((Instant::now(), own_time(), engine.cpu_time())),
                Some((since, ..)) => {
                    readings += batch.readings.len();
                    if since.elapsed() >= Duration::from_secs(u64::from(SECONDS)) {
                        break;
                    }
                }
            }
        }
    }
    let (_, ours, engines) = begun.expect("batches come every second");
    let spent = (own_time() - ours, engine.cpu_time() - engines, readings);
    stop.cancel();
    watching.await.expect("it does not panic");
    spent
}

/// Microseconds one container takes of a sweep, and the machine besides, without anything around it.
fn sampler(engine: &Engine, ids: &[String]) -> (f64, f64) {
    let data = engine.docker(&["info", "--format", "{{.DockerRootDir}}"]);
    let mut sampler = Sampler::new(Path::new("/"), None)
        .expect("/proc/stat")
        .with_data(Some(PathBuf::from(data)));
    for id in ids {
        let pid = engine.docker(&["inspect", "--format", "{{.State.Pid}}", id]);
        let life = Life {
            id: id.parse().expect("docker prints whole ids"),
            started_at: None,
            pid: pid.parse().ok(),
            network: Network::Own,
            interfaces: Interfaces::Engines { named: Vec::new() },
        };
        sampler
            .add(&life)
            .expect("the files of a container of this machine");
    }
    let begun = own_time();
    let mut readings = 0;
    for sweep in 0..1000 {
        readings += sampler.sweep(UnixMs(sweep)).len();
    }
    let each = (own_time() - begun).as_secs_f64() * 1e6
        / f64::from(u32::try_from(readings).unwrap_or(u32::MAX));
    let begun = own_time();
    for sweep in 0..1000 {
        let machine = sampler.machine(UnixMs(sweep));
        machine.expect("the machine is this one");
    }
    (each, (own_time() - begun).as_secs_f64() * 1e3)
}

fn own_time() -> Duration {
    plimsoll_testkit::cpu_time(std::process::id())
}
