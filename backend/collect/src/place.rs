//! Where an engine may be: the places to look, in the order of the docker command line.

use plimsoll_shared::Found;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// Largest configuration file of docker that is read.
const FILE_LIMIT: u64 = 1024 * 1024;

/// An address an engine can be reached at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// A Unix socket.
    Unix(PathBuf),
    /// Plain TCP: `host:port`.
    Tcp(String),
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix://{}", path.display()),
            Self::Tcp(authority) => write!(f, "tcp://{authority}"),
        }
    }
}

/// A place worth trying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Address.
    pub endpoint: Endpoint,
    /// Where the address came from.
    pub source: String,
}

/// What the search reads: the environment, the user and the file system, so that a test can give its own.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// Environment variables.
    pub environment: BTreeMap<String, String>,
    /// The user's number.
    pub uid: u32,
    /// Root of the file system.
    pub root: PathBuf,
}

impl Surroundings {
    /// This process' own.
    #[must_use]
    pub fn of_this_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self {
            environment: std::env::vars_os().filter_map(text).collect(),
            uid: rustix::process::getuid().as_raw(),
            root: PathBuf::from("/"),
        }
    }

    fn variable(&self, name: &str) -> Option<&str> {
        let value = self.environment.get(name)?;
        (!value.is_empty()).then_some(value)
    }

    fn path(&self, absolute: &Path) -> PathBuf {
        self.root
            .join(absolute.strip_prefix("/").unwrap_or(absolute))
    }

    fn docker_folder(&self) -> Option<PathBuf> {
        match self.variable("DOCKER_CONFIG") {
            Some(folder) => Some(PathBuf::from(folder)),
            None => Some(Path::new(self.variable("HOME")?).join(".docker")),
        }
    }
}

/// The places to try, in order; a place that cannot be tried is the `Found` that says why.
///
/// An address that was asked for (by `configured`, `DOCKER_HOST` or a docker context) is the only place: it is never silently
/// replaced by another.
#[must_use]
pub fn places(configured: Option<&str>, around: &Surroundings) -> Vec<Result<Place, Found>> {
    if let Some(address) = configured.filter(|address| !address.is_empty()) {
        return vec![place(address, "configuration")];
    }
    if let Some(address) = around.variable("DOCKER_HOST") {
        return vec![place(address, "DOCKER_HOST")];
    }
    match active_context(around) {
        Some((name, source)) => vec![context(&name, &source, around)],
        None => default_sockets(around)
            .into_iter()
            .map(|(path, source)| {
                Ok(Place {
                    endpoint: Endpoint::Unix(path),
                    source: source.to_owned(),
                })
            })
            .collect(),
    }
}

fn place(address: &str, source: &str) -> Result<Place, Found> {
    parse(address)
        .map(|endpoint| Place {
            endpoint,
            source: source.to_owned(),
        })
        .map_err(|problem| Found {
            endpoint: address.to_owned(),
            source: source.to_owned(),
            problem,
        })
}

/// Reads an address as `DOCKER_HOST` writes it; the error is a sentence.
fn parse(address: &str) -> Result<Endpoint, String> {
    let address = address.trim();
    let (scheme, rest) = address.split_once("://").unwrap_or(("unix", address));
    match scheme {
        "unix" if rest.starts_with('/') => Ok(Endpoint::Unix(PathBuf::from(rest))),
        "tcp" | "http" => match authority(rest) {
            Some(authority) => Ok(Endpoint::Tcp(authority)),
            None => Err(format!(
                "“{address}” has no host: write tcp://HOST:PORT, for instance tcp://127.0.0.1:2375."
            )),
        },
        "ssh" => Err("not supported yet: an engine over SSH. Forward its socket instead \
                      (ssh -L /tmp/docker.sock:/var/run/docker.sock HOST) and use unix:///tmp/docker.sock."
            .to_owned()),
        "https" => Err("not supported yet: an engine over TLS. Run Plimsoll on the engine's machine, \
                        or reach the engine through a socket that is forwarded to this one."
            .to_owned()),
        "npipe" => Err("not supported yet: a Windows pipe. Plimsoll runs on Linux.".to_owned()),
        _ => Err(format!(
            "“{address}” is not an address of an engine: write unix:///PATH or tcp://HOST:PORT."
        )),
    }
}

/// `host:port` with docker's port for plain TCP when none is given; `None` without a host or with characters a host cannot have.
fn authority(rest: &str) -> Option<String> {
    let rest = rest.trim_end_matches('/');
    let allowed =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']' | '%');
    if rest.is_empty() || !rest.chars().all(allowed) {
        return None;
    }
    let port = match rest.rsplit_once(':') {
        Some(("", _)) => return None,
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => Some(port),
        _ => None,
    };
    match port {
        Some(port) => port.parse::<u16>().is_ok().then(|| rest.to_owned()),
        None => Some(format!("{rest}:2375")),
    }
}

fn active_context(around: &Surroundings) -> Option<(String, String)> {
    let (name, source) = match around.variable("DOCKER_CONTEXT") {
        Some(name) => (name.to_owned(), "DOCKER_CONTEXT"),
        None => (current_context(around)?, "docker context"),
    };
    (name != "default").then(|| {
        let source = format!("{source} “{name}”");
        (name, source)
    })
}

fn current_context(around: &Surroundings) -> Option<String> {
    #[derive(Deserialize)]
    struct Config {
        #[serde(rename = "currentContext")]
        current_context: Option<String>,
    }
    let file = around.docker_folder()?.join("config.json");
    let config: Config = read_json(&around.path(&file)).ok()?;
    config.current_context.filter(|name| !name.is_empty())
}

/// The endpoint of a context, kept in a folder named by the SHA-256 of the context's name.
fn context(name: &str, source: &str, around: &Surroundings) -> Result<Place, Found> {
    #[derive(Deserialize)]
    struct Meta {
        #[serde(rename = "Endpoints", default)]
        endpoints: BTreeMap<String, ContextEndpoint>,
    }
    #[derive(Deserialize)]
    struct ContextEndpoint {
        #[serde(rename = "Host")]
        host: Option<String>,
    }
    let refuse = |endpoint: &str, problem: String| Found {
        endpoint: endpoint.to_owned(),
        source: source.to_owned(),
        problem,
    };
    let nowhere = |why: String| {
        refuse(
            "",
            format!("{why} Choose another with “docker context use NAME”, or set DOCKER_HOST."),
        )
    };
    let folder = around.docker_folder().ok_or_else(|| {
        nowhere("The docker context cannot be looked up: HOME is not set.".to_owned())
    })?;
    let hash: String = Sha256::digest(name.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let file = folder.join("contexts/meta").join(&hash).join("meta.json");
    let meta: Meta = read_json(&around.path(&file)).map_err(|why| {
        nowhere(format!(
            "The docker context “{name}” cannot be read: {why}."
        ))
    })?;
    let host = meta
        .endpoints
        .get("docker")
        .and_then(|endpoint| endpoint.host.as_deref())
        .filter(|host| !host.is_empty())
        .ok_or_else(|| nowhere(format!("The docker context “{name}” names no engine.")))?;
    let secured = around.path(&folder.join("contexts/tls").join(&hash).join("docker"));
    if host.starts_with("tcp://") && secured.exists() {
        let problem = parse("https://engine").err().unwrap_or_default();
        return Err(refuse(host, problem));
    }
    place(host, source)
}

fn read_json<T: serde::de::DeserializeOwned>(file: &Path) -> Result<T, String> {
    use std::io::Read;
    let mut text = Vec::new();
    std::fs::File::open(file)
        .and_then(|file| file.take(FILE_LIMIT).read_to_end(&mut text))
        .map_err(|error| error.to_string())?;
    serde_json::from_slice(&text).map_err(|error| error.to_string())
}

fn default_sockets(around: &Surroundings) -> Vec<(PathBuf, &'static str)> {
    let mut sockets = vec![(PathBuf::from("/var/run/docker.sock"), "default socket")];
    let runtime = around.variable("XDG_RUNTIME_DIR").map_or_else(
        || PathBuf::from(format!("/run/user/{}", around.uid)),
        PathBuf::from,
    );
    sockets.push((runtime.join("docker.sock"), "rootless Docker"));
    let by_number = PathBuf::from(format!("/run/user/{}/docker.sock", around.uid));
    sockets.push((by_number, "rootless Docker"));
    if let Some(home) = around.variable("HOME") {
        let docker = Path::new(home).join(".docker");
        sockets.push((docker.join("run/docker.sock"), "Docker in the home folder"));
        sockets.push((docker.join("desktop/docker.sock"), "Docker Desktop"));
    }
    sockets.push((PathBuf::from("/run/podman/podman.sock"), "Podman"));
    sockets.push((runtime.join("podman/podman.sock"), "rootless Podman"));
    let mut seen = Vec::new();
    sockets.retain(|(path, _)| {
        let fresh = !seen.contains(path);
        seen.push(path.clone());
        fresh
    });
    sockets
}

#[cfg(test)]
mod tests;
