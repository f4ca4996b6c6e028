//! The frame around every page.

use super::{read, until};
use fantoccini::{Client, Locator};
use std::time::Duration;

/// The frame around every page.
pub struct Shell<'a>(pub &'a Client);

impl Shell<'_> {
    /// The word beside the connection's dot.
    ///
    /// # Errors
    /// When the page is not there.
    pub async fn connection(&self) -> anyhow::Result<String> {
        read(
            self.0,
            "return document.querySelector('.link-word')?.textContent ?? ''",
        )
        .await
    }

    /// Waits until the connection's word satisfies `wanted`.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn connection_until(
        &self,
        within: Duration,
        wanted: impl Fn(&str) -> bool,
    ) -> anyhow::Result<Duration> {
        let look = || async {
            let word = self.connection().await?;
            Ok(wanted(&word).then_some(()))
        };
        Ok(until("the connection's word", within, look).await?.1)
    }

    /// The banners above the page, as text.
    ///
    /// # Errors
    /// When the page is not there.
    pub async fn banners(&self) -> anyhow::Result<Vec<String>> {
        read(
            self.0,
            "return [...document.querySelectorAll('.banner')].map(b => b.textContent)",
        )
        .await
    }

    /// The page's language, theme, and title.
    ///
    /// # Errors
    /// When the page is not there.
    pub async fn look(&self) -> anyhow::Result<(String, String, String)> {
        let script = "const html = document.documentElement;
            return [html.lang, html.dataset.theme ?? '', document.title]";
        read(self.0, script).await
    }

    /// Switches to the other language.
    ///
    /// # Errors
    /// When there is no switch.
    pub async fn switch_language(&self) -> anyhow::Result<()> {
        Ok(self
            .0
            .find(Locator::Css("#language"))
            .await?
            .click()
            .await?)
    }

    /// Switches between light and dark.
    ///
    /// # Errors
    /// When there is no switch.
    pub async fn switch_theme(&self) -> anyhow::Result<()> {
        Ok(self
            .0
            .find(Locator::Css(".top .theme"))
            .await?
            .click()
            .await?)
    }

    /// Presses keys with nothing but the page in focus.
    ///
    /// # Errors
    /// When the page is not there.
    pub async fn press(&self, keys: &str) -> anyhow::Result<()> {
        Ok(self.0.active_element().await?.send_keys(keys).await?)
    }

    /// What the browser's console said that is worth a complaint: errors, and violations of the content security policy.
    ///
    /// # Errors
    /// When the page is not there.
    pub async fn watch_for_complaints(&self) -> anyhow::Result<()> {
        let script = "window.complaints = [];
            addEventListener('error', e => complaints.push(String(e.message)));
            addEventListener('unhandledrejection', e => complaints.push(String(e.reason)));
            document.addEventListener('securitypolicyviolation', e => complaints.push(e.violatedDirective + ' ' + e.blockedURI));
            for (const name of ['alert', 'confirm', 'prompt']) window[name] = () => complaints.push(name);
            const error = console.error; console.error = (...a) => { complaints.push(a.join(' ')); error(...a); };
            return null";
        read(self.0, script).await
    }

    /// Complaints since [`Shell::watch_for_complaints`].
    ///
    /// # Errors
    /// When the page is not there.
    pub async fn complaints(&self) -> anyhow::Result<Vec<String>> {
        read(self.0, "return window.complaints ?? []").await
    }
}
