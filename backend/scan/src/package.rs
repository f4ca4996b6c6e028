//! A package as an image or a repository says it has it.

use crate::version::Scheme;

/// Whose package it is: the name that package URLs use, and the rule that orders its versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Debian and its kin, and what uses the same database.
    Deb,
    /// Alpine and its kin.
    Apk,
    /// RPM.
    Rpm,
    /// Rust, crates.io.
    Cargo,
    /// PHP, Packagist.
    Composer,
    /// Ruby.
    Gem,
    /// Go modules, and `stdlib` for what the compiler brought.
    Golang,
    /// Java.
    Maven,
    /// JavaScript.
    Npm,
    /// .NET.
    Nuget,
    /// Dart.
    Pub,
    /// Python.
    Pypi,
    /// Erlang and Elixir.
    Hex,
    /// C and C++, Conan.
    Conan,
    /// Swift and Objective-C, CocoaPods.
    Cocoapods,
    /// Swift Package Manager.
    Swift,
    /// Haskell.
    Hackage,
    /// R.
    Cran,
    /// Arch Linux.
    Alpm,
}

impl Kind {
    /// The type in a package URL.
    #[must_use]
    pub const fn purl_type(self) -> &'static str {
        match self {
            Self::Deb => "deb",
            Self::Apk => "apk",
            Self::Rpm => "rpm",
            Self::Cargo => "cargo",
            Self::Composer => "composer",
            Self::Gem => "gem",
            Self::Golang => "golang",
            Self::Maven => "maven",
            Self::Npm => "npm",
            Self::Nuget => "nuget",
            Self::Pub => "pub",
            Self::Pypi => "pypi",
            Self::Hex => "hex",
            Self::Conan => "conan",
            Self::Cocoapods => "cocoapods",
            Self::Swift => "swift",
            Self::Hackage => "hackage",
            Self::Cran => "cran",
            Self::Alpm => "alpm",
        }
    }

    /// The rule that orders its versions.
    #[must_use]
    pub const fn scheme(self) -> Scheme {
        match self {
            Self::Deb => Scheme::Deb,
            Self::Apk => Scheme::Apk,
            Self::Rpm => Scheme::Rpm,
            Self::Composer => Scheme::Packagist,
            Self::Gem => Scheme::Gem,
            Self::Golang => Scheme::Go,
            Self::Maven => Scheme::Maven,
            Self::Npm => Scheme::Npm,
            Self::Nuget => Scheme::Nuget,
            Self::Pub => Scheme::Pub,
            Self::Pypi => Scheme::Pypi,
            Self::Cargo | Self::Hex | Self::Conan | Self::Cocoapods | Self::Swift => Scheme::Semver,
            Self::Hackage => Scheme::Hackage,
            Self::Cran => Scheme::Cran,
            Self::Alpm => Scheme::Alpm,
        }
    }

    /// Whether the distribution brought it, rather than a language's own tool.
    #[must_use]
    pub const fn is_of_the_system(self) -> bool {
        matches!(self, Self::Deb | Self::Apk | Self::Rpm | Self::Alpm)
    }
}

/// The source package that a binary package was built from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// Its version where it differs from the binary package's.
    pub version: Option<String>,
}

/// Where a package of a language was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Its ecosystem's registry.
    Registry,
    /// A repository of sources, or an address.
    Sources,
    /// The project itself, or a folder beside it.
    Project,
}

/// One installed or locked package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Package {
    /// Whose package it is.
    pub kind: Kind,
    /// Its name as its own tool spells it; Maven's is `group:artifact`, Composer's `vendor/name`.
    pub name: String,
    /// Its version in the form its tool orders; `None` when the finder says that it has none.
    pub version: Option<String>,
    /// What it was built from; `None` when that is the package itself.
    pub source: Option<Source>,
    /// Its architecture in its tool's words.
    pub architecture: Option<String>,
    /// Module, stream, version and context of a modular RPM package.
    pub modularity: Option<String>,
    /// Who built it, in the package's own words.
    pub vendor: Option<String>,
    /// Its licences in the package's own words.
    pub licence: Option<String>,
    /// Where it was taken from.
    pub origin: Origin,
}

impl Package {
    /// A package of which only the name and the version are known; an empty version is none.
    #[must_use]
    pub fn new(kind: Kind, name: impl Into<String>, version: impl Into<String>) -> Self {
        let version = version.into();
        Self {
            kind,
            name: name.into(),
            version: Some(version).filter(|version| !version.is_empty()),
            source: None,
            architecture: None,
            modularity: None,
            vendor: None,
            licence: None,
            origin: Origin::Registry,
        }
    }

    /// The same package, taken from somewhere else.
    #[must_use]
    pub fn from(self, origin: Origin) -> Self {
        Self { origin, ..self }
    }

    /// The name of what it was built from.
    #[must_use]
    pub fn source_name(&self) -> &str {
        self.source
            .as_ref()
            .map_or(&self.name, |source| &source.name)
    }

    /// The version of what it was built from.
    #[must_use]
    pub fn source_version(&self) -> Option<&str> {
        self.source
            .as_ref()
            .and_then(|source| source.version.as_deref())
            .or(self.version.as_deref())
    }
}

/// Why a file that must list packages could not be read.
///
/// Whoever gets one knows nothing of the packages: it is never to be shown as none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {format} cannot be read: {reason}")]
pub struct Unreadable {
    /// What the file should have been, in words.
    pub format: &'static str,
    /// What is wrong, and where.
    pub reason: String,
}

impl Unreadable {
    pub(crate) fn new(format: &'static str, reason: impl Into<String>) -> Self {
        Self {
            format,
            reason: reason.into(),
        }
    }
}
