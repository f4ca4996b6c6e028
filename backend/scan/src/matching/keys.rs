//! What a package is looked up under: each distribution names its advisories after another thing.

use crate::{
    advisory::{Affected, Named},
    os_release::{Distribution, Family},
    package::{Kind, Origin, Package},
    version::Scheme,
};
use std::borrow::Cow;

/// A name in an ecosystem, with the version that is held against what is found there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The ecosystem with its release, `Debian:12`; records without the release cover it too.
    pub ecosystem: String,
    /// The name.
    pub name: String,
    /// The version to compare.
    pub version: String,
    /// The rule that orders versions there.
    pub scheme: Scheme,
    /// The binary package, where an advisory for a source may be for some of its binaries only.
    binary: String,
    /// Module and stream of a modular package, `nodejs:12`.
    stream: Option<String>,
}

/// Why a package cannot be held against advisories. To be shown: it is not the same as free of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Unmatched {
    /// Nobody knows its version.
    #[error("its version is not known")]
    NoVersion,
    /// No feed covers its distribution or ecosystem.
    #[error("no advisories exist for its distribution or ecosystem in this form")]
    NoFeed,
    /// The distribution's release is not known.
    #[error("the release of its distribution is not known")]
    NoRelease,
    /// It is of another repository than the distribution's.
    #[error(
        "it comes from another repository than the distribution's, whose advisories do not speak of it"
    )]
    ThirdParty,
    /// It was not taken from a registry, whose versions alone advisories speak of.
    #[error("it comes from sources or a folder, and advisories speak of published versions only")]
    NotPublished,
    /// Its release says that it is modular, and its label is missing.
    #[error("it is of a module whose label is missing, so its stream is not known")]
    NoStream,
}

/// The keys of a package, the one to prefer first.
///
/// # Errors
/// When it cannot be held against advisories, with the reason.
pub fn keys(package: &Package, distribution: Option<&Distribution>) -> Result<Vec<Key>, Unmatched> {
    let version = package.version.as_deref().ok_or(Unmatched::NoVersion)?;
    if !package.kind.is_of_the_system() {
        return language(package, version);
    }
    let distribution = distribution.ok_or(Unmatched::NoRelease)?;
    let ecosystems = ecosystems(distribution, version)?;
    let of_source = (
        package.source_name(),
        package.source_version().unwrap_or(version),
    );
    // RPM's advisories give the epoch that the source package lacks: its binaries carry it.
    let of_binary = (package.name.as_str(), version);
    let names: Vec<(&str, &str)> = match distribution.family {
        Family::Debian | Family::Ubuntu | Family::Echo | Family::Raspbian => vec![of_source],
        Family::Alpine | Family::PostmarketOs | Family::Alpaquita => vec![(of_source.0, version)],
        Family::AlmaLinux => {
            third_party(package, version)?;
            if version.contains(".module_el") && package.modularity.is_none() {
                return Err(Unmatched::NoStream);
            }
            vec![of_binary]
        }
        Family::RedHat | Family::CentOs | Family::RockyLinux | Family::Scientific => {
            third_party(package, version)?;
            vec![of_binary, (of_source.0, version)]
        }
        Family::Photon
        | Family::Mariner
        | Family::AzureLinux
        | Family::OpenEuler
        | Family::Mageia => {
            vec![(of_source.0, version)]
        }
        Family::SuseEnterprise | Family::SuseMicro | Family::OpenSuseLeap => {
            vec![(of_source.0, version)]
        }
        Family::OpenSuseTumbleweed | Family::OpenSuseMicro => vec![(of_source.0, version)],
        _ => vec![of_binary],
    };
    let stream = package.modularity.as_deref().map(stream);
    let scheme = package.kind.scheme();
    let mut keys: Vec<Key> = Vec::new();
    for ecosystem in &ecosystems {
        for (name, version) in &names {
            if keys
                .iter()
                .any(|key| key.ecosystem == *ecosystem && key.name == *name)
            {
                continue;
            }
            keys.push(Key {
                ecosystem: ecosystem.clone(),
                name: (*name).to_owned(),
                version: (*version).to_owned(),
                scheme,
                binary: package.name.clone(),
                stream: stream.clone(),
            });
        }
    }
    Ok(keys)
}

/// The ecosystems of a distribution's release, in OSV's spelling.
fn ecosystems(distribution: &Distribution, version: &str) -> Result<Vec<String>, Unmatched> {
    let release = distribution.release().ok_or(Unmatched::NoRelease);
    let pretty = distribution.pretty_name.as_deref();
    Ok(match distribution.family {
        Family::Debian => match distribution.release() {
            Some(release) => vec![format!("Debian:{release}")],
            None => vec![format!(
                "Debian:{}",
                distribution
                    .codename
                    .as_deref()
                    .ok_or(Unmatched::NoRelease)?
            )],
        },
        Family::Ubuntu => ubuntu(release?, version),
        Family::Alpine => match release? {
            "edge" => vec!["Alpine:edge".to_owned()],
            release => vec![format!("Alpine:v{}", release.trim_start_matches('v'))],
        },
        Family::Alpaquita => vec![format!("Alpaquita:{}", release?)],
        Family::Wolfi => vec!["Wolfi".to_owned()],
        Family::Chainguard => vec!["Chainguard".to_owned()],
        Family::MinimOs => vec!["MinimOS".to_owned()],
        Family::Echo => vec!["Echo".to_owned()],
        Family::AlmaLinux => vec![format!("AlmaLinux:{}", release?)],
        Family::RockyLinux => vec![format!("Rocky Linux:{}", release?)],
        Family::RedHat | Family::CentOs | Family::Scientific => {
            let release = release?;
            ["::baseos", "::appstream", ""]
                .map(|set| format!("Red Hat:enterprise_linux:{release}{set}"))
                .to_vec()
        }
        Family::Photon => vec![format!("Photon OS:{}", release?)],
        Family::AzureLinux | Family::Mariner => {
            let major = release?.split('.').next().unwrap_or_default();
            vec![format!("Azure Linux:{major}")]
        }
        Family::OpenEuler => {
            // `openEuler 22.03 (LTS-SP3)` is `openEuler:22.03-LTS-SP3`.
            let name = pretty
                .ok_or(Unmatched::NoRelease)?
                .trim_start_matches("openEuler ");
            vec![format!(
                "openEuler:{}",
                name.replace(" (", "-").replace(')', "")
            )]
        }
        Family::Mageia => vec![format!("Mageia:{}", release?)],
        Family::SuseEnterprise | Family::SuseMicro => {
            let name = pretty
                .ok_or(Unmatched::NoRelease)?
                .trim_start_matches("SUSE ");
            vec![
                format!("SUSE:{name}"),
                format!("SUSE:{}", name.replace(" Server", " Module for Basesystem")),
            ]
        }
        Family::OpenSuseLeap | Family::OpenSuseTumbleweed | Family::OpenSuseMicro => {
            let name = pretty
                .ok_or(Unmatched::NoRelease)?
                .trim_start_matches("openSUSE ");
            vec![format!("openSUSE:{name}")]
        }
        _ => return Err(Unmatched::NoFeed),
    })
}

/// A package whose version tells of Ubuntu Pro is of that stream; any other is not, and must not be shown its fixes.
fn ubuntu(release: &str, version: &str) -> Vec<String> {
    let even = release
        .split('.')
        .next()
        .and_then(|year| year.parse::<u16>().ok())
        .is_some_and(|year| year % 2 == 0);
    let long_term = if even && release.ends_with(".04") {
        ":LTS"
    } else {
        ""
    };
    let fips = version.contains("fips");
    if version.contains("+esm") || version.contains("~esm") || fips {
        let stream = if fips { "Pro:FIPS-updates" } else { "Pro" };
        vec![format!("Ubuntu:{stream}:{release}{long_term}")]
    } else {
        vec![format!("Ubuntu:{release}{long_term}")]
    }
}

/// Refuses what another repository brought: the distribution's advisories compare with its own builds.
fn third_party(package: &Package, version: &str) -> Result<(), Unmatched> {
    let foreign = [".remi", ".rpmforge", ".pgdg", ".art"]
        .iter()
        .any(|mark| version.contains(mark));
    let vendor = package.vendor.as_deref().unwrap_or_default();
    if foreign
        || ["Remi", "EPEL", "Docker", "PostgreSQL", "Oracle MySQL"]
            .iter()
            .any(|name| vendor.contains(name))
    {
        return Err(Unmatched::ThirdParty);
    }
    Ok(())
}

/// `nodejs:12` of `nodejs:12:8030020201124152102:229f0a1c`.
fn stream(label: &str) -> String {
    label.split(':').take(2).collect::<Vec<_>>().join(":")
}

fn language(package: &Package, version: &str) -> Result<Vec<Key>, Unmatched> {
    if package.origin != Origin::Registry {
        return Err(Unmatched::NotPublished);
    }
    let ecosystem = match package.kind {
        Kind::Cargo => "crates.io",
        Kind::Composer => "Packagist",
        Kind::Gem => "RubyGems",
        Kind::Golang => "Go",
        Kind::Maven => "Maven",
        Kind::Npm => "npm",
        Kind::Nuget => "NuGet",
        Kind::Pub => "Pub",
        Kind::Pypi => "PyPI",
        Kind::Hex => "Hex",
        Kind::Conan => "ConanCenter",
        Kind::Swift => "SwiftURL",
        Kind::Hackage => "Hackage",
        Kind::Cran => "CRAN",
        Kind::Cocoapods | Kind::Alpm | Kind::Deb | Kind::Apk | Kind::Rpm => {
            return Err(Unmatched::NoFeed);
        }
    };
    let key = Key::of(ecosystem, &package.name, version).ok_or(Unmatched::NoFeed)?;
    Ok(vec![key])
}

/// The spelling that all spellings of one name share: in `PyPI` case and separators do not count (PEP 503), in Packagist case.
pub(super) fn canonical_name<'a>(ecosystem: &str, name: &'a str) -> Cow<'a, str> {
    match ecosystem.split(':').next() {
        Some("PyPI") => {
            let words = name.split(['-', '_', '.']).filter(|word| !word.is_empty());
            words
                .collect::<Vec<_>>()
                .join("-")
                .to_ascii_lowercase()
                .into()
        }
        Some("Packagist") => name.to_ascii_lowercase().into(),
        _ => name.into(),
    }
}

impl Key {
    /// A key in an ecosystem by OSV's spelling; `None` for one whose order of versions is not known.
    #[must_use]
    pub fn of(ecosystem: &str, name: &str, version: &str) -> Option<Self> {
        Some(Self {
            scheme: scheme(ecosystem)?,
            ecosystem: ecosystem.to_owned(),
            name: canonical_name(ecosystem, name).into_owned(),
            version: version.to_owned(),
            binary: name.to_owned(),
            stream: None,
        })
    }

    /// The same key for a package of any module stream, as a look-up needs it that knows none.
    #[must_use]
    pub fn of_any_stream(self) -> Self {
        Self {
            stream: None,
            ..self
        }
    }

    /// The ecosystems under which an advisory for this key may stand.
    pub fn ecosystems(&self) -> impl Iterator<Item = &str> {
        let optional = ["Debian:", "AlmaLinux:", "Rocky Linux:"]
            .iter()
            .any(|start| self.ecosystem.starts_with(start));
        let base = self.ecosystem.split(':').next().filter(|_| optional);
        [self.ecosystem.as_str()].into_iter().chain(base)
    }

    /// Whether an advisory's package is this one.
    pub(super) fn names(&self, named: &Named) -> bool {
        canonical_name(&named.ecosystem, &named.name) == self.name
            && self
                .ecosystems()
                .any(|ecosystem| ecosystem == named.ecosystem)
    }

    /// Whether this binary package is among those of the source that an entry affects; one that lists none affects all.
    pub(super) fn is_among(&self, affected: &Affected) -> bool {
        let Some(binaries) = affected
            .ecosystem_specific
            .get("binaries")
            .and_then(|list| list.as_array())
        else {
            return true;
        };
        let mut names = binaries
            .iter()
            .filter_map(|binary| binary.as_object())
            .flat_map(|binary| binary.keys())
            .peekable();
        names.peek().is_none() || names.any(|name| *name == self.binary)
    }

    /// Whether an advisory that names module streams names this package's; one that names none may be of any.
    pub(super) fn is_same_stream(&self, summary: &str) -> bool {
        let Some(stream) = &self.stream else {
            return true;
        };
        let Some((module, _)) = stream.split_once(':') else {
            return true;
        };
        let mut named = summary
            .split([' ', ',', ';', '(', ')'])
            .filter(|word| {
                word.split_once(':')
                    .is_some_and(|(name, stream)| name == module && !stream.is_empty())
            })
            .peekable();
        named.peek().is_none() || named.any(|word| word == stream)
    }
}

/// The rule of an ecosystem by OSV's name for it.
fn scheme(ecosystem: &str) -> Option<Scheme> {
    Some(match ecosystem.split(':').next().unwrap_or_default() {
        "Debian" | "Ubuntu" | "Echo" => Scheme::Deb,
        "Alpine"
        | "Wolfi"
        | "Chainguard"
        | "MinimOS"
        | "Alpaquita"
        | "BellSoft Hardened Containers" => Scheme::Apk,
        "AlmaLinux" | "Rocky Linux" | "Red Hat" | "SUSE" | "openSUSE" | "openEuler"
        | "Photon OS" | "Mageia" | "Azure Linux" => Scheme::Rpm,
        "crates.io" | "Bitnami" | "Hex" | "SwiftURL" | "ConanCenter" => Scheme::Semver,
        "npm" => Scheme::Npm,
        "Go" => Scheme::Go,
        "PyPI" => Scheme::Pypi,
        "RubyGems" => Scheme::Gem,
        "Packagist" => Scheme::Packagist,
        "Maven" => Scheme::Maven,
        "NuGet" => Scheme::Nuget,
        "Pub" => Scheme::Pub,
        "Hackage" => Scheme::Hackage,
        "CRAN" => Scheme::Cran,
        _ => return None,
    })
}
