//! Names of roles, which also name files on the server.

/// The roles that `root.json` must list.
pub(super) const TOP: [&str; 4] = ["root", "targets", "snapshot", "timestamp"];

/// The role that `docker` pulls from before all others.
pub(super) const RELEASES: &str = "targets/releases";

/// The role that the repository's owner signs with.
pub(super) const TARGETS: &str = "targets";

/// Whether `name` is a delegation's: below `targets/`, of plain characters, without `.`, `..` or empty parts.
pub(super) fn is_delegation(name: &str) -> bool {
    let plain = |byte: u8| matches!(byte, b'-' | b'_' | b'/' | b'a'..=b'z' | b'0'..=b'9');
    name.len() < 256
        && name.bytes().all(plain)
        && name
            .strip_prefix("targets/")
            .is_some_and(|rest| rest.split('/').all(|part| !part.is_empty()))
}

/// The role that may delegate to `name`.
pub(super) fn parent(name: &str) -> Option<&str> {
    name.rsplit_once('/').map(|(parent, _)| parent)
}

/// A delegation's name without the leading `targets/`: how `docker trust` calls a signer.
pub(super) fn signer(name: &str) -> &str {
    name.strip_prefix("targets/").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_would_leave_the_repository_is_no_role() {
        for name in [
            "targets",
            "targets/",
            "targets/../root",
            "targets//a",
            "targets/a/",
            "targets/A",
            "targets/a.b",
            "targets/ä",
            "root",
            "other/a",
        ] {
            assert!(!is_delegation(name), "{name}");
        }
        assert!(!is_delegation(&format!("targets/{}", "a".repeat(300))));
        assert!(is_delegation("targets/releases") && is_delegation("targets/a-b/c_2"));
    }
}
