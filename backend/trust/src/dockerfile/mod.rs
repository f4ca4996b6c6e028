//! The images a Dockerfile builds on, so that each can be judged before anything is built.
//!
//! A later stage may name an earlier one, arguments may stand for images, and `COPY --from` and `RUN --mount` bring in files of
//! images that no `FROM` names: all of that is what a check that only reads `FROM` gets wrong. What cannot be known without
//! building is told as such and is never trusted.

mod expand;
mod lines;

use crate::{reference::Reference, verdict::State};
use expand::{Arguments, expand};
use lines::{Instruction, instructions};
use std::collections::BTreeMap;

/// A Dockerfile, as far as it takes anything from images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dockerfile {
    /// Every place that takes something from an image, in order.
    pub uses: Vec<Use>,
}

/// A place that takes something from an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The line, from 1.
    pub line: usize,
    /// Through what.
    pub through: Through,
    /// The name as it is written.
    pub written: String,
    /// What it means.
    pub source: Source,
}

/// The instructions that take something from an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Through {
    /// `FROM`.
    From,
    /// `COPY --from`.
    Copy,
    /// `RUN --mount=…,from=`.
    Mount,
}

/// Where something comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An image.
    Image(Reference),
    /// An earlier stage, by its number from 0; the images of that stage count there.
    Stage(usize),
    /// Nothing: `FROM scratch`.
    Scratch,
    /// It cannot be known from here; why.
    Unknown(String),
}

/// What is wrong with a Dockerfile, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct BadDockerfile {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: String,
}

/// A use and what is to be thought of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The use.
    pub used: Use,
    /// The image's state; nothing where no image is used.
    pub state: Option<State>,
    /// Whether it may be built on.
    pub sound: bool,
}

impl Dockerfile {
    /// Reads a Dockerfile; `arguments` are those given to the build (`--build-arg`).
    pub fn read(text: &str, arguments: &BTreeMap<String, String>) -> Result<Self, BadDockerfile> {
        let mut reader = Reading {
            uses: vec![],
            stages: vec![],
            arguments: Arguments::new(arguments),
        };
        for instruction in instructions(text)? {
            reader.take(&instruction)?;
        }
        match reader.stages.is_empty() {
            true => Err(BadDockerfile {
                line: 1,
                problem: "there is no FROM".to_owned(),
            }),
            false => Ok(Dockerfile { uses: reader.uses }),
        }
    }

    /// Every image, once, in the order of its first use.
    pub fn images(&self) -> Vec<&Reference> {
        let mut images = Vec::new();
        for used in &self.uses {
            if let Source::Image(reference) = &used.source
                && !images.contains(&reference)
            {
                images.push(reference);
            }
        }
        images
    }

    /// Judges every use by its image's state; what is not known is not sound.
    pub fn judge(&self, state_of: impl Fn(&Reference) -> State) -> Vec<Judged> {
        let judged = |used: &Use| {
            let state = match &used.source {
                Source::Image(reference) => Some(state_of(reference)),
                _ => None,
            };
            Judged {
                used: used.clone(),
                state,
                sound: match &used.source {
                    Source::Image(_) => state.is_some_and(State::is_vouched_for),
                    Source::Stage(_) | Source::Scratch => true,
                    Source::Unknown(_) => false,
                },
            }
        };
        self.uses.iter().map(judged).collect()
    }
}

struct Reading {
    uses: Vec<Use>,
    /// The names of the stages so far; a stage without one has none.
    stages: Vec<Option<String>>,
    arguments: Arguments,
}

impl Reading {
    fn take(&mut self, instruction: &Instruction) -> Result<(), BadDockerfile> {
        match instruction.name.as_str() {
            "ARG" if self.stages.is_empty() => self.arguments.declare(&instruction.rest),
            "FROM" => self.from(instruction)?,
            "COPY" => self.copy(instruction),
            "RUN" => self.mounts(instruction),
            // Carried out by builds on the image that is built here.
            "ONBUILD" => {
                if let Some(inner) = instruction.inner() {
                    self.take(&inner)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn from(&mut self, instruction: &Instruction) -> Result<(), BadDockerfile> {
        let bad = |problem: &str| BadDockerfile {
            line: instruction.line,
            problem: problem.to_owned(),
        };
        let words: Vec<_> = instruction
            .rest
            .split_whitespace()
            .filter(|word| !word.starts_with("--"))
            .collect();
        let (written, name) = match words[..] {
            [image] => (image, None),
            [image, word, name] if word.eq_ignore_ascii_case("as") => {
                (image, Some(name.to_lowercase()))
            }
            [] => return Err(bad("FROM names no image")),
            _ => {
                return Err(bad(
                    "after FROM must stand an image, or an image, AS and a name",
                ));
            }
        };
        let source = match expand(written, &self.arguments) {
            Ok(image) => self.source_of_from(&image),
            Err(unknown) => Source::Unknown(unknown),
        };
        self.push(instruction.line, Through::From, written, source);
        self.stages.push(name);
        Ok(())
    }

    fn source_of_from(&self, image: &str) -> Source {
        match self.stage(image) {
            Some(stage) => Source::Stage(stage),
            None if image == "scratch" => Source::Scratch,
            None => image_source(image),
        }
    }

    fn copy(&mut self, instruction: &Instruction) {
        let froms = instruction
            .rest
            .split_whitespace()
            .take_while(|word| word.starts_with("--"))
            .filter_map(|word| word.strip_prefix("--from="));
        for written in froms.collect::<Vec<_>>() {
            let source = self.source_elsewhere(written);
            self.push(instruction.line, Through::Copy, written, source);
        }
    }

    fn mounts(&mut self, instruction: &Instruction) {
        let froms = instruction
            .rest
            .split_whitespace()
            .take_while(|word| word.starts_with("--"))
            .filter_map(|word| word.strip_prefix("--mount="))
            .flat_map(|mount| mount.split(','))
            .filter_map(|part| part.strip_prefix("from="));
        for written in froms.collect::<Vec<_>>() {
            let source = self.source_elsewhere(written);
            self.push(instruction.line, Through::Mount, written, source);
        }
    }

    /// What a name means outside of `FROM`: a stage by name or number, else an image. Arguments are not replaced there.
    fn source_elsewhere(&self, written: &str) -> Source {
        let name = written.trim_matches('"');
        if name.contains('$') {
            return Source::Unknown(
                "arguments are not replaced here; write the image itself".to_owned(),
            );
        }
        if let Some(stage) = self.stage(name) {
            return Source::Stage(stage);
        }
        match name.parse::<usize>() {
            Ok(number) if number < self.stages.len() => Source::Stage(number),
            Ok(number) => Source::Unknown(format!("there is no stage {number} before this line")),
            Err(_) => image_source(name),
        }
    }

    /// The latest stage of that name; letters may be large or small.
    fn stage(&self, name: &str) -> Option<usize> {
        let name = name.to_lowercase();
        self.stages
            .iter()
            .rposition(|stage| stage.as_deref() == Some(name.as_str()))
    }

    fn push(&mut self, line: usize, through: Through, written: &str, source: Source) {
        self.uses.push(Use {
            line,
            through,
            written: written.to_owned(),
            source,
        });
    }
}

fn image_source(image: &str) -> Source {
    match Reference::read(image) {
        Ok(reference) => Source::Image(reference),
        Err(error) => Source::Unknown(error.to_string()),
    }
}

#[cfg(test)]
mod tests;
