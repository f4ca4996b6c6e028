//! Made-up containers with numbers from a fixed seed: three of ten are idle, five serve a little, two are busy.

use plimsoll_model::{Batch, ContainerFacts};
use plimsoll_shared::{
    BlockIo, Collection, ContainerId, ContainerState, Health, ImageRef, Memory, Network, Reading,
    Throttling, Traffic, UnixMs,
};
use std::collections::BTreeMap;

/// Values that a reading holds and that change: CPU percentage and time, throttled time, memory used, rss, cache, received, sent, read,
/// written, pids.
pub(crate) const VALUES: usize = 11;

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
pub(crate) struct Container {
    pub(crate) id: ContainerId,
    /// 0 idle, 1 to 3 busier.
    pace: u64,
    dice: Dice,
    now: Reading,
}

impl Container {
    /// The container of a number, before its first reading.
    pub(crate) fn of(number: u64) -> Self {
        let mut dice = Dice((number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let pace = match number % 10 {
            0..3 => 0,
            3..8 => 1,
            8 => 2,
            _ => 3,
        };
        let base = 1_000_000 + dice.below(1 << 30);
        let now = Reading {
            at: UnixMs(0),
            cpu_percent: None,
            cpu_total_ns: base * 37,
            throttling: Some(Throttling {
                periods: 0,
                throttled_periods: 0,
                throttled_ns: 0,
            }),
            memory: Memory {
                used: base >> 12 << 12,
                raw: ((base >> 12) + 300) << 12,
                limit: Some(1 << 36),
                rss: Some(base >> 13 << 12),
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
            id: format!("{number:064x}")
                .parse()
                .expect("64 digits are an id"),
            pace,
            dice,
            now,
        }
    }

    /// Its next reading, a second after the one before.
    pub(crate) fn step(&mut self, at: UnixMs) -> Reading {
        let dice = &mut self.dice;
        let active = self.pace > 0 && dice.below(4) < self.pace + 1;
        let used = match active {
            true => dice.below(10_000_000 * self.pace * self.pace * self.pace),
            false => 0,
        };
        let now = &mut self.now;
        now.at = at;
        now.cpu_total_ns += used;
        now.cpu_percent = Some(used as f64 / 16_010_000_000.0 * 16.0 * 100.0);
        if active {
            let pages = dice.below(4 << self.pace) << 12;
            let less = (2 << self.pace) << 12;
            now.memory.used = (now.memory.used + pages).saturating_sub(less);
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

    /// What an inspection tells of it.
    pub(crate) fn facts(&self, started_at: UnixMs) -> ContainerFacts {
        ContainerFacts {
            id: self.id.clone(),
            name: format!("made-{}", self.id.as_str().trim_start_matches('0')),
            image: ImageRef {
                reference: "nginx:1.29".to_owned(),
                digest: None,
            },
            state: ContainerState::Running,
            health: Health::None,
            created_at: started_at,
            started_at: Some(started_at),
            finished_at: None,
            exit_code: None,
            oom_killed: false,
            restarts: Some(0),
            compose: None,
            network: Network::Own,
            ports: Vec::new(),
            labels: BTreeMap::new(),
            command: Vec::new(),
            restart_policy: None,
            limits: None,
            mounts: Vec::new(),
            networks: BTreeMap::new(),
        }
    }
}

/// The next sweep over all of them.
pub(crate) fn sweep(containers: &mut [Container], at: UnixMs) -> Batch {
    Batch {
        at,
        collection: Collection::Cgroup2,
        readings: containers
            .iter_mut()
            .map(|container| (container.id.clone(), container.step(at)))
            .collect(),
        machine: None,
    }
}
