//! Settings: how the console looks in this browser, and how the server is.

mod about;
mod asked;
mod history;
mod told;

use crate::{
    api,
    components::{act, each, follow},
    prefs::{Clock, CpuShare, Theme, use_prefs},
    words::{Lang, words},
};
use about::About;
use asked::Asked;
use history::History;
use leptos::{ev, prelude::*};
use told::Settings;

/// How often the server is asked how it is.
const EVERY_MS: u32 = 5000;

/// Settings.
#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    let w = words();
    document().set_title(&format!("{} · Plimsoll", w.shell.settings));
    let status = Asked::every(EVERY_MS, api::status);
    view! {
        <div class="body">
            <div class="head"><h1>{w.shell.settings}</h1></div>
            <div class="panels">
                <History status />
                <About status />
                <Appearance />
                <Settings status />
            </div>
        </div>
    }
}

#[component]
fn Appearance() -> impl IntoView {
    let w = words();
    let prefs = use_prefs();
    let themes = [Theme::System, Theme::Light, Theme::Dark];
    let clocks = [Clock::Local, Clock::Utc];
    let shares = [CpuShare::Core, CpuShare::Host];
    let languages = [Lang::En, Lang::Zh];
    view! {
        <section class="sheet panel">
            <h2>{w.settings.appearance}</h2>
            <div class="choices">
                {choice("theme", w.settings.theme, themes, w.settings.themes, prefs.theme)}
                {choice("language-choice", w.settings.language, languages, Lang::name, prefs.lang)}
                {choice("clock", w.settings.clock, clocks, w.settings.clocks, prefs.clock)}
                {choice("cpu", w.settings.cpu, shares, w.settings.shares, prefs.cpu)}
            </div>
            <p class="dim kept">{w.settings.kept}</p>
        </section>
    }
}

/// A choice of one of a few.
fn choice<T, const N: usize>(
    group: &'static str,
    name: &'static str,
    values: [T; N],
    label: fn(T) -> &'static str,
    chosen: RwSignal<T>,
) -> AnyView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let options = each(values, |value| {
        let here = move || chosen.get() == value;
        let choose = move |_| chosen.set(value);
        option(group, label(value), follow(here), act(choose))
    });
    row_of_options(group, name, options)
}

fn option(
    group: &'static str,
    label: &'static str,
    here: Box<dyn FnMut() -> bool + Send>,
    choose: Box<dyn FnMut(ev::Event)>,
) -> AnyView {
    view! { <label><input type="radio" name=group prop:checked=here on:change=choose />{label}</label> }
        .into_any()
}

fn row_of_options(group: &'static str, name: &'static str, options: Vec<AnyView>) -> AnyView {
    let id = format!("{group}-name");
    view! {
        <span class="choice-name" id=id.clone()>{name}</span>
        <div class="choice" role="radiogroup" aria-labelledby=id>{options}</div>
    }
    .into_any()
}
