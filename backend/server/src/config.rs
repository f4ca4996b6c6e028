//! What `plimsoll serve` is told: command line, then environment, then file, then defaults, each value with where it came from.

mod error;
mod file;
mod places;
mod source;
mod value;

pub use error::ConfigError;
pub use source::Origin;

use clap::Args;
use file::File;
use places::Environment;
use plimsoll_shared::Setting;
use serde::Serialize;
use source::{Given, Sources};
use std::{net::SocketAddr, path::PathBuf, time::Duration};

/// Readings are taken at least this far apart: one sweep must be over before the next begins.
const INTERVAL: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(60));
const RETENTION: (Duration, Duration) = (
    Duration::from_secs(3600),
    Duration::from_secs(30 * 24 * 3600),
);
/// Less than this would be a history of minutes.
const LEAST_HISTORY: u64 = 16 * 1_000_000;

/// What the server runs with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Folder the data is in.
    pub data: PathBuf,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Engine to watch; `None` looks for one.
    pub docker_host: Option<String>,
    /// Time between two readings.
    pub interval: Duration,
    /// How long single readings are kept; coarser ones are kept longer.
    pub retention: Duration,
    /// Most bytes that the sample history may take; `None` lets it take what it needs.
    pub history_max_size: Option<u64>,
    /// Whether anyone who reaches the address may look, although there are no accounts.
    pub allow_unauthenticated: bool,
    /// Names this server answers to, besides those of loopback.
    pub allowed_host: Vec<String>,
    /// Which log lines are written, in the words of `tracing_subscriber::EnvFilter`.
    pub log: String,
}

/// The command line's share. Texts are checked where all sources meet, so that a bad one is refused alike everywhere.
#[derive(Debug, Clone, Default, Args)]
pub struct Flags {
    /// Folder for the data [default: the platform's data folder]
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// Engine to watch, as DOCKER_HOST would name it [default: look for one]
    #[arg(long, value_name = "URL")]
    pub docker_host: Option<String>,
    /// Time between two readings, 500ms to 60s [default: 1s]
    #[arg(long, value_name = "TIME")]
    pub interval: Option<String>,
    /// How long single readings are kept, 1h to 30d [default: 48h]
    #[arg(long, value_name = "TIME")]
    pub retention: Option<String>,
    /// Most room the sample history may take, such as 20GB; the oldest of the finest goes early when it is reached [default: no limit]
    #[arg(long, value_name = "SIZE")]
    pub history_max_size: Option<String>,
    /// Let anyone who reaches the address look; needed to listen beyond this machine
    #[arg(long)]
    pub allow_unauthenticated: bool,
    /// Name that browsers may call this server by, besides localhost; may be given more than once
    #[arg(long, value_name = "NAME")]
    pub allowed_host: Vec<String>,
    /// Which log lines to write, for example debug or info,plimsoll_collect=debug [default: info]
    #[arg(long, value_name = "FILTER")]
    pub log: Option<String>,
    /// File with settings [default: config.toml in the platform's configuration folder, when there is one]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// One value and where it came from, as `plimsoll config show` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Name in the file; the flag and the variable follow from it.
    pub name: &'static str,
    /// The value as it could be written in a file.
    pub value: String,
    /// Where it came from.
    pub from: Origin,
}

/// The configuration, and where each of its values came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The values.
    pub config: Config,
    /// The same values as texts with their origins, in the order of [`Flags`].
    pub told: Vec<Told>,
}

impl Loaded {
    /// The same as the browser sees it.
    pub fn settings(&self) -> Vec<Setting> {
        let setting = |told: &Told| Setting {
            name: told.name.to_owned(),
            value: told.value.clone(),
            from: told.from.place(),
        };
        self.told.iter().map(setting).collect()
    }
}

/// Reads the configuration from the command line, the environment and the file.
///
/// # Errors
/// A setting that does not exist or has a bad value, with where it was written and what is allowed; an address that would
/// show everything to the network without being told to.
pub fn load(flags: &Flags) -> Result<Loaded, ConfigError> {
    load_from(flags, &Environment::of_this_process())
}

fn load_from(flags: &Flags, environment: &Environment) -> Result<Loaded, ConfigError> {
    let file = match places::config_file(flags.config.as_deref(), environment) {
        Some(path) => File::read(&path)?,
        None => File::default(),
    };
    let from = Sources {
        environment,
        file: &file,
    };
    let data = from.one("data", flags.data.as_deref());
    let data = match data {
        Some(given) => given.map("a folder", |text| {
            (!text.is_empty()).then(|| PathBuf::from(text))
        })?,
        None => Given::by_default("data", places::data_folder(environment)?),
    };
    let listen = match from.one("listen", flags.listen.as_deref()) {
        Some(given) => given.map(
            "an address and a port, such as 127.0.0.1:8080 or [::1]:8080",
            |t| t.parse().ok(),
        )?,
        None => Given::by_default("listen", SocketAddr::from(([127, 0, 0, 1], 8080))),
    };
    let docker_host = match from.one("docker_host", flags.docker_host.as_deref()) {
        Some(given) => given
            .map(
                "unix://PATH, tcp://HOST:PORT or http://HOST:PORT",
                value::engine,
            )?
            .some(),
        None => Given::by_default("docker_host", None),
    };
    let interval = match from.one("interval", flags.interval.as_deref()) {
        Some(given) => given.map("a time from 500ms to 60s, such as 1s", |t| {
            value::duration(t, INTERVAL)
        })?,
        None => Given::by_default("interval", Duration::from_secs(1)),
    };
    let retention = match from.one("retention", flags.retention.as_deref()) {
        Some(given) => given.map("a time from 1h to 30d, such as 48h", |t| {
            value::duration(t, RETENTION)
        })?,
        None => Given::by_default("retention", Duration::from_secs(48 * 3600)),
    };
    let history_max_size = match from.one("history_max_size", flags.history_max_size.as_deref()) {
        Some(given) => given
            .map("a size from 16MB, such as 500MB, 20GB or 1TB", |t| {
                value::size(t, LEAST_HISTORY)
            })?
            .some(),
        None => Given::by_default("history_max_size", None),
    };
    let switched_on = flags.allow_unauthenticated.then_some("true");
    let allow_unauthenticated = match from.one("allow_unauthenticated", switched_on) {
        Some(given) => given.map("true or false", value::switch)?,
        None => Given::by_default("allow_unauthenticated", false),
    };
    let allowed_host = match from.several("allowed_host", &flags.allowed_host) {
        Some(given) => given.map_each(
            "a host name or address without a port, such as console.example.com",
            value::host_name,
        )?,
        None => Given::by_default("allowed_host", Vec::new()),
    };
    let log = match from.one("log", flags.log.as_deref()) {
        Some(given) => given.map(
            "error, warn, info, debug or trace, or a list such as info,plimsoll_collect=debug",
            value::filter,
        )?,
        None => Given::by_default("log", "info".to_owned()),
    };
    let told = vec![
        data.told(|path| path.display().to_string()),
        listen.told(ToString::to_string),
        docker_host.told(|url| url.clone().unwrap_or_default()),
        interval.told(|time| value::written(*time)),
        retention.told(|time| value::written(*time)),
        history_max_size.told(|size| size.map(value::written_size).unwrap_or_default()),
        allow_unauthenticated.told(ToString::to_string),
        allowed_host.told(|names| names.join(",")),
        log.told(Clone::clone),
    ];
    let config = Config {
        data: data.value,
        listen: listen.value,
        docker_host: docker_host.value,
        interval: interval.value,
        retention: retention.value,
        history_max_size: history_max_size.value,
        allow_unauthenticated: allow_unauthenticated.value,
        allowed_host: allowed_host.value,
        log: log.value,
    };
    if !config.listen.ip().is_loopback() && !config.allow_unauthenticated {
        return Err(ConfigError::Exposed {
            listen: config.listen,
            from: listen.from,
        });
    }
    Ok(Loaded { config, told })
}

#[cfg(test)]
mod tests;
