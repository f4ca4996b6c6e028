//! `--format` as docker reads it (docker/cli, `cli/command/formatter/formatter.go`).

use super::{
    columns::{COLUMNS, Line},
    table,
    template::{self, Template},
};

const USUAL: &str = "table {{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}";

/// How to print.
pub(super) struct Format {
    template: Template,
    /// The headings, when it is a table.
    header: Option<String>,
}

/// Why the format cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum FormatError {
    /// It names a column that does not exist.
    #[error("template parsing error: there is no column {0}; the columns are {columns}", columns = COLUMNS.map(|(name, _)| name).join(", "))]
    NoColumn(String),
    /// It is not a template, or it refuses the columns.
    #[error("template parsing error: {0}")]
    Unusable(String),
}

impl Format {
    /// `table`, `json`, a Go template, or `table` and a Go template; nothing is `table`.
    pub(super) fn parse(text: &str) -> Result<Self, FormatError> {
        let text = match text {
            "" | "table" => USUAL,
            "json" => "{{json .}}",
            other => other,
        };
        let (is_table, rows) = match text.strip_prefix("table") {
            Some(rows) => (true, rows),
            None => (false, text),
        };
        let rows = rows
            .trim_matches(' ')
            .replace(r"\t", "\t")
            .replace(r"\n", "\n");
        let template = Template::parse(&rows)?;
        let header = is_table.then(|| template::header(&rows)).transpose()?;
        Ok(Self { template, header })
    }

    /// The lines as text.
    pub(super) fn picture(&self, lines: &[Line]) -> Result<String, FormatError> {
        let mut text = match &self.header {
            Some(header) => format!("{header}\n"),
            None => String::new(),
        };
        for line in lines {
            text += &self.template.fill(&line.texts())?;
            text.push('\n');
        }
        Ok(match self.header {
            Some(_) => table::align(&text),
            None => text,
        })
    }
}
