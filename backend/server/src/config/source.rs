//! Finds each setting in the sources, the strongest first, and remembers which it was.

use super::{ConfigError, Told, file::File, places::Environment};
use serde::{Serialize, Serializer};
use std::{fmt, path::PathBuf};

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The command line.
    Flag(String),
    /// A variable of the environment.
    Environment(String),
    /// A line of the file.
    File {
        /// The file.
        path: PathBuf,
        /// Its line, counted from 1.
        line: usize,
    },
    /// Nobody said.
    Default,
}

impl Origin {
    /// The place as it is written: `--retention`, `PLIMSOLL_RETENTION`, `config.toml:3`; `None` when nobody said.
    pub fn place(&self) -> Option<String> {
        match self {
            Self::Flag(name) | Self::Environment(name) => Some(name.clone()),
            Self::File { .. } => Some(self.to_string()),
            Self::Default => None,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(f, "{name}"),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Default => write!(f, "default"),
        }
    }
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A setting's value and where it came from.
pub(super) struct Given<T> {
    pub(super) name: &'static str,
    pub(super) value: T,
    pub(super) from: Origin,
}

impl<T> Given<T> {
    pub(super) fn by_default(name: &'static str, value: T) -> Self {
        Self {
            name,
            value,
            from: Origin::Default,
        }
    }

    pub(super) fn some(self) -> Given<Option<T>> {
        Given {
            name: self.name,
            value: Some(self.value),
            from: self.from,
        }
    }

    pub(super) fn told(&self, text: impl Fn(&T) -> String) -> Told {
        Told {
            name: self.name,
            value: text(&self.value),
            from: self.from.clone(),
        }
    }
}

impl Given<String> {
    /// The text as a value; refused when `parse` gives none.
    pub(super) fn map<T>(
        self,
        expected: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Given<T>, ConfigError> {
        match parse(&self.value) {
            Some(value) => Ok(Given {
                name: self.name,
                value,
                from: self.from,
            }),
            None => Err(ConfigError::BadValue {
                from: self.from,
                name: self.name,
                value: self.value,
                expected,
            }),
        }
    }
}

impl Given<Vec<String>> {
    /// As [`Given::map`], for each of several texts.
    pub(super) fn map_each<T>(
        self,
        expected: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Given<Vec<T>>, ConfigError> {
        let mut value = Vec::new();
        for text in self.value {
            let one = Given {
                name: self.name,
                value: text,
                from: self.from.clone(),
            };
            value.push(one.map(expected, &parse)?.value);
        }
        Ok(Given {
            name: self.name,
            value,
            from: self.from,
        })
    }
}

/// The sources below the command line.
pub(super) struct Sources<'a> {
    pub(super) environment: &'a Environment,
    pub(super) file: &'a File,
}

impl Sources<'_> {
    /// A setting with one value.
    pub(super) fn one(&self, name: &'static str, flag: Option<&str>) -> Option<Given<String>> {
        let flag = flag.map(|text| vec![text.to_owned()]);
        let given = self.find(name, flag, |text| vec![text.to_owned()])?;
        Some(Given {
            name,
            value: given.value.join(","),
            from: given.from,
        })
    }

    /// A setting with several values; a variable separates them by commas.
    pub(super) fn several(
        &self,
        name: &'static str,
        flags: &[String],
    ) -> Option<Given<Vec<String>>> {
        let flags = (!flags.is_empty()).then(|| flags.to_vec());
        self.find(name, flags, |text| {
            text.split(',').map(|part| part.trim().to_owned()).collect()
        })
    }

    fn find(
        &self,
        name: &'static str,
        flag: Option<Vec<String>>,
        split: impl Fn(&str) -> Vec<String>,
    ) -> Option<Given<Vec<String>>> {
        if let Some(value) = flag {
            return Some(Given {
                name,
                value,
                from: Origin::Flag(format!("--{}", name.replace('_', "-"))),
            });
        }
        let variable = format!("PLIMSOLL_{}", name.to_uppercase());
        if let Some(text) = self.environment.variable(&variable) {
            return Some(Given {
                name,
                value: split(text),
                from: Origin::Environment(variable),
            });
        }
        let (value, from) = self.file.get(name)?;
        Some(Given { name, value, from })
    }
}
