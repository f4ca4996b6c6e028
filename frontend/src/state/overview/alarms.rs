//! What needs a person: engines that do not answer, history that is not recorded, and containers in trouble.

use crate::state::{attention::Attention, sorting::sort};
use plimsoll_shared::{HostId, HostRow, HostState, Recording, UnixMs};

/// Something that needs a person.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Alarm {
    /// An engine cannot be reached.
    HostDown {
        /// Whose.
        host: HostId,
        /// Since when.
        since: UnixMs,
        /// Why, as a sentence.
        reason: String,
    },
    /// History is not being written.
    NotRecording {
        /// Why, as a sentence.
        reason: String,
        /// Readings lost so far.
        lost: u64,
    },
    /// An engine is silent.
    HostSilent {
        /// Whose.
        host: HostId,
        /// When it was last heard.
        since: UnixMs,
    },
    /// A container is in trouble.
    Container(Attention),
}

impl Alarm {
    fn rank(&self) -> u8 {
        match self {
            Self::HostDown { .. } => 0,
            Self::NotRecording { .. } => 1,
            Self::Container(attention) if attention.need.is_bad() => 2,
            Self::HostSilent { .. } => 3,
            Self::Container(_) => 4,
        }
    }

    /// Whether it is worse than a warning.
    pub(crate) fn is_bad(&self) -> bool {
        self.rank() < 3
    }

    /// Where it is looked into.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::HostDown { host, .. } | Self::HostSilent { host, .. } => format!("/hosts/{host}"),
            Self::NotRecording { .. } => "/settings".to_owned(),
            Self::Container(attention) => {
                format!("/hosts/{}/containers/{}", attention.host, attention.id)
            }
        }
    }
}

/// Everything that needs a person, the worst first. `needs` are the containers', the worst first.
pub(crate) fn alarms(
    hosts: &[HostRow],
    recording: &Recording,
    needs: impl IntoIterator<Item = Attention>,
) -> Vec<Alarm> {
    let mut all: Vec<Alarm> = hosts.iter().filter_map(of_host).collect();
    if let Recording::Off { reason, lost, .. } = recording {
        all.push(Alarm::NotRecording {
            reason: reason.clone(),
            lost: *lost,
        });
    }
    all.extend(needs.into_iter().map(Alarm::Container));
    sort(&mut all, |a, b| a.rank().cmp(&b.rank()));
    all
}

fn of_host(row: &HostRow) -> Option<Alarm> {
    let host = row.id.clone();
    match &row.state {
        HostState::Up { .. } | HostState::Searching { .. } => None,
        HostState::Stale { since } => Some(Alarm::HostSilent {
            host,
            since: *since,
        }),
        HostState::Down { since, reason } => Some(Alarm::HostDown {
            host,
            since: *since,
            reason: reason.clone(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{attention::Need, sample::host};

    fn container(name: &str, need: Need) -> Attention {
        Attention {
            host: HostId::local(),
            id: "ab".repeat(32).parse().unwrap(),
            name: name.to_owned(),
            need,
        }
    }

    #[test]
    fn what_blinds_the_console_comes_before_what_it_sees() {
        let since = UnixMs(5);
        let down = HostState::Down {
            since,
            reason: "refused".to_owned(),
        };
        let hosts = [
            host("quiet", HostState::Up { since }),
            host("slow", HostState::Stale { since }),
            host("gone", down),
        ];
        let off = Recording::Off {
            since,
            reason: "the disk is full".to_owned(),
            lost: 7,
        };
        let needs = [
            container("ill", Need::Unhealthy),
            container("asleep", Need::Paused),
        ];
        let all = alarms(&hosts, &off, needs);
        let urls: Vec<String> = all.iter().map(Alarm::url).collect();
        let container = format!("/hosts/local/containers/{}", "ab".repeat(32));
        assert_eq!(
            urls,
            [
                "/hosts/gone",
                "/settings",
                &container,
                "/hosts/slow",
                &container
            ]
        );
        let bad = all.iter().filter(|alarm| alarm.is_bad()).count();
        assert_eq!(bad, 3);
        assert_eq!(alarms(&hosts[..1], &Recording::On, []), []);
    }
}
