//! What the server was told, by whom, and how to tell it otherwise.

use super::asked::Asked;
use crate::{
    components::{each, follow, memo},
    state::{cells::NOTHING, text::visible},
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::{ServerStatus, Setting};

/// The server's settings; nothing until they are known, since the panel of the server says why they are not.
#[component]
pub(super) fn Settings(status: Asked<ServerStatus>) -> impl IntoView {
    let w = words();
    let s = &w.settings;
    let settings = memo(move || {
        status.answer.with(|answer| {
            let known = answer.as_ref().and_then(|answer| answer.as_ref().ok());
            known.map(|status| status.settings.clone())
        })
    });
    let headings = [s.setting, s.value, s.set_by, s.flag, s.variable];
    let table = move || {
        let rows = each(settings.get()?, |setting| row(&setting));
        Some(
            view! {
                <section class="sheet panel wide">
                    <h2>{s.told}</h2>
                    <div class="scroll">
                        <table class="plain settings-table">
                            <thead><tr>{each(headings, |heading| view! { <th scope="col">{heading}</th> }.into_any())}</tr></thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                    <p class="dim kept">{s.told_hint}</p>
                </section>
            }
            .into_any(),
        )
    };
    follow(table)
}

fn row(setting: &Setting) -> AnyView {
    let w = words();
    let value = match setting.value.as_str() {
        "" => NOTHING.to_owned(),
        value => visible(value).into_owned(),
    };
    let from = match &setting.from {
        Some(place) => {
            view! { <b class="mono" translate="no">{visible(place).into_owned()}</b> }.into_any()
        }
        None => view! { <span class="dim">{w.settings.by_default}</span> }.into_any(),
    };
    view! {
        <tr>
            <td class="mono" translate="no">{setting.name.clone()}</td>
            <td class="value mono" translate="no">{value}</td>
            <td>{from}</td>
            <td class="mono dim" translate="no">{setting.flag()}</td>
            <td class="mono dim" translate="no">{setting.variable()}</td>
        </tr>
    }
    .into_any()
}
