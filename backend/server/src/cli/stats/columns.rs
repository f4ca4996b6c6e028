//! One container's nine columns, in docker's words (docker/cli, `cli/command/container/formatter_stats.go`).

use plimsoll_shared::{Reading, units};

const NOTHING: &str = "--";

/// Every column's name in a template and its heading in a table, in the order `{{json .}}` gives them.
pub(super) const COLUMNS: [(&str, &str); 9] = [
    ("BlockIO", "BLOCK I/O"),
    ("CPUPerc", "CPU %"),
    ("Container", "CONTAINER"),
    ("ID", "CONTAINER ID"),
    ("MemPerc", "MEM %"),
    ("MemUsage", "MEM USAGE / LIMIT"),
    ("Name", "NAME"),
    ("NetIO", "NET I/O"),
    ("PIDs", "PIDS"),
];

/// What is known of a container's use.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Measured {
    /// It does not run; docker prints zeros.
    Stopped,
    /// It runs and was not read lately.
    Silent,
    /// Its last reading.
    Now(Box<Reading>),
}

/// One container to draw.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// The name it was asked for by, or else its short id, however ids are shown.
    pub(super) container: String,
    /// Its id, cut or whole as asked.
    pub(super) id: String,
    /// Its name; empty when it is not there.
    pub(super) name: String,
    /// What it uses.
    pub(super) measured: Measured,
}

impl Line {
    /// The texts of [`COLUMNS`], in their order.
    pub(super) fn texts(&self) -> [String; 9] {
        let name = match self.name.as_str() {
            "" => NOTHING,
            name => name,
        };
        let Numbers {
            block,
            cpu,
            memory_percent,
            memory,
            network,
            pids,
        } = Numbers::of(&self.measured);
        [
            block,
            cpu,
            self.container.clone(),
            self.id.clone(),
            memory_percent,
            memory,
            name.to_owned(),
            network,
            pids,
        ]
    }
}

struct Numbers {
    block: String,
    cpu: String,
    memory_percent: String,
    memory: String,
    network: String,
    pids: String,
}

impl Numbers {
    fn of(measured: &Measured) -> Self {
        let pair = |a: u64, b: u64| format!("{} / {}", units::decimal(a), units::decimal(b));
        match measured {
            Measured::Silent => Self {
                block: NOTHING.to_owned(),
                cpu: NOTHING.to_owned(),
                memory_percent: NOTHING.to_owned(),
                memory: format!("{NOTHING} / {NOTHING}"),
                network: NOTHING.to_owned(),
                pids: NOTHING.to_owned(),
            },
            Measured::Stopped => Self {
                block: pair(0, 0),
                cpu: units::percent(0.0),
                memory_percent: units::percent(0.0),
                memory: format!("{} / {}", units::binary(0), units::binary(0)),
                network: pair(0, 0),
                pids: "0".to_owned(),
            },
            Measured::Now(reading) => Self {
                block: reading
                    .block
                    .map_or_else(|| pair(0, 0), |block| pair(block.read, block.written)),
                // A life's first reading has no rate yet; docker shows its mean since the start there.
                cpu: reading
                    .cpu_percent
                    .map_or_else(|| NOTHING.to_owned(), units::percent),
                memory_percent: units::percent(reading.memory.percent().unwrap_or(0.0)),
                memory: format!(
                    "{} / {}",
                    units::binary(reading.memory.used),
                    units::binary(reading.memory.limit.unwrap_or(0))
                ),
                network: reading
                    .network
                    .map_or_else(|| pair(0, 0), |net| pair(net.received, net.sent)),
                pids: reading.pids.unwrap_or(0).to_string(),
            },
        }
    }
}
