//! The database of `dpkg`, and of `opkg`, which keeps the same: `var/lib/dpkg/status`, and a file per package in `status.d` where an
//! image was put together without `dpkg`.

use crate::package::{Kind, Package, Source, Unreadable};

const FORMAT: &str = "dpkg database";

/// Reads a `status` file: the packages that are installed, not those of which only the configuration is left.
///
/// # Errors
/// When the file holds text but no package.
pub fn read_status(bytes: &[u8]) -> Result<Vec<Package>, Unreadable> {
    read(bytes, |stanza| {
        let state = stanza
            .status
            .and_then(|status| status.split_ascii_whitespace().nth(2));
        matches!(
            state,
            Some("installed" | "triggers-pending" | "triggers-awaited")
        )
    })
}

/// Reads a file of `status.d`, whose packages carry no status because all are installed.
///
/// # Errors
/// When the file holds text but no package.
pub fn read_status_d(bytes: &[u8]) -> Result<Vec<Package>, Unreadable> {
    read(bytes, |_| true)
}

fn read(bytes: &[u8], is_installed: impl Fn(&Stanza) -> bool) -> Result<Vec<Package>, Unreadable> {
    let text = String::from_utf8_lossy(bytes);
    let mut packages = Vec::new();
    let (mut stanza, mut any) = (Stanza::default(), text.trim().is_empty());
    for line in text.lines().chain([""]) {
        if line.trim().is_empty() {
            any |= stanza.package.is_some();
            if is_installed(&stanza) {
                packages.extend(stanza.package());
            }
            stanza = Stanza::default();
        } else if !line.starts_with([' ', '\t'])
            && let Some((field, value)) = line.split_once(':')
        {
            stanza.set(field, value.trim());
        }
    }
    if any {
        Ok(packages)
    } else {
        Err(Unreadable::new(
            FORMAT,
            "it holds text but not one `Package:` field",
        ))
    }
}

/// The fields that matter of one package.
#[derive(Default)]
struct Stanza<'a> {
    package: Option<&'a str>,
    status: Option<&'a str>,
    version: Option<&'a str>,
    architecture: Option<&'a str>,
    source: Option<&'a str>,
    maintainer: Option<&'a str>,
}

impl<'a> Stanza<'a> {
    fn set(&mut self, field: &str, value: &'a str) {
        let place = match field.to_ascii_lowercase().as_str() {
            "package" => &mut self.package,
            "status" => &mut self.status,
            "version" => &mut self.version,
            "architecture" => &mut self.architecture,
            "source" => &mut self.source,
            "maintainer" => &mut self.maintainer,
            _ => return,
        };
        *place = Some(value).filter(|value| !value.is_empty());
    }

    fn package(&self) -> Option<Package> {
        let mut package = Package::new(Kind::Deb, self.package?, self.version?);
        package.architecture = self.architecture.map(str::to_owned);
        package.vendor = self.maintainer.map(str::to_owned);
        package.source = self.source.map(source);
        Some(package)
    }
}

/// `name` or `name (version)`.
fn source(text: &str) -> Source {
    match text.split_once('(') {
        Some((name, version)) => Source {
            name: name.trim().to_owned(),
            version: Some(version.trim_end_matches(')').trim().to_owned()),
        },
        None => Source {
            name: text.to_owned(),
            version: None,
        },
    }
}
