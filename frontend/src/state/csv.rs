//! The table as a file for a spreadsheet (RFC 4180).

use super::{fleet::Entry, time::iso};
use plimsoll_shared::{ContainerState, Health};

const HEADING: [&str; 18] = [
    "name",
    "id",
    "host",
    "state",
    "health",
    "cpu_percent",
    "memory_bytes",
    "memory_limit_bytes",
    "net_received_bytes",
    "net_sent_bytes",
    "block_read_bytes",
    "block_written_bytes",
    "pids",
    "image",
    "image_digest",
    "compose_project",
    "started_at",
    "restarts",
];

/// These containers, a line each, in base units; what is not known is empty.
pub(crate) fn write<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> String {
    let mut file = HEADING.join(",") + "\r\n";
    for entry in entries {
        file.push_str(&line(entry));
        file.push_str("\r\n");
    }
    file
}

fn line(entry: &Entry) -> String {
    let row = &*entry.row;
    let numbers = entry.numbers;
    let number = |value: Option<u64>| value.map(|value| value.to_string()).unwrap_or_default();
    let (received, sent) = numbers.and_then(|n| n.net).unzip();
    let (read, written) = numbers.and_then(|n| n.block).unzip();
    let cpu = numbers.and_then(|n| n.cpu);
    let digest = row.image.digest.as_ref().map(|digest| digest.as_str());
    let project = row.compose.as_ref().map(|compose| compose.project.as_str());
    [
        field(&row.name),
        field(row.id.as_str()),
        field(row.host.as_str()),
        state(row.state).to_owned(),
        health(row.health).to_owned(),
        cpu.map(|cpu| format!("{cpu:.2}")).unwrap_or_default(),
        number(numbers.map(|n| n.memory)),
        number(numbers.and_then(|n| n.limit)),
        number(received),
        number(sent),
        number(read),
        number(written),
        number(numbers.and_then(|n| n.pids)),
        field(&row.image.reference),
        field(digest.unwrap_or_default()),
        field(project.unwrap_or_default()),
        row.started_at.map(|at| iso(at, 0)).unwrap_or_default(),
        number(row.restarts),
    ]
    .join(",")
}

/// One text: quoted where it must be, and with a quote in front where a spreadsheet would take it for a formula
/// (OWASP, "CSV injection").
fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

fn state(state: ContainerState) -> &'static str {
    match state {
        ContainerState::Created => "created",
        ContainerState::Running => "running",
        ContainerState::Paused => "paused",
        ContainerState::Restarting => "restarting",
        ContainerState::Removing => "removing",
        ContainerState::Exited => "exited",
        ContainerState::Dead => "dead",
        ContainerState::Unknown => "",
    }
}

fn health(health: Health) -> &'static str {
    match health {
        Health::None => "none",
        Health::Starting => "starting",
        Health::Healthy => "healthy",
        Health::Unhealthy => "unhealthy",
        Health::Unknown => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::sample::{fleet, reading, row};
    use plimsoll_shared::RowKey;

    #[test]
    fn what_a_spreadsheet_would_run_is_text() {
        for (text, escaped) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            (
                "=HYPERLINK(\"x\",\"y\")",
                "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"",
            ),
            ("a,b", "\"a,b\""),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(field(text), escaped);
        }
    }

    #[test]
    fn numbers_are_in_base_units_and_the_unknown_is_empty() {
        let fleet = fleet(vec![row(1, "web"), row(2, "db")], vec![reading(1, 12.345)]);
        let file = write([fleet.get(RowKey(1)).unwrap(), fleet.get(RowKey(2)).unwrap()]);
        let lines: Vec<&str> = file.split("\r\n").collect();
        assert_eq!(lines[0].split(',').count(), 18);
        assert!(
            lines[1].contains(",running,none,12.35,100,1000,10,20,30,40,2,web:1,"),
            "{}",
            lines[1]
        );
        assert!(
            lines[2].contains(",running,none,,,,,,,,,db:1,"),
            "{}",
            lines[2]
        );
        assert_eq!(lines[3], "");
    }
}
