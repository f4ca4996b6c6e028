//! Names of archive entries as paths within the image.

use std::borrow::Cow;

/// A name as a path from the root without a leading slash; `None` for one that leads out of the root.
///
/// What is no UTF-8 is replaced, so that no name can pretend to be another: two that differ there alone count as one.
#[must_use]
pub fn clean(name: &[u8]) -> Option<String> {
    let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
    let text = String::from_utf8_lossy(name);
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Where a link at `from` leads; going up from the root stays there, as in a running container.
pub(super) fn join(from: &str, target: &str) -> String {
    let mut parts: Vec<Cow<str>> = Vec::new();
    if !target.starts_with('/')
        && let Some((folder, _)) = from.rsplit_once('/')
    {
        parts.extend(folder.split('/').map(Cow::from));
    }
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part.into()),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_path_from_the_root() {
        assert_eq!(clean(b"./usr//lib/./x/").as_deref(), Some("usr/lib/x"));
        assert_eq!(clean(b"/etc/passwd").as_deref(), Some("etc/passwd"));
        assert_eq!(clean(b"a/b/../c").as_deref(), Some("a/c"));
        assert_eq!(
            clean(b"C:\\windows\0ignored").as_deref(),
            Some("C:\\windows")
        );
    }

    #[test]
    fn a_name_that_leads_out_of_the_root_is_none() {
        assert_eq!(clean(b"../../etc/cron.d/x"), None);
        assert_eq!(clean(b"a/../../b"), None);
    }

    #[test]
    fn a_link_never_leads_out_of_the_root() {
        assert_eq!(join("dir1/attack.txt", "../../secret.txt"), "secret.txt");
        assert_eq!(join("a/b/c", "../d"), "a/d");
        assert_eq!(join("a/b/c", "/etc/../../x"), "x");
    }
}
