//! The charts of a page: which time they show, what is under their crosshair, and how to zoom.

use super::{read, until};
use fantoccini::{
    Client, Locator,
    actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction},
    key::Key,
};
use serde::Deserialize;
use std::time::Duration;

/// The charts of a page.
pub struct Charts<'a>(pub &'a Client);

/// What a page of charts shows, as far as words tell.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct View {
    /// The time shown.
    pub time: String,
    /// Whether its end is now.
    pub live: bool,
    /// What each chart says of itself to those who do not see it: title, time, and each line's extremes.
    pub charts: Vec<String>,
    /// The names of lines that are hidden.
    pub hidden: Vec<String>,
    /// What the lines are compared with.
    pub compared: String,
}

const VIEW: &str = "
    const text = what => document.querySelector(what)?.textContent.trim() ?? '';
    return {
        time: text('.time-bar .picker .shown'),
        live: document.querySelector('.time-bar .live')?.getAttribute('aria-pressed') === 'true',
        charts: [...document.querySelectorAll('.plot')].map(plot => plot.getAttribute('aria-label') ?? ''),
        hidden: [...document.querySelectorAll('.chart-value[aria-pressed=false] small')].map(name => name.textContent),
        compared: text('.time-bar .compare .shown'),
    }";

/// Where the first chart's plot is, inside its axes: left, right and middle in CSS pixels.
const PLACE: &str = "
    const plot = document.querySelector('.plot').getBoundingClientRect();
    return [plot.left + 54, plot.right - 12, plot.top + plot.height / 2]";

impl Charts<'_> {
    /// What is shown.
    ///
    /// # Errors
    /// When the page is not there.
    pub async fn view(&self) -> anyhow::Result<View> {
        read(self.0, VIEW).await
    }

    /// Waits until what is shown satisfies `wanted`.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn view_until(
        &self,
        what: &str,
        within: Duration,
        wanted: impl Fn(&View) -> bool,
    ) -> anyhow::Result<View> {
        let look = || async {
            let view = self.view().await?;
            Ok(wanted(&view).then_some(view))
        };
        let found = until(what, within, look).await;
        match found {
            Ok((view, _)) => Ok(view),
            Err(error) => Err(error.context(format!("what is shown: {:?}", self.view().await?))),
        }
    }

    /// The words beside the crosshair on the chart that tells the most; empty without a crosshair.
    ///
    /// # Errors
    /// When the page is not there.
    pub async fn told(&self) -> anyhow::Result<String> {
        read(
            self.0,
            "return [...(document.querySelector('.tip:not([hidden]):not(.brief)')?.children ?? [])].map(line => line.textContent).join('\\n')",
        )
        .await
    }

    /// Waits until the words beside the crosshair satisfy `wanted`.
    ///
    /// # Errors
    /// When they do not in time.
    pub async fn told_until(
        &self,
        what: &str,
        within: Duration,
        wanted: impl Fn(&str) -> bool,
    ) -> anyhow::Result<String> {
        let look = || async {
            let told = self.told().await?;
            Ok(wanted(&told).then_some(told))
        };
        Ok(until(what, within, look).await?.0)
    }

    /// Opens the choice of the time shown; its first field has the focus.
    ///
    /// # Errors
    /// When it does not open.
    pub async fn choose_time(&self) -> anyhow::Result<()> {
        let button = self
            .0
            .find(Locator::Css(".time-bar .picker > summary"))
            .await?;
        button.click().await?;
        self.0
            .wait()
            .for_element(Locator::Css("#around:focus"))
            .await?;
        Ok(())
    }

    /// Types an instant where the focus is, and asks for it.
    ///
    /// # Errors
    /// When nothing takes it.
    pub async fn type_time(&self, text: &str) -> anyhow::Result<()> {
        let field = self.0.active_element().await?;
        field.send_keys(text).await?;
        Ok(field.send_keys(&Key::Enter.to_string()).await?)
    }

    /// What the choice of the time says is wrong with what was typed.
    ///
    /// # Errors
    /// When the page is not there.
    pub async fn wrong_time(&self) -> anyhow::Result<String> {
        read(
            self.0,
            "return document.querySelector('.picker-wrong:not([hidden])')?.textContent ?? ''",
        )
        .await
    }

    /// Drags across the first chart from one share of its width to another.
    ///
    /// # Errors
    /// When there is no chart.
    pub async fn drag(&self, from: f64, to: f64) -> anyhow::Result<()> {
        let [left, right, y]: [f64; 3] = read(self.0, PLACE).await?;
        let to_place = |share: f64, duration| PointerAction::MoveTo {
            duration,
            x: left + (right - left) * share,
            y,
        };
        let button = MOUSE_BUTTON_LEFT;
        let mouse = MouseActions::new("mouse".to_owned())
            .then(to_place(from, None))
            .then(PointerAction::Down { button })
            .then(to_place(
                f64::midpoint(from, to),
                Some(Duration::from_millis(60)),
            ))
            .then(to_place(to, Some(Duration::from_millis(60))))
            .then(PointerAction::Up { button });
        Ok(self.0.perform_actions(mouse).await?)
    }

    /// Presses a key on the first chart.
    ///
    /// # Errors
    /// When there is none.
    pub async fn press(&self, key: &str) -> anyhow::Result<()> {
        let plot = self.0.find(Locator::Css(".plot")).await?;
        Ok(plot.send_keys(key).await?)
    }
}
