//! The table of containers.

use super::{read, until};
use fantoccini::{Client, Locator};
use serde::Deserialize;
use std::time::Duration;

/// The table of containers.
pub struct Containers<'a>(pub &'a Client);

/// What one row shows.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
pub struct Line {
    /// Name.
    pub name: String,
    /// State, with its sign.
    pub state: String,
    /// Health, with its sign.
    pub health: String,
    /// CPU.
    pub cpu: String,
    /// Memory usage and limit.
    pub memory: String,
    /// Network.
    pub net: String,
    /// Block I/O.
    pub block: String,
    /// Processes.
    pub pids: String,
    /// Restarts.
    pub restarts: String,
    /// Whether it is drawn as old.
    pub aged: bool,
    /// The mark's text alternative.
    pub mark: String,
}

const LINES: &str = "
    const text = (row, column) => row.querySelector('.c-' + column)?.textContent.trim() ?? '';
    return [...document.querySelectorAll('tr.row')].map(row => ({
        name: text(row, 'name'), state: text(row, 'state'), health: text(row, 'health'), cpu: text(row, 'cpu'),
        memory: text(row, 'mem'), net: text(row, 'net'), block: text(row, 'block'), pids: text(row, 'pids'),
        restarts: text(row, 'restarts'), aged: row.classList.contains('aged'),
        mark: row.querySelector('.c-mark [role=img]')?.getAttribute('aria-label') ?? '',
    }))";

impl Containers<'_> {
    /// Opens the table of the server at `url`, with this query.
    ///
    /// # Errors
    /// When the browser cannot.
    pub async fn open(&self, url: &str, query: &str) -> anyhow::Result<()> {
        Ok(self.0.goto(&format!("{url}/containers{query}")).await?)
    }

    /// The rows that are drawn now.
    ///
    /// # Errors
    /// When the page is not there.
    pub async fn lines(&self) -> anyhow::Result<Vec<Line>> {
        read(self.0, LINES).await
    }

    /// Waits until the row of that name satisfies `wanted`.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn line_until(
        &self,
        name: &str,
        within: Duration,
        wanted: impl Fn(&Line) -> bool,
    ) -> anyhow::Result<(Line, Duration)> {
        let look = || async {
            let lines = self.lines().await?;
            Ok(lines
                .into_iter()
                .find(|line| line.name == name && wanted(line)))
        };
        until(&format!("the row of {name} as wanted"), within, look).await
    }

    /// Waits until no row has that name.
    ///
    /// # Errors
    /// When one still has.
    pub async fn gone(&self, name: &str, within: Duration) -> anyhow::Result<Duration> {
        let look = || async {
            let lines = self.lines().await?;
            Ok(lines.iter().all(|line| line.name != name).then_some(()))
        };
        Ok(until(&format!("{name} to go"), within, look).await?.1)
    }

    /// Follows the link of the row of that name.
    ///
    /// # Errors
    /// When there is none.
    pub async fn follow(&self, name: &str) -> anyhow::Result<()> {
        let link = self
            .0
            .find(Locator::XPath(&format!(
                "//tr//a[normalize-space()='{name}']"
            )))
            .await?;
        Ok(link.click().await?)
    }
}
