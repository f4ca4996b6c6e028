//! Settings: how the console looks in this browser, and how the server is.

mod about;

use crate::{
    prefs::{Clock, CpuShare, Theme, use_prefs},
    words::{Lang, words},
};
use about::About;
use leptos::prelude::*;

/// Settings.
#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    let w = words();
    document().set_title(&format!("{} · Plimsoll", w.shell.settings));
    view! {
        <div class="body">
            <div class="head"><h1>{w.shell.settings}</h1></div>
            <div class="panels">
                <Appearance />
                <About />
            </div>
        </div>
    }
}

#[component]
fn Appearance() -> impl IntoView {
    let w = words();
    let prefs = use_prefs();
    let themes =
        [Theme::System, Theme::Light, Theme::Dark].map(|theme| (theme, (w.settings.themes)(theme)));
    let clocks = [Clock::Local, Clock::Utc].map(|clock| (clock, (w.settings.clocks)(clock)));
    let shares = [CpuShare::Core, CpuShare::Host].map(|share| (share, (w.settings.shares)(share)));
    let languages = [Lang::En, Lang::Zh].map(|lang| (lang, lang.name()));
    view! {
        <section class="sheet panel">
            <h2>{w.settings.appearance}</h2>
            <div class="choices">
                <Choice group="theme" name=w.settings.theme options=themes.to_vec() chosen=prefs.theme />
                <Choice group="language-choice" name=w.settings.language options=languages.to_vec() chosen=prefs.lang />
                <Choice group="clock" name=w.settings.clock options=clocks.to_vec() chosen=prefs.clock />
                <Choice group="cpu" name=w.settings.cpu options=shares.to_vec() chosen=prefs.cpu />
            </div>
            <p class="dim kept">{w.settings.kept}</p>
        </section>
    }
}

/// A choice of one of a few.
#[component]
fn Choice<T>(
    group: &'static str,
    name: &'static str,
    options: Vec<(T, &'static str)>,
    chosen: RwSignal<T>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let option = move |(value, label): (T, &'static str)| {
        view! {
            <label>
                <input type="radio" name=group prop:checked=move || chosen.get() == value on:change=move |_| chosen.set(value) />
                {label}
            </label>
        }
    };
    view! {
        <span class="choice-name" id=format!("{group}-name")>{name}</span>
        <div class="choice" role="radiogroup" aria-labelledby=format!("{group}-name")>{options.into_iter().map(option).collect_view()}</div>
    }
}
