//! What each cell of the containers table says.

use super::{columns::Column, fleet::Numbers, text::visible, time::Span};
use crate::words::Words;
use plimsoll_shared::{ContainerRow, Network, Port, UnixMs, units};

/// What stands where a row has nothing to say.
pub(crate) const NOTHING: &str = "–";

/// What a cell needs besides its row.
#[derive(Clone, Copy)]
pub(crate) struct Telling {
    /// The words.
    pub(crate) words: &'static Words,
    /// The server's clock.
    pub(crate) now: UnixMs,
    /// Cores of the host, when CPU is told as a share of all of them.
    pub(crate) cores: Option<u64>,
}

/// The text of one cell. The mark and the spark have none.
pub(crate) fn text(
    column: Column,
    row: &ContainerRow,
    numbers: Option<Numbers>,
    telling: Telling,
) -> String {
    let words = telling.words;
    let shown = match column {
        Column::Mark | Column::Spark => None,
        Column::Name => Some(visible(&row.name).into_owned()),
        Column::State => Some((words.states.state)(row.state, row.exit_code)),
        Column::Health => Some((words.states.health)(row.health).to_owned()),
        Column::Cpu => numbers
            .and_then(|n| n.cpu)
            .map(|cpu| cpu_text(cpu, telling.cores)),
        Column::Memory => numbers.map(memory_text),
        Column::MemoryPercent => numbers.and_then(|n| n.memory_percent()).map(units::percent),
        Column::Net => numbers.and_then(|n| n.net).map(io_text),
        Column::Block => numbers.and_then(|n| n.block).map(io_text),
        Column::Pids => numbers.and_then(|n| n.pids).map(|pids| pids.to_string()),
        Column::Image => Some(image_text(row)),
        Column::Host => Some(row.host.to_string()),
        Column::Up => up(row, telling.now).map(words.time.span),
        Column::Restarts => row.restarts.map(|restarts| restarts.to_string()),
        Column::Id => Some(row.id.short().to_owned()),
        Column::Ports => (!row.ports.is_empty()).then(|| ports_text(&row.ports)),
        Column::Project => row
            .compose
            .as_ref()
            .map(|c| visible(&c.project).into_owned()),
    };
    shown.unwrap_or_else(|| NOTHING.to_owned())
}

/// More about a cell than fits in it; empty for nothing.
pub(crate) fn title(column: Column, row: &ContainerRow, telling: Telling) -> String {
    let words = telling.words;
    match column {
        Column::Name => visible(&row.name).into_owned(),
        Column::Image => match &row.image.digest {
            Some(digest) => format!("{}\n{digest}", visible(&row.image.reference)),
            None => visible(&row.image.reference).into_owned(),
        },
        Column::Net => match &row.network {
            Network::Own => String::new(),
            Network::Host => words.table.network_host.to_owned(),
            Network::None => words.table.network_none.to_owned(),
            Network::Container(other) => (words.table.network_of)(other.short()),
        },
        Column::Id => row.id.to_string(),
        Column::Ports => ports_text(&row.ports),
        Column::Project => row
            .compose
            .as_ref()
            .map(|c| visible(&c.project).into_owned())
            .unwrap_or_default(),
        _ => String::new(),
    }
}

/// CPU percent of one core, or of all `cores`.
#[expect(clippy::cast_precision_loss, reason = "a machine has few cores")]
pub(crate) fn cpu_text(cpu: f64, cores: Option<u64>) -> String {
    units::percent(match cores {
        Some(cores) if cores > 0 => cpu / cores as f64,
        _ => cpu,
    })
}

/// `412.6MiB / 1GiB`.
pub(crate) fn memory_text(numbers: Numbers) -> String {
    let used = units::binary(numbers.memory);
    match numbers.limit {
        Some(limit) => format!("{used} / {}", units::binary(limit)),
        None => used,
    }
}

/// `1.42GB / 986MB`.
pub(crate) fn io_text((to, from): (u64, u64)) -> String {
    format!(
        "{} / {}",
        units::decimal_rounded(to),
        units::decimal_rounded(from)
    )
}

/// The reference as the container was made with; a bare id is told as a short one.
fn image_text(row: &ContainerRow) -> String {
    let reference = visible(&row.image.reference);
    match reference.strip_prefix("sha256:") {
        Some(hex) if hex.len() == 64 => hex.chars().take(12).collect(),
        _ => reference.into_owned(),
    }
}

fn up(row: &ContainerRow, now: UnixMs) -> Option<Span> {
    let started = row.started_at.filter(|_| row.state.is_alive())?;
    Some(Span::of(now.since(started)))
}

/// `0.0.0.0:8080→80/tcp, 443/tcp`.
fn ports_text(ports: &[Port]) -> String {
    let one = |port: &Port| {
        let inside = format!("{}/{}", port.container, visible(&port.protocol));
        match &port.host {
            Some((address, outside)) if address.contains(':') => {
                format!("[{}]:{outside}→{inside}", visible(address))
            }
            Some((address, outside)) => format!("{}:{outside}→{inside}", visible(address)),
            None => inside,
        }
    };
    ports.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        state::{
            fleet::Entry,
            sample::{fleet, reading, row},
        },
        words::Lang,
    };
    use plimsoll_shared::{ContainerState, RowKey};

    fn cell(entry: &Entry, column: Column, telling: Telling) -> String {
        text(column, &entry.row, entry.numbers, telling)
    }

    fn telling() -> Telling {
        Telling {
            words: Words::of(Lang::En),
            now: UnixMs(90_000_000),
            cores: None,
        }
    }

    #[test]
    fn cells_read_as_docker_prints_them() {
        let fleet = fleet(vec![row(1, "web")], vec![reading(1, 84.2)]);
        let entry = fleet.get(RowKey(1)).unwrap();
        for (column, text) in [
            (Column::Cpu, "84.20%"),
            (Column::Memory, "100B / 1000B"),
            (Column::MemoryPercent, "10.00%"),
            (Column::Net, "10B / 20B"),
            (Column::Pids, "2"),
            (Column::Up, "25 h"),
            (Column::Id, "000000000000"),
        ] {
            assert_eq!(cell(entry, column, telling()), text);
        }
        let share = Telling {
            cores: Some(8),
            ..telling()
        };
        assert_eq!(cell(entry, Column::Cpu, share), "10.53%");
    }

    #[test]
    fn a_container_that_does_not_run_has_dashes_rather_than_zeros() {
        let stopped = ContainerRow {
            state: ContainerState::Exited,
            exit_code: Some(137),
            ..row(1, "a\u{202e}b")
        };
        let fleet = fleet(vec![stopped], Vec::new());
        let entry = fleet.get(RowKey(1)).unwrap();
        for column in [
            Column::Cpu,
            Column::Memory,
            Column::MemoryPercent,
            Column::Net,
            Column::Up,
        ] {
            assert_eq!(cell(entry, column, telling()), NOTHING);
        }
        assert_eq!(cell(entry, Column::Name, telling()), "a⟨U+202E⟩b");
        assert!(cell(entry, Column::State, telling()).contains("137"));
    }

    #[test]
    fn ports_name_both_sides() {
        let port = |host: Option<(&str, u16)>| Port {
            container: 80,
            protocol: "tcp".to_owned(),
            host: host.map(|(address, port)| (address.to_owned(), port)),
        };
        let ports = [
            port(Some(("0.0.0.0", 8080))),
            port(Some(("::", 8080))),
            port(None),
        ];
        assert_eq!(
            ports_text(&ports),
            "0.0.0.0:8080→80/tcp, [::]:8080→80/tcp, 80/tcp"
        );
    }
}
