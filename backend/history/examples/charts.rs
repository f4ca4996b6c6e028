//! How long the parts of a chart take, by tier: unpacking one life's pieces, and making the answer of them.
//!
//! `cargo run --release -p plimsoll-history --example charts` prints a table: the best of ten, in milliseconds, for one metric and for all.

use plimsoll_history::{
    Life, chunk,
    query::{self, Piece, Selection},
    rollup::{self, Bucket},
    tier::{Plan, Tier},
};
use plimsoll_shared::{BlockIo, Memory, Reading, Throttling, Traffic, UnixMs, series::Metric};
use std::time::{Duration, Instant};

type Failure = Box<dyn std::error::Error>;

const LIFE: Life = Life(7);
const MAX_GAP: i64 = 3500;
/// The start of an hour.
const START: i64 = 1_792_800_000_000;

/// A reading of a container that is never quite still.
fn reading(second: u64) -> Reading {
    let busy = second.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54;
    Reading {
        at: UnixMs(START.saturating_add_unsigned(second * 1000)),
        cpu_percent: u32::try_from(busy).ok().map(|busy| f64::from(busy) / 8.0),
        cpu_total_ns: second * 60_000_000 + busy * 1000,
        throttling: Some(Throttling {
            periods: second * 10,
            throttled_periods: second / 3,
            throttled_ns: second * 1000 + busy,
        }),
        memory: Memory {
            used: (100_000 + busy) << 12,
            raw: (100_300 + busy) << 12,
            limit: Some(1 << 32),
            rss: Some((50_000 + busy / 2) << 12),
            cache: Some((300 + second / 60) << 12),
        },
        network: Some(Traffic {
            received: second * 4000 + busy,
            sent: second * 9000 + busy * 3,
            received_dropped: 0,
            sent_dropped: 0,
        }),
        block: Some(BlockIo {
            read: second / 5 * 4096,
            written: second / 2 * 8192,
        }),
        pids: Some(5 + busy % 3),
        pids_limit: None,
        machine: None,
    }
}

fn plan(tier: Tier, span_ms: i64, points: i64) -> Plan {
    let units = (span_ms / tier.width_ms()).div_euclid(points).max(1);
    let step_ms = units * tier.width_ms();
    Plan {
        tier,
        from: UnixMs(START),
        step_ms,
        points: usize::try_from(span_ms / step_ms).unwrap_or(0),
    }
}

/// The best of ten.
fn best<T>(mut once: impl FnMut() -> Result<T, Failure>) -> Result<(f64, T), Failure> {
    let mut best = Duration::MAX;
    let mut last = None;
    for _ in 0..10 {
        let begun = Instant::now();
        last = Some(once()?);
        best = best.min(begun.elapsed());
    }
    let last = last.ok_or("nothing was measured")?;
    Ok((best.as_secs_f64() * 1000.0, last))
}

fn main() -> Result<(), Failure> {
    println!("| what | metrics | unpack, ms | answer, ms | rank, ms |");
    println!("|---|---|---|---|---|");
    singles("an hour of readings", Tier::Second, 3600, 900)?;
    singles("three hours of readings", Tier::Minute, 3 * 3600, 180)?;
    singles("three hours of readings", Tier::TenMinutes, 3 * 3600, 18)?;
    rolled("a day of minutes", Tier::Minute, 1440, 1440)?;
    rolled("30 days of ten minutes", Tier::TenMinutes, 4320, 1008)?;
    rolled("13 months of hours", Tier::Hour, 9500, 672)
}

fn singles(what: &str, tier: Tier, seconds: u64, points: i64) -> Result<(), Failure> {
    let readings: Vec<(Life, Reading)> = (0..seconds).map(|s| (LIFE, reading(s))).collect();
    let mut packed = Vec::new();
    for part in readings.chunks(usize::try_from(chunk::SECONDS)?) {
        packed.push(chunk::pack(part)?);
    }
    let plan = plan(tier, i64::try_from(seconds)? * 1000, points);
    for metrics in [&[Metric::Cpu][..], &Metric::ALL] {
        let (unpack, readings) = best(|| {
            let mut all: Vec<Reading> = Vec::new();
            for chunk in &packed {
                let index = chunk::Index::open(&chunk.front)?;
                all.extend(index.select(LIFE, &chunk.blocks[0].1, Selection::of(metrics))?);
            }
            Ok(all)
        })?;
        told(
            what,
            &plan,
            metrics,
            unpack,
            &[(LIFE, Piece::Readings(&readings))],
        )?;
    }
    Ok(())
}

fn rolled(what: &str, tier: Tier, count: i64, a_chunk: usize) -> Result<(), Failure> {
    let width = tier.width_ms();
    let of = |i: i64| {
        let at = UnixMs(START + i * width);
        let first = u64::try_from(i * 60)?;
        let some: Vec<Reading> = (first..first + 4).map(reading).collect();
        let mut buckets = rollup::buckets(&[], &some, i64::MAX, MAX_GAP);
        let (_, bucket) = buckets.pop().ok_or("no bucket")?;
        Ok::<_, Failure>((LIFE, at, bucket))
    };
    let buckets: Vec<(Life, UnixMs, Bucket)> = (0..count).map(of).collect::<Result<_, _>>()?;
    let mut packed = Vec::new();
    for part in buckets.chunks(a_chunk) {
        packed.push(rollup::pack(tier, part)?);
    }
    let plan = plan(tier, count * width, 900);
    for metrics in [&[Metric::Cpu][..], &Metric::ALL] {
        let (unpack, pieces) = best(|| {
            let mut all = Vec::new();
            for chunk in &packed {
                let index = rollup::Index::open(&chunk.front)?;
                all.push(index.select(
                    LIFE,
                    &chunk.blocks[0].1,
                    Selection::of(metrics),
                    plan.step_ms,
                )?);
            }
            Ok(all)
        })?;
        let pieces: Vec<_> = pieces
            .iter()
            .map(|p| (LIFE, Piece::Buckets(plan.to(), p)))
            .collect();
        told(what, &plan, metrics, unpack, &pieces)?;
    }
    Ok(())
}

fn told(
    what: &str,
    plan: &Plan,
    metrics: &[Metric],
    unpack: f64,
    pieces: &[(Life, Piece<'_>)],
) -> Result<(), Failure> {
    let (answer, _) = best(|| Ok(query::assemble(plan, metrics, pieces, &[], MAX_GAP)))?;
    let (rank, _) = best(|| Ok(query::total(plan.from, plan.to(), pieces, MAX_GAP)))?;
    let count = metrics.len();
    println!(
        "| {what} at {:?} | {count} | {unpack:.2} | {answer:.2} | {rank:.2} |",
        plan.tier
    );
    Ok(())
}
