//! The answer of `GET /containers/{id}/json`, and the facts and the life it tells of.

use super::list::{compose, network};
use crate::clock;
use crate::life::{Interfaces, Life};
use plimsoll_model::ContainerFacts;
use plimsoll_shared::{
    ContainerId, ContainerState, Health, ImageRef, Limits, Mount, Network, Port, UnixMs,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Networks by name.
pub(super) type Endpoints = BTreeMap<String, Option<NetworkEndpoint>>;

/// One container, the part that is used.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Inspected {
    id: ContainerId,
    name: Option<String>,
    created: Option<String>,
    path: Option<String>,
    args: Option<Vec<String>>,
    image: Option<String>,
    restart_count: Option<i64>,
    state: State,
    host_config: Option<HostConfig>,
    config: Option<Config>,
    network_settings: Option<NetworkSettings>,
    mounts: Option<Vec<MountPoint>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct State {
    status: Option<ContainerState>,
    pid: Option<u32>,
    exit_code: Option<i64>,
    #[serde(rename = "OOMKilled")]
    oom_killed: Option<bool>,
    started_at: Option<String>,
    finished_at: Option<String>,
    health: Option<HealthState>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HealthState {
    status: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HostConfig {
    network_mode: Option<String>,
    memory: Option<i64>,
    nano_cpus: Option<i64>,
    cpu_quota: Option<i64>,
    cpu_period: Option<i64>,
    pids_limit: Option<i64>,
    restart_policy: Option<RestartPolicy>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RestartPolicy {
    name: Option<String>,
    maximum_retry_count: Option<i64>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Config {
    image: Option<String>,
    labels: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NetworkSettings {
    ports: Option<BTreeMap<String, Option<Vec<Binding>>>>,
    networks: Option<Endpoints>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Binding {
    host_ip: Option<String>,
    host_port: Option<String>,
}

/// A container's place in one network.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NetworkEndpoint {
    #[serde(rename = "IPAddress")]
    ip_address: Option<String>,
    #[serde(rename = "GlobalIPv6Address")]
    ipv6_address: Option<String>,
    driver_opts: Option<BTreeMap<String, String>>,
}

/// A mount as the engine describes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MountPoint {
    r#type: Option<String>,
    name: Option<String>,
    source: Option<String>,
    destination: Option<String>,
    #[serde(rename = "RW")]
    writable: Option<bool>,
}

impl Inspected {
    /// Its life, when it has one that can be measured.
    pub(crate) fn life(&self) -> Option<Life> {
        if !self.status().is_alive() {
            return None;
        }
        let endpoints = self
            .network_settings
            .as_ref()
            .and_then(|settings| settings.networks.as_ref());
        let named = endpoints
            .into_iter()
            .flat_map(BTreeMap::values)
            .flatten()
            .filter_map(|endpoint| endpoint.driver_opts.as_ref())
            .filter_map(|options| options.get("com.docker.network.endpoint.ifname"))
            .cloned()
            .collect();
        Some(Life {
            id: self.id.clone(),
            started_at: self.started_at(),
            pid: self.state.pid.filter(|pid| *pid > 0),
            network: self.network(),
            interfaces: Interfaces::Engines { named },
        })
    }

    fn status(&self) -> ContainerState {
        self.state.status.unwrap_or(ContainerState::Unknown)
    }

    fn started_at(&self) -> Option<UnixMs> {
        clock::parse(self.state.started_at.as_deref()?)
    }

    fn network(&self) -> Network {
        let config = self.host_config.as_ref();
        network(config.and_then(|config| config.network_mode.as_deref()))
    }

    /// Everything it tells.
    pub(crate) fn into_facts(self) -> ContainerFacts {
        let (state, started_at, network) = (self.status(), self.started_at(), self.network());
        let ended = !state.is_alive() && started_at.is_some();
        let finished_at = self.state.finished_at.as_deref().and_then(clock::parse);
        let config = self.config;
        let (reference, labels) = match config {
            Some(config) => (config.image, config.labels.unwrap_or_default()),
            None => (None, BTreeMap::new()),
        };
        let (port_map, endpoints) = match self.network_settings {
            Some(settings) => (settings.ports, settings.networks),
            None => (None, None),
        };
        let name = self.name.unwrap_or_default();
        ContainerFacts {
            name: name.strip_prefix('/').unwrap_or(&name).to_owned(),
            image: ImageRef {
                reference: reference.unwrap_or_default(),
                digest: self.image.and_then(|id| id.parse().ok()),
            },
            state,
            health: health(self.state.health.as_ref()),
            created_at: self
                .created
                .as_deref()
                .and_then(clock::parse)
                .unwrap_or(UnixMs(0)),
            started_at,
            finished_at: finished_at.filter(|_| ended),
            exit_code: self.state.exit_code.filter(|_| ended),
            oom_killed: self.state.oom_killed.unwrap_or_default(),
            restarts: self
                .restart_count
                .and_then(|count| u64::try_from(count).ok()),
            compose: compose(&labels),
            network,
            ports: ports(port_map.unwrap_or_default()),
            labels,
            command: self
                .path
                .into_iter()
                .chain(self.args.unwrap_or_default())
                .collect(),
            restart_policy: self
                .host_config
                .as_ref()
                .and_then(|config| restart_policy(config.restart_policy.as_ref()?)),
            limits: self.host_config.as_ref().map(limits),
            mounts: mounts(self.mounts),
            networks: networks(endpoints),
            id: self.id,
        }
    }
}

fn health(state: Option<&HealthState>) -> Health {
    match state.and_then(|state| state.status.as_deref()) {
        None | Some("" | "none") => Health::None,
        Some("starting") => Health::Starting,
        Some("healthy") => Health::Healthy,
        Some("unhealthy") => Health::Unhealthy,
        Some(_) => Health::Unknown,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a number of cores needs no more than 52 bits"
)]
fn limits(config: &HostConfig) -> Limits {
    let positive = |value: Option<i64>| value.filter(|value| *value > 0);
    let quota = positive(config.cpu_quota)
        .map(|quota| quota as f64 / positive(config.cpu_period).unwrap_or(100_000) as f64);
    Limits {
        memory: positive(config.memory).and_then(|bytes| u64::try_from(bytes).ok()),
        cpus: positive(config.nano_cpus)
            .map(|nanos| nanos as f64 / 1e9)
            .or(quota),
        pids: positive(config.pids_limit).and_then(|count| u64::try_from(count).ok()),
    }
}

fn restart_policy(policy: &RestartPolicy) -> Option<String> {
    let name = match policy.name.as_deref()? {
        "" => "no",
        name => name,
    };
    Some(match policy.maximum_retry_count {
        Some(count) if count > 0 => format!("{name}:{count}"),
        _ => name.to_owned(),
    })
}

fn ports(map: BTreeMap<String, Option<Vec<Binding>>>) -> Vec<Port> {
    let mut ports = Vec::new();
    for (port, bindings) in map {
        let (number, protocol) = port.split_once('/').unwrap_or((&port, "tcp"));
        let Ok(container) = number.parse() else {
            continue;
        };
        let bindings = bindings.unwrap_or_default();
        let hosts = bindings.into_iter().filter_map(|binding| {
            let port = binding.host_port?.parse().ok()?;
            Some((binding.host_ip.unwrap_or_default(), port))
        });
        let mut published = false;
        for host in hosts {
            published = true;
            ports.push(Port {
                container,
                protocol: protocol.to_owned(),
                host: Some(host),
            });
        }
        if !published {
            ports.push(Port {
                container,
                protocol: protocol.to_owned(),
                host: None,
            });
        }
    }
    ports.sort();
    ports
}

/// Mounts as the console shows them: a volume by its name, anything else by its path on the host.
pub(super) fn mounts(mounts: Option<Vec<MountPoint>>) -> Vec<Mount> {
    let mount = |mount: MountPoint| Mount {
        kind: mount.r#type.unwrap_or_default(),
        source: mount
            .name
            .filter(|name| !name.is_empty())
            .or(mount.source)
            .unwrap_or_default(),
        destination: mount.destination.unwrap_or_default(),
        writable: mount.writable.unwrap_or_default(),
    };
    mounts.into_iter().flatten().map(mount).collect()
}

/// Networks by name with the container's address in each.
pub(super) fn networks(endpoints: Option<Endpoints>) -> BTreeMap<String, Option<String>> {
    let address = |endpoint: NetworkEndpoint| {
        [endpoint.ip_address, endpoint.ipv6_address]
            .into_iter()
            .flatten()
            .find(|address| !address.is_empty())
    };
    endpoints
        .into_iter()
        .flatten()
        .map(|(name, endpoint)| (name, endpoint.and_then(address)))
        .collect()
}

#[cfg(test)]
mod tests;
