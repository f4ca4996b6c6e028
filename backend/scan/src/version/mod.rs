//! The order of versions, one rule per family of packages.
//!
//! Each family has a file that follows the tool which owns the rule: `dpkg`, `apk`, `rpm`, RubyGems, Composer and so on. A text that
//! the rule cannot place gives no version; it is never placed by guess.

mod alpm;
mod apk;
mod deb;
mod dotted;
mod gem;
mod maven;
mod number;
mod packagist;
mod pypi;
mod rpm;
mod semantic;

use std::cmp::Ordering;

pub use rpm::compare_segments;

/// Longest version that is read, in bytes; the longest that a registry has published is below 200.
pub const LONGEST: usize = 1024;

/// A version read by its family's rule.
///
/// `compare` is the answer of the family's own tool. It is a total order except for [`Scheme::Maven`] and [`Scheme::Alpm`], whose
/// tools contradict themselves on some triples; callers must not hand those to a sort that relies on one.
trait Versioning<'a>: Sized {
    /// Reads a version; `None` for a text that the rule cannot place.
    fn parse(text: &'a str) -> Option<Self>;

    /// Orders two versions.
    fn compare(&self, other: &Self) -> Ordering;

    /// Whether the family's tool would accept the text for a new package; it may place more than it accepts.
    fn accepts(text: &'a str) -> bool {
        Self::parse(text).is_some()
    }
}

macro_rules! schemes {
    ($($(#[$doc:meta])* $name:ident => $version:ty,)*) => {
        /// A family of packages that share a rule of order.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Scheme {
            $($(#[$doc])* $name,)*
        }

        #[derive(Debug, Clone)]
        enum Parsed<'a> {
            $($name($version),)*
        }

        impl Scheme {
            /// Every family.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Reads a version; `None` for a text that the rule cannot place.
            #[must_use]
            pub fn parse(self, text: &str) -> Option<Version<'_>> {
                if text.len() > LONGEST {
                    return None;
                }
                Some(Version(match self {
                    $(Self::$name => Parsed::$name(Versioning::parse(text)?),)*
                }))
            }

            /// Whether the family's own tool would accept the text for a new package.
            #[must_use]
            pub fn accepts<'a>(self, text: &'a str) -> bool {
                text.len() <= LONGEST && match self {
                    $(Self::$name => <$version as Versioning>::accepts(text),)*
                }
            }
        }

        impl Version<'_> {
            /// Orders two versions of one family; `None` for two of different families.
            #[must_use]
            pub fn compare(&self, other: &Self) -> Option<Ordering> {
                match (&self.0, &other.0) {
                    $((Parsed::$name(this), Parsed::$name(that)) => Some(this.compare(that)),)*
                    _ => None,
                }
            }
        }
    };
}

schemes! {
    /// Debian, Ubuntu and their kin, as `dpkg` orders.
    Deb => deb::Deb<'a>,
    /// Alpine, Wolfi and Chainguard, as apk-tools 3 orders.
    Apk => apk::Apk<'a>,
    /// Epoch, version and release of the RPM families, as `rpm` orders.
    Rpm => rpm::Rpm<'a>,
    /// Semantic Versioning 2.0, as crates.io uses it.
    Semver => semantic::Semver<'a>,
    /// npm, as node-semver orders.
    Npm => semantic::Npm<'a>,
    /// Go modules, as `golang.org/x/mod/semver` orders; with or without the leading `v`.
    Go => semantic::Go<'a>,
    /// `NuGet`: up to four numbers, letters of either case alike.
    Nuget => semantic::Nuget<'a>,
    /// Dart's Pub: build metadata counts.
    Pub => semantic::Pub<'a>,
    /// `RubyGems`.
    Gem => gem::Gem<'a>,
    /// Packagist, as Composer orders.
    Packagist => packagist::Packagist,
    /// `PyPI`, as PEP 440 orders.
    Pypi => pypi::Pypi,
    /// Maven, as `ComparableVersion` of maven-artifact 3.8 orders.
    Maven => maven::Maven,
    /// Hackage.
    Hackage => dotted::Dotted<'a>,
    /// CRAN.
    Cran => dotted::Dotted<'a>,
    /// Arch Linux, as `vercmp` orders.
    Alpm => alpm::Alpm<'a>,
}

/// A version that can be held against another of its family.
#[derive(Debug, Clone)]
pub struct Version<'a>(Parsed<'a>);

impl Scheme {
    /// Orders two texts; `None` where the rule cannot place one of them.
    #[must_use]
    pub fn compare(self, this: &str, that: &str) -> Option<Ordering> {
        self.parse(this)?.compare(&self.parse(that)?)
    }
}
