//! Lines as a table for people: CSV after RFC 4180, a row for each line and bucket.

use super::wanted::written;
use crate::chart::{
    picture::reason,
    unit::{self, Unit},
};
use plimsoll_shared::{
    UnixMs,
    lines::{Line, Lines},
    series::{Column, Metric},
};
use std::fmt::Write;

/// The table. Times are the starts of buckets in UTC; what was not measured is an empty cell, with the reason in the last column where
/// it is known.
pub(super) fn csv(lines: &Lines) -> String {
    let mut metrics: Vec<Metric> = Vec::new();
    for column in lines.lines.iter().flat_map(|line| &line.columns) {
        if !metrics.contains(&column.metric) {
            metrics.push(column.metric);
        }
    }
    let mut table = String::from("time,name,subject");
    for metric in &metrics {
        let unit = match Unit::of(*metric).in_table() {
            "" => String::new(),
            unit => format!(" ({unit})"),
        };
        for what in ["mean", "min", "max"] {
            table.push(',');
            table.push_str(&text(&format!("{} {what}{unit}", unit::name(*metric))));
        }
    }
    table.push_str(",missing because\r\n");
    for line in &lines.lines {
        rows(&mut table, lines, line, &metrics);
    }
    table
}

fn rows(table: &mut String, lines: &Lines, line: &Line, metrics: &[Metric]) {
    let column = |metric: &Metric| line.columns.iter().find(|c| c.metric == *metric);
    let columns: Vec<Option<&Column>> = metrics.iter().map(column).collect();
    let who = format!("{},{}", text(&line.name), text(&line.of.to_string()));
    let mut at = lines.from;
    for place in 0..lines.points {
        let end = UnixMs(at.0.saturating_add(lines.step_ms));
        table.push_str(&written(at));
        table.push(',');
        table.push_str(&who);
        let mut measured = false;
        for column in &columns {
            let values = column.map(|c| [&c.mean, &c.min, &c.max]);
            for which in 0..3 {
                table.push(',');
                let value = values.and_then(|v| v[which].get(place).copied().flatten());
                if let Some(value) = value {
                    measured = true;
                    let _ = write!(table, "{value}");
                }
            }
        }
        table.push(',');
        let gap = line.gaps.iter().find(|gap| gap.from < end && gap.to > at);
        if let Some(gap) = gap.filter(|_| !measured) {
            table.push_str(reason(gap.reason));
        }
        table.push_str("\r\n");
        at = end;
    }
}

/// A text as a cell. What a spreadsheet would take for a formula is given an apostrophe, which it takes for the sign of a text.
fn text(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = match formula {
        true => format!("'{text}"),
        false => text.to_owned(),
    };
    match text.contains([',', '"', '\r', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

/// A file's name for lines, in ASCII.
pub(crate) fn file_name(lines: &Lines, ending: &str) -> String {
    let who = match &lines.lines[..] {
        [one] => one.name.as_str(),
        [] => "nothing",
        _ => "lines",
    };
    let safe = |c: char| match c {
        c if c.is_ascii_alphanumeric() || c == '-' || c == '_' => c,
        _ => '-',
    };
    let who: String = who.chars().take(60).map(safe).collect();
    let at: String = written(lines.from)
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .collect();
    format!("plimsoll-{who}-{at}.{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_shared::{
        HostId,
        lines::Subject,
        series::{Gap, GapReason},
    };

    fn lines(name: &str) -> Lines {
        let values = vec![Some(1.5), None];
        Lines {
            from: UnixMs(1_795_528_980_000),
            step_ms: 1000,
            points: 2,
            tier_ms: 1000,
            lines: vec![Line {
                of: Subject::Host(HostId::local()),
                name: name.to_owned(),
                columns: vec![Column {
                    metric: Metric::Cpu,
                    mean: values.clone(),
                    min: values.clone(),
                    max: values,
                    last_n: 1,
                }],
                gaps: vec![Gap {
                    from: UnixMs(1_795_528_981_000),
                    to: UnixMs(1_795_528_982_000),
                    reason: GapReason::HubStopped,
                }],
                begins: Vec::new(),
                whole: Vec::new(),
            }],
        }
    }

    #[test]
    fn a_row_is_a_bucket_and_what_is_missing_is_empty_with_its_reason() {
        let rows: Vec<String> = csv(&lines("web"))
            .split("\r\n")
            .map(str::to_owned)
            .collect();
        assert_eq!(
            rows,
            [
                "time,name,subject,CPU mean (percent of one core),CPU min (percent of one core),CPU max (percent of one core),missing because",
                "2026-11-24T14:03:00Z,web,local,1.5,1.5,1.5,",
                "2026-11-24T14:03:01Z,web,local,,,,server did not run",
                "",
            ]
        );
    }

    #[test]
    fn a_name_is_neither_a_formula_nor_two_cells() {
        for (name, cell) in [
            ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"),
            ("@x", "'@x"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"\r\nx", "\"say \"\"hi\"\"\r\nx\""),
        ] {
            let table = csv(&lines(name));
            assert!(table.contains(&format!("Z,{cell},local,")), "{table}");
        }
    }

    #[test]
    fn a_file_is_named_in_ascii() {
        let name = file_name(&lines("we/b\"\r\n"), "csv");
        assert_eq!(name, "plimsoll-we-b----20261124T140300Z.csv");
    }
}
