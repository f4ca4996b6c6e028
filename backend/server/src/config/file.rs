//! The configuration file: flat TOML, every line checked against the settings that exist.

use super::{ConfigError, Origin};
use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};
use toml::de::{DeTable, DeValue};

const SETTINGS: [&str; 9] = [
    "data",
    "listen",
    "docker_host",
    "interval",
    "retention",
    "history_max_size",
    "allow_unauthenticated",
    "allowed_host",
    "log",
];
/// A larger file is not a configuration.
const MOST_BYTES: u64 = 256 * 1024;

/// What a file says; nothing when there is none.
#[derive(Debug, Default)]
pub(super) struct File {
    path: PathBuf,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    number: usize,
    name: &'static str,
    texts: Vec<String>,
}

impl File {
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let mut text = String::new();
        let done = fs::File::open(path)
            .and_then(|file| file.take(MOST_BYTES + 1).read_to_string(&mut text));
        let done = match done {
            Ok(_) if text.len() as u64 > MOST_BYTES => {
                Err(io::Error::from(io::ErrorKind::FileTooLarge))
            }
            done => done,
        };
        done.map_err(|source| ConfigError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let line_of = |offset: usize| text[..offset.min(text.len())].matches('\n').count() + 1;
        let table = DeTable::parse(text).map_err(|error| ConfigError::Syntax {
            path: path.to_owned(),
            line: line_of(error.span().map_or(0, |span| span.start)),
            message: error.message().to_owned(),
        })?;
        let mut lines = Vec::new();
        for (key, value) in table.get_ref() {
            let number = line_of(key.span().start);
            let Some(name) = SETTINGS.into_iter().find(|name| *name == key.get_ref()) else {
                return Err(ConfigError::NoSuchSetting {
                    path: path.to_owned(),
                    line: number,
                    name: key.get_ref().to_string(),
                    known: SETTINGS.join(", "),
                });
            };
            let texts = texts(value.get_ref()).ok_or_else(|| ConfigError::BadValue {
                from: Origin::File {
                    path: path.to_owned(),
                    line: number,
                },
                name,
                value: text[value.span()].to_owned(),
                expected: "a text, true or false, or a list of texts",
            })?;
            lines.push(Line {
                number,
                name,
                texts,
            });
        }
        Ok(Self {
            path: path.to_owned(),
            lines,
        })
    }

    /// A setting's texts and its line.
    pub(super) fn get(&self, name: &str) -> Option<(Vec<String>, Origin)> {
        let line = self.lines.iter().find(|line| line.name == name)?;
        Some((
            line.texts.clone(),
            Origin::File {
                path: self.path.clone(),
                line: line.number,
            },
        ))
    }
}

fn texts(value: &DeValue<'_>) -> Option<Vec<String>> {
    match value {
        DeValue::String(text) => Some(vec![text.to_string()]),
        DeValue::Boolean(value) => Some(vec![value.to_string()]),
        DeValue::Integer(number) => Some(vec![number.to_string()]),
        DeValue::Array(values) => values
            .iter()
            .map(|value| value.get_ref().as_str().map(str::to_owned))
            .collect(),
        DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_) => None,
    }
}
