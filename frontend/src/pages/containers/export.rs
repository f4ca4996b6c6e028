//! Saves rows as a file.

use super::view::TableView;
use crate::state::csv;
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};

/// Saves the selected rows, or all on the table, as a file for a spreadsheet.
pub(super) fn save(view: TableView) {
    let selected = view.selected.get_untracked();
    let keys = view.rows();
    let file = view.board.containers_now(|fleet| {
        let entries = keys.iter().filter_map(|key| fleet.get(*key));
        csv::write(entries.filter(|entry| selected.is_empty() || selected.contains(&entry.row.id)))
    });
    if let Err(error) = hand_over(&file) {
        web_sys::console::error_1(&error);
    }
}

/// Lets the browser save the text.
fn hand_over(text: &str) -> Result<(), JsValue> {
    let kind = web_sys::BlobPropertyBag::new();
    kind.set_type("text/csv;charset=utf-8");
    // The byte order mark tells spreadsheets that this is UTF-8.
    let parts = js_sys::Array::of1(&format!("\u{feff}{text}").into());
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &kind)?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let link: web_sys::HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download("containers.csv");
    link.click();
    web_sys::Url::revoke_object_url(&url)
}
