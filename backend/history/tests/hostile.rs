//! Bytes that are not what was written: every one a typed error, none a panic, none much memory.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod support;

use plimsoll_history::{
    DecodeError, Life,
    chunk::{self, Chunk},
    gap::{self, Gap, Reason},
    rollup::{self, Rollups},
    tail::{self, Sweep},
    tier::Tier,
};
use plimsoll_shared::{Collection, Reading, UnixMs};
use proptest::prelude::*;
use support::idle;

/// Reads bytes as whatever they might be, to the last value.
fn read_all(bytes: &[u8]) -> Result<(), DecodeError> {
    let mut outcome = Err(DecodeError::Foreign);
    outcome = outcome.or(tail::decode(bytes).map(drop));
    outcome = outcome.or(gap::decode(bytes).map(drop));
    let chunk = Chunk::open(bytes);
    outcome = outcome.or(chunk.and_then(|chunk| {
        let lives = chunk.readings().collect::<Result<Vec<_>, _>>();
        lives.map(drop)
    }));
    let rollups = Rollups::open(bytes);
    outcome.or(rollups.and_then(|rollups| {
        let lives = rollups.index().lives();
        let lives = lives.map(|life| rollups.read(life));
        lives.collect::<Result<Vec<_>, _>>().map(drop)
    }))
}

fn readings() -> Vec<(Life, Reading)> {
    (0..120)
        .flat_map(|s| {
            [(1, 977), (300, 13), (70_000, 5)].map(|(life, speed)| {
                let mut reading = idle(1_700_000_000_000 + s * 1000 + s % 3);
                let s = u64::try_from(s).unwrap();
                reading.cpu_total_ns = s * speed * 1_000_003 + s * s;
                reading.cpu_percent = (s > 0).then_some(s as f64 * 0.37);
                reading.memory.used = (speed + s * 7 % 5) << 12;
                if s % 50 > 40 {
                    reading.network = None;
                }
                (Life(life), reading)
            })
        })
        .collect()
}

/// One of each form.
fn forms() -> Vec<Vec<u8>> {
    let readings = readings();
    let sweep = Sweep {
        at: UnixMs(1_700_000_000_000),
        collection: Collection::Cgroup1,
        readings: readings[..30].to_vec(),
    };
    let alone: Vec<Reading> = readings
        .iter()
        .filter(|(life, _)| life.0 == 300)
        .map(|(_, r)| *r)
        .collect();
    let buckets: Vec<_> = rollup::buckets(&[], &alone, 10_000, 3000)
        .into_iter()
        .flat_map(|(at, bucket)| [(Life(300), at, bucket.clone()), (Life(9), at, bucket)])
        .collect();
    let gaps: Vec<Gap> = (0..20)
        .map(|i| Gap {
            life: (i % 3 > 0).then_some(Life(300)),
            from: UnixMs(i * 1000),
            to: UnixMs(i * 1100),
            reason: Reason::HostDown,
        })
        .collect();
    vec![
        tail::encode(&sweep).unwrap(),
        chunk::pack(&readings).unwrap().into_bytes(),
        rollup::pack(Tier::TenSeconds, &buckets)
            .unwrap()
            .into_bytes(),
        gap::encode(&gaps).unwrap(),
    ]
}

/// Makes the front's checksum right again, as someone who means harm would.
fn reseal(bytes: &mut [u8]) {
    let Some(length) = bytes.get(32..36) else {
        return;
    };
    let length = u32::from_le_bytes(length.try_into().unwrap()) as usize;
    let Some(front) = length.checked_add(40).and_then(|end| bytes.get(40..end)) else {
        return;
    };
    let mut sum = crc32fast::Hasher::new();
    sum.update(&bytes[..36]);
    sum.update(front);
    let sum = sum.finalize().to_le_bytes();
    bytes[36..40].copy_from_slice(&sum);
}

#[test]
fn every_flipped_byte_is_noticed() {
    for form in forms() {
        assert_eq!(read_all(&form), Ok(()));
        for at in 0..form.len() {
            let mut bytes = form.clone();
            bytes[at] ^= 0x10;
            assert!(read_all(&bytes).is_err(), "byte {at} of {}", form.len());
        }
    }
}

#[test]
fn every_shortened_form_is_noticed() {
    for form in forms() {
        for length in 0..form.len() {
            assert!(
                read_all(&form[..length]).is_err(),
                "{length} of {}",
                form.len()
            );
        }
        let mut longer = form.clone();
        longer.push(0);
        assert!(read_all(&longer).is_err());
    }
}

#[test]
fn errors_say_what_is_wrong() {
    let bytes = chunk::pack(&readings()).unwrap().into_bytes();
    let with = |at: usize, byte: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = byte;
        Chunk::open(&bytes).unwrap_err()
    };
    assert_eq!(with(0, b'X'), DecodeError::Foreign);
    assert_eq!(with(4, 2), DecodeError::Newer { found: 2, known: 1 });
    assert_eq!(with(50, !bytes[50]), DecodeError::Checksum("the front"));
    assert_eq!(
        Chunk::open(&bytes[..bytes.len() - 1]).unwrap_err(),
        DecodeError::Truncated
    );
    assert_eq!(
        Chunk::open(b"SQLite format 3\0").unwrap_err(),
        DecodeError::Foreign
    );
    assert_eq!(Chunk::open(&[]).unwrap_err(), DecodeError::Foreign);
    let wrong = Rollups::open(&bytes).unwrap_err();
    assert_eq!(
        wrong,
        DecodeError::Kind {
            wanted: 2,
            found: 1
        }
    );
    let mut last = bytes.clone();
    *last.last_mut().unwrap() ^= 1;
    let chunk = Chunk::open(&last).unwrap();
    assert_eq!(
        chunk.read(Life(70_000)).unwrap_err(),
        DecodeError::Checksum("a life's block")
    );
    assert!(chunk.read(Life(1)).is_ok());
}

#[test]
fn a_lying_header_takes_no_memory() {
    for mut form in forms() {
        for field in [24, 28] {
            for claim in [1 << 17, u32::MAX] {
                form[field..field + 4].copy_from_slice(&claim.to_le_bytes());
                reseal(&mut form);
                assert!(read_all(&form).is_err());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_an_error(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(read_all(&bytes).is_err());
        let mut ours = b"PLHS\x01".to_vec();
        ours.extend(&bytes);
        reseal(&mut ours);
        let _ = read_all(&ours);
    }

    #[test]
    fn a_resealed_form_is_read_or_an_error(form in 0..4_usize, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = forms().swap_remove(form);
        for (at, to) in changes {
            let at = at.index(bytes.len());
            bytes[at] = to;
        }
        reseal(&mut bytes);
        let _ = read_all(&bytes);
    }

    /// Past both checksums: the block's in the index is made right too.
    #[test]
    fn a_resealed_block_is_read_or_an_error(rolled: bool, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let form = forms().swap_remove(if rolled { 2 } else { 1 });
        let life = Life(300);
        let range = if rolled {
            Rollups::open(&form).unwrap().index().block(life).unwrap()
        } else {
            Chunk::open(&form).unwrap().index().block(life).unwrap()
        };
        let mut bytes = form.clone();
        for (at, to) in changes {
            let at = range.start + at.index(range.len());
            bytes[at] = to;
        }
        let (before, after) = (crc32fast::hash(&form[range.clone()]), crc32fast::hash(&bytes[range]));
        let place = form.windows(4).rposition(|window| window == before.to_le_bytes()).unwrap();
        bytes[place..place + 4].copy_from_slice(&after.to_le_bytes());
        reseal(&mut bytes);
        let read = if rolled {
            Rollups::open(&bytes).unwrap().read(life).map(drop)
        } else {
            Chunk::open(&bytes).unwrap().read(life).map(drop)
        };
        prop_assert_ne!(read, Err(DecodeError::Checksum("a life's block")));
    }
}
