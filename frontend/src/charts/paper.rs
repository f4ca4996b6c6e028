//! What all charts of a page share: one crosshair, and the inks of the theme.

use super::inks::Inks;
use leptos::prelude::*;
use plimsoll_shared::UnixMs;
use std::sync::Arc;
use wasm_bindgen::{JsCast as _, JsValue, prelude::Closure};
use web_sys::{MutationObserver, MutationObserverInit};

/// The crosshair and the inks; a handle that every chart may copy.
#[derive(Clone, Copy)]
pub(crate) struct Paper {
    /// Where the crosshair stands, on all charts.
    pub(crate) at: RwSignal<Option<UnixMs>>,
    /// The chart that moves it; that one tells the most.
    pub(crate) mover: RwSignal<Option<&'static str>>,
    /// The theme's inks.
    pub(crate) inks: RwSignal<Arc<Inks>>,
}

impl Paper {
    /// Offers a paper to the charts of the component that calls this; its inks follow the theme.
    pub(crate) fn provide() -> Self {
        let paper = Self {
            at: RwSignal::new(None),
            mover: RwSignal::new(None),
            inks: RwSignal::new(Arc::new(read_inks())),
        };
        provide_context(paper);
        let changed = Closure::<dyn Fn()>::new(move || {
            let inks = Arc::new(read_inks());
            // The page may be gone by the time the theme changes.
            let _ = paper.inks.try_set(inks);
        });
        let watching = MutationObserver::new(changed.as_ref().unchecked_ref()).ok();
        let options = MutationObserverInit::new();
        options.set_attributes(true);
        options.set_attribute_filter(&js_sys::Array::of1(&JsValue::from_str("data-theme")));
        if let (Some(watching), Some(root)) = (&watching, document().document_element()) {
            // Refused only for options that contradict each other.
            let _ = watching.observe_with_options(&root, &options);
        }
        let kept = StoredValue::new_local((watching, changed));
        on_cleanup(move || {
            let _ = kept.try_with_value(|(watching, _)| {
                watching.as_ref().map(MutationObserver::disconnect)
            });
        });
        paper
    }

    /// Takes the crosshair off all charts.
    pub(crate) fn leave(self) {
        self.at.set(None);
        self.mover.set(None);
    }
}

/// The paper of the page, in any chart.
pub(crate) fn use_paper() -> Paper {
    expect_context()
}

fn read_inks() -> Inks {
    let style = document()
        .document_element()
        .and_then(|root| window().get_computed_style(&root).ok().flatten());
    let token = |name: &str| {
        style
            .as_ref()
            .and_then(|style| style.get_property_value(name).ok())
            .unwrap_or_default()
    };
    let font = token("--ui").trim().to_owned();
    Inks::read(
        token,
        if font.is_empty() {
            "sans-serif".to_owned()
        } else {
            font
        },
    )
}
