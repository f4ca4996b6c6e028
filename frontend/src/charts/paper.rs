//! What all charts of a page share: the time shown, one crosshair, and the inks of the theme.

use super::inks::Inks;
use crate::{
    address::{Address, use_address},
    components::{effect, memo},
    live::{Live, use_live},
    prefs::use_prefs,
    state::look::Look,
};
use leptos::prelude::*;
use plimsoll_shared::UnixMs;
use std::sync::Arc;
use wasm_bindgen::{JsCast as _, JsValue, prelude::Closure};
use web_sys::{MutationObserver, MutationObserverInit};

/// The time shown, the crosshair and the inks; a handle that every chart may copy.
#[derive(Clone, Copy)]
pub(crate) struct Paper {
    address: Address,
    live: Live,
    /// What the charts show, as the address says it.
    pub(crate) look: Memo<Look>,
    /// The stretch that is being chosen, on all charts.
    pub(crate) brush: RwSignal<Option<(UnixMs, UnixMs)>>,
    /// Where the crosshair stands, on all charts.
    pub(crate) at: RwSignal<Option<UnixMs>>,
    /// The chart that moves it; that one tells the most.
    pub(crate) mover: RwSignal<Option<&'static str>>,
    /// The chart that tells the most about the instant that the address names.
    first: &'static str,
    /// The theme's inks.
    pub(crate) inks: RwSignal<Arc<Inks>>,
}

impl Paper {
    /// Offers a paper to the charts of the component that calls this; its inks follow the theme. Where the address names an instant, the
    /// crosshair stands there, moved as if on the chart titled `first`.
    pub(crate) fn provide(first: &'static str) -> Self {
        let address = use_address();
        let look = memo(move || {
            let all = address.parameters();
            Look::read(all.iter().map(|(n, v)| (n.as_str(), v.as_str())))
        });
        let paper = Self {
            address,
            live: use_live(),
            look,
            brush: RwSignal::new(None),
            at: RwSignal::new(None),
            mover: RwSignal::new(None),
            first,
            inks: RwSignal::new(Arc::new(read_inks())),
        };
        provide_context(paper);
        let prefs = use_prefs();
        effect(move || prefs.page_clock.set(look.with(|look| look.clock)));
        on_cleanup(move || prefs.page_clock.set(None));
        let pinned = memo(move || look.with(|look| look.at));
        effect(move || {
            if let Some(at) = pinned.get() {
                paper.at.set(Some(at));
                paper.mover.set(Some(first));
            }
        });
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

    /// The present, by the server's clock.
    pub(crate) fn now(self) -> UnixMs {
        self.live.server_now()
    }

    /// Shows something else; with `replace`, the browser's back button skips what was shown.
    pub(crate) fn go(self, look: &Look, replace: bool) {
        if self.look.with_untracked(|now| now != look) {
            let path = window().location().pathname().unwrap_or_default();
            self.address.go(&look.url(&path), replace);
        }
    }

    /// Changes what is shown.
    pub(crate) fn change(self, change: impl FnOnce(&mut Look)) {
        let mut look = self.look.get_untracked();
        change(&mut look);
        self.go(&look, false);
    }

    /// Takes the crosshair off all charts, or back to the instant that the address names.
    pub(crate) fn leave(self) {
        let pinned = self.look.with_untracked(|look| look.at);
        self.at.set(pinned);
        self.mover.set(pinned.map(|_| self.first));
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
