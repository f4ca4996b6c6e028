//! Arguments in the place of names: `$BASE`, `${BASE}`, `${BASE:-else}` and `${BASE:+then}`.

use std::collections::BTreeMap;

/// The arguments declared before the first `FROM`, with their values as far as they are known.
#[derive(Debug, Clone)]
pub(super) struct Arguments {
    given: BTreeMap<String, String>,
    declared: BTreeMap<String, Result<String, String>>,
}

impl Arguments {
    pub fn new(given: &BTreeMap<String, String>) -> Self {
        Arguments {
            given: given.clone(),
            declared: BTreeMap::new(),
        }
    }

    /// Takes the words after `ARG`: names, with or without a default.
    pub fn declare(&mut self, words: &str) {
        for word in words.split_whitespace() {
            let (name, default) = match word.split_once('=') {
                Some((name, default)) => (name, Some(default)),
                None => (word, None),
            };
            let value = match (self.given.get(name), default) {
                (Some(given), _) => Ok(given.clone()),
                (None, Some(default)) => expand(default, self),
                (None, None) => Err(format!(
                    "the argument {name} has no default, so give it with the build"
                )),
            };
            self.declared.insert(name.to_owned(), value);
        }
    }

    fn value(&self, name: &str) -> Result<String, String> {
        match self.declared.get(name) {
            Some(value) => value.clone(),
            None => Err(format!(
                "the argument {name} is not declared before the first FROM"
            )),
        }
    }
}

/// Replaces the arguments in `text`; `Err` says which one is not known.
pub(super) fn expand(text: &str, arguments: &Arguments) -> Result<String, String> {
    expand_to(text, arguments, 0)
}

/// The deepest nesting of defaults within defaults.
const DEEPEST: usize = 8;

fn expand_to(text: &str, arguments: &Arguments, depth: usize) -> Result<String, String> {
    if depth > DEEPEST {
        return Err(format!("{text:?} nests too deep"));
    }
    let mut expanded = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['$', '\\', '"', '\'']) {
        expanded.push_str(&rest[..at]);
        let special = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        match special {
            // Quotes only hold together here.
            b'"' | b'\'' => {}
            b'\\' => {
                if let Some(literal) = rest.chars().next() {
                    expanded.push(literal);
                    rest = &rest[literal.len_utf8()..];
                }
            }
            _ => match rest.strip_prefix('{') {
                Some(inside) => {
                    let end = closing(inside)
                        .ok_or_else(|| format!("{text:?} opens a brace and does not close it"))?;
                    expanded.push_str(&braced(&inside[..end], arguments, depth)?);
                    rest = &inside[end + 1..];
                }
                None => {
                    let (name, after) = rest.split_at(name_length(rest));
                    if name.is_empty() {
                        return Err(format!("{text:?} has a $ without a name"));
                    }
                    expanded.push_str(&arguments.value(name)?);
                    rest = after;
                }
            },
        }
    }
    expanded.push_str(rest);
    Ok(expanded)
}

fn braced(inside: &str, arguments: &Arguments, depth: usize) -> Result<String, String> {
    let (name, modifier) = inside.split_at(name_length(inside));
    let value = arguments.value(name);
    let set = value.as_ref().is_ok_and(|value| !value.is_empty());
    let expand = |word: &str| expand_to(word, arguments, depth + 1);
    if modifier.is_empty() && !name.is_empty() {
        return value;
    }
    if let Some(word) = modifier.strip_prefix(":-") {
        return if set { value } else { expand(word) };
    }
    if let Some(word) = modifier.strip_prefix(":+") {
        return if set { expand(word) } else { Ok(String::new()) };
    }
    if let Some(word) = modifier.strip_prefix('-') {
        return value.or_else(|_| expand(word));
    }
    if let Some(word) = modifier.strip_prefix('+') {
        return value.map_or_else(|_| Ok(String::new()), |_| expand(word));
    }
    Err(format!(
        "${{{inside}}} is written in a way that is not known here"
    ))
}

fn name_length(text: &str) -> usize {
    text.bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        .count()
}

/// Where the brace that was opened before `text` closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}
