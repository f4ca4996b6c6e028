//! Which distribution a file system holds, and until when it is looked after.

mod family;
mod support;

pub use family::Family;
pub use support::Support;

/// Where a distribution says what it is, the most telling first.
pub const PATHS: [&str; 5] = [
    "etc/os-release",
    "usr/lib/os-release",
    "etc/system-release-cpe",
    "etc/redhat-release",
    "bin/busybox",
];

/// What a file system says that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    /// Which distribution, or the one that it says it is like.
    pub family: Family,
    /// The id in its own words; empty when it gives none.
    pub id: String,
    /// Its version in its own words.
    pub version: Option<String>,
    /// The name of its release.
    pub codename: Option<String>,
    /// Its name for people.
    pub pretty_name: Option<String>,
    /// The CPE that it gives itself.
    pub cpe: Option<String>,
}

/// Reads one of the files that [`PATHS`] names; `None` when it says nothing.
#[must_use]
pub fn read(path: &str, bytes: &[u8]) -> Option<Distribution> {
    match path {
        "bin/busybox" => read_busybox(bytes),
        "etc/redhat-release" => read_redhat_release(&String::from_utf8_lossy(bytes)),
        "etc/system-release-cpe" => read_cpe(&String::from_utf8_lossy(bytes)),
        _ => read_os_release(&String::from_utf8_lossy(bytes)),
    }
}

/// The `KEY=value` lines of os-release(5); `None` without id, likeness and name.
fn read_os_release(text: &str) -> Option<Distribution> {
    let value = |key: &str| {
        text.lines()
            .filter_map(|line| line.trim().strip_prefix(key)?.strip_prefix('='))
            .map(unquote)
            .rfind(|value| !value.is_empty())
    };
    let id = value("ID").unwrap_or_default();
    let like = value("ID_LIKE").unwrap_or_default();
    let name = value("NAME");
    if id.is_empty() && like.is_empty() && name.is_none() {
        return None;
    }
    let family = Family::of_id(&id)
        .or_else(|| like.split_ascii_whitespace().find_map(Family::of_id))
        .unwrap_or(Family::Other);
    Some(Distribution {
        family,
        id,
        version: value("VERSION_ID"),
        codename: value("VERSION_CODENAME"),
        pretty_name: value("PRETTY_NAME").or(name),
        cpe: value("CPE_NAME"),
    })
}

/// Takes off the quotes and the backslashes of the shell.
fn unquote(text: &str) -> String {
    let text = text.trim();
    let inner = ['"', '\'']
        .iter()
        .find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    let mut escaped = false;
    inner
        .unwrap_or(text)
        .chars()
        .filter(|next| {
            escaped = !escaped && *next == '\\';
            !escaped && !next.is_control()
        })
        .collect()
}

/// `CentOS release 5.7 (Final)`.
fn read_redhat_release(text: &str) -> Option<Distribution> {
    let line = text.lines().next()?.trim();
    let (name, rest) = line.split_once(" release ")?;
    let version = rest.split_ascii_whitespace().next()?;
    let id = match name {
        "CentOS" | "CentOS Linux" => "centos",
        "Scientific Linux" => "scientific",
        "Fedora" => "fedora",
        "Oracle Linux Server" | "Enterprise Linux Enterprise Linux Server" => "ol",
        "AlmaLinux" => "almalinux",
        "Rocky Linux" => "rocky",
        name if name.starts_with("Red Hat Enterprise Linux") => "rhel",
        _ => return None,
    };
    Some(Distribution {
        family: Family::of_id(id)?,
        id: id.to_owned(),
        version: Some(version.to_owned()),
        codename: None,
        pretty_name: Some(line.to_owned()),
        cpe: None,
    })
}

/// `cpe:/o:centos:linux:6:GA`.
fn read_cpe(text: &str) -> Option<Distribution> {
    let cpe = text.trim();
    let mut parts = cpe.strip_prefix("cpe:/o:")?.split(':');
    let (vendor, _, version) = (parts.next()?, parts.next()?, parts.next()?);
    let id = match vendor {
        "redhat" => "rhel",
        "oracle" => "ol",
        "fedoraproject" => "fedora",
        "amazon" => "amzn",
        vendor => vendor,
    };
    Some(Distribution {
        family: Family::of_id(id)?,
        id: id.to_owned(),
        version: Some(version.to_owned()),
        codename: None,
        pretty_name: None,
        cpe: Some(cpe.to_owned()),
    })
}

/// The version that the program of an image without a distribution carries.
fn read_busybox(bytes: &[u8]) -> Option<Distribution> {
    const MARK: &[u8] = b"BusyBox v";
    let at = bytes
        .windows(MARK.len())
        .position(|window| window == MARK)?;
    let version: String = bytes[at + MARK.len()..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit() || **byte == b'.')
        .map(|byte| char::from(*byte))
        .collect();
    Some(Distribution {
        family: Family::BusyBox,
        id: "busybox".to_owned(),
        version: Some(version).filter(|version| !version.is_empty()),
        codename: None,
        pretty_name: None,
        cpe: None,
    })
}

impl Distribution {
    /// The part of the version that a release is known by: `3.18` of `3.18.4`, `12` of `12.5`, `9` of `9.3`.
    #[must_use]
    pub fn release(&self) -> Option<&str> {
        let version = self.version.as_deref()?;
        let numbers = match self.family {
            Family::Alpine if version.contains("_alpha") => return Some("edge"),
            Family::Alpine | Family::Ubuntu | Family::Photon | Family::Mariner => 2,
            Family::AzureLinux | Family::SuseEnterprise | Family::OpenSuseLeap => 2,
            Family::Debian | Family::Raspbian | Family::RedHat | Family::CentOs => 1,
            Family::AlmaLinux | Family::RockyLinux | Family::OracleLinux => 1,
            Family::Scientific | Family::Fedora | Family::Amazon => 1,
            _ => return Some(version),
        };
        let end = version
            .match_indices('.')
            .nth(numbers - 1)
            .map_or(version.len(), |(at, _)| at);
        Some(&version[..end])
    }
}
