//! Replaces `{{placeholders}}` in a text.

use anyhow::{Context, Result};

/// Replaces each placeholder by its value; an error names `file` and the line.
///
/// A placeholder is `{{`, a word of letters, digits and `: . _ / -`, and `}}`, with nothing between. Other braces, such as those of
/// JavaScript objects, stay as they are.
pub(super) fn fill(
    file: &str,
    text: &str,
    mut value: impl FnMut(&str) -> Result<String>,
) -> Result<String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let inside = &rest[start + 2..];
        let end = inside
            .find(|letter: char| !letter.is_ascii_alphanumeric() && !":._/-".contains(letter))
            .unwrap_or(inside.len());
        if end > 0 && inside[end..].starts_with("}}") {
            filled.push_str(&rest[..start]);
            let line = 1 + text[..text.len() - rest.len() + start]
                .matches('\n')
                .count();
            filled.push_str(&value(&inside[..end]).with_context(|| format!("{file}:{line}"))?);
            rest = &inside[end + 2..];
        } else {
            filled.push_str(&rest[..=start]);
            rest = &rest[start + 1..];
        }
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shout(text: &str) -> String {
        fill("page", text, |name| Ok(name.to_uppercase())).unwrap()
    }

    #[test]
    fn a_placeholder_becomes_its_value_wherever_it_stands() {
        assert_eq!(
            shout("{{a}} and {{file:b/c-1.svg}}{{d}}"),
            "A and FILE:B/C-1.SVGD"
        );
    }

    #[test]
    fn other_braces_stay() {
        for text in [
            "",
            "{{",
            "}}",
            "{{}}",
            "{{ a }}",
            "f({a:{b:1}})",
            "`${{a: 1}}`",
            "{{ü}}",
        ] {
            assert_eq!(shout(text), text);
        }
        assert_eq!(shout("{{{a}}}"), "{A}");
    }

    #[test]
    fn an_error_names_the_file_and_the_line() {
        let error = fill("page.html", "one\ntwo {{x}}", |_| anyhow::bail!("no x")).unwrap_err();
        assert_eq!(format!("{error:#}"), "page.html:2: no x");
    }
}
