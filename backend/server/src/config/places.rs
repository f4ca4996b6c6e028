//! Where the data and the configuration file lie unless told.

use super::ConfigError;
use etcetera::BaseStrategy;
use std::{
    env,
    path::{Path, PathBuf},
};

/// What the process finds around it, as a value.
pub(super) struct Environment {
    /// The variables `PLIMSOLL_…`.
    pub(super) variables: Vec<(String, String)>,
    /// The platform's folder for data; `None` without a home folder.
    pub(super) data: Option<PathBuf>,
    /// The platform's folder for configuration; `None` without a home folder.
    pub(super) config: Option<PathBuf>,
}

impl Environment {
    pub(super) fn of_this_process() -> Self {
        let base = etcetera::choose_base_strategy().ok();
        let chosen = |name| env::var_os(name).is_some_and(|dir| Path::new(&dir).is_absolute());
        let root = rustix::process::geteuid().is_root();
        Self {
            variables: env::vars_os()
                .filter_map(|(name, value)| {
                    Some((
                        name.into_string().ok()?,
                        value.to_string_lossy().into_owned(),
                    ))
                })
                .filter(|(name, _)| name.starts_with("PLIMSOLL_"))
                .collect(),
            data: match root && !chosen("XDG_DATA_HOME") {
                true => Some(PathBuf::from("/var/lib")),
                false => base.as_ref().map(BaseStrategy::data_dir),
            },
            config: match root && !chosen("XDG_CONFIG_HOME") {
                true => Some(PathBuf::from("/etc")),
                false => base.as_ref().map(BaseStrategy::config_dir),
            },
        }
    }

    /// A variable's value; an empty one counts as not set.
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        let found = self.variables.iter().find(|(found, _)| found == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }
}

/// The platform's data folder for this program.
pub(super) fn data_folder(environment: &Environment) -> Result<PathBuf, ConfigError> {
    let base = environment.data.as_ref().ok_or(ConfigError::Homeless)?;
    Ok(base.join("plimsoll"))
}

/// The file that was named, or the platform's if it is there.
pub(super) fn config_file(flag: Option<&Path>, environment: &Environment) -> Option<PathBuf> {
    if let Some(path) = flag {
        return Some(path.to_owned());
    }
    if let Some(path) = environment.variable("PLIMSOLL_CONFIG") {
        return Some(PathBuf::from(path));
    }
    let usual = environment
        .config
        .as_ref()?
        .join("plimsoll")
        .join("config.toml");
    usual.exists().then_some(usual)
}
