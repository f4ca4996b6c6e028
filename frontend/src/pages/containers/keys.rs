//! What the keyboard does on this page.

use super::{export::save, view::TableView};
use crate::{components::is_typing, state::columns::Column};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast as _;

/// Listens as long as the page is there.
pub(super) fn listen(view: TableView) {
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || is_typing(&event) {
            return;
        }
        let on_control = is_on(&event, "a, button, summary, select");
        let acted = match event.key().as_str() {
            "j" | "ArrowDown" => step(view, 1),
            "k" | "ArrowUp" => step(view, -1),
            "Enter" if !on_control => view
                .cursor
                .get_untracked()
                .and_then(|key| view.url_of(key))
                .is_some_and(|url| {
                    view.address.go(&url, false);
                    true
                }),
            "x" => view.cursor.get_untracked().is_some_and(|key| {
                view.toggle_selected(key);
                true
            }),
            "e" => {
                save(view);
                true
            }
            " " if !on_control => {
                view.change(|query| query.live = !query.live);
                true
            }
            "Escape" => {
                view.selected.update(|selected| selected.clear());
                view.cursor.set(None);
                true
            }
            _ => false,
        };
        if acted {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// Moves the row that keys act on.
fn step(view: TableView, by: isize) -> bool {
    let rows = view.rows();
    let here = view
        .cursor
        .get_untracked()
        .and_then(|key| rows.iter().position(|other| *other == key));
    let next = match here {
        Some(at) => at
            .saturating_add_signed(by)
            .min(rows.len().saturating_sub(1)),
        None => 0,
    };
    match rows.get(next) {
        Some(key) => {
            view.cursor.set(Some(*key));
            true
        }
        None => false,
    }
}

fn is_on(event: &ev::KeyboardEvent, selector: &str) -> bool {
    let element = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| element.closest(selector).ok().flatten().is_some())
}

/// The column that a shift-click adds to the sort, or a click alone sorts by.
pub(super) fn sort(view: TableView, column: Column, event: &ev::MouseEvent) {
    let also = event.shift_key();
    view.change(|query| query.sort_by(column, also));
}
