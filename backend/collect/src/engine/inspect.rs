//! The answer of `GET /containers/{id}/json`, and the facts and the life it tells of.

use super::list::{compose, network};
use crate::clock;
use crate::life::{Interfaces, Life};
use bollard::models::{
    ContainerInspectResponse, ContainerStateStatusEnum as Status, EndpointSettings,
    HealthStatusEnum, HostConfig, MountPoint, PortMap, RestartPolicy,
};
use plimsoll_model::ContainerFacts;
use plimsoll_shared::{ContainerId, ContainerState, Health, ImageRef, Limits, Mount, Port, UnixMs};
use std::collections::{BTreeMap, HashMap};

/// What an answer tells of one container.
#[derive(Debug, Clone)]
pub(crate) struct Inspected {
    life: Option<Life>,
    facts: ContainerFacts,
}

impl Inspected {
    /// Its life, when it has one that can be measured.
    pub(crate) fn life(&self) -> Option<Life> {
        self.life.clone()
    }

    /// Everything it tells.
    pub(crate) fn into_facts(self) -> ContainerFacts {
        self.facts
    }

    /// Takes an answer apart.
    ///
    /// # Errors
    /// When it does not say whose it is.
    pub(super) fn read(answer: ContainerInspectResponse) -> Result<Self, serde_json::Error> {
        let id = answer.id.unwrap_or_default();
        let id: ContainerId = id.parse().map_err(serde::de::Error::custom)?;
        let told = answer.state.unwrap_or_default();
        let state = state(told.status);
        let started_at = told.started_at.as_deref().and_then(clock::parse);
        let finished_at = told.finished_at.as_deref().and_then(clock::parse);
        let ended = !state.is_alive() && started_at.is_some();
        let host = answer.host_config;
        let config = answer.config.unwrap_or_default();
        let labels: BTreeMap<_, _> = config.labels.into_iter().flatten().collect();
        let settings = answer.network_settings.unwrap_or_default();
        let endpoints = settings.networks.unwrap_or_default();
        let name = answer.name.unwrap_or_default();
        let facts = ContainerFacts {
            name: name.strip_prefix('/').unwrap_or(&name).to_owned(),
            image: ImageRef {
                reference: config.image.unwrap_or_default(),
                digest: answer.image.and_then(|id| id.parse().ok()),
            },
            state,
            health: health(told.health.and_then(|health| health.status)),
            created_at: answer
                .created
                .as_deref()
                .and_then(clock::parse)
                .unwrap_or(UnixMs(0)),
            started_at,
            finished_at: finished_at.filter(|_| ended),
            exit_code: told.exit_code.filter(|_| ended),
            oom_killed: told.oom_killed.unwrap_or_default(),
            restarts: answer
                .restart_count
                .and_then(|count| u64::try_from(count).ok()),
            compose: compose(&labels),
            network: network(host.as_ref().and_then(|host| host.network_mode.as_deref())),
            ports: ports(settings.ports.unwrap_or_default()),
            labels,
            command: answer
                .path
                .into_iter()
                .chain(answer.args.unwrap_or_default())
                .collect(),
            restart_policy: host
                .as_ref()
                .and_then(|host| restart_policy(host.restart_policy.as_ref()?)),
            limits: host.as_ref().map(limits),
            mounts: answer.mounts.into_iter().flatten().map(mount).collect(),
            networks: addresses(&endpoints),
            id,
        };
        let life = state.is_alive().then(|| Life {
            id: facts.id.clone(),
            started_at,
            pid: told
                .pid
                .and_then(|pid| u32::try_from(pid).ok())
                .filter(|pid| *pid > 0),
            network: facts.network.clone(),
            interfaces: Interfaces::Engines {
                named: interfaces(&endpoints),
            },
        });
        Ok(Self { life, facts })
    }
}

fn state(status: Option<Status>) -> ContainerState {
    match status {
        Some(Status::CREATED) => ContainerState::Created,
        Some(Status::RUNNING) => ContainerState::Running,
        Some(Status::PAUSED) => ContainerState::Paused,
        Some(Status::RESTARTING) => ContainerState::Restarting,
        Some(Status::REMOVING) => ContainerState::Removing,
        Some(Status::EXITED) => ContainerState::Exited,
        Some(Status::DEAD) => ContainerState::Dead,
        Some(Status::STOPPING | Status::EMPTY) | None => ContainerState::Unknown,
    }
}

fn health(status: Option<HealthStatusEnum>) -> Health {
    match status {
        None | Some(HealthStatusEnum::EMPTY | HealthStatusEnum::NONE) => Health::None,
        Some(HealthStatusEnum::STARTING) => Health::Starting,
        Some(HealthStatusEnum::HEALTHY) => Health::Healthy,
        Some(HealthStatusEnum::UNHEALTHY) => Health::Unhealthy,
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
    let name = match policy.name?.to_string() {
        name if name.is_empty() => "no".to_owned(),
        name => name,
    };
    Some(match policy.maximum_retry_count {
        Some(count) if count > 0 => format!("{name}:{count}"),
        _ => name,
    })
}

fn ports(map: PortMap) -> Vec<Port> {
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

fn mount(mount: MountPoint) -> Mount {
    Mount {
        kind: mount.typ.unwrap_or_default(),
        source: source(mount.name, mount.source),
        destination: mount.destination.unwrap_or_default(),
        writable: mount.rw.unwrap_or_default(),
    }
}

/// The source of a mount as the console shows it: a volume by its name, anything else by its path on the host.
pub(super) fn source(name: Option<String>, path: Option<String>) -> String {
    name.filter(|name| !name.is_empty())
        .or(path)
        .unwrap_or_default()
}

fn addresses(endpoints: &HashMap<String, EndpointSettings>) -> BTreeMap<String, Option<String>> {
    let addressed = |endpoint: &EndpointSettings| {
        address(
            endpoint.ip_address.clone(),
            endpoint.global_ipv6_address.clone(),
        )
    };
    endpoints
        .iter()
        .map(|(name, endpoint)| (name.clone(), addressed(endpoint)))
        .collect()
}

/// A container's address in a network: engines write an empty one for none.
pub(super) fn address(version_4: Option<String>, version_6: Option<String>) -> Option<String> {
    [version_4, version_6]
        .into_iter()
        .flatten()
        .find(|address| !address.is_empty())
}

/// Names that were asked for the container's own interfaces.
fn interfaces(endpoints: &HashMap<String, EndpointSettings>) -> Vec<String> {
    endpoints
        .values()
        .filter_map(|endpoint| endpoint.driver_opts.as_ref())
        .filter_map(|options| options.get("com.docker.network.endpoint.ifname"))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests;
