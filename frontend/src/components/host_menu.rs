//! The choice of a host.

use super::{act, each, follow, memo, shown};
use crate::{board::use_board, words::words};
use leptos::{ev, prelude::*};

/// Which host is shown, where there is more than one, or one was asked for.
#[component]
pub(crate) fn HostMenu(
    /// The chosen host's id; `None` for all.
    chosen: Memo<Option<String>>,
    /// Takes another choice.
    choose: Callback<Option<String>>,
) -> impl IntoView {
    let w = words();
    let board = use_board();
    let ids = memo(move || {
        let heartbeat = board.heartbeat.get();
        let hosts = heartbeat.iter().flat_map(|heartbeat| &heartbeat.hosts);
        hosts.map(|host| host.id.to_string()).collect::<Vec<_>>()
    });
    let chose = move |event: ev::Event| {
        let id = event_target_value(&event);
        choose.run((!id.is_empty()).then_some(id));
    };
    view! {
        {shown(
            move || ids.with(|ids| ids.len() > 1) || chosen.get().is_some(),
            move || view! {
            <span class="choose"><select class="chip" class:on=follow(move || chosen.get().is_some()) aria-label=w.shell.hosts on:change=act(chose)>
                <option value="" selected=follow(move || chosen.get().is_none())>{w.table.all_hosts}</option>
                {follow(move || {
                    let option = |id: String| {
                        let selected = chosen.get().as_deref() == Some(id.as_str());
                        let label = (w.table.host)(&id);
                        view! { <option value=id selected=selected>{label}</option> }.into_any()
                    };
                    each(ids.get(), option)
                })}
            </select></span>
            }.into_any(),
        )}
    }
}
