//! XML as a flat row of events, as much as build files use: no entity but the five built in is unfolded, so none can grow.

/// Elements within elements.
const DEPTH: usize = 200;

/// What stands next in a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// An element begins: its name without prefix, and its attributes as they stand.
    Start(&'a str, &'a str),
    /// Text within an element.
    Text(String),
    /// An element ends.
    End(&'a str),
}

/// The events of a file.
///
/// # Errors
/// When elements are not closed in turn, or lie too deep; the sentence says where.
pub(super) fn events(text: &str) -> Result<Vec<Event<'_>>, String> {
    let mut events = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let plain = rest[..at].trim();
        if !plain.is_empty() {
            events.push(Event::Text(unfold(plain)));
        }
        rest = &rest[at..];
        if let Some((inner, end)) = ["<!--", "<![CDATA[", "<?", "<!"]
            .iter()
            .zip(["-->", "]]>", "?>", ">"])
            .find_map(|(start, end)| Some((rest.strip_prefix(start)?, (start, end))))
        {
            let (inner, after) = inner
                .split_once(end.1)
                .ok_or("a comment or declaration does not end")?;
            if *end.0 == "<![CDATA[" {
                events.push(Event::Text(inner.to_owned()));
            }
            rest = after;
            continue;
        }
        let end = end_of_tag(rest).ok_or("a tag does not end")?;
        let (tag, after) = (&rest[1..end], &rest[end + 1..]);
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            let name = local(name.trim());
            if open.pop() != Some(name) {
                return Err(format!("</{name:.60}> ends what it did not begin"));
            }
            events.push(Event::End(name));
            continue;
        }
        let (tag, closed) = tag
            .strip_suffix('/')
            .map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        let allowed = |next: char| next.is_alphanumeric() || ['_', '-', '.', ':'].contains(&next);
        if !name.starts_with(|first: char| first.is_alphabetic() || first == '_')
            || !name.chars().all(allowed)
        {
            return Err(format!("<{name:.60}> is no name of an element"));
        }
        let name = local(name);
        events.push(Event::Start(name, attributes));
        if closed {
            events.push(Event::End(name));
        } else if open.len() < DEPTH {
            open.push(name);
        } else {
            return Err(format!("its elements lie more than {DEPTH} deep"));
        }
    }
    match open.pop() {
        Some(name) => Err(format!("<{name:.60}> does not end")),
        None if events.is_empty() => Err("it has no element".to_owned()),
        None => Ok(events),
    }
}

/// Where a tag ends: a bracket within quotes does not end it.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    text.char_indices()
        .find_map(|(at, next)| match (quote, next) {
            (None, '"' | '\'') => {
                quote = Some(next);
                None
            }
            (Some(open), next) if open == next => {
                quote = None;
                None
            }
            (None, '>') => Some(at),
            _ => None,
        })
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn unfold(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

/// The value of an attribute.
pub(super) fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = attributes;
    loop {
        let (before, after) = rest.split_once('=')?;
        let key = before.split_ascii_whitespace().next_back()?;
        let after = after.trim_start();
        let quote = after
            .chars()
            .next()
            .filter(|quote| ['"', '\''].contains(quote))?;
        let (value, more) = after[1..].split_once(quote)?;
        if key == name {
            return Some(value);
        }
        rest = more;
    }
}
