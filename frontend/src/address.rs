//! The address bar: where the tab is, and how it goes elsewhere without loading the page again.

use crate::{
    components::memo,
    state::route::{Route, parameters},
};
use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::HtmlAnchorElement;

/// Where the tab is; a handle that every component may copy.
#[derive(Clone, Copy)]
pub(crate) struct Address {
    path: RwSignal<String>,
    search: RwSignal<String>,
    /// The page at this address.
    pub(crate) route: Memo<Route>,
}

impl Address {
    /// Reads the address bar, follows it from now on, and offers it to all components.
    pub(crate) fn provide() -> Self {
        let (path, search) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
        let address = Self {
            path,
            search,
            route: memo(move || path.with(|path| Route::of(path))),
        };
        address.read();
        // Both live as long as the tab.
        let _ = window_event_listener(ev::popstate, move |_| address.read());
        let _ = window_event_listener(ev::click, move |event| {
            if let Some(url) = inner_link(&event) {
                event.prevent_default();
                address.go(&url, false);
            }
        });
        provide_context(address);
        address
    }

    /// Goes to an address of this console; with `replace`, the browser's back button skips the present one.
    pub(crate) fn go(self, url: &str, replace: bool) {
        let Ok(history) = window().history() else {
            return;
        };
        let gone = if replace {
            history.replace_state_with_url(&JsValue::NULL, "", Some(url))
        } else {
            history.push_state_with_url(&JsValue::NULL, "", Some(url))
        };
        if let Err(error) = gone {
            // A browser refuses after hundreds of changes in seconds.
            web_sys::console::warn_1(&error);
            return;
        }
        let before = self.path.get_untracked();
        self.read();
        if self.path.with_untracked(|path| *path != before)
            && let Some(main) = document().get_element_by_id("main")
        {
            main.set_scroll_top(0);
        }
    }

    /// The parameters of the address, decoded; what called this runs again when they change.
    pub(crate) fn parameters(self) -> Vec<(String, String)> {
        self.search.with(|search| parameters(search))
    }

    /// One parameter of the address.
    pub(crate) fn parameter(self, name: &str) -> Option<String> {
        let all = self.parameters();
        all.into_iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value)
    }

    fn read(self) {
        let location = window().location();
        let path = location.pathname().unwrap_or_default();
        let search = location.search().unwrap_or_default();
        let search = search.strip_prefix('?').unwrap_or(&search).to_owned();
        // The parameters belong to the page, so they are there before it is.
        if self.search.with_untracked(|old| *old != search) {
            self.search.set(search);
        }
        if self.path.with_untracked(|old| *old != path) {
            self.path.set(path);
        }
    }
}

/// The address bar, in any component.
pub(crate) fn use_address() -> Address {
    expect_context()
}

/// The address of a plain click on a link to a page of this console.
fn inner_link(event: &ev::MouseEvent) -> Option<String> {
    let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || modified {
        return None;
    }
    let element: web_sys::Element = event.target()?.dyn_into().ok()?;
    let link: HtmlAnchorElement = element.closest("a[href]").ok()??.dyn_into().ok()?;
    let here = window().location();
    let elsewhere = link.origin() != here.origin().ok()?
        || !link.target().is_empty()
        || link.has_attribute("download")
        || !link.hash().is_empty()
        || link.pathname().starts_with("/api/")
        || link.pathname().starts_with("/assets/");
    (!elsewhere).then(|| format!("{}{}", link.pathname(), link.search()))
}
