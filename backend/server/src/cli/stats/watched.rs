//! The containers to show and their last readings: observations go in, lines come out.

use super::columns::{Line, Measured};
use plimsoll_model::{ContainerFacts, Observation};
use plimsoll_shared::{ContainerId, ContainerState, Reading};
use std::collections::HashMap;

/// Sweeps without a reading after which a container is drawn without numbers: docker waits two seconds.
const SILENT_SWEEPS: u32 = 2;

/// What is shown, in the order docker shows it: newest first when the engine listed them, later ones below.
pub(super) struct Watched {
    all: bool,
    named: Vec<String>,
    /// The containers that `named` names, once they were looked up.
    resolved: Vec<(String, ContainerId)>,
    listed: bool,
    order: Vec<ContainerId>,
    known: HashMap<ContainerId, Known>,
}

struct Known {
    name: String,
    state: ContainerState,
    last: Option<Reading>,
    silent: u32,
}

impl Watched {
    /// Nothing seen yet: all containers that run (with `all`, every one), or those that are `named`.
    pub(super) fn new(all: bool, named: &[String]) -> Self {
        let mut once: Vec<String> = Vec::new();
        for name in named {
            if !once.contains(name) {
                once.push(name.clone());
            }
        }
        Self {
            all,
            named: once,
            resolved: Vec::new(),
            listed: false,
            order: Vec::new(),
            known: HashMap::new(),
        }
    }

    /// Takes an observation in; answers with those named containers that are not there.
    pub(super) fn apply(&mut self, observation: Observation) -> Vec<String> {
        match observation {
            Observation::Listed(all) => return self.listed(all),
            Observation::Container(facts) => self.saw(*facts),
            Observation::Removed(id) => {
                self.order.retain(|known| *known != id);
                self.known.remove(&id);
            }
            Observation::Readings(batch) => {
                for known in self.known.values_mut() {
                    known.silent = known.silent.saturating_add(1);
                }
                for (id, reading) in batch.readings {
                    if let Some(known) = self.known.get_mut(&id) {
                        known.last = Some(reading);
                        known.silent = 0;
                    }
                }
            }
            Observation::Searching(_)
            | Observation::Connected { .. }
            | Observation::Happened(_)
            | Observation::Lost(_) => {}
        }
        Vec::new()
    }

    fn listed(&mut self, all: Vec<ContainerFacts>) -> Vec<String> {
        self.order
            .retain(|id| all.iter().any(|facts| facts.id == *id));
        self.known
            .retain(|id, _| all.iter().any(|facts| facts.id == *id));
        for facts in all {
            self.saw(facts);
        }
        if self.listed {
            return Vec::new();
        }
        self.listed = true;
        let mut missing = Vec::new();
        for name in &self.named {
            match self.find(name) {
                Some(id) => self.resolved.push((name.clone(), id)),
                None => missing.push(name.clone()),
            }
        }
        missing
    }

    fn saw(&mut self, facts: ContainerFacts) {
        let begun_anew = |known: &Known| !known.state.is_alive() && facts.state.is_alive();
        match self.known.get_mut(&facts.id) {
            Some(known) => {
                if begun_anew(known) {
                    // A start puts it below the others, as an engine's event does for docker.
                    if !self.all {
                        self.order.retain(|id| *id != facts.id);
                        self.order.push(facts.id.clone());
                    }
                    (known.last, known.silent) = (None, 0);
                }
                known.name = facts.name;
                known.state = facts.state;
            }
            None => {
                self.order.push(facts.id.clone());
                let known = Known {
                    name: facts.name,
                    state: facts.state,
                    last: None,
                    silent: 0,
                };
                self.known.insert(facts.id, known);
            }
        }
    }

    /// As the engine finds one: by full id, by name, by the one id that begins so.
    fn find(&self, text: &str) -> Option<ContainerId> {
        let full = |id: &&ContainerId| id.as_str() == text;
        let named = |id: &&ContainerId| {
            let name = text.strip_prefix('/').unwrap_or(text);
            self.known.get(*id).is_some_and(|known| known.name == name)
        };
        let exact = self
            .order
            .iter()
            .find(full)
            .or_else(|| self.order.iter().find(named));
        if exact.is_some() {
            return exact.cloned();
        }
        if text.is_empty() {
            return None;
        }
        let mut begun = self.order.iter().filter(|id| id.as_str().starts_with(text));
        match (begun.next(), begun.next()) {
            (Some(id), None) => Some(id.clone()),
            _ => None,
        }
    }

    /// Whether the engine told its containers.
    pub(super) fn is_listed(&self) -> bool {
        self.listed
    }

    /// Whether every container shown has said all it can: two readings while it runs.
    pub(super) fn is_complete(&self) -> bool {
        let settled = |known: &Known| {
            !known.state.is_alive() || known.last.is_some_and(|last| last.cpu_percent.is_some())
        };
        self.listed
            && self
                .shown()
                .all(|(_, id)| self.known.get(id).is_none_or(settled))
    }

    /// The lines to draw.
    pub(super) fn lines(&self, truncate: bool) -> Vec<Line> {
        self.shown()
            .map(|(container, id)| {
                let known = self.known.get(id);
                let shown_id = match (known, truncate) {
                    (None, _) => "",
                    (_, true) => id.short(),
                    (_, false) => id.as_str(),
                };
                Line {
                    container: container.to_owned(),
                    id: shown_id.to_owned(),
                    name: known.map_or_else(String::new, |known| known.name.clone()),
                    measured: known.map_or(Measured::Silent, Known::measured),
                }
            })
            .collect()
    }

    fn shown(&self) -> Box<dyn Iterator<Item = (&str, &ContainerId)> + '_> {
        if !self.named.is_empty() {
            return Box::new(self.resolved.iter().map(|(name, id)| (name.as_str(), id)));
        }
        let wanted = |id: &&ContainerId| {
            let state = self.known.get(*id).map(|known| known.state);
            self.all
                || state
                    .is_some_and(|state| state.is_alive() || state == ContainerState::Restarting)
        };
        Box::new(self.order.iter().filter(wanted).map(|id| (id.short(), id)))
    }
}

impl Known {
    fn measured(&self) -> Measured {
        match self.last {
            _ if !self.state.is_alive() => Measured::Stopped,
            Some(last) if self.silent < SILENT_SWEEPS => Measured::Now(Box::new(last)),
            _ => Measured::Silent,
        }
    }
}

#[cfg(test)]
mod tests;
