//! What this person prefers, kept in the browser: language, theme, clock, and what 100 % of CPU means.

use crate::words::Lang;
use js_sys::Date;
use leptos::prelude::*;
use plimsoll_shared::UnixMs;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system says.
    System,
    /// Chart paper.
    Light,
    /// Ship's bridge at night.
    Dark,
}

pub(crate) use crate::state::time::Clock;

/// What 100 % of CPU is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CpuShare {
    /// One core, as docker prints it.
    Core,
    /// All cores of the host.
    Host,
}

/// The preferences, signals that every page may read.
#[derive(Clone, Copy)]
pub(crate) struct Prefs {
    /// Language.
    pub(crate) lang: RwSignal<Lang>,
    /// Theme.
    pub(crate) theme: RwSignal<Theme>,
    /// Clock.
    pub(crate) clock: RwSignal<Clock>,
    /// The clock that the page's address asks for, instead of the preferred one.
    pub(crate) page_clock: RwSignal<Option<Clock>>,
    /// Meaning of 100 % CPU.
    pub(crate) cpu: RwSignal<CpuShare>,
}

impl Prefs {
    /// Reads the preferences, offers them to all pages, and keeps every change.
    pub(crate) fn provide() -> Self {
        let prefs = Self {
            lang: RwSignal::new(match stored("lang").as_deref() {
                Some("zh-CN") => Lang::Zh,
                Some("en") => Lang::En,
                _ => browser_lang(),
            }),
            theme: RwSignal::new(match stored("theme").as_deref() {
                Some("light") => Theme::Light,
                Some("dark") => Theme::Dark,
                _ => Theme::System,
            }),
            clock: RwSignal::new(match stored("clock").as_deref() {
                Some("utc") => Clock::Utc,
                _ => Clock::Local,
            }),
            page_clock: RwSignal::new(None),
            cpu: RwSignal::new(match stored("cpu").as_deref() {
                Some("host") => CpuShare::Host,
                _ => CpuShare::Core,
            }),
        };
        prefs.keep();
        provide_context(prefs);
        prefs
    }

    fn keep(self) {
        Effect::new(move || {
            let lang = self.lang.get().tag();
            store("lang", lang);
            set_root("lang", lang);
        });
        Effect::new(move || {
            let theme = self.theme.get();
            let word = match theme {
                Theme::System => "system",
                Theme::Light => "light",
                Theme::Dark => "dark",
            };
            store("theme", word);
            set_root("data-theme", if is_dark(theme) { "dark" } else { "light" });
        });
        Effect::new(move || {
            store(
                "clock",
                if self.clock.get() == Clock::Utc {
                    "utc"
                } else {
                    "local"
                },
            );
        });
        Effect::new(move || {
            store(
                "cpu",
                if self.cpu.get() == CpuShare::Host {
                    "host"
                } else {
                    "core"
                },
            );
        });
    }

    /// The clock that times are told on here. Tracks the choice.
    pub(crate) fn clock_here(self) -> Clock {
        self.page_clock.get().unwrap_or(self.clock.get())
    }

    /// How far the browser's clock is ahead of UTC at that instant, in minutes.
    pub(crate) fn local_offset(self, at: UnixMs) -> i64 {
        local_offset(at)
    }

    /// How far the chosen clock is ahead of UTC at that instant, in minutes. Tracks the choice.
    pub(crate) fn offset_minutes(self, at: UnixMs) -> i64 {
        match self.clock_here() {
            Clock::Utc => 0,
            Clock::Local => local_offset(at),
        }
    }
}

/// The preferences, in any component.
pub(crate) fn use_prefs() -> Prefs {
    expect_context()
}

/// Whether the page is to be dark now.
pub(crate) fn is_dark(theme: Theme) -> bool {
    match theme {
        Theme::Light => false,
        Theme::Dark => true,
        Theme::System => window()
            .match_media("(prefers-color-scheme: dark)")
            .ok()
            .flatten()
            .is_some_and(|query| query.matches()),
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a date has 53 bits, an offset has 11"
)]
fn local_offset(at: UnixMs) -> i64 {
    -(Date::new(&(at.0 as f64).into()).get_timezone_offset() as i64)
}

fn browser_lang() -> Lang {
    match window().navigator().language() {
        Some(tag) if tag.starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}

fn set_root(name: &str, value: &str) {
    if let Some(root) = document().document_element() {
        // Refused only for a malformed name; these are constants.
        let _ = root.set_attribute(name, value);
    }
}

fn stored(name: &str) -> Option<String> {
    let storage = window().local_storage().ok().flatten()?;
    storage.get_item(&format!("plimsoll.{name}")).ok().flatten()
}

/// Keeps a preference; a browser that keeps nothing for us loses it with the tab, which is its owner's wish.
fn store(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(&format!("plimsoll.{name}"), value);
    }
}
