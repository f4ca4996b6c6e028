//! What goes in comes out: tails as they were, chunks in order and without duplicates.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod support;

use plimsoll_history::{
    Life,
    chunk::{self, Chunk, Index},
    recent::Recent,
    tail::{self, Sweep},
};
use plimsoll_shared::{Collection, Reading, UnixMs};
use proptest::prelude::*;
use std::collections::BTreeMap;
use support::{arrivals, course, idle, same};

/// The documented rule: by life, by time, the first told stays.
fn ordered(readings: &[(Life, Reading)]) -> BTreeMap<Life, BTreeMap<UnixMs, Reading>> {
    let mut lives: BTreeMap<Life, BTreeMap<UnixMs, Reading>> = BTreeMap::new();
    for (life, reading) in readings {
        let life = lives.entry(*life).or_default();
        life.entry(reading.at).or_insert(*reading);
    }
    lives
}

fn check(readings: &[(Life, Reading)]) {
    let packed = chunk::pack(readings).unwrap();
    let size = packed.size();
    let index = Index::open(&packed.front).unwrap();
    let expected = ordered(readings);
    assert!(index.lives().eq(expected.keys().copied()));
    for (life, block) in &packed.blocks {
        let read = index.read(*life, block).unwrap();
        assert_eq!(read.len(), expected[life].len());
        for (read, expected) in read.iter().zip(expected[life].values()) {
            assert!(same(read, expected), "{read:?} is not {expected:?}");
        }
    }
    let bytes = packed.into_bytes();
    assert_eq!(bytes.len(), size);
    let whole = Chunk::open(&bytes).unwrap();
    for life in whole.readings() {
        let (life, read) = life.unwrap();
        assert!(
            read.iter()
                .zip(expected[&life].values())
                .all(|(a, b)| same(a, b))
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_held_in_memory_comes_back_in_the_order_given(readings in arrivals(120)) {
        let mut recent: BTreeMap<Life, Recent> = BTreeMap::new();
        for (life, reading) in &readings {
            recent.entry(*life).or_default().push(reading);
        }
        for (life, recent) in &recent {
            let expected: Vec<_> = readings.iter().filter(|(of, _)| of == life).collect();
            prop_assert_eq!(recent.len(), expected.len());
            let read: Vec<Reading> = recent.readings().collect();
            prop_assert_eq!(read.len(), expected.len());
            prop_assert!(read.iter().zip(&expected).all(|(read, (_, given))| same(read, given)));
        }
    }

    #[test]
    fn a_chunk_gives_back_what_it_was_given(readings in arrivals(120)) {
        check(&readings);
    }

    #[test]
    fn real_courses_come_back(courses in prop::collection::vec(course(300), 1..4)) {
        let readings: Vec<_> = (1..).zip(courses).flat_map(|(life, course)| course.into_iter().map(move |r| (Life(life), r))).collect();
        check(&readings);
    }

    #[test]
    fn a_tail_gives_back_what_it_was_given(readings in arrivals(40), at: i64) {
        let sweep = Sweep { at: UnixMs(at), collection: Collection::Cgroup2, readings };
        let back = tail::decode(&tail::encode(&sweep).unwrap()).unwrap();
        prop_assert_eq!((back.at, back.collection, back.readings.len()), (sweep.at, sweep.collection, sweep.readings.len()));
        for ((life, read), (expected_life, expected)) in back.readings.iter().zip(&sweep.readings) {
            prop_assert!(life == expected_life && same(read, expected));
        }
    }
}

#[test]
fn nothing_is_a_chunk_too() {
    check(&[]);
}

#[test]
fn of_two_readings_of_one_instant_the_first_stays() {
    let first = idle(1000);
    let mut second = idle(1000);
    second.pids = Some(9);
    let bytes = chunk::pack(&[(Life(1), idle(2000)), (Life(1), first), (Life(1), second)])
        .unwrap()
        .into_bytes();
    let read = Chunk::open(&bytes).unwrap().read(Life(1)).unwrap();
    assert_eq!(read, [first, idle(2000)]);
}

#[test]
fn an_idle_container_takes_few_bytes_for_a_quarter_of_an_hour() {
    let readings: Vec<_> = (0..900).map(|s| (Life(7), idle(s * 1000))).collect();
    let packed = chunk::pack(&readings).unwrap();
    assert!(
        packed.blocks[0].1.len() <= 64,
        "{} bytes",
        packed.blocks[0].1.len()
    );
}

#[test]
fn one_life_is_read_without_the_blocks_of_the_others() {
    let readings: Vec<_> = (1..=1000)
        .flat_map(|life| (0..30).map(move |s| (Life(life), idle(s * 1000))))
        .collect();
    let packed = chunk::pack(&readings).unwrap();
    let index = Index::open(&packed.front).unwrap();
    let (life, block) = &packed.blocks[500];
    let range = index.block(*life).unwrap();
    assert_eq!(index.read(*life, block).unwrap().len(), 30);
    let mut bytes = packed.clone().into_bytes();
    assert_eq!(&bytes[range.clone()], block.as_slice());
    for other in (packed.front.len()..bytes.len()).filter(|at| !range.contains(at)) {
        bytes[other] ^= 0xff;
    }
    let damaged = Chunk::open(&bytes).unwrap();
    assert_eq!(
        damaged.read(*life).unwrap().len(),
        30,
        "what is readable is served"
    );
    assert!(damaged.read(Life(1)).is_err());
}

#[test]
fn more_instants_than_fit_are_refused() {
    let readings: Vec<_> = (0..=1 << 17).map(|s| (Life(1), idle(s))).collect();
    let error = chunk::pack(&readings).unwrap_err();
    assert_eq!(
        error.to_string(),
        "131073 instants do not fit in one chunk, which holds 131072"
    );
}

#[test]
fn a_tail_gives_only_the_lives_that_are_asked_for() {
    let sweep = Sweep {
        at: UnixMs(1000),
        collection: Collection::Streams,
        readings: (1..=9).map(|life| (Life(life), idle(1000))).collect(),
    };
    let bytes = tail::encode(&sweep).unwrap();
    let some = tail::decode_some(&bytes, |life| life.0 % 4 == 0).unwrap();
    assert_eq!(
        some.readings,
        [(Life(4), idle(1000)), (Life(8), idle(1000))]
    );
}
