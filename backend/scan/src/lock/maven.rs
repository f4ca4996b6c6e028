//! `pom.xml`, by itself: what stands in its parents and in what it imports is not at hand, and is not guessed.
//!
//! And Gradle's `verification-metadata.xml`.

use super::xml::{Event, attribute, events};
use crate::package::{Kind, Origin, Package, Unreadable};
use std::collections::BTreeMap;

/// Properties within properties.
const TURNS: usize = 16;
/// Bytes that a value may unfold to.
const MOST: usize = 4096;

#[derive(Default)]
struct Dependency {
    group: String,
    artifact: String,
    version: String,
}

#[derive(Default)]
struct Pom {
    project: Dependency,
    parent: Dependency,
    properties: BTreeMap<String, String>,
    managed: Vec<Dependency>,
    dependencies: Vec<Dependency>,
}

pub(super) fn read(text: &str) -> Result<Vec<Package>, Unreadable> {
    let unreadable = |reason: String| Unreadable::new("pom.xml", reason);
    let events = events(text).map_err(unreadable)?;
    if !matches!(
        events
            .iter()
            .find(|event| matches!(event, Event::Start(..))),
        Some(Event::Start("project", _))
    ) {
        return Err(Unreadable::new(
            "pom.xml",
            "its outermost element is not <project>",
        ));
    }
    let mut pom = Pom::default();
    let mut path: Vec<&str> = Vec::new();
    for event in &events {
        match event {
            Event::Start(name, _) => {
                path.push(name);
                match path.as_slice() {
                    [.., "dependencyManagement", "dependencies", "dependency"] => {
                        pom.managed.push(Dependency::default());
                    }
                    ["project", "dependencies", "dependency"]
                    | [
                        "project",
                        "profiles",
                        "profile",
                        "dependencies",
                        "dependency",
                    ] => {
                        pom.dependencies.push(Dependency::default());
                    }
                    _ => {}
                }
            }
            Event::Text(text) => pom.take(&path, text),
            Event::End(_) => {
                path.pop();
            }
        }
    }
    Ok(pom.packages())
}

impl Pom {
    fn take(&mut self, path: &[&str], text: &str) {
        let of = |dependency: Option<&mut Dependency>, field: &str| {
            let Some(dependency) = dependency else { return };
            match field {
                "groupId" => text.clone_into(&mut dependency.group),
                "artifactId" => text.clone_into(&mut dependency.artifact),
                "version" => text.clone_into(&mut dependency.version),
                _ => {}
            }
        };
        match path {
            ["project", "properties", name] => {
                self.properties.insert((*name).to_owned(), text.to_owned());
            }
            ["project", "parent", field] => of(Some(&mut self.parent), field),
            ["project", field] => of(Some(&mut self.project), field),
            [
                ..,
                "dependencyManagement",
                "dependencies",
                "dependency",
                field,
            ] => of(self.managed.last_mut(), field),
            ["project", "dependencies", "dependency", field]
            | [
                "project",
                "profiles",
                "profile",
                "dependencies",
                "dependency",
                field,
            ] => {
                of(self.dependencies.last_mut(), field);
            }
            _ => {}
        }
    }

    fn packages(&self) -> Vec<Package> {
        let mut packages = Vec::new();
        let group = [&self.project.group, &self.parent.group]
            .into_iter()
            .find(|group| !group.is_empty());
        if let Some(group) = group.filter(|_| !self.project.artifact.is_empty()) {
            let version = self.value("${project.version}").unwrap_or_default();
            let name = format!("{group}:{}", self.project.artifact);
            packages.push(Package::new(Kind::Maven, name, version).from(Origin::Project));
        }
        packages.extend(self.dependencies.iter().filter_map(|dependency| {
            let (group, artifact) = (
                self.value(&dependency.group)?,
                self.value(&dependency.artifact)?,
            );
            if group.is_empty() || artifact.is_empty() {
                return None;
            }
            let managed = || {
                let same = |managed: &&Dependency| {
                    self.value(&managed.group).as_ref() == Some(&group)
                        && self.value(&managed.artifact).as_ref() == Some(&artifact)
                };
                self.managed
                    .iter()
                    .find(same)
                    .map(|managed| &managed.version)
            };
            let stated = Some(&dependency.version)
                .filter(|version| !version.is_empty())
                .or_else(managed);
            // What stands in a parent is not known here; a range allows versions and names none.
            let version = stated
                .and_then(|version| self.value(version))
                .filter(|version| !version.starts_with(['[', '(']));
            Some(Package::new(
                Kind::Maven,
                format!("{group}:{artifact}"),
                version.unwrap_or_default(),
            ))
        }));
        packages
    }

    /// A value with its properties put in; `None` when one is not known here.
    fn value(&self, text: &str) -> Option<String> {
        let mut text = text.trim().to_owned();
        for _ in 0..TURNS {
            let Some(start) = text.find("${") else {
                return Some(text);
            };
            let end = start + text[start..].find('}')?;
            let name = &text[start + 2..end];
            let own = |of: &str, parent: &str| {
                if of.is_empty() {
                    parent.to_owned()
                } else {
                    of.to_owned()
                }
            };
            let value = match name {
                "project.version" | "pom.version" | "version" => {
                    own(&self.project.version, &self.parent.version)
                }
                "project.groupId" | "pom.groupId" | "groupId" => {
                    own(&self.project.group, &self.parent.group)
                }
                "project.artifactId" | "pom.artifactId" => self.project.artifact.clone(),
                "project.parent.version" | "parent.version" => self.parent.version.clone(),
                "project.parent.groupId" | "parent.groupId" => self.parent.group.clone(),
                name => self.properties.get(name)?.clone(),
            };
            text.replace_range(start..=end, &value);
            if text.len() > MOST {
                return None;
            }
        }
        None
    }
}

pub(super) fn read_verification(text: &str) -> Result<Vec<Package>, Unreadable> {
    let unreadable = |reason: String| Unreadable::new("verification-metadata.xml", reason);
    let events = events(text).map_err(unreadable)?;
    Ok(events
        .iter()
        .filter_map(|event| match event {
            Event::Start("component", attributes) => {
                let (group, name) = (
                    attribute(attributes, "group")?,
                    attribute(attributes, "name")?,
                );
                Some(Package::new(
                    Kind::Maven,
                    format!("{group}:{name}"),
                    attribute(attributes, "version")?,
                ))
            }
            _ => None,
        })
        .collect())
}
