//! What a container was made with: image, command, limits, mounts, networks, ports and labels. Never its environment, which holds secrets.

use super::feed::Feed;
use crate::{
    components::{each, follow},
    prefs::use_prefs,
    state::{text::visible, time::date_time},
    words::words,
};
use leptos::prelude::*;
use plimsoll_shared::{ContainerDetail, Limits, Network, UnixMs, units};
use std::sync::Arc;

/// What a container was made with.
#[component]
pub(super) fn Details(
    /// What is known of the container.
    feed: Feed,
) -> impl IntoView {
    let w = words();
    follow(move || {
        match feed.detail.get() {
        Some(detail) => view! {
            <div class="details">
                <Facts detail=detail.clone() />
                <Ports detail=detail.clone() />
                <Mounts detail=detail.clone() />
                <Networks detail=detail.clone() />
                <Labels detail />
            </div>
        }
        .into_any(),
        None => view! { <div class="details skeleton tall" aria-busy="true"><span class="unseen">{w.shell.loading}</span></div> }.into_any(),
    }
    })
}

#[component]
fn Facts(detail: Arc<ContainerDetail>) -> impl IntoView {
    let w = words();
    let prefs = use_prefs();
    let row = &detail.row;
    let time = |at: Option<UnixMs>| {
        at.map(|at| {
            view! { <span>{follow(move || date_time(at, prefs.offset_minutes(at)))}</span> }
                .into_any()
        })
    };
    let limit = |value: fn(&Limits) -> Option<String>| match &detail.limits {
        None => w.container.not_asked.to_owned(),
        Some(limits) => value(limits).unwrap_or_else(|| w.container.no_limit.to_owned()),
    };
    let cores = match &detail.limits {
        Some(Limits {
            cpus: Some(cpus), ..
        }) => (w.container.cores)(&cpus.to_string()),
        _ => limit(|_| None),
    };
    let command = (!detail.command.is_empty()).then(|| {
        detail
            .command
            .iter()
            .map(|word| quoted(&visible(word)))
            .collect::<Vec<_>>()
            .join(" ")
    });
    let compose = row.compose.as_ref().map(|compose| match &compose.service {
        Some(service) => format!("{} / {}", visible(&compose.project), visible(service)),
        None => visible(&compose.project).into_owned(),
    });
    let text = |text: String| Some(text.into_any());
    let code = |text: String| Some(view! { <code>{text}</code> }.into_any());
    let policy = detail.restart_policy.as_deref().map_or_else(
        || w.container.not_asked.to_owned(),
        |p| visible(p).into_owned(),
    );
    let facts = [
        (
            w.container.image,
            code(visible(&row.image.reference).into_owned()),
        ),
        (
            w.container.digest,
            row.image
                .digest
                .as_ref()
                .and_then(|digest| code(digest.to_string())),
        ),
        (w.container.id, code(row.id.to_string())),
        (w.container.host, text(row.host.to_string())),
        (w.container.compose, compose.and_then(text)),
        (w.container.created, time(Some(row.created_at))),
        (w.container.started, time(row.started_at)),
        (w.container.finished, time(row.finished_at)),
        (
            w.container.command,
            command.map_or_else(|| text(w.container.not_asked.to_owned()), code),
        ),
        (w.container.restart_policy, text(policy)),
        (
            w.container.memory_limit,
            text(limit(|limits| limits.memory.map(units::binary))),
        ),
        (w.container.cpu_limit, text(cores)),
        (
            w.container.pids_limit,
            text(limit(|limits| limits.pids.map(|pids| pids.to_string()))),
        ),
    ];
    let facts = facts
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    let facts = each(facts, |(name, value)| {
        view! {
            <dt>{name}</dt>
            <dd>{value}</dd>
        }
        .into_any()
    });
    view! {
        <section class="sheet facts">
            <h2>{w.container.title}</h2>
            <dl>{facts}</dl>
        </section>
    }
}

/// A word of a command line, in quotes where a shell would need them.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[component]
fn Ports(detail: Arc<ContainerDetail>) -> impl IntoView {
    let w = words();
    let rows = detail.row.ports.iter().map(|port| {
        let outside = match &port.host {
            Some((address, number)) if address.contains(':') => {
                format!("[{}]:{number}", visible(address))
            }
            Some((address, number)) => format!("{}:{number}", visible(address)),
            None => w.container.unpublished.to_owned(),
        };
        vec![
            format!("{}/{}", port.container, visible(&port.protocol)),
            outside,
        ]
    });
    view! { <Listed title=w.container.ports none=w.container.no_ports heads=vec![w.container.inside, w.container.outside] rows=rows.collect() /> }
}

#[component]
fn Mounts(detail: Arc<ContainerDetail>) -> impl IntoView {
    let w = words();
    let rows = detail.mounts.iter().map(|mount| {
        let access = if mount.writable {
            w.container.writable
        } else {
            w.container.read_only
        };
        vec![
            visible(&mount.destination).into_owned(),
            visible(&mount.source).into_owned(),
            visible(&mount.kind).into_owned(),
            access.to_owned(),
        ]
    });
    let heads = vec![
        w.container.destination,
        w.container.source,
        w.container.kind,
        w.container.access,
    ];
    view! { <Listed title=w.container.mounts none=w.container.no_mounts heads rows=rows.collect() /> }
}

#[component]
fn Networks(detail: Arc<ContainerDetail>) -> impl IntoView {
    let w = words();
    let rows = detail.networks.iter().map(|(name, address)| {
        let address = address.as_deref().map_or_else(
            || w.container.no_address.to_owned(),
            |address| visible(address).into_owned(),
        );
        vec![visible(name).into_owned(), address]
    });
    let none = match (w.container.network)(&detail.row.network) {
        Some(words) => words,
        None => w.container.no_networks,
    };
    let shared = match &detail.row.network {
        Network::Container(other) => {
            let link = format!("/hosts/{}/containers/{other}/charts", detail.row.host);
            let none = none.to_owned();
            Some(
                view! { <p>{none} " " <a href=link><code>{other.short().to_owned()}</code></a></p> },
            )
        }
        _ => None,
    };
    match shared {
        Some(shared) => view! {
            <section class="sheet">
                <h2>{w.container.networks}</h2>
                {shared}
            </section>
        }
        .into_any(),
        None => {
            view! { <Listed title=w.container.networks none heads=vec![w.container.name, w.container.address] rows=rows.collect() /> }.into_any()
        }
    }
}

#[component]
fn Labels(detail: Arc<ContainerDetail>) -> impl IntoView {
    let w = words();
    let rows = detail
        .labels
        .iter()
        .map(|(name, value)| vec![visible(name).into_owned(), visible(value).into_owned()]);
    view! { <Listed title=w.container.labels none=w.container.no_labels heads=vec![w.container.name, w.container.value] rows=rows.collect() /> }
}

/// A titled table of texts, or the sentence that says that there are none.
#[component]
fn Listed(
    title: &'static str,
    none: &'static str,
    heads: Vec<&'static str>,
    rows: Vec<Vec<String>>,
) -> impl IntoView {
    let body = if rows.is_empty() {
        view! { <p class="quiet">{none}</p> }.into_any()
    } else {
        let heads = each(heads, |head| {
            view! { <th scope="col">{head}</th> }.into_any()
        });
        let rows = each(rows, |cells| {
            let cells = each(cells, |cell| {
                view! { <td><code>{cell}</code></td> }.into_any()
            });
            view! { <tr>{cells}</tr> }.into_any()
        });
        view! {
            <div class="sideways" tabindex="0" role="region" aria-label=title>
                <table>
                    <thead>
                        <tr>{heads}</tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="sheet">
            <h2>{title}</h2>
            {body}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_reads_as_a_shell_would_take_it() {
        assert_eq!(quoted("--port=80"), "--port=80");
        assert_eq!(quoted("it's fine"), r"'it'\''s fine'");
        assert_eq!(quoted(""), "''");
    }
}
