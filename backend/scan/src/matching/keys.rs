//! What a package is looked up under: each distribution names its advisories after another thing.

use super::ecosystem::{canonical_name, ecosystems, scheme};
use crate::{
    advisory::{Affected, Named},
    os_release::{Distribution, Family},
    package::{Kind, Origin, Package},
    version::Scheme,
};

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
    stream: Stream,
}

/// The module stream of a package, which alone an advisory's builds can be held against.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stream {
    /// Nobody asks.
    Any,
    /// It is of none.
    None,
    /// Module and stream, `nodejs:12`.
    Module(String),
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
        Family::SuseEnterprise | Family::SuseMicro | Family::OpenSuseLeap => {
            vec![of_binary, (of_source.0, version)]
        }
        Family::OpenSuseTumbleweed | Family::OpenSuseMicro | Family::Photon => {
            vec![of_binary, (of_source.0, version)]
        }
        Family::Mariner | Family::AzureLinux | Family::OpenEuler | Family::Mageia => {
            vec![(of_source.0, version)]
        }
        _ => vec![of_binary],
    };
    let stream = package
        .modularity
        .as_deref()
        .map_or(Stream::None, |label| Stream::Module(stream(label)));
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
        Kind::Cocoapods => "CocoaPods",
        Kind::Alpm | Kind::Deb | Kind::Apk | Kind::Rpm => {
            return Err(Unmatched::NoFeed);
        }
    };
    let key = Key::of(ecosystem, &package.name, version).ok_or(Unmatched::NoFeed)?;
    Ok(vec![key])
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
            stream: Stream::Any,
        })
    }

    /// The same key for a package of any module stream, as a look-up needs it that knows none.
    #[must_use]
    pub fn of_any_stream(self) -> Self {
        Self {
            stream: Stream::Any,
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
        let Stream::Module(stream) = &self.stream else {
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

    /// Whether a fixed version is of the same kind of build: modular or not, patched in memory by Ksplice or not.
    pub(super) fn is_same_build(&self, fixed: &str) -> bool {
        if self.stream == Stream::Any || self.scheme != Scheme::Rpm {
            return true;
        }
        let is_modular =
            |version: &str| version.contains(".module_") || version.contains(".module+");
        let ksplice = |version: &str| {
            let version = version.to_ascii_lowercase();
            version
                .split('.')
                .find(|part| part.starts_with("ksplice"))
                .map(str::to_owned)
        };
        is_modular(fixed) == is_modular(&self.version) && ksplice(fixed) == ksplice(&self.version)
    }
}
