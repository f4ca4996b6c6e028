//! A database with 13 months of a thousand containers, made in a minute or two and kept for the next run.
//!
//! Chunks are encoded once for every resolution and group of lives, as the packer groups them; only the times in their headers differ
//! from one stretch to the next. All resolutions are made of the same buckets, so sizes are near those of life and values mean nothing.
//! The finest two do not reach back as far as they are kept, which spares some gigabytes that no question here reads.

use crate::made::Container;
use anyhow::{Context, Result, ensure};
use plimsoll_history::{
    Life, chunk,
    format::Packed,
    rollup::{self, Bucket},
    tier::Tier,
};
use plimsoll_model::{Batch, Observation};
use plimsoll_shared::{Collection, ContainerId, HostId, Reading, UnixMs};
use plimsoll_store::{Chunk, LifeId, Recorded, Store, Stretch};
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

/// How many containers.
pub(crate) const CONTAINERS: u64 = 1000;
/// Courses that differ; a container has one of them.
const COURSES: u64 = 40;
/// Lives of a chunk of readings, and buckets of a coarser one, as the packer has them.
const LIVES: usize = 400;
const BUCKETS: usize = 30_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const MAX_GAP_MS: i64 = 3500;
/// Older than this it is made anew, since the newest readings are asked for.
const FRESH: Duration = Duration::from_secs(12 * 3600);
/// Changes when the format or this file does.
const MADE_BY: &str = "1";

/// What was seeded.
pub(crate) struct Seed {
    /// The data folder.
    pub(crate) folder: PathBuf,
    /// The first moment after the newest reading.
    pub(crate) end: UnixMs,
    /// Its containers.
    pub(crate) containers: Vec<ContainerId>,
}

impl Seed {
    /// Bytes of the history.
    pub(crate) fn bytes(&self) -> Result<u64> {
        Ok(fs::metadata(self.samples())?.len())
    }

    pub(crate) fn samples(&self) -> PathBuf {
        self.folder.join("samples.db")
    }
}

/// The database of an earlier run if it is fresh, else a new one.
pub(crate) async fn seed() -> Result<Seed> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("history-of-1000");
    let note = folder.join("seeded");
    let containers = (0..CONTAINERS)
        .map(|number| Container::of(number).id)
        .collect();
    if let Some(end) = noted(&note) {
        return Ok(Seed {
            folder,
            end,
            containers,
        });
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).context("the old database cannot be removed")?;
    }
    fs::create_dir_all(&folder)?;
    let begun = Instant::now();
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let now = i64::try_from(since.as_millis())?;
    let end = UnixMs(now / Tier::Second.chunk_ms() * Tier::Second.chunk_ms());
    fill(&folder, end).await?;
    fs::write(&note, format!("{MADE_BY} {}", end.0))?;
    println!(
        "\nseeded {} in {:.0} s",
        folder.display(),
        begun.elapsed().as_secs_f64()
    );
    Ok(Seed {
        folder,
        end,
        containers,
    })
}

fn noted(note: &Path) -> Option<UnixMs> {
    let age = fs::metadata(note).ok()?.modified().ok()?.elapsed().ok()?;
    let text = fs::read_to_string(note).ok()?;
    let (made_by, end) = text.split_once(' ')?;
    (made_by == MADE_BY && age < FRESH).then_some(UnixMs(end.parse().ok()?))
}

async fn fill(folder: &Path, end: UnixMs) -> Result<()> {
    let store = Store::open(folder).await?;
    let host = HostId::local();
    let lives = lives(&store, &host, end).await?;
    let courses: Vec<Vec<Reading>> = (0..COURSES).map(course).collect();
    let buckets: Vec<Vec<Bucket>> = courses
        .iter()
        .map(|readings| {
            let buckets = rollup::buckets(&[], readings, 10_000, MAX_GAP_MS);
            buckets.into_iter().map(|(_, bucket)| bucket).collect()
        })
        .collect();
    for tier in Tier::ALL {
        let length = tier.chunk_ms();
        let pieces = match tier {
            Tier::Second => of_readings(&lives, &courses)?,
            coarser => of_buckets(&lives, &buckets, coarser)?,
        };
        let last = end.0 / length * length;
        let mut from = (last - reach(tier)) / length * length;
        while from < last {
            let stretch = Stretch {
                tier: tier.number(),
                from: UnixMs(from),
                to: UnixMs(from + length),
            };
            let chunks: Vec<Chunk> = pieces
                .iter()
                .map(|packed| moved(packed, from))
                .collect::<Result<_>>()?;
            store.replace(&host, stretch, &chunks).await?;
            from += length;
        }
    }
    store.alive(end).await?;
    store.close().await?;
    Ok(())
}

/// How far back a resolution is seeded, in milliseconds; at least one stretch of the next coarser one.
fn reach(tier: Tier) -> i64 {
    match tier {
        Tier::Second => 7 * HOUR,
        Tier::TenSeconds => 2 * DAY,
        Tier::Minute => 30 * DAY,
        Tier::TenMinutes | Tier::Hour => Tier::TenMinutes.default_retention_ms(),
    }
}

/// A life of each container that began before everything and lasts.
async fn lives(store: &Store, host: &HostId, end: UnixMs) -> Result<Vec<LifeId>> {
    let began = UnixMs(end.0 - 400 * DAY);
    let mut made: Vec<Container> = (0..CONTAINERS).map(Container::of).collect();
    let listed = made
        .iter()
        .map(|container| container.facts(began))
        .collect();
    let swept = Batch {
        at: began,
        collection: Collection::Cgroup2,
        readings: made
            .iter_mut()
            .map(|container| (container.id.clone(), container.step(began)))
            .collect(),
        machine: None,
    };
    let told = [Observation::Listed(listed), Observation::Readings(swept)];
    let recorded = told.map(|what| Recorded { at: began, what });
    let mut lives = store.record(host, &recorded).await?;
    lives.pop().context("a sweep has lives")
}

/// Six hours of one container, which begin at 0.
fn course(number: u64) -> Vec<Reading> {
    let mut container = Container::of(number);
    (0..6 * HOUR / 1000)
        .map(|second| container.step(UnixMs(second * 1000)))
        .collect()
}

/// A life's course: neighbours differ, as they do in a chunk.
fn of<T>(life: LifeId, courses: &[Vec<T>]) -> &[T] {
    let count = u64::try_from(courses.len()).unwrap_or(1);
    let place = usize::try_from(life.number() % count).unwrap_or(0);
    &courses[place]
}

fn of_readings(lives: &[LifeId], courses: &[Vec<Reading>]) -> Result<Vec<Packed>> {
    let group = |some: &[LifeId]| {
        let readings = some.iter().flat_map(|life| {
            let seconds = of(*life, courses)[..900].iter();
            seconds.map(|reading| (Life(life.number()), *reading))
        });
        Ok(chunk::pack(&readings.collect::<Vec<_>>())?)
    };
    lives.chunks(LIVES).map(group).collect()
}

fn of_buckets(lives: &[LifeId], courses: &[Vec<Bucket>], tier: Tier) -> Result<Vec<Packed>> {
    let (width, length) = (tier.width_ms(), tier.chunk_ms());
    let starts = usize::try_from(length / width)?;
    let group = |some: &[LifeId]| {
        let buckets = some.iter().flat_map(|life| {
            let course = of(*life, courses).iter().cycle();
            let starts = (0..length).step_by(usize::try_from(width).unwrap_or(1));
            starts
                .zip(course)
                .map(|(at, bucket)| (Life(life.number()), UnixMs(at), bucket.clone()))
        });
        Ok(rollup::pack(tier, &buckets.collect::<Vec<_>>())?)
    };
    lives.chunks(BUCKETS / starts).map(group).collect()
}

/// A chunk that begins at 0 as one that begins at `from`: the format's header holds the first and the last instant, in bytes 8 to 23, and
/// ends with a checksum of itself and the front.
fn moved(packed: &Packed, from: i64) -> Result<Chunk> {
    let mut front = packed.front.clone();
    ensure!(
        front.len() > plimsoll_history::format::HEADER,
        "a front without a header"
    );
    let mut last_at = 0;
    for place in [8, 16] {
        let field: &mut [u8] = &mut front[place..place + 8];
        last_at = i64::from_le_bytes(field.try_into()?) + from;
        field.copy_from_slice(&last_at.to_le_bytes());
    }
    let mut sum = crc32fast::Hasher::new();
    sum.update(&front[..36]);
    sum.update(&front[40..]);
    front[36..40].copy_from_slice(&sum.finalize().to_le_bytes());
    let blocks = packed.blocks.iter();
    Ok(Chunk {
        last_at: UnixMs(last_at),
        front,
        blocks: blocks
            .map(|(life, bytes)| (LifeId::of_number(life.0), bytes.clone()))
            .collect(),
    })
}
