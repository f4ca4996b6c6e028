//! A reading as a row of plain numbers, and which of them are there.

use plimsoll_shared::{
    BlockIo, DiskSpace, Machine, Memory, Pressure, Reading, Throttling, Traffic, UnixMs,
};

use crate::column::Shape;

/// Fields that a reading may lack, each with the columns that then are missing together; from [`MACHINE`] on they are a machine's.
pub(crate) const GROUPS: [&[usize]; 11] = [
    &[3, 4, 5],
    &[6],
    &[7],
    &[8],
    &[9, 10, 11, 12],
    &[13, 14],
    &[15],
    &[16],
    &[17],
    &[18, 19, 20],
    &[21, 22],
];

/// The first of [`GROUPS`] that only a machine has: its load, which every machine's reading has; pressure and disk space follow.
pub(crate) const MACHINE: usize = 8;

/// Columns that every reading has.
pub(crate) const ALWAYS: [usize; 3] = [CPU_TOTAL, MEMORY_USED, MEMORY_RAW];

/// CPU time used.
pub(crate) const CPU_TOTAL: usize = 0;
/// Memory used.
pub(crate) const MEMORY_USED: usize = 1;
/// Memory as the kernel counts it; kept as its excess over memory used, which is seldom anything but the inactive page cache.
pub(crate) const MEMORY_RAW: usize = 2;

/// How many columns a row has.
pub(crate) const COLUMNS: usize = 23;

/// How a column changes.
pub(crate) fn shape(column: usize) -> Shape {
    match column {
        CPU_TOTAL | 3..=5 | 9..=14 | 18..=20 => Shape::Total,
        _ => Shape::Level,
    }
}

/// A reading's numbers, `cpu_percent` and the time aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Row {
    /// Which of [`GROUPS`] are there, lowest bit first.
    pub(crate) groups: u16,
    /// Throttling (periods, throttled, time), memory limit, rss, cache, network (in, out, dropped ×2), block (read, written), pids,
    /// pids limit, load, pressure (processor, memory, block devices) and disk (used, total) stand behind the three of [`ALWAYS`]; what
    /// is missing is 0.
    pub(crate) values: [u64; COLUMNS],
}

impl Row {
    pub(crate) fn of(reading: &Reading) -> Self {
        let mut row = Self::default();
        row.values[CPU_TOTAL] = reading.cpu_total_ns;
        row.values[MEMORY_USED] = reading.memory.used;
        row.values[MEMORY_RAW] = reading.memory.raw.wrapping_sub(reading.memory.used);
        let throttling = reading
            .throttling
            .map(|t| [t.periods, t.throttled_periods, t.throttled_ns]);
        let network = reading
            .network
            .map(|n| [n.received, n.sent, n.received_dropped, n.sent_dropped]);
        let block = reading.block.map(|b| [b.read, b.written]);
        row.put(0, throttling);
        row.put(1, reading.memory.limit.map(|v| [v]));
        row.put(2, reading.memory.rss.map(|v| [v]));
        row.put(3, reading.memory.cache.map(|v| [v]));
        row.put(4, network);
        row.put(5, block);
        row.put(6, reading.pids.map(|v| [v]));
        row.put(7, reading.pids_limit.map(|v| [v]));
        let machine = reading.machine;
        row.put(8, machine.map(|m| [m.load_centi]));
        let pressure = machine.and_then(|m| m.pressure);
        row.put(9, pressure.map(|p| [p.cpu_us, p.memory_us, p.io_us]));
        let disk = machine.and_then(|m| m.disk);
        row.put(10, disk.map(|d| [d.used, d.total]));
        row
    }

    fn put<const N: usize>(&mut self, group: usize, values: Option<[u64; N]>) {
        if let Some(values) = values {
            self.groups |= 1 << group;
            for (column, value) in GROUPS[group].iter().zip(values) {
                self.values[*column] = value;
            }
        }
    }

    pub(crate) fn has(&self, group: usize) -> bool {
        self.groups & 1 << group != 0
    }

    pub(crate) fn reading(&self, at: UnixMs, cpu_percent: Option<f64>) -> Reading {
        let v = &self.values;
        let one = |group: usize| self.has(group).then(|| v[GROUPS[group][0]]);
        Reading {
            at,
            cpu_percent,
            cpu_total_ns: v[CPU_TOTAL],
            throttling: self.has(0).then(|| Throttling {
                periods: v[3],
                throttled_periods: v[4],
                throttled_ns: v[5],
            }),
            memory: Memory {
                used: v[MEMORY_USED],
                raw: v[MEMORY_RAW].wrapping_add(v[MEMORY_USED]),
                limit: one(1),
                rss: one(2),
                cache: one(3),
            },
            network: self.has(4).then(|| Traffic {
                received: v[9],
                sent: v[10],
                received_dropped: v[11],
                sent_dropped: v[12],
            }),
            block: self.has(5).then(|| BlockIo {
                read: v[13],
                written: v[14],
            }),
            pids: one(6),
            pids_limit: one(7),
            machine: one(8).map(|load_centi| Machine {
                load_centi,
                pressure: self.has(9).then(|| Pressure {
                    cpu_us: v[18],
                    memory_us: v[19],
                    io_us: v[20],
                }),
                disk: self.has(10).then(|| DiskSpace {
                    used: v[21],
                    total: v[22],
                }),
            }),
        }
    }
}
