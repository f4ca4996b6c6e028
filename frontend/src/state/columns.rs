//! The columns of the containers table.

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Column {
    /// Load, findings and papers in one sign.
    Mark,
    /// Name.
    Name,
    /// State.
    State,
    /// Health check.
    Health,
    /// CPU percent.
    Cpu,
    /// CPU of the last minute.
    Spark,
    /// Memory and its limit.
    Memory,
    /// Memory in percent of its limit.
    MemoryPercent,
    /// Network bytes.
    Net,
    /// Block device bytes.
    Block,
    /// Processes and threads.
    Pids,
    /// Image.
    Image,
    /// Host.
    Host,
    /// Time since the start.
    Up,
    /// Restarts by the restart policy.
    Restarts,
    /// Id.
    Id,
    /// Ports.
    Ports,
    /// Compose project.
    Project,
}

impl Column {
    /// Every column, in the table's order.
    pub(crate) const ALL: [Self; 18] = [
        Self::Mark,
        Self::Name,
        Self::State,
        Self::Health,
        Self::Cpu,
        Self::Spark,
        Self::Memory,
        Self::MemoryPercent,
        Self::Net,
        Self::Block,
        Self::Pids,
        Self::Image,
        Self::Host,
        Self::Up,
        Self::Restarts,
        Self::Id,
        Self::Ports,
        Self::Project,
    ];

    /// Its word in URLs and class names.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Mark => "mark",
            Self::Name => "name",
            Self::State => "state",
            Self::Health => "health",
            Self::Cpu => "cpu",
            Self::Spark => "spark",
            Self::Memory => "mem",
            Self::MemoryPercent => "mem-percent",
            Self::Net => "net",
            Self::Block => "block",
            Self::Pids => "pids",
            Self::Image => "image",
            Self::Host => "host",
            Self::Up => "up",
            Self::Restarts => "restarts",
            Self::Id => "id",
            Self::Ports => "ports",
            Self::Project => "project",
        }
    }

    /// The column that `slug` names.
    pub(crate) fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.slug() == slug)
    }

    /// Whether it may be taken off the table: a row always wears its mark and its name.
    pub(crate) fn is_optional(self) -> bool {
        !matches!(self, Self::Mark | Self::Name)
    }

    /// Whether it is on the table when nobody chose.
    pub(crate) fn is_usual(self) -> bool {
        !matches!(self, Self::Id | Self::Ports | Self::Project)
    }

    /// Whether it holds a number: aligned right, and sorted from the largest first.
    pub(crate) fn is_number(self) -> bool {
        matches!(
            self,
            Self::Cpu
                | Self::Memory
                | Self::MemoryPercent
                | Self::Net
                | Self::Block
                | Self::Pids
                | Self::Up
                | Self::Restarts
        )
    }

    /// Its width in CSS pixels, so that nothing jumps when digits change; `None` takes what is left.
    pub(crate) fn width(self) -> Option<f64> {
        let width = match self {
            Self::Name => return None,
            Self::Mark => 32.0,
            Self::State => 104.0,
            Self::Health => 100.0,
            Self::Cpu => 70.0,
            Self::Spark => 74.0,
            Self::Memory => 164.0,
            Self::MemoryPercent => 100.0,
            Self::Net => 126.0,
            Self::Block => 126.0,
            Self::Pids => 46.0,
            Self::Image => 128.0,
            Self::Host => 54.0,
            Self::Up => 68.0,
            Self::Restarts => 72.0,
            Self::Id => 102.0,
            Self::Ports => 190.0,
            Self::Project => 120.0,
        };
        Some(width)
    }

    /// Its width on a telephone, where memory is told without its limit.
    pub(crate) fn narrow_width(self) -> Option<f64> {
        match self {
            Self::Memory => Some(92.0),
            other => other.width(),
        }
    }

    /// Whether the table can be sorted by it.
    pub(crate) fn is_sortable(self) -> bool {
        !matches!(self, Self::Mark | Self::Spark | Self::Ports)
    }
}

/// The least width of a name.
const NAME: f64 = 138.0;

/// The least width of a table with these columns, in CSS pixels; a narrower opening scrolls sideways.
pub(crate) fn least_width(columns: &[Column], narrow: bool) -> f64 {
    let width = |column: &Column| {
        if narrow {
            column.narrow_width()
        } else {
            column.width()
        }
    };
    columns
        .iter()
        .map(|column| width(column).unwrap_or(NAME))
        .sum()
}

/// Whether a column stays on a telephone.
pub(crate) fn fits_narrow(column: Column) -> bool {
    matches!(
        column,
        Column::Mark | Column::Name | Column::Cpu | Column::Memory
    )
}

/// The columns that are on the table when nobody chose.
pub(crate) fn usual() -> Vec<Column> {
    Column::ALL
        .into_iter()
        .filter(|column| column.is_usual())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_names_one_column() {
        for column in Column::ALL {
            assert_eq!(Column::from_slug(column.slug()), Some(column));
        }
    }
}
