//! Ecosystems by OSV's names: which one a distribution's release has, how names are spelt in it, and how versions are ordered.

use super::Unmatched;
use crate::{
    os_release::{Distribution, Family},
    version::Scheme,
};
use std::borrow::Cow;

/// The ecosystems of a distribution's release, in OSV's spelling.
pub(super) fn ecosystems(
    distribution: &Distribution,
    version: &str,
) -> Result<Vec<String>, Unmatched> {
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
        Family::AzureLinux => vec![format!("Azure Linux:{}", major(release?))],
        Family::Mariner => {
            let release = release?;
            vec![
                format!("CBL-Mariner:{release}"),
                format!("Azure Linux:{}", major(release)),
            ]
        }
        Family::Amazon => match release? {
            // The first one wrote the year and month of its image.
            release if release == "AMI" || (release.starts_with("20") && release < "2022") => {
                vec!["Amazon Linux:1".to_owned()]
            }
            release => vec![format!("Amazon Linux:{release}")],
        },
        Family::OracleLinux => vec![format!("Oracle Linux:{}", release?)],
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

fn major(release: &str) -> &str {
    release.split('.').next().unwrap_or(release)
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

/// The spelling that all spellings of one name share: in `PyPI` case and separators do not count (PEP 503), in Packagist and `NuGet`
/// case.
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
        Some("Packagist" | "NuGet") => name.to_ascii_lowercase().into(),
        _ => name.into(),
    }
}

/// The rule of an ecosystem by OSV's name for it.
pub(super) fn scheme(ecosystem: &str) -> Option<Scheme> {
    Some(match ecosystem.split(':').next().unwrap_or_default() {
        "Debian" | "Ubuntu" | "Echo" => Scheme::Deb,
        "Alpine"
        | "Wolfi"
        | "Chainguard"
        | "MinimOS"
        | "Alpaquita"
        | "BellSoft Hardened Containers" => Scheme::Apk,
        "AlmaLinux" | "Rocky Linux" | "Red Hat" | "SUSE" | "openSUSE" | "openEuler"
        | "Photon OS" | "Mageia" | "Azure Linux" | "CBL-Mariner" | "Amazon Linux"
        | "Oracle Linux" => Scheme::Rpm,
        "crates.io" | "CocoaPods" | "Bitnami" | "Hex" | "SwiftURL" | "ConanCenter" => {
            Scheme::Semver
        }
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
