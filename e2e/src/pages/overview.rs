//! The first page.

use super::{read, until};
use fantoccini::{Client, Locator};
use serde::Deserialize;
use std::time::Duration;

/// The first page.
pub struct Overview<'a>(pub &'a Client);

/// What its lists say.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
pub struct Lists {
    /// Names of the greatest consumers, by the heading of their list.
    pub top: Vec<(String, Vec<String>)>,
    /// What is near a limit: name and how near, in words.
    pub near: Vec<(String, String)>,
    /// What changed.
    pub changed: Vec<Change>,
}

/// One line of what changed.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
pub struct Change {
    /// What happened, with its sign.
    pub what: String,
    /// To whom.
    pub name: String,
    /// How often, and more.
    pub more: String,
}

const LISTS: &str = "
    const text = (line, css) => line.querySelector(css)?.textContent.trim() ?? '';
    return {
        top: [...document.querySelectorAll('.quarters > section')].map(list =>
            [text(list, 'h3'), [...list.querySelectorAll('.consumers b')].map(name => name.textContent)]),
        near: [...document.querySelectorAll('.limits a')].map(line => [text(line, 'b'), text(line, 'b + span')]),
        changed: [...document.querySelectorAll('.changes li:not(.outline)')].map(line =>
            ({ what: text(line, '.sign'), name: text(line, '.who a'), more: text(line, '.who .dim') })),
    }";

impl Overview<'_> {
    /// Waits until what it says of what needs a person satisfies `wanted`.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn attention_until(
        &self,
        within: Duration,
        wanted: impl Fn(&str) -> bool,
    ) -> anyhow::Result<String> {
        let script = "return document.querySelector('.alarms .attention')?.textContent ?? ''";
        let look = || async {
            let said: String = read(self.0, script).await?;
            Ok(wanted(&said).then_some(said))
        };
        Ok(until("what needs attention", within, look).await?.0)
    }

    /// Waits until its lists satisfy `wanted`.
    ///
    /// # Errors
    /// When they do not in time.
    pub async fn lists_until(
        &self,
        what: &str,
        within: Duration,
        wanted: impl Fn(&Lists) -> bool,
    ) -> anyhow::Result<Lists> {
        let look = || async {
            let lists: Lists = read(self.0, LISTS).await?;
            Ok(wanted(&lists).then_some(lists))
        };
        Ok(until(what, within, look).await?.0)
    }

    /// Waits for a link to an address that begins with `url`, and follows it.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn follow(&self, url: &str) -> anyhow::Result<()> {
        let css = format!("main a[href^='{url}']");
        let link = self.0.wait().for_element(Locator::Css(&css)).await?;
        Ok(link.click().await?)
    }
}
