//! How large a chart is on the page.

use crate::components::effect;
use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast as _, prelude::Closure};
use web_sys::{HtmlElement, ResizeObserver};

/// Keeps `size` equal to the element's inner size in CSS pixels.
pub(super) fn watch_size(element: NodeRef<html::Div>, size: RwSignal<(f64, f64)>) {
    let measure = move || {
        if let Some(element) = element.try_get_untracked().flatten() {
            let element: &HtmlElement = element.unchecked_ref();
            let now = (
                f64::from(element.client_width()),
                f64::from(element.client_height()),
            );
            if size.try_get_untracked().is_some_and(|before| before != now) {
                size.set(now);
            }
        }
    };
    let resized = Closure::<dyn Fn()>::new(measure);
    let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
    let kept = StoredValue::new_local((observer, resized));
    effect(move || {
        if let Some(element) = element.get() {
            kept.with_value(|(observer, _)| {
                if let Some(observer) = observer {
                    observer.observe(&element);
                }
            });
            measure();
        }
    });
    on_cleanup(move || {
        let _ =
            kept.try_with_value(|(observer, _)| observer.as_ref().map(ResizeObserver::disconnect));
    });
}
