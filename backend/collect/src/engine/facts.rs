//! What an engine says of itself (`GET /version`, `GET /info`).

use plimsoll_shared::{EngineFacts, UnixMs};
use serde::Deserialize;

/// `GET /version`, the part that is used.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Version {
    pub(super) api_version: String,
    #[serde(rename = "MinAPIVersion")]
    pub(super) min_api_version: Option<String>,
    version: Option<String>,
    components: Option<Vec<Component>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Component {
    name: Option<String>,
}

impl Version {
    pub(super) fn is_podman(&self) -> bool {
        self.components.iter().flatten().any(|component| {
            let name = component.name.as_deref().unwrap_or_default();
            name.to_ascii_lowercase().contains("podman")
        })
    }
}

/// `GET /info`, the part that is used.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Info {
    #[serde(rename = "ID")]
    id: Option<String>,
    name: Option<String>,
    server_version: Option<String>,
    operating_system: Option<String>,
    kernel_version: Option<String>,
    architecture: Option<String>,
    #[serde(rename = "NCPU")]
    cpus: Option<i64>,
    mem_total: Option<i64>,
    cgroup_version: Option<String>,
    cgroup_driver: Option<String>,
    driver: Option<String>,
    security_options: Option<Vec<String>>,
    live_restore_enabled: Option<bool>,
    images: Option<i64>,
    warnings: Option<Vec<String>>,
    system_time: Option<String>,
}

impl Info {
    /// The engine's clock when it answered.
    pub(super) fn clock(&self) -> Option<UnixMs> {
        crate::clock::parse(self.system_time.as_deref()?)
    }

    /// The engine's words as facts; a number it does not know, which it may write as -1, is zero.
    pub(super) fn into_facts(self, version: &Version, api_version: String) -> EngineFacts {
        EngineFacts {
            engine_id: self.id.unwrap_or_default(),
            name: self.name.unwrap_or_default(),
            version: self
                .server_version
                .or_else(|| version.version.clone())
                .unwrap_or_default(),
            api_version,
            os: self.operating_system.unwrap_or_default(),
            kernel: self.kernel_version.unwrap_or_default(),
            arch: self.architecture.unwrap_or_default(),
            cpus: count(self.cpus),
            memory: count(self.mem_total),
            // Engines older than 20.10 do not say; they know version 1 alone.
            cgroup_version: self.cgroup_version.unwrap_or_else(|| "1".to_owned()),
            cgroup_driver: self.cgroup_driver.unwrap_or_default(),
            storage_driver: self.driver.unwrap_or_default(),
            security: self.security_options.unwrap_or_default(),
            live_restore: self.live_restore_enabled.unwrap_or_default(),
            images: count(self.images),
            warnings: self.warnings.unwrap_or_default(),
        }
    }
}

fn count(number: Option<i64>) -> u64 {
    number
        .and_then(|number| u64::try_from(number).ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(version: &str, info: &str) -> EngineFacts {
        let version: Version = serde_json::from_str(version).unwrap();
        let info: Info = serde_json::from_str(info).unwrap();
        info.into_facts(&version, "1.41".to_owned())
    }

    #[test]
    fn an_engine_that_tells_hardly_anything_is_still_an_engine() {
        let facts = facts(
            r#"{"ApiVersion":"1.41","Version":"20.10.24","Components":null}"#,
            r#"{"Images":-1,"NCPU":4,"Warnings":null,"SecurityOptions":null}"#,
        );
        assert_eq!(facts.version, "20.10.24");
        assert_eq!((facts.images, facts.cpus, facts.memory), (0, 4, 0));
        assert_eq!(facts.cgroup_version, "1", "older engines know no other");
    }

    #[test]
    fn podman_is_known_by_its_components() {
        let podman =
            r#"{"ApiVersion":"1.41","Components":[{"Name":"Podman Engine"},{"Name":"Conmon"}]}"#;
        let docker = r#"{"ApiVersion":"1.41","Components":[{"Name":"Engine"},{"Name":null}]}"#;
        let is_podman = |text| serde_json::from_str::<Version>(text).unwrap().is_podman();
        assert!(is_podman(podman) && !is_podman(docker));
    }
}
