//! Five real containers at 1 Hz: what a value costs, with everything in the file.
//!
//! The columns are those of `history/real-1hz-5-containers.csv.gz` in the folder `PLIMSOLL_VECTORS` names (`../shared/data` else).

#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a test stops where it fails, and prints ratios"
)]

mod support;

use flate2::read::GzDecoder;
use plimsoll_history::{
    Life,
    chunk::{self, Chunk},
};
use plimsoll_shared::{BlockIo, Memory, Reading, Throttling, Traffic, UnixMs};
use std::{collections::BTreeMap, fs::File, io::Read as _, path::PathBuf};
use support::same;

/// Numbers per row, beside the container's name and the time.
const VALUES: usize = 10;

fn file() -> Option<File> {
    let folder = std::env::var_os("PLIMSOLL_VECTORS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let path = folder.join("history/real-1hz-5-containers.csv.gz");
    let file = File::open(&path);
    if let Err(error) = &file {
        println!("no measurement: {} is absent: {error}", path.display());
    }
    file.ok()
}

/// Milliseconds since 1970 of `2026-11-23T21:18:18.18334668Z`, for days of one month: all times lie within an hour.
fn millis(text: &str) -> i64 {
    let (_, time) = text.trim_end_matches('Z').split_once('T').unwrap();
    let mut parts = time.split(':');
    let mut next = || parts.next().unwrap().parse::<f64>().unwrap();
    let seconds = next() * 3600.0 + next() * 60.0 + next();
    1_795_392_000_000 + (seconds * 1000.0) as i64
}

/// The rows as readings of sweeps: every container's n-th row belongs to the n-th sweep, which began with its earliest row.
fn readings(percents: bool) -> Option<Vec<(Life, Reading)>> {
    let mut text = String::new();
    GzDecoder::new(file()?).read_to_string(&mut text).unwrap();
    let mut lives: BTreeMap<&str, Vec<(i64, [u64; VALUES])>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let mut fields = line.split(',');
        let name = fields.next().unwrap();
        let at = millis(fields.next().unwrap());
        let mut values = [0; VALUES];
        for value in &mut values {
            *value = fields.next().unwrap().parse().unwrap();
        }
        lives.entry(name).or_default().push((at, values));
    }
    let sweeps = lives.values().map(Vec::len).max().unwrap();
    let began: Vec<i64> = (0..sweeps)
        .map(|n| {
            lives
                .values()
                .filter_map(|rows| Some(rows.get(n)?.0))
                .min()
                .unwrap()
        })
        .collect();
    let mut all = Vec::new();
    for (life, rows) in (1..).zip(lives.values()) {
        for (n, (_, v)) in rows.iter().enumerate() {
            let before = n.checked_sub(1).map(|before| rows[before].1[0]);
            // Two processors whose ticks are counted in hundredths of a second.
            let passed = |n: usize| (began[n] - began[n - 1]).div_euclid(10) as f64 * 2e7;
            let percent = before
                .filter(|_| percents)
                .map(|before| (v[0] - before) as f64 / passed(n) * 2.0 * 100.0);
            all.push((
                Life(life),
                Reading {
                    at: UnixMs(began[n]),
                    cpu_percent: percent,
                    cpu_total_ns: v[0],
                    throttling: Some(Throttling {
                        periods: 0,
                        throttled_periods: 0,
                        throttled_ns: v[8],
                    }),
                    memory: Memory {
                        used: v[1],
                        raw: v[1],
                        limit: Some(v[2]),
                        rss: Some(v[9]),
                        cache: None,
                    },
                    network: Some(Traffic {
                        received: v[3],
                        sent: v[4],
                        received_dropped: 0,
                        sent_dropped: 0,
                    }),
                    block: Some(BlockIo {
                        read: v[5],
                        written: v[6],
                    }),
                    pids: Some(v[7]),
                    pids_limit: None,
                    machine: None,
                },
            ));
        }
    }
    Some(all)
}

/// Stretches of so many sweeps.
fn stretches(all: &[(Life, Reading)], sweeps: usize) -> Vec<Vec<(Life, Reading)>> {
    let mut instants: Vec<UnixMs> = all.iter().map(|(_, reading)| reading.at).collect();
    instants.sort();
    instants.dedup();
    instants
        .chunks(sweeps)
        .map(|part| {
            let range = part[0]..=part[part.len() - 1];
            all.iter()
                .filter(|(_, reading)| range.contains(&reading.at))
                .copied()
                .collect()
        })
        .collect()
}

fn packed(all: &[(Life, Reading)], sweeps: usize) -> usize {
    let mut size = 0;
    for part in stretches(all, sweeps) {
        let bytes = chunk::pack(&part).unwrap().into_bytes();
        size += bytes.len();
        let chunk = Chunk::open(&bytes).unwrap();
        for life in chunk.readings() {
            let (life, readings) = life.unwrap();
            let expected = part
                .iter()
                .filter(|(other, _)| *other == life)
                .map(|(_, reading)| reading);
            assert!(readings.iter().zip(expected).all(|(a, b)| same(a, b)));
        }
    }
    size
}

/// The same columns, and the times, as little-endian steps between values, a column after the other through `zstd -9`.
fn zstd(all: &[(Life, Reading)], sweeps: usize) -> usize {
    let mut size = 0;
    for part in stretches(all, sweeps) {
        let mut columns: BTreeMap<(u64, usize), Vec<u64>> = BTreeMap::new();
        for (life, r) in &part {
            let (net, block) = (r.network.unwrap(), r.block.unwrap());
            let throttled = r.throttling.unwrap().throttled_ns;
            let row = [
                r.cpu_total_ns,
                r.memory.used,
                r.memory.limit.unwrap(),
                net.received,
                net.sent,
                block.read,
                block.written,
                r.pids.unwrap(),
                throttled,
                r.memory.rss.unwrap(),
            ];
            for (column, value) in row.into_iter().enumerate() {
                columns.entry((life.0, column)).or_default().push(value);
            }
            if life.0 == 1 {
                columns
                    .entry((0, 0))
                    .or_default()
                    .push(r.at.0.cast_unsigned());
            }
        }
        for column in columns.values() {
            let steps = column.windows(2).map(|pair| pair[1].wrapping_sub(pair[0]));
            let bytes: Vec<u8> = std::iter::once(column[0])
                .chain(steps)
                .flat_map(u64::to_le_bytes)
                .collect();
            size += zstd::bulk::compress(&bytes, 9).unwrap().len();
        }
    }
    size
}

#[test]
fn a_real_value_takes_less_than_half_a_byte() {
    let (Some(bare), Some(full)) = (readings(false), readings(true)) else {
        return;
    };
    let values = (bare.len() * VALUES) as f64;
    let with_percents = (bare.len() * (VALUES + 1)) as f64;
    println!("| seconds | bytes a value | with cpu_percent, eleven values | zstd -9 |");
    println!("|---|---|---|---|");
    for sweeps in [60, 300, 900, 1500] {
        println!(
            "| {sweeps} | {:.3} | {:.3} | {:.3} |",
            packed(&bare, sweeps) as f64 / values,
            packed(&full, sweeps) as f64 / with_percents,
            zstd(&bare, sweeps) as f64 / values,
        );
    }
    let sweeps = usize::try_from(chunk::SECONDS).unwrap();
    let cost = packed(&bare, sweeps) as f64 / values;
    let full = packed(&full, sweeps) as f64 / with_percents;
    println!("{values} values of five containers in chunks of {sweeps} s, all overhead counted");
    println!("with the CPU percentage as an eleventh value, exact to the bit: {full:.3}");
    println!(
        "zstd -9 of the same columns: {:.3}",
        zstd(&bare, sweeps) as f64 / values
    );
    println!("bytes per value: {cost:.3}");
    assert!(cost <= 0.5 && full <= 0.5, "{cost} and {full}");
}
