//! Names of images, as people write them and as registries and Notary know them.

use crate::digest;
use std::fmt;

/// An image's name with everything that docker leaves unsaid: `alpine` is `docker.io/library/alpine:latest`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The repository with its registry's host; Notary calls this the GUN.
    pub repository: String,
    /// The tag; none where a digest stands instead.
    pub tag: Option<String>,
    /// The digest, `sha256:…`.
    pub digest: Option<String>,
}

/// Why a text names no image.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} names no image: {problem}")]
pub struct BadReference {
    text: String,
    problem: &'static str,
}

impl Reference {
    /// Reads a name as docker does: a first part with a dot, a colon or `localhost` is a host, everything else is on Docker Hub.
    pub fn read(text: &str) -> Result<Self, BadReference> {
        let bad = |problem| BadReference {
            text: text.to_owned(),
            problem,
        };
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) if digest::is_sha256(digest) => (name, Some(digest.to_owned())),
            Some(_) => return Err(bad("after the @ must stand sha256: and 64 digits")),
            None => (text, None),
        };
        let (name, tag) = match name.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
            _ => (name, None),
        };
        if tag.is_some_and(|tag| !is_tag(tag)) {
            return Err(bad(
                "a tag is up to 128 letters, digits, dots, dashes and underscores",
            ));
        }
        let (host, path) = match name.split_once('/') {
            Some((host, path)) if host.contains(['.', ':']) || host == "localhost" => {
                (host, path.to_owned())
            }
            Some(_) => ("docker.io", name.to_owned()),
            None => ("docker.io", format!("library/{name}")),
        };
        let (host, path) = match host {
            "index.docker.io" => ("docker.io", path),
            host => (host, path),
        };
        let path = match host == "docker.io" && !path.contains('/') {
            true => format!("library/{path}"),
            false => path,
        };
        if !is_host(host) {
            return Err(bad("its registry is no host"));
        }
        if path.len() > 255 || !path.split('/').all(is_part) {
            return Err(bad(
                "a repository is of lower-case letters and digits, with single . _ - between them",
            ));
        }
        let tag = match (tag, &digest) {
            (Some(tag), _) => Some(tag.to_owned()),
            (None, None) => Some("latest".to_owned()),
            (None, Some(_)) => None,
        };
        Ok(Reference {
            repository: format!("{host}/{path}"),
            tag,
            digest,
        })
    }

    /// The registry's host, with its port where one is written.
    pub fn host(&self) -> &str {
        self.repository
            .split('/')
            .next()
            .unwrap_or(&self.repository)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.repository)?;
        if let Some(tag) = &self.tag {
            write!(formatter, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(formatter, "@{digest}")?;
        }
        Ok(())
    }
}

fn is_tag(tag: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    (1..=128).contains(&tag.len()) && tag.bytes().all(plain) && !tag.starts_with(['.', '-'])
}

fn is_host(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (host, None),
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let bracketed = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'))
        .is_some_and(|name| {
            name.bytes()
                .all(|byte| byte.is_ascii_hexdigit() || byte == b':')
        });
    let named = !name.is_empty() && name.bytes().all(plain) && !name.starts_with(['.', '-']);
    (named || bracketed) && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

/// Lower-case letters and digits, separated by one dot, one or two underscores, or dashes.
fn is_part(part: &str) -> bool {
    let alphanumeric = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9');
    let words: Vec<_> = part
        .split(|character: char| !character.is_ascii() || !alphanumeric(character as u8))
        .collect();
    let separators_are_plain = part
        .bytes()
        .all(|byte| alphanumeric(byte) || matches!(byte, b'.' | b'_' | b'-'));
    let ends_are_words = words.first().is_some_and(|word| !word.is_empty())
        && words.last().is_some_and(|word| !word.is_empty());
    separators_are_plain
        && ends_are_words
        && !part.contains("..")
        && !part.contains("___")
        && !["._", "_.", ".-", "-.", "_-", "-_"]
            .iter()
            .any(|mixed| part.contains(mixed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn full(text: &str) -> String {
        Reference::read(text).unwrap().to_string()
    }

    #[test]
    fn what_docker_leaves_unsaid_is_said() {
        assert_eq!(full("alpine"), "docker.io/library/alpine:latest");
        assert_eq!(full("acme/app:1.0"), "docker.io/acme/app:1.0");
        assert_eq!(full("docker.io/alpine"), "docker.io/library/alpine:latest");
        assert_eq!(
            full("index.docker.io/acme/app"),
            "docker.io/acme/app:latest"
        );
        assert_eq!(full("localhost/app"), "localhost/app:latest");
        assert_eq!(full("host:5000/a/b/c:2"), "host:5000/a/b/c:2");
        let pinned = format!("app@sha256:{}", "a".repeat(64));
        assert_eq!(full(&pinned), format!("docker.io/library/{pinned}"));
    }

    #[test]
    fn what_names_no_image_is_refused() {
        for text in [
            "",
            "App",
            "a//b",
            "../x",
            "a/../b",
            "app:",
            "app:.x",
            "app@sha256:12",
            "host:99999/app",
            "a b",
            "$BASE",
            "app\n",
        ] {
            assert!(Reference::read(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_was_read_reads_the_same_again(text in "[a-z0-9.:/@_-]{1,40}") {
            if let Ok(reference) = Reference::read(&text) {
                prop_assert_eq!(Reference::read(&reference.to_string()).unwrap(), reference);
            }
        }
    }
}
