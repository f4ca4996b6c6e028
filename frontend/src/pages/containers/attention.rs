//! The sentences at the top: what needs a person.

use crate::{
    board::use_board,
    components::{When, act, each, follow, memo, shown},
    live::use_live,
    prefs::use_prefs,
    state::{
        attention::{Attention, Need, needs},
        text::visible,
        time::hour_minute_second,
    },
    words::words,
};
use leptos::prelude::*;

/// How many sentences stand at the top before the rest is folded.
const FEW: usize = 3;

/// What needs a person, or that nothing does.
#[component]
pub(super) fn NeedsAttention() -> impl IntoView {
    let w = words();
    let (board, live, prefs) = (use_board(), use_live(), use_prefs());
    let all_of_them = RwSignal::new(false);
    let all = memo(move || {
        let memory = board.host_memory();
        board.containers(|fleet| needs(fleet, |host| memory.get(host).copied(), live.server_now()))
    });
    let checked = move || {
        let at = board.at.get()?;
        Some((w.attention.checked)(&hour_minute_second(
            at,
            prefs.offset_minutes(at),
        )))
    };
    let few = memo(move || {
        let few = if all_of_them.get() { usize::MAX } else { FEW };
        all.with(|all| all.iter().take(few).cloned().collect::<Vec<_>>())
    });
    let rest = memo(move || all.with(Vec::len).saturating_sub(FEW));
    view! {
        <section class="attention" aria-label=w.attention.title>
            {shown(
                move || all.with(Vec::is_empty),
                move || view! {
                    <p class="quiet"><i class="ok" aria-hidden="true">"✓"</i> " " {w.attention.nothing} " " <span class="dim">{follow(checked)}</span></p>
                }.into_any(),
            )}
            {follow(move || each(few.get(), |attention| view! { <Sentence attention /> }.into_any()))}
            {shown(
                move || rest.get() > 0,
                move || view! {
                    <button class="btn more" on:click=act(move |_| all_of_them.update(|all| *all = !*all))>
                        {follow(move || if all_of_them.get() { w.attention.fewer.to_owned() } else { (w.attention.more)(rest.get()) })}
                    </button>
                }.into_any(),
            )}
        </section>
    }
}

#[component]
fn Sentence(attention: Attention) -> impl IntoView {
    let w = words();
    let url = format!("/hosts/{}/containers/{}", attention.host, attention.id);
    let when = match attention.need {
        Need::OomKilled { at: Some(at) } => Some(view! { <When at /> }.into_any()),
        _ => None,
    };
    let (class, sign) = if attention.need.is_bad() {
        ("need bad", "✕")
    } else {
        ("need warn", "▲")
    };
    view! {
        <a class=class href=url>
            <i aria-hidden="true">{sign}</i>
            <b translate="no">{visible(&attention.name).into_owned()}</b>
            <span>{(w.attention.need)(attention.need)} " " {when}</span>
        </a>
    }
}
