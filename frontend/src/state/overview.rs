//! What the first page shows: what needs a person, how many of what, who uses most, what is near a limit, what changed.

pub(crate) mod alarms;
pub(crate) mod changes;
pub(crate) mod consumers;
pub(crate) mod held;
pub(crate) mod limits;
pub(crate) mod tiles;

use plimsoll_shared::{HostRow, HostState, lines::Subject};

/// Which of its looks the page has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Nothing came yet.
    Waiting,
    /// No engine was found yet.
    Searching,
    /// There is something to show.
    Whole,
}

impl Look {
    /// The look for these hosts; `None` before the first word of them.
    pub(crate) fn of(hosts: Option<&[HostRow]>) -> Self {
        match hosts {
            None => Self::Waiting,
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
pub(crate) fn host_of(subject: &Subject) -> &plimsoll_shared::HostId {
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
    fn a_single_engine_that_answers_is_enough_to_show_the_page() {
        let searching = HostState::Searching {
            since: UnixMs(0),
            tried: Vec::new(),
        };
        let up = HostState::Up { since: UnixMs(0) };
        assert_eq!(Look::of(None), Look::Waiting);
        assert_eq!(
            Look::of(Some(&[host("a", searching.clone())])),
            Look::Searching
        );
        let both = [host("a", searching), host("b", up)];
        assert_eq!(Look::of(Some(&both)), Look::Whole);
    }
}
