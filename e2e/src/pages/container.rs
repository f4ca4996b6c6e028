//! The page of one container.

use super::{read, until};
use fantoccini::Client;
use serde::Deserialize;
use std::time::Duration;

/// The page of one container.
pub struct ContainerPage<'a>(pub &'a Client);

/// What one chart shows.
#[derive(Debug, Clone, Deserialize)]
pub struct ChartLook {
    /// Its heading.
    pub title: String,
    /// The value beside the heading.
    pub now: String,
    /// Pixels of its canvas that are not the background.
    pub drawn: u64,
}

const CHARTS: &str = "
    return [...document.querySelectorAll('section.chart')].map(chart => {
        const canvas = chart.querySelector('canvas');
        let drawn = 0;
        if (canvas && canvas.width) {
            const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            for (let i = 3; i < pixels.length; i += 4) if (pixels[i] > 0) drawn += 1;
        }
        return { title: chart.getAttribute('aria-label') ?? '', now: chart.querySelector('.chart-now')?.textContent ?? '', drawn };
    })";

impl ContainerPage<'_> {
    /// The head of the page as text.
    ///
    /// # Errors
    /// When the page is not there.
    pub async fn head(&self) -> anyhow::Result<String> {
        read(
            self.0,
            "return document.querySelector('.container-head')?.textContent ?? ''",
        )
        .await
    }

    /// Waits until the head satisfies `wanted`.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn head_until(
        &self,
        what: &str,
        within: Duration,
        wanted: impl Fn(&str) -> bool,
    ) -> anyhow::Result<Duration> {
        let look = || async {
            let head = self.head().await?;
            Ok(wanted(&head).then_some(()))
        };
        Ok(until(what, within, look).await?.1)
    }

    /// The charts.
    ///
    /// # Errors
    /// When the page is not there.
    pub async fn charts(&self) -> anyhow::Result<Vec<ChartLook>> {
        read(self.0, CHARTS).await
    }

    /// The whole page's text.
    ///
    /// # Errors
    /// When the page is not there.
    pub async fn text(&self) -> anyhow::Result<String> {
        read(
            self.0,
            "return document.querySelector('main')?.textContent ?? ''",
        )
        .await
    }
}
