//! How fast history packs and unpacks, and how small it is: ten thousand containers, eleven values each, five minutes at 1 Hz.
//!
//! `cargo run --release -p plimsoll-history --example speed` prints tables. Three containers of ten are idle, five serve a little, two are
//! busy; numbers come from a fixed seed.
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it prints ratios"
)]

use plimsoll_history::{
    Life, PackError,
    chunk::{self, Chunk},
    rollup::{self, Rollups},
    tail::{self, Sweep},
    tier::Tier,
};
use plimsoll_shared::{BlockIo, Collection, Memory, Reading, Throttling, Traffic, UnixMs};
use std::time::{Duration, Instant};

const CONTAINERS: u64 = 10_000;
/// Containers packed at once, which bounds memory.
const TOGETHER: u64 = 1_000;
const SECONDS: i64 = 300;
/// CPU percentage, CPU time, throttled time, memory used, rss, cache, received, sent, read, written, pids.
const VALUES: u64 = 11;
const START: i64 = 1_795_000_000_000;
const MAX_GAP: i64 = 3500;

/// A small generator of pseudo-random numbers (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit.max(1)
    }
}

/// A made-up container.
struct Container {
    life: Life,
    /// 0 idle, 1 to 3 busier.
    pace: u64,
    dice: Dice,
    now: Reading,
}

impl Container {
    fn of(life: u64) -> Self {
        let mut dice = Dice(life * 0x9e37_79b9_7f4a_7c15 + 1);
        let pace = [0, 0, 0, 1, 1, 1, 1, 1, 2, 3][(life % 10) as usize];
        let base = 1_000_000 + dice.below(1 << 30);
        let now = Reading {
            at: UnixMs(START),
            cpu_percent: None,
            cpu_total_ns: base * 37,
            throttling: Some(Throttling {
                periods: 0,
                throttled_periods: 0,
                throttled_ns: 0,
            }),
            memory: Memory {
                used: (base >> 12) << 12,
                raw: ((base >> 12) + 300) << 12,
                limit: Some(1 << 36),
                rss: Some((base >> 13) << 12),
                cache: Some(300 << 12),
            },
            network: Some(Traffic {
                received: base / 3,
                sent: base / 5,
                received_dropped: 0,
                sent_dropped: 0,
            }),
            block: Some(BlockIo {
                read: base / 4096 * 4096,
                written: 0,
            }),
            pids: Some(1 + dice.below(30)),
            pids_limit: None,
            machine: None,
        };
        Self {
            life: Life(life),
            pace,
            dice,
            now,
        }
    }

    fn step(&mut self, at: UnixMs) -> Reading {
        let dice = &mut self.dice;
        let active = self.pace > 0 && dice.below(4) < self.pace + 1;
        let used = if active {
            dice.below(10_000_000 * self.pace * self.pace * self.pace)
        } else {
            0
        };
        let now = &mut self.now;
        now.at = at;
        now.cpu_total_ns += used;
        now.cpu_percent = Some(used as f64 / 16_010_000_000.0 * 16.0 * 100.0);
        if active {
            let pages = dice.below(4 << self.pace) << 12;
            now.memory.used = now.memory.used / 4 * 4 + pages - ((2 << self.pace) << 12);
            now.memory.raw = now.memory.used + (300 << 12);
            now.memory.rss = Some(now.memory.used / 8192 * 4096);
            let (received, sent) = (dice.below(1500 * self.pace), dice.below(9000 * self.pace));
            if let Some(network) = &mut now.network {
                network.received += received;
                network.sent += sent;
            }
            if let Some(block) = &mut now.block
                && dice.below(8) == 0
            {
                block.written += dice.below(30) * 4096;
            }
            if dice.below(20) == 0 {
                now.pids = Some(5 + dice.below(4));
            }
        }
        *now
    }
}

fn course(life: u64, seconds: i64) -> Vec<(Life, Reading)> {
    let mut container = Container::of(life);
    // All containers of a host share the sweep's instants, which are a few milliseconds off.
    let mut jitter = Dice(77);
    (0..seconds)
        .map(|s| {
            let at = UnixMs(START + s * 1000 + jitter.below(4).cast_signed());
            (container.life, container.step(at))
        })
        .collect()
}

fn row(what: &str, count: u64, bytes: usize, took: Duration) {
    let rate = count as f64 / took.as_secs_f64() / 1e6;
    let size = bytes as f64 / count as f64;
    println!("| {what} | {count} | {rate:.2} M/s | {size:.3} | {took:.2?} |");
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("| what | values | values per second, one core | bytes a value | time |");
    println!("|---|---|---|---|---|");
    tails()?;
    let (mut packing, mut unpacking, mut rolling) =
        (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    let (mut bytes, mut rolled_bytes, mut buckets) = (0, 0, 0);
    for group in 0..CONTAINERS / TOGETHER {
        let lives = group * TOGETHER..(group + 1) * TOGETHER;
        let readings: Vec<_> = lives.flat_map(|life| course(life, SECONDS)).collect();
        let begun = Instant::now();
        let packed = chunk::pack(&readings)?.into_bytes();
        packing += begun.elapsed();
        bytes += packed.len();
        drop(readings);
        let begun = Instant::now();
        let unpacked: Vec<_> = Chunk::open(&packed)?.readings().collect::<Result<_, _>>()?;
        unpacking += begun.elapsed();
        let begun = Instant::now();
        let mut rolled = Vec::new();
        for (life, readings) in &unpacked {
            let width = Tier::TenSeconds.width_ms();
            let of_one = rollup::buckets(&[], readings, width, MAX_GAP);
            rolled.extend(of_one.into_iter().map(|(at, bucket)| (*life, at, bucket)));
        }
        buckets += rolled.len();
        rolled_bytes += rollup::pack(Tier::TenSeconds, &rolled)?.size();
        rolling += begun.elapsed();
    }
    let values = CONTAINERS * SECONDS as u64 * VALUES;
    row("pack a chunk", values, bytes, packing);
    row("unpack a chunk, all lives", values, bytes, unpacking);
    row("roll up to 10 s and pack", values, rolled_bytes, rolling);
    let a_bucket = rolled_bytes as f64 / buckets as f64;
    println!("\nA bucket of 10 s takes {a_bucket:.1} bytes in stretches of {SECONDS} s.");
    println!(
        "Packing takes {:.1} % of a core for {CONTAINERS} containers at 1 Hz.",
        packing.as_secs_f64() * 100.0 / SECONDS as f64
    );
    one_life()?;
    year()?;
    Ok(())
}

fn tails() -> Result<(), Box<dyn std::error::Error>> {
    let mut containers: Vec<Container> = (0..CONTAINERS).map(Container::of).collect();
    let (mut encoding, mut decoding) = (Duration::ZERO, Duration::ZERO);
    let mut bytes = 0;
    for s in 0..5 {
        let at = UnixMs(START + s * 1000);
        let sweep = Sweep {
            at,
            collection: Collection::Cgroup2,
            readings: containers
                .iter_mut()
                .map(|c| (c.life, c.step(at)))
                .collect(),
        };
        let begun = Instant::now();
        let tail = tail::encode(&sweep)?;
        encoding += begun.elapsed();
        bytes += tail.len();
        let begun = Instant::now();
        let back = tail::decode(&tail)?;
        decoding += begun.elapsed();
        if back != sweep {
            return Err("a tail did not come back".into());
        }
    }
    let values = CONTAINERS * VALUES * 5;
    row("encode tails", values, bytes, encoding);
    row("decode tails", values, bytes, decoding);
    Ok(())
}

/// One life's hour out of chunks of a thousand containers.
fn one_life() -> Result<(), Box<dyn std::error::Error>> {
    let seconds = chunk::SECONDS;
    let readings: Vec<_> = (0..TOGETHER)
        .flat_map(|life| course(life, seconds))
        .collect();
    let packed = chunk::pack(&readings)?;
    drop(readings);
    let chunks = 3600 / seconds;
    println!(
        "\n| one life's hour out of chunks of {seconds} s and {TOGETHER} containers | time | readings | bytes looked at |"
    );
    println!("|---|---|---|---|");
    for (name, life) in [("idle", 10), ("usual", 13), ("busy", 19)] {
        let mut best = Duration::MAX;
        let mut count = 0;
        let (_, block) = &packed.blocks[life];
        for _ in 0..20 {
            let begun = Instant::now();
            count = 0;
            for _ in 0..chunks {
                let index = chunk::Index::open(&packed.front)?;
                count += index.read(Life(life as u64), block)?.len();
            }
            best = best.min(begun.elapsed());
        }
        let looked_at = (packed.front.len() + block.len()) * chunks as usize;
        println!("| {name} | {best:.2?} | {count} | {looked_at} |");
    }
    Ok(())
}

/// What a container's year costs at each tier, by the mix of containers above.
fn year() -> Result<(), Box<dyn std::error::Error>> {
    println!("\n| tier | bytes a container and hour | kept, days | kB a container while kept |");
    println!("|---|---|---|---|");
    let hours = 12;
    let (mut chunks, mut finer) = (0, Vec::new());
    for life in 0..10 {
        let readings = course(life, hours * 3600);
        for part in readings.chunks(chunk::SECONDS as usize) {
            chunks += chunk::pack(part)?.blocks[0].1.len();
        }
        let plain: Vec<Reading> = readings.into_iter().map(|(_, reading)| reading).collect();
        let width = Tier::TenSeconds.width_ms();
        finer.push(rollup::buckets(&[], &plain, width, MAX_GAP));
    }
    kept(Tier::Second, chunks as f64 / 10.0 / hours as f64);
    for (tier, stretch) in [
        (Tier::TenSeconds, 6 * 3_600_000),
        (Tier::Minute, 24 * 3_600_000),
        (Tier::TenMinutes, 24 * 3_600_000),
        (Tier::Hour, 24 * 3_600_000),
    ] {
        let mut bytes = 0;
        for buckets in &mut finer {
            *buckets = rollup::coarser(buckets, tier.width_ms());
            let first = buckets.first().map_or(START, |(at, _)| at.0);
            for part in
                buckets.chunk_by(|a, b| (a.0.0 - first) / stretch == (b.0.0 - first) / stretch)
            {
                bytes += packed(tier, part)?;
            }
        }
        kept(tier, bytes as f64 / 10.0 / hours as f64);
    }
    Ok(())
}

fn packed(tier: Tier, part: &[(UnixMs, rollup::Bucket)]) -> Result<usize, PackError> {
    let part: Vec<_> = part
        .iter()
        .map(|(at, bucket)| (Life(1), *at, bucket.clone()))
        .collect();
    let packed = rollup::pack(tier, &part)?;
    let bytes = packed.blocks[0].1.len();
    debug_assert!(Rollups::open(&packed.into_bytes()).is_ok());
    Ok(bytes)
}

fn kept(tier: Tier, an_hour: f64) {
    let hours = tier.default_retention_ms() as f64 / 3_600_000.0;
    println!(
        "| {tier:?} | {an_hour:.0} | {:.0} | {:.0} |",
        hours / 24.0,
        an_hour * hours / 1000.0
    );
}
