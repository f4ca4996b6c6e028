//! Recording ten thousand containers at 1 Hz through the real recorder, in less time than it takes in life; then packing, rolling up and
//! pruning while recording goes on at its own pace.

use crate::{
    made::{self, Container, VALUES},
    report::{Line, line, print},
};
use anyhow::{Context, Result};
use plimsoll_model::Observation;
use plimsoll_server::{Archive, Packing, Recorder, horizon, retention};
use plimsoll_shared::{HostId, UnixMs};
use std::{
    future::Future,
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

const CONTAINERS: u64 = 10_000;
/// A quarter of an hour, and what it takes until that counts as over.
const SECONDS: i64 = 935;
/// A moment at which a stretch of every tier begins.
const START: i64 = 735 * 28 * 24 * HOUR;
const HOUR: i64 = 3_600_000;
const MAX_GAP_MS: i64 = 3500;
/// Between two looks whether a sweep is written.
const LOOK: Duration = Duration::from_millis(1);
const CORE: &str = "0.5 of a core";
const BLOCKED: &str = "100 ms";

struct Feed {
    recorder: Recorder,
    store: Archive,
    host: HostId,
    containers: Vec<Container>,
    /// Seconds since [`START`].
    second: i64,
    /// Spent on making numbers.
    making: Duration,
}

impl Feed {
    /// Records one sweep and waits until it is kept; says how long that took.
    async fn sweep(&mut self) -> Result<Duration> {
        let at = UnixMs(START + self.second * 1000);
        let before = of_this_thread();
        let batch = made::sweep(&mut self.containers, at);
        self.making += of_this_thread().saturating_sub(before);
        self.second += 1;
        let begun = Instant::now();
        self.recorder.keep(&self.host, Observation::Readings(batch));
        while self
            .store
            .newest(&self.host)
            .await?
            .is_none_or(|newest| newest < at)
        {
            tokio::time::sleep(LOOK).await;
        }
        Ok(begun.elapsed())
    }

    /// Records a sweep each second while `work` goes on; says how long the longest took, and what CPU time all of it used.
    async fn during<T>(
        &mut self,
        work: impl Future<Output = Result<T>>,
    ) -> Result<(T, Duration, Duration)> {
        let begun = cpu();
        let mut longest = Duration::ZERO;
        let mut ticks = tokio::time::interval(Duration::from_secs(1));
        tokio::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return Ok((done?, longest, cpu() - begun)),
                _ = ticks.tick() => {}
            }
            // The work goes on while the sweep is waited for.
            let sweep = self.sweep();
            tokio::pin!(sweep);
            let mut done = None;
            let took = loop {
                tokio::select! {
                    took = &mut sweep => break took?,
                    finished = &mut work, if done.is_none() => done = Some(finished?),
                }
            };
            longest = longest.max(took);
            if let Some(done) = done {
                return Ok((done, longest, cpu() - begun));
            }
        }
    }
}

/// Records, packs, rolls up and prunes.
pub(crate) async fn run() -> Result<()> {
    let folder = tempfile::tempdir().context("no folder for the history")?;
    let recorder = Recorder::open(folder.path(), MAX_GAP_MS).await?;
    let stop = CancellationToken::new();
    let running = tokio::spawn(recorder.clone().run(stop.clone()));
    let mut feed = Feed {
        store: recorder.store().context("the history cannot be opened")?,
        recorder: recorder.clone(),
        host: HostId::local(),
        containers: (0..CONTAINERS).map(Container::of).collect(),
        second: 0,
        making: Duration::ZERO,
    };
    let started = UnixMs(START - HOUR);
    let listed = feed.containers.iter().map(|c| c.facts(started)).collect();
    recorder.keep(&feed.host, Observation::Listed(listed));
    feed.sweep().await?;
    // As the server does soon after its start.
    let (store, host) = (feed.store.clone(), feed.host.clone());
    packing().once(&store, &host, UnixMs(START), &stop).await?;

    let mut lines = recording(&mut feed).await?;
    lines.extend(shrinking(&mut feed, &stop).await?);
    lines.push(line(
        "memory, at most",
        format!("{} MB", peak()? / 1_000_000),
        "400 MB",
    ));
    print(
        &format!("{CONTAINERS} containers × {VALUES} values at 1 Hz"),
        "aim",
        &lines,
    );
    stop.cancel();
    running.await??;
    recorder.close().await;
    Ok(())
}

async fn recording(feed: &mut Feed) -> Result<Vec<Line>> {
    let (before, made) = (cpu(), feed.making);
    let mut longest = Duration::ZERO;
    let from = feed.second;
    while feed.second < SECONDS {
        longest = longest.max(feed.sweep().await?);
    }
    let used = (cpu() - before).saturating_sub(feed.making - made);
    let seconds = u32::try_from(feed.second - from)?;
    Ok(vec![
        line(
            "recording, CPU a second",
            milliseconds(used / seconds),
            CORE,
        ),
        line(
            "recording, longest wait of a sweep",
            milliseconds(longest),
            BLOCKED,
        ),
    ])
}

/// Packs what is over, rolls it up and prunes it, at moments that are hours later.
async fn shrinking(feed: &mut Feed, stop: &CancellationToken) -> Result<Vec<Line>> {
    let packing = packing();
    let (store, host) = (feed.store.clone(), feed.host.clone());
    let mut lines = Vec::new();
    let quarter = u32::try_from(SECONDS - 35)?;
    for (what, now) in [
        ("packing", SECONDS * 1000),
        ("rolling up", 6 * HOUR + 60_000),
    ] {
        let begun = Instant::now();
        let second = feed.second;
        let work = async {
            Ok(packing
                .once(&store, &host, UnixMs(START + now), stop)
                .await?)
        };
        let ((), longest, used) = feed.during(work).await?;
        // Recording went on meanwhile and is counted above.
        let took = begun.elapsed();
        lines.push(line(
            format!("{what} a quarter of an hour, CPU a second, with what was recorded meanwhile"),
            milliseconds(used / quarter),
            CORE,
        ));
        lines.push(line(
            format!(
                "{what}, longest wait of a sweep among {}",
                feed.second - second
            ),
            milliseconds(longest),
            format!("{BLOCKED} (took {:.0} s)", took.as_secs_f64()),
        ));
    }
    let long_after = horizon(&packing.retention, UnixMs(START + 60 * HOUR));
    let work = async {
        let mut deleted = 0;
        loop {
            match store.prune(long_after, 2000).await? {
                0 => return Ok(deleted),
                some => deleted += some,
            }
        }
    };
    let (deleted, longest, _) = feed.during(work).await?;
    lines.push(line(
        format!("pruning {deleted} rows, longest wait of a sweep"),
        milliseconds(longest),
        BLOCKED,
    ));
    Ok(lines)
}

fn packing() -> Packing {
    Packing {
        retention: retention(Duration::from_secs(48 * 3600)),
        max_gap_ms: MAX_GAP_MS,
    }
}

fn milliseconds(time: Duration) -> String {
    crate::report::milliseconds(Some(time.as_secs_f64() * 1000.0))
}

fn cpu() -> Duration {
    plimsoll_testkit::cpu_time(std::process::id())
}

/// CPU time that this thread has used.
fn of_this_thread() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let spent = text.split(' ').next().and_then(|text| text.parse().ok());
    Duration::from_nanos(spent.unwrap_or(0))
}

/// The most memory this process ever had resident, in bytes.
fn peak() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(kib
        .context("the kernel tells no VmHWM")?
        .trim()
        .parse::<u64>()?
        * 1024)
}
