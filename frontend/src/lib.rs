//! The console in the browser: the pages, the live connection that feeds them, and the pure state between the two.
//!
//! `api` and `live` are the only modules that touch the network. `state` decides and opens nothing, so it is tested like
//! any other code. `pages` and `components` draw what they are handed. Every word a person reads is in `words`.
#![recursion_limit = "512"]

mod address;
mod api;
mod app;
mod board;
mod charts;
mod components;
mod live;
mod pages;
mod prefs;
mod state;
mod words;

use wasm_bindgen::JsCast as _;

/// Replaces the static shell of the page by the console.
///
/// # Panics
/// When the page has no element `console`: then it is not our page.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&panic.to_string().into());
    }));
    let place: web_sys::HtmlElement = leptos::prelude::document()
        .get_element_by_id("console")
        .and_then(|element| element.dyn_into().ok())
        .expect("index.html has an element with the id console");
    place.set_text_content(None);
    leptos::mount::mount_to(place, app::App).forget();
}
