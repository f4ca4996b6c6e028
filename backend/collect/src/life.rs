//! What must be known of a running container to measure it.

use plimsoll_shared::{ContainerId, Network, UnixMs};

/// One life of a container: from a start to the end that follows. Counters of two lives are never compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Life {
    /// Whose life.
    pub id: ContainerId,
    /// When it began; `None` when the engine was not asked.
    pub started_at: Option<UnixMs>,
    /// Its first process, in the engine's numbering; `None` when the engine was not asked.
    pub pid: Option<u32>,
    /// Whose network it uses, by the chain's end: never [`Network::Container`] when that container is known.
    pub network: Network,
    /// Which interfaces count.
    pub interfaces: Interfaces,
}

/// Which of the interfaces in a container's network namespace are the engine's, and so part of its sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Interfaces {
    /// Docker's: `eth0`, `eth1`, … and those that were given a name of their own.
    Engines {
        /// Names given to interfaces by `com.docker.network.endpoint.ifname`.
        named: Vec<String>,
    },
    /// Podman's: all but the loopback.
    AllButLoopback,
}

impl Interfaces {
    /// Whether `name` counts.
    #[must_use]
    pub fn count(&self, name: &str) -> bool {
        match self {
            Self::AllButLoopback => name != "lo",
            Self::Engines { named } => {
                let numbered = name.strip_prefix("eth").is_some_and(|number| {
                    !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
                });
                numbered || named.iter().any(|own| own == name)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interfaces_the_container_made_itself_do_not_count() {
        let engines = Interfaces::Engines {
            named: vec!["front".to_owned()],
        };
        for name in ["eth0", "eth12", "front"] {
            assert!(engines.count(name), "{name}");
        }
        for name in [
            "lo", "tun0", "wg0", "tunl0", "docker0", "eth", "ethtool", "veth1",
        ] {
            assert!(!engines.count(name), "{name}");
        }
        assert!(Interfaces::AllButLoopback.count("tap0"));
        assert!(!Interfaces::AllButLoopback.count("lo"));
    }
}
