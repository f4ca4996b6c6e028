//! What an engine says of itself (`GET /version`, `GET /info`).

use bollard::models::{SystemInfo, SystemVersion};
use plimsoll_shared::{EngineFacts, UnixMs};
use std::path::PathBuf;

/// What is kept of `GET /version`.
#[derive(Debug, Clone)]
pub(super) struct Greeting {
    /// Whether it is Podman.
    pub(super) is_podman: bool,
    version: Option<String>,
}

/// Who answered.
pub(super) fn greeting(version: SystemVersion) -> Greeting {
    let is_podman = version
        .components
        .iter()
        .flatten()
        .any(|component| component.name.to_ascii_lowercase().contains("podman"));
    Greeting {
        is_podman,
        version: version.version,
    }
}

/// The engine's clock when it answered.
pub(super) fn clock(info: &SystemInfo) -> Option<UnixMs> {
    crate::clock::parse(info.system_time.as_deref()?)
}

/// The folder its data is in; only an absolute path is one.
pub(super) fn data(info: &SystemInfo) -> Option<PathBuf> {
    let folder = PathBuf::from(info.docker_root_dir.as_deref()?);
    folder.is_absolute().then_some(folder)
}

/// The engine's words as facts; a number it does not know, which it may write as -1, is zero.
pub(super) fn facts(info: SystemInfo, greeting: &Greeting, api_version: String) -> EngineFacts {
    EngineFacts {
        engine_id: info.id.unwrap_or_default(),
        name: info.name.unwrap_or_default(),
        version: info
            .server_version
            .or_else(|| greeting.version.clone())
            .unwrap_or_default(),
        api_version,
        os: info.operating_system.unwrap_or_default(),
        kernel: info.kernel_version.unwrap_or_default(),
        arch: info.architecture.unwrap_or_default(),
        cpus: count(info.ncpu),
        memory: count(info.mem_total),
        // Engines older than 20.10 do not say; they know version 1 alone.
        cgroup_version: info
            .cgroup_version
            .map_or_else(|| "1".to_owned(), |version| version.to_string()),
        cgroup_driver: info
            .cgroup_driver
            .map_or_else(String::new, |driver| driver.to_string()),
        storage_driver: info.driver.unwrap_or_default(),
        security: info.security_options.unwrap_or_default(),
        live_restore: info.live_restore_enabled.unwrap_or_default(),
        images: count(info.images),
        warnings: info.warnings.unwrap_or_default(),
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

    fn greeted(version: &str) -> Greeting {
        greeting(super::super::lenient::read(version.as_bytes()).unwrap())
    }

    #[test]
    fn an_engine_that_tells_hardly_anything_is_still_an_engine() {
        let greeting = greeted(r#"{"ApiVersion":"1.41","Version":"20.10.24","Components":null}"#);
        let info = r#"{"Images":-1,"NCPU":4,"Warnings":null,"SecurityOptions":null}"#;
        let info = serde_json::from_str(info).unwrap();
        let facts = facts(info, &greeting, "1.41".to_owned());
        assert_eq!(facts.version, "20.10.24");
        assert_eq!((facts.images, facts.cpus, facts.memory), (0, 4, 0));
        assert_eq!(facts.cgroup_version, "1", "older engines know no other");
    }

    #[test]
    fn podman_is_known_by_its_components() {
        let podman = r#"{"ApiVersion":"1.41","Components":[{"Name":"Podman Engine","Version":"5.7.0"},{"Name":"Conmon","Version":"2.1"}]}"#;
        let docker = r#"{"ApiVersion":"1.41","Components":[{"Name":"Engine","Version":"29.0.0"},{"Name":null}]}"#;
        assert!(greeted(podman).is_podman && !greeted(docker).is_podman);
    }
}
