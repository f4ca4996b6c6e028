//! One row of `GET /containers/json`, and what it tells of a container that was not asked further.

use super::inspect::{address, source};
use plimsoll_model::ContainerFacts;
use plimsoll_shared::{
    Compose, ContainerId, ContainerState, Health, ImageRef, Mount, Network, Port, UnixMs,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// The rows of a list; a row that is not understood is left out with a line in the log, the others stay.
pub(super) fn rows(body: &[u8]) -> Result<Vec<Row>, serde_json::Error> {
    let raw: Vec<&RawValue> = serde_json::from_slice(body)?;
    let read = |row: &&RawValue| match serde_json::from_str(row.get()) {
        Ok(row) => Some(row),
        Err(error) => {
            tracing::warn!(%error, "a container in the engine's list is not understood");
            None
        }
    };
    Ok(raw.iter().filter_map(read).collect())
}

/// One container in the list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Row {
    id: ContainerId,
    names: Option<Vec<String>>,
    image: Option<String>,
    #[serde(rename = "ImageID")]
    image_id: Option<String>,
    created: Option<i64>,
    ports: Option<Vec<ListedPort>>,
    labels: Option<BTreeMap<String, String>>,
    state: Option<ContainerState>,
    status: Option<String>,
    host_config: Option<ListedHostConfig>,
    network_settings: Option<ListedNetworks>,
    mounts: Option<Vec<ListedMount>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListedPort {
    #[serde(rename = "IP")]
    ip: Option<String>,
    private_port: u16,
    public_port: Option<u16>,
    r#type: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListedHostConfig {
    network_mode: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListedNetworks {
    networks: Option<BTreeMap<String, Option<ListedEndpoint>>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListedEndpoint {
    #[serde(rename = "IPAddress")]
    ip_address: Option<String>,
    #[serde(rename = "GlobalIPv6Address")]
    ipv6_address: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListedMount {
    r#type: Option<String>,
    name: Option<String>,
    source: Option<String>,
    destination: Option<String>,
    #[serde(rename = "RW")]
    writable: Option<bool>,
}

impl Row {
    /// Whose row it is.
    pub(crate) fn id(&self) -> &ContainerId {
        &self.id
    }

    /// State of the container.
    pub(crate) fn state(&self) -> ContainerState {
        self.state.unwrap_or(ContainerState::Unknown)
    }

    /// What the list alone tells.
    pub(crate) fn into_facts(self) -> ContainerFacts {
        let state = self.state();
        let status = self.status.unwrap_or_default();
        let labels = self.labels.unwrap_or_default();
        let mut ports: Vec<_> = self
            .ports
            .unwrap_or_default()
            .into_iter()
            .map(port)
            .collect();
        ports.sort();
        ports.dedup();
        ContainerFacts {
            name: own_name(&self.names.unwrap_or_default(), &self.id),
            image: ImageRef {
                reference: self.image.unwrap_or_default(),
                digest: self.image_id.and_then(|id| id.parse().ok()),
            },
            state,
            health: health(state, &status),
            created_at: UnixMs(self.created.unwrap_or_default().saturating_mul(1000)),
            started_at: None,
            finished_at: None,
            exit_code: exit_code(&status),
            oom_killed: false,
            restarts: None,
            compose: compose(&labels),
            network: network(
                self.host_config
                    .and_then(|config| config.network_mode)
                    .as_deref(),
            ),
            ports,
            labels,
            command: Vec::new(),
            restart_policy: None,
            limits: None,
            mounts: self.mounts.into_iter().flatten().map(mount).collect(),
            networks: networks(self.network_settings),
            id: self.id,
        }
    }
}

/// A container's own name among those the list gives: links of other containers to it have two slashes.
fn own_name(names: &[String], id: &ContainerId) -> String {
    names
        .iter()
        .map(|name| name.strip_prefix('/').unwrap_or(name))
        .find(|name| !name.contains('/'))
        .unwrap_or(id.short())
        .to_owned()
}

fn port(port: ListedPort) -> Port {
    Port {
        container: port.private_port,
        protocol: port.r#type.unwrap_or_else(|| "tcp".to_owned()),
        host: port
            .public_port
            .filter(|public| *public > 0)
            .map(|public| (port.ip.unwrap_or_default(), public)),
    }
}

fn mount(mount: ListedMount) -> Mount {
    Mount {
        kind: mount.r#type.unwrap_or_default(),
        source: source(mount.name, mount.source),
        destination: mount.destination.unwrap_or_default(),
        writable: mount.writable.unwrap_or_default(),
    }
}

fn networks(settings: Option<ListedNetworks>) -> BTreeMap<String, Option<String>> {
    let listed = settings.and_then(|settings| settings.networks);
    let addressed = |endpoint: ListedEndpoint| address(endpoint.ip_address, endpoint.ipv6_address);
    listed
        .into_iter()
        .flatten()
        .map(|(name, endpoint)| (name, endpoint.and_then(addressed)))
        .collect()
}

/// The exit code in `Exited (137) 3 hours ago` or `Restarting (1) 5 seconds ago`.
fn exit_code(status: &str) -> Option<i64> {
    let rest = status
        .strip_prefix("Exited (")
        .or_else(|| status.strip_prefix("Restarting ("))?;
    rest.split_once(')')?.0.parse().ok()
}

/// The health in `Up 3 minutes (healthy)`. Only running containers tell, and those without a health check say nothing.
fn health(state: ContainerState, status: &str) -> Health {
    match status.rsplit_once('(').map(|(_, word)| word) {
        Some("healthy)") => Health::Healthy,
        Some("unhealthy)") => Health::Unhealthy,
        Some("health: starting)" | "starting)") => Health::Starting,
        _ if state == ContainerState::Running => Health::None,
        _ => Health::Unknown,
    }
}

/// Compose project and service from the labels compose sets.
pub(super) fn compose(labels: &BTreeMap<String, String>) -> Option<Compose> {
    Some(Compose {
        project: labels.get("com.docker.compose.project")?.clone(),
        service: labels.get("com.docker.compose.service").cloned(),
    })
}

/// Whose network a container uses, from `HostConfig.NetworkMode`.
pub(super) fn network(mode: Option<&str>) -> Network {
    match mode {
        Some("host") => Network::Host,
        Some("none") => Network::None,
        Some(mode) => match mode.strip_prefix("container:").map(str::parse) {
            Some(Ok(id)) => Network::Container(id),
            _ => Network::Own,
        },
        None => Network::Own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(json: &str) -> ContainerFacts {
        rows(format!("[{json}]").as_bytes())
            .unwrap()
            .remove(0)
            .into_facts()
    }

    #[test]
    fn a_stopped_container_tells_its_exit_code_in_words() {
        for (status, code) in [
            ("Exited (137) 3 hours ago", Some(137)),
            ("Exited (0) Less than a second ago", Some(0)),
            ("Exited (-1) 3 days ago", Some(-1)),
            ("Restarting (1) 5 seconds ago", Some(1)),
            ("Up 3 hours (healthy)", None),
            ("Created", None),
            ("Exited (", None),
            ("", None),
        ] {
            assert_eq!(exit_code(status), code, "{status:?}");
        }
    }

    #[test]
    fn health_is_read_from_the_end_of_the_status() {
        let running = ContainerState::Running;
        assert_eq!(health(running, "Up 3 minutes (healthy)"), Health::Healthy);
        assert_eq!(
            health(running, "Up 3 minutes (unhealthy)"),
            Health::Unhealthy
        );
        assert_eq!(
            health(running, "Up 1 second (health: starting)"),
            Health::Starting
        );
        assert_eq!(health(running, "Up 3 minutes"), Health::None);
        assert_eq!(
            health(ContainerState::Exited, "Exited (0) 1 hour ago"),
            Health::Unknown
        );
    }

    #[test]
    fn a_container_that_others_link_to_keeps_its_own_name() {
        let id = "a".repeat(64);
        let facts = facts(&format!(
            r#"{{"Id":"{id}","Names":["/web/database","/db"],"State":"running"}}"#
        ));
        assert_eq!(facts.name, "db");
    }

    #[test]
    fn one_odd_row_does_not_hide_the_others() {
        let (good, odd) = ("a".repeat(64), "b".repeat(64));
        let list = format!(
            r#"[{{"Id":"../../etc"}},{{"Id":"{odd}","Created":"yesterday"}},7,null,{{"Id":"{good}","Names":null,"Ports":null,"Labels":null,"State":"dreaming"}}]"#
        );
        let rows = rows(list.as_bytes()).unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].id().as_str(), good);
        assert_eq!(rows[0].state(), ContainerState::Unknown);
    }

    #[test]
    fn a_name_is_kept_as_the_text_it_is() {
        let id = "a".repeat(64);
        let facts = facts(&format!(
            r#"{{"Id":"{id}","Names":["/<img src=x onerror=alert(1)>"],"State":"running"}}"#
        ));
        assert_eq!(facts.name, "<img src=x onerror=alert(1)>");
    }

    #[test]
    fn a_shared_network_names_whose_it_is() {
        let id = "c".repeat(64);
        assert_eq!(network(Some("host")), Network::Host);
        assert_eq!(network(Some("none")), Network::None);
        assert_eq!(network(Some("default")), Network::Own);
        assert_eq!(
            network(Some(&format!("container:{id}"))),
            Network::Container(id.parse().unwrap())
        );
    }
}
