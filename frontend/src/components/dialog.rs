//! A dialog over the page.

use super::{act, effect, shown};
use leptos::{html, prelude::*};

/// A dialog over the page: it holds the focus, and Esc or a click beside it closes it.
#[component]
pub(crate) fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What it is, for screen readers.
    label: &'static str,
    /// Class beside `dialog`.
    class: &'static str,
    /// What is in it, while it is open.
    #[prop(into)]
    content: ViewFn,
) -> impl IntoView {
    let element = NodeRef::<html::Dialog>::new();
    effect(move || {
        let Some(dialog) = element.get() else { return };
        if open.get() && !dialog.open() {
            // Fails only when it is open already.
            let _ = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let beside = move |event: web_sys::MouseEvent| {
        let target = event.target();
        let dialog = element.get_untracked().map(web_sys::EventTarget::from);
        if target.is_some() && target == dialog {
            open.set(false);
        }
    };
    view! {
        <dialog class=format!("dialog {class}") aria-label=label node_ref=element on:close=act(move |_| open.set(false)) on:click=act(beside)>
            {shown(
                move || open.get(),
                move || view! {
                <div class="dialog-body">{content.run()}</div>
                }.into_any(),
            )}
        </dialog>
    }
}
