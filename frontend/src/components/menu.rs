//! A menu that opens under its button.

use super::{act, shown};
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast as _;

/// A button and what opens under it; Esc and a click beside it close it.
#[component]
pub(crate) fn Menu(
    /// Classes beside `menu`.
    class: &'static str,
    /// Classes of the button.
    button: &'static str,
    /// What the button is for, for screen readers and on hover.
    #[prop(into)]
    title: Signal<String>,
    /// What stands on the button.
    face: AnyView,
    /// Whether it is open; what is in it may close it.
    open: RwSignal<bool>,
    /// What is in it, while it is open.
    #[prop(into)]
    content: ViewFn,
) -> impl IntoView {
    let menu = NodeRef::<html::Details>::new();
    close_beside(menu);
    let toggled = move |_: ev::Event| {
        if let Some(menu) = menu.get_untracked() {
            open.set(menu.open());
        }
    };
    super::effect(move || {
        if let Some(menu) = menu.get()
            && menu.open() != open.get()
        {
            menu.set_open(open.get());
        }
    });
    view! {
        <details class=format!("menu {class}") node_ref=menu on:toggle=act(toggled)>
            <summary class=button title=title aria-label=title>{face}</summary>
            {shown(move || open.get(), move || view! { <div class="menu-body">{content.run()}</div> }.into_any())}
        </details>
    }
}

/// Closes an open menu on Esc, which gives the focus back to its button, and on a click beside it.
pub(crate) fn close_beside(menu: NodeRef<html::Details>) {
    let clicked = window_event_listener(ev::pointerdown, move |event| {
        if let Some(menu) = menu.get_untracked().filter(|menu| menu.open()) {
            let target = event
                .target()
                .and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            if !menu.contains(target.as_ref()) {
                menu.set_open(false);
            }
        }
    });
    let pressed = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape"
            && let Some(menu) = menu.get_untracked().filter(|menu| menu.open())
        {
            menu.set_open(false);
            let button = menu.query_selector("summary").ok().flatten();
            if let Some(button) = button.and_then(|b| b.dyn_into::<web_sys::HtmlElement>().ok()) {
                // Fails never: it is in the document.
                let _ = button.focus();
            }
        }
    });
    on_cleanup(move || {
        clicked.remove();
        pressed.remove();
    });
}
