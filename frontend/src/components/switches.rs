//! Language, theme and connection, at the end of the top bar.

use super::{act, follow};
use crate::{
    live::use_live,
    prefs::{Theme, is_dark, use_prefs},
    state::{link::Link, time::hour_minute},
    words::{states, words},
};
use leptos::prelude::*;

/// How current the page is, in a word with a sign.
#[component]
pub(crate) fn Connection() -> impl IntoView {
    let (w, prefs, live) = (words(), use_prefs(), use_live());
    let word = move || {
        let link = live.link.get();
        let clock = match link {
            // The link's times are by this browser's clock, as are its owner's.
            Link::Stale { since } => hour_minute(since, prefs.offset_minutes(since)),
            Link::Connecting | Link::Live | Link::Reconnecting => String::new(),
        };
        (w.shell.link)(link, &clock)
    };
    let class = move || match live.link.get() {
        Link::Live => "link live",
        Link::Connecting | Link::Reconnecting => "link waiting",
        Link::Stale { .. } => "link stale",
    };
    view! {
        <span class=follow(class) title=follow(move || (w.shell.link_hint)(live.link.get()))>
            <i aria-hidden="true">{follow(move || states::link_sign(live.link.get()))}</i>
            <span class="link-word">{follow(word)}</span>
        </span>
    }
}

/// The switch to the other language.
#[component]
pub(crate) fn LanguageSwitch() -> impl IntoView {
    let (w, prefs) = (words(), use_prefs());
    let other = w.lang.other();
    view! {
        <button
            id="language"
            class="btn"
            lang=other.tag()
            title=w.shell.other_language
            aria-label=w.shell.other_language
            on:click=act(move |_| prefs.lang.set(other))
        >
            {w.shell.language_sign}
        </button>
    }
}

/// The switch between light and dark.
#[component]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let (w, prefs) = (words(), use_prefs());
    let turn = move |_| {
        let dark = is_dark(prefs.theme.get_untracked());
        prefs
            .theme
            .set(if dark { Theme::Light } else { Theme::Dark });
    };
    view! {
        <button class="btn theme" title=w.shell.theme aria-label=w.shell.theme on:click=act(turn)>
            <span aria-hidden="true">"◐"</span>
        </button>
    }
}
