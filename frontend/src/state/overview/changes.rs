//! What changed: how often of which kind, and where to look at it.

use super::url_of;
use plimsoll_shared::{
    UnixMs,
    lines::Subject,
    overview::{Change, ChangeKind},
};

/// This much before and after a change is looked at.
const AROUND_MS: i64 = 15 * 60_000;

/// Every kind, the worst first.
pub(crate) const KINDS: [ChangeKind; 8] = [
    ChangeKind::OutOfMemory,
    ChangeKind::Failed,
    ChangeKind::Unhealthy,
    ChangeKind::Restarted,
    ChangeKind::Redeployed,
    ChangeKind::Updated,
    ChangeKind::Created,
    ChangeKind::Removed,
];

/// A kind's word in URLs.
pub(crate) fn slug(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Redeployed => "redeployed",
        ChangeKind::Created => "created",
        ChangeKind::Removed => "removed",
        ChangeKind::Failed => "failed",
        ChangeKind::OutOfMemory => "oom",
        ChangeKind::Restarted => "restarted",
        ChangeKind::Unhealthy => "unhealthy",
        ChangeKind::Updated => "updated",
    }
}

/// The kind that a word in a URL names.
pub(crate) fn kind_from(slug_in_url: &str) -> Option<ChangeKind> {
    KINDS.into_iter().find(|kind| slug(*kind) == slug_in_url)
}

/// The kinds that there are, the worst first, each with how often it happened.
pub(crate) fn counts(changes: &[Change]) -> Vec<(ChangeKind, u32)> {
    let times = |kind: ChangeKind| {
        let same = changes.iter().filter(|change| change.kind == kind);
        same.fold(0_u32, |sum, change| sum.saturating_add(change.times))
    };
    let all = KINDS.into_iter().map(|kind| (kind, times(kind)));
    all.filter(|(_, times)| *times > 0).collect()
}

/// Where the charts around the change are, which never look past `now`; a host's own page for a change of a host.
pub(crate) fn charts_url(change: &Change, now: UnixMs) -> String {
    around(change, now, "charts")
}

/// Where the container's events around the change are.
pub(crate) fn events_url(change: &Change, now: UnixMs) -> String {
    around(change, now, "events")
}

fn around(change: &Change, now: UnixMs, part: &str) -> String {
    let page = url_of(&change.of);
    let part = match change.of {
        Subject::Host(_) => String::new(),
        Subject::Container(..) => format!("/{part}"),
    };
    let from = change.at.0 - AROUND_MS;
    let to = (change.at.0 + AROUND_MS).min(now.0.max(change.at.0));
    format!("{page}{part}?from={from}&to={to}&at={}", change.at.0)
}

/// The first page's address with these parameters: whose host alone, which kind of change alone.
pub(crate) fn page_url(host: Option<&str>, kind: Option<ChangeKind>) -> String {
    let host = host.map(|host| format!("host={host}"));
    let kind = kind.map(|kind| format!("changed={}", slug(kind)));
    let all: Vec<String> = host.into_iter().chain(kind).collect();
    match all.as_slice() {
        [] => "/".to_owned(),
        all => format!("/?{}", all.join("&")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(kind: ChangeKind, of: &str, at: i64, times: u32) -> Change {
        Change {
            kind,
            of: of.parse().unwrap(),
            name: "a".to_owned(),
            at: UnixMs(at),
            times,
            detail: None,
        }
    }

    #[test]
    fn changes_are_counted_as_often_as_they_happened_the_worst_kind_first() {
        let changes = [
            change(ChangeKind::Created, "a", 3, 1),
            change(ChangeKind::Failed, "a", 2, 40),
            change(ChangeKind::Failed, "b", 1, 2),
        ];
        assert_eq!(
            counts(&changes),
            [(ChangeKind::Failed, 42), (ChangeKind::Created, 1)]
        );
        assert_eq!(counts(&[]), []);
    }

    #[test]
    fn a_change_leads_to_the_time_around_it_and_not_past_now() {
        let id = "ab".repeat(32);
        let at = 100_000_000;
        let failed = change(ChangeKind::Failed, &format!("local/{id}"), at, 1);
        assert_eq!(
            charts_url(&failed, UnixMs(at + 60_000)),
            format!("/hosts/local/containers/{id}/charts?from=99100000&to=100060000&at=100000000")
        );
        assert_eq!(
            events_url(&failed, UnixMs(at + 3_600_000)),
            format!("/hosts/local/containers/{id}/events?from=99100000&to=100900000&at=100000000")
        );
    }

    #[test]
    fn every_kind_has_its_own_word_in_the_address() {
        for kind in KINDS {
            assert_eq!(kind_from(slug(kind)), Some(kind));
        }
        assert_eq!(kind_from("exploded"), None);
        let oom = Some(ChangeKind::OutOfMemory);
        assert_eq!(page_url(None, None), "/");
        assert_eq!(page_url(Some("edge"), oom), "/?host=edge&changed=oom");
    }
}
