//! Random readings: several lives, gaps, missing fields, restarts, duplicates, late ones, and numbers up to the largest.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "every test file takes what it needs, and stops where it fails"
)]

use plimsoll_history::Life;
use plimsoll_shared::{
    BlockIo, DiskSpace, Machine, Memory, Pressure, Reading, Throttling, Traffic, UnixMs,
};
use proptest::prelude::*;

/// A reading of an idle container.
pub fn idle(at: i64) -> Reading {
    Reading {
        at: UnixMs(at),
        cpu_percent: Some(0.0),
        cpu_total_ns: 5_000_000,
        throttling: None,
        memory: Memory {
            used: 1 << 20,
            raw: 3 << 19,
            limit: Some(1 << 30),
            rss: Some(1 << 19),
            cache: Some(1 << 18),
        },
        network: Some(Traffic {
            received: 1000,
            sent: 500,
            received_dropped: 0,
            sent_dropped: 0,
        }),
        block: Some(BlockIo {
            read: 4096,
            written: 0,
        }),
        pids: Some(1),
        pids_limit: None,
        machine: None,
    }
}

/// Small, large, and around what counters hold.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![
        4 => 0..50_u64,
        4 => 1_000_000..1_000_900_u64,
        1 => any::<u64>(),
        1 => Just(u64::MAX),
    ]
}

fn maybe<T: std::fmt::Debug + Clone>(
    value: impl Strategy<Value = T>,
) -> impl Strategy<Value = Option<T>> {
    prop_oneof![1 => Just(None), 4 => value.prop_map(Some)]
}

/// Everything random but the time.
fn reading() -> impl Strategy<Value = Reading> {
    let percent = prop_oneof![
        Just(None),
        Just(Some(0.0)),
        (0.0..900.0_f64).prop_map(Some),
        Just(Some(f64::MAX)),
        Just(Some(-0.0)),
        Just(Some(f64::INFINITY))
    ];
    let memory = (
        number(),
        number(),
        maybe(number()),
        maybe(number()),
        maybe(number()),
    )
        .prop_map(|(used, raw, limit, rss, cache)| Memory {
            used,
            raw,
            limit,
            rss,
            cache,
        });
    let throttling =
        (number(), number(), number()).prop_map(|(periods, throttled_periods, throttled_ns)| {
            Throttling {
                periods,
                throttled_periods,
                throttled_ns,
            }
        });
    let traffic = (number(), number(), 0..3_u64, 0..3_u64).prop_map(
        |(received, sent, received_dropped, sent_dropped)| Traffic {
            received,
            sent,
            received_dropped,
            sent_dropped,
        },
    );
    let block = (number(), number()).prop_map(|(read, written)| BlockIo { read, written });
    let machine = prop_oneof![3 => Just(None), 1 => machine().prop_map(Some)];
    (
        percent,
        number(),
        maybe(throttling),
        memory,
        maybe(traffic),
        maybe(block),
        maybe(number()),
        maybe(number()),
        machine,
    )
        .prop_map(
            |(
                cpu_percent,
                cpu_total_ns,
                throttling,
                memory,
                network,
                block,
                pids,
                pids_limit,
                machine,
            )| {
                Reading {
                    at: UnixMs(0),
                    cpu_percent,
                    cpu_total_ns,
                    throttling,
                    memory,
                    network,
                    block,
                    pids,
                    pids_limit,
                    machine,
                }
            },
        )
}

/// What only a machine has.
fn machine() -> impl Strategy<Value = Machine> {
    let pressure = (number(), number(), number()).prop_map(|(cpu_us, memory_us, io_us)| Pressure {
        cpu_us,
        memory_us,
        io_us,
    });
    let disk = (number(), number()).prop_map(|(used, total)| DiskSpace { used, total });
    (number(), maybe(pressure), maybe(disk)).prop_map(|(load_centi, pressure, disk)| Machine {
        load_centi,
        pressure,
        disk,
    })
}

/// Readings in the order they arrive: mostly a second apart, some late, some twice, some with times at the ends of time.
pub fn arrivals(count: usize) -> impl Strategy<Value = Vec<(Life, Reading)>> {
    let at = prop_oneof![
        12 => (0..200_i64).prop_map(|s| 1_700_000_000_000 + s * 1000),
        2 => (0..200_000_i64).prop_map(|ms| 1_700_000_000_000 + ms),
        1 => prop_oneof![Just(i64::MIN), Just(i64::MAX), any::<i64>()],
    ];
    let life = prop_oneof![6 => 1..5_u64, 1 => Just(u64::MAX), 1 => any::<u64>()];
    prop::collection::vec((life, at, reading()), 0..count).prop_map(|all| {
        all.into_iter()
            .map(|(life, at, reading)| {
                (
                    Life(life),
                    Reading {
                        at: UnixMs(at),
                        ..reading
                    },
                )
            })
            .collect()
    })
}

/// One life as it really goes: counters grow, at times start again, seconds are missing.
pub fn course(count: usize) -> impl Strategy<Value = Vec<Reading>> {
    let step = (
        0..40_u8,
        0..3_000_000_000_u64,
        0..200_000_u64,
        0..20_u64,
        1..4_i64,
    );
    prop::collection::vec(step, 1..count).prop_map(|steps| {
        let mut at = 1_700_000_000_123_i64;
        let (mut cpu, mut bytes, mut periods) = (0_u64, 0_u64, 0_u64);
        let mut first = true;
        let mut readings = Vec::new();
        for (luck, used, moved, passed, seconds) in steps {
            if luck == 0 {
                at += 600_000;
            }
            let restarted = luck == 1;
            if restarted {
                (cpu, bytes, periods) = (0, 0, 0);
            }
            at += if luck > 10 { 1000 } else { seconds * 1000 + 7 };
            cpu += used;
            bytes += moved;
            periods += passed;
            let mut reading = idle(at);
            reading.cpu_percent = (!first && !restarted).then(|| used as f64 / 2e9 * 2.0 * 100.0);
            reading.cpu_total_ns = cpu;
            reading.throttling = Some(Throttling {
                periods,
                throttled_periods: periods / 3,
                throttled_ns: periods * 1000,
            });
            reading.memory.used = 1 << 20 | moved << 12;
            reading.memory.raw = reading.memory.used + 4096;
            reading.network = (luck != 2).then_some(Traffic {
                received: bytes,
                sent: bytes / 2,
                received_dropped: 0,
                sent_dropped: periods / 7,
            });
            reading.block = Some(BlockIo {
                read: bytes / 3,
                written: bytes * 7,
            });
            reading.pids = Some(u64::from(luck));
            reading.machine = (luck != 3).then_some(Machine {
                load_centi: u64::from(luck) * 10,
                pressure: Some(Pressure {
                    cpu_us: bytes * 3,
                    memory_us: periods,
                    io_us: bytes / 11,
                }),
                disk: Some(DiskSpace {
                    used: bytes,
                    total: 1 << 40,
                }),
            });
            readings.push(reading);
            first = false;
        }
        readings
    })
}

/// Equal to the last bit, so that a percentage that is not a number is one too.
pub fn same(a: &Reading, b: &Reading) -> bool {
    let (mut x, mut y) = (*a, *b);
    x.cpu_percent = None;
    y.cpu_percent = None;
    x == y && a.cpu_percent.map(f64::to_bits) == b.cpu_percent.map(f64::to_bits)
}
