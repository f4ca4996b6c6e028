//! What the first page shows: what needs a person, how many of what, who uses most, what is near a limit, what changed.

pub(crate) mod alarms;
pub(crate) mod changes;
pub(crate) mod consumers;
pub(crate) mod held;
pub(crate) mod limits;
pub(crate) mod tiles;

use plimsoll_shared::{HostId, HostRow, HostState, lines::Subject};

/// Which of its looks the page has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Nothing came yet.
    Waiting,
    /// No engine was found yet.
    Searching,
    /// The address names a host that there is not.
    NoSuchHost,
    /// There is something to show.
    Whole,
}

impl Look {
    /// The look for these hosts, `None` before the first word of them, when `scope` alone is asked for.
    pub(crate) fn of(hosts: Option<&[HostRow]>, scope: Option<&HostId>) -> Self {
        let is_missing = |hosts: &[HostRow]| {
            scope.is_some_and(|scope| hosts.iter().all(|host| host.id != *scope))
        };
        match hosts {
            None => Self::Waiting,
            Some(hosts) if is_missing(hosts) => Self::NoSuchHost,
            Some(hosts) if hosts.iter().all(is_searching) => Self::Searching,
            Some(_) => Self::Whole,
        }
    }
}

fn is_searching(host: &HostRow) -> bool {
    matches!(host.state, HostState::Searching { .. })
}

/// Address of a subject's own page.
pub(crate) fn url_of(subject: &Subject) -> String {
    match subject {
        Subject::Host(host) => format!("/hosts/{host}"),
        Subject::Container(host, id) => format!("/hosts/{host}/containers/{id}"),
    }
}

/// The host that a subject is, or is on.
pub(crate) fn host_of(subject: &Subject) -> &HostId {
    match subject {
        Subject::Host(host) | Subject::Container(host, _) => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::sample::host;
    use plimsoll_shared::UnixMs;

    #[test]
    fn a_single_engine_that_answers_is_enough_to_show_the_page_and_a_host_that_is_not_shows_no_zeros()
     {
        let searching = HostState::Searching {
            since: UnixMs(0),
            tried: Vec::new(),
        };
        let up = HostState::Up { since: UnixMs(0) };
        assert_eq!(Look::of(None, None), Look::Waiting);
        assert_eq!(
            Look::of(Some(&[host("a", searching.clone())]), None),
            Look::Searching
        );
        let both = [host("a", searching), host("b", up)];
        assert_eq!(Look::of(Some(&both), None), Look::Whole);
        let (b, c) = ("b".parse().unwrap(), "c".parse().unwrap());
        assert_eq!(Look::of(Some(&both), Some(&b)), Look::Whole);
        assert_eq!(Look::of(Some(&both), Some(&c)), Look::NoSuchHost);
    }
}
