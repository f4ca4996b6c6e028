//! The little of YAML that lock files use: keys by their depth, and plain values.
//!
//! Read line by line, so that no anchor can unfold to more than the file holds.

/// A line that is not empty and no comment.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// Spaces before it.
    pub(super) depth: usize,
    /// The rest, without a list's hyphen.
    pub(super) text: &'a str,
    /// Whether it is an item of a list.
    pub(super) is_item: bool,
}

/// The lines of a file.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    text.lines().filter_map(|line| {
        let rest = line.trim_start_matches(' ');
        if rest.is_empty() || rest.starts_with('#') {
            return None;
        }
        let is_item = rest.starts_with("- ");
        Some(Line {
            depth: line.len() - rest.len(),
            text: rest.strip_prefix("- ").unwrap_or(rest).trim(),
            is_item,
        })
    })
}

impl<'a> Line<'a> {
    /// Key and value; the value is empty where what follows is deeper.
    pub(super) fn pair(&self) -> Option<(&'a str, &'a str)> {
        let (key, value) = match self.text.strip_suffix(':') {
            Some(key) => (key, ""),
            None => {
                // A key in quotes may hold a colon.
                let start = if self.text.starts_with('\'') {
                    self.text[1..].find('\'')? + 1
                } else {
                    0
                };
                let at = self.text[start..].find(": ")? + start;
                (&self.text[..at], &self.text[at + 2..])
            }
        };
        Some((unquote(key), unquote(value)))
    }
}

/// A value without its quotes.
pub(super) fn unquote(text: &str) -> &str {
    let text = text.trim();
    ['"', '\'']
        .iter()
        .find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote))
        .unwrap_or(text)
}
