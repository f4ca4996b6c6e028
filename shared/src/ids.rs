//! Identifiers and instants, checked where they enter.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text is not the identifier it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdError {
    what: &'static str,
    expected: &'static str,
    got: String,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not {}: expected {}",
            self.got, self.what, self.expected
        )
    }
}

impl std::error::Error for IdError {}

impl IdError {
    fn new(what: &'static str, expected: &'static str, got: &str) -> Self {
        Self {
            what,
            expected,
            got: got.chars().take(80).collect(),
        }
    }
}

macro_rules! text_id {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::check(&text)?;
                Ok(Self(text))
            }
        }
        impl std::str::FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::try_from(text.to_owned())
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl $name {
            /// The whole identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

fn is_lower_hex(text: &str, len: usize) -> bool {
    text.len() == len
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// A container's full identifier: 64 lower-case hexadecimal digits, as the Docker Engine API gives it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[0-9a-f]{64}$"))]
pub struct ContainerId(String);
text_id!(ContainerId);

impl ContainerId {
    fn check(text: &str) -> Result<(), IdError> {
        if is_lower_hex(text, 64) {
            return Ok(());
        }
        Err(IdError::new(
            "a container id",
            "64 lower-case hexadecimal digits",
            text,
        ))
    }

    /// The first twelve digits, as docker prints them.
    #[must_use]
    pub fn short(&self) -> &str {
        &self.0[..12]
    }
}

/// The digest of an image's configuration or manifest: `sha256:` and 64 lower-case hexadecimal digits (OCI image spec, "descriptor").
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^sha256:[0-9a-f]{64}$"))]
pub struct ImageDigest(String);
text_id!(ImageDigest);

impl ImageDigest {
    fn check(text: &str) -> Result<(), IdError> {
        match text.strip_prefix("sha256:") {
            Some(hex) if is_lower_hex(hex, 64) => Ok(()),
            _ => Err(IdError::new(
                "an image digest",
                "sha256: and 64 lower-case hexadecimal digits",
                text,
            )),
        }
    }

    /// The first twelve digits after `sha256:`, as docker prints them.
    #[must_use]
    pub fn short(&self) -> &str {
        &self.0[7..19]
    }
}

/// A host's name in URLs: 1 to 63 of `a-z 0-9 -`, beginning with a letter or digit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[a-z0-9][a-z0-9-]{0,62}$"))]
pub struct HostId(String);
text_id!(HostId);

impl HostId {
    fn check(text: &str) -> Result<(), IdError> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (1..=63).contains(&text.len()) && text.bytes().all(allowed) && !text.starts_with('-') {
            return Ok(());
        }
        Err(IdError::new(
            "a host id",
            "1 to 63 of a-z, 0-9 and -, not beginning with -",
            text,
        ))
    }

    /// The host this program runs on.
    #[must_use]
    pub fn local() -> Self {
        Self("local".to_owned())
    }
}

/// A server's short number for one container, valid while that server process lives; keeps live frames small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = u32))]
pub struct RowKey(pub u32);

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = i64))]
pub struct UnixMs(pub i64);

impl UnixMs {
    /// Milliseconds from `earlier` to `self`; negative when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: UnixMs) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_id_is_exactly_64_lower_case_hex_digits() {
        let good = "0123456789abcdef".repeat(4);
        assert_eq!(good.parse::<ContainerId>().unwrap().short(), "0123456789ab");
        for bad in [
            "",
            "abc",
            &good.to_uppercase(),
            &good[1..],
            &format!("{good}0"),
            &"g".repeat(64),
            "../../../etc/passwd",
        ] {
            assert!(bad.parse::<ContainerId>().is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn an_id_in_json_is_checked_on_the_way_in() {
        assert!(serde_json::from_str::<HostId>("\"local\"").is_ok());
        let refused = serde_json::from_str::<HostId>("\"../x\"")
            .unwrap_err()
            .to_string();
        assert!(refused.contains("is not a host id"), "{refused}");
    }

    #[test]
    fn an_image_digest_names_its_algorithm() {
        let hex = "a".repeat(64);
        assert_eq!(
            format!("sha256:{hex}")
                .parse::<ImageDigest>()
                .unwrap()
                .short(),
            "aaaaaaaaaaaa"
        );
        assert!(hex.parse::<ImageDigest>().is_err());
    }
}
