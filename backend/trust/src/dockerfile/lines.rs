//! The instructions of a Dockerfile: lines joined, comments and here-documents left out.

use super::BadDockerfile;

/// One instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instruction {
    /// The line it begins on, from 1.
    pub line: usize,
    /// Its name in capitals.
    pub name: String,
    /// What stands after the name.
    pub rest: String,
}

impl Instruction {
    /// The instruction that an `ONBUILD` holds.
    pub fn inner(&self) -> Option<Self> {
        parse(self.line, &self.rest)
    }
}

/// The longest Dockerfile, in bytes; the real ones have a few thousand.
const LONGEST: usize = 1 << 20;

/// Splits a Dockerfile into its instructions.
pub(super) fn instructions(text: &str) -> Result<Vec<Instruction>, BadDockerfile> {
    if text.len() > LONGEST {
        return Err(BadDockerfile {
            line: 1,
            problem: format!("a Dockerfile of more than {LONGEST} bytes is not read"),
        });
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let escape = escape(text);
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, first)) = lines.next() {
        if is_comment(first) || first.trim().is_empty() {
            continue;
        }
        let mut joined = String::new();
        let mut line = first;
        // Comments and empty lines within a continued instruction are left out, as docker does.
        loop {
            let skipped = is_comment(line) || (line.trim().is_empty() && !joined.is_empty());
            if !skipped {
                match line.trim_end().strip_suffix(escape) {
                    Some(part) => joined.push_str(part),
                    None => {
                        joined.push_str(line);
                        break;
                    }
                }
            }
            match lines.next() {
                Some((_, next)) => line = next,
                None => break,
            }
        }
        let Some(instruction) = parse(at + 1, &joined) else {
            continue;
        };
        for end in here_documents(&instruction) {
            let ends = |line: &str| {
                line == end.word || (end.tabs && line.trim_start_matches('\t') == end.word)
            };
            if !lines.by_ref().any(|(_, line)| ends(line)) {
                return Err(BadDockerfile {
                    line: at + 1,
                    problem: format!("the text that begins with <<{} does not end", end.word),
                });
            }
        }
        found.push(instruction);
    }
    Ok(found)
}

fn parse(line: usize, text: &str) -> Option<Instruction> {
    let text = text.trim();
    let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (!name.is_empty()).then(|| Instruction {
        line,
        name: name.to_uppercase(),
        rest: rest.trim().to_owned(),
    })
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// The character that continues a line: `\`, or what a directive at the very top names.
fn escape(text: &str) -> char {
    for line in text.lines() {
        let Some(comment) = line.trim_start().strip_prefix('#') else {
            break;
        };
        let Some((name, value)) = comment.split_once('=') else {
            break;
        };
        let name = name.trim();
        if name.contains(char::is_whitespace) {
            break;
        }
        if name.eq_ignore_ascii_case("escape") && value.trim() == "`" {
            return '`';
        }
    }
    '\\'
}

struct End {
    word: String,
    /// Whether tabs may stand before it (`<<-`).
    tabs: bool,
}

/// The words that end the texts an instruction is followed by, in order.
fn here_documents(instruction: &Instruction) -> Vec<End> {
    if !matches!(instruction.name.as_str(), "RUN" | "COPY" | "ADD") {
        return vec![];
    }
    let mut ends = Vec::new();
    for word in instruction.rest.split_whitespace() {
        // `<<<` is another thing, and `<<` alone is none.
        let Some((before, after)) = word.split_once("<<") else {
            continue;
        };
        if after.starts_with('<') || !before.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let (after, tabs) = match after.strip_prefix('-') {
            Some(after) => (after, true),
            None => (after, false),
        };
        let word = after.trim_matches(['"', '\'']);
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if !word.is_empty() && word.bytes().all(plain) {
            ends.push(End {
                word: word.to_owned(),
                tabs,
            });
        }
    }
    ends
}
