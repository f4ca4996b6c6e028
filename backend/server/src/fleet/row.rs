//! From what an engine tells to what the console shows.

use plimsoll_model::{ContainerFacts, Happening};
use plimsoll_shared::{ContainerDetail, ContainerEvent, ContainerRow, HostId, RowKey};

/// The table's row for a container.
pub(crate) fn row(host: &HostId, key: RowKey, facts: &ContainerFacts) -> ContainerRow {
    ContainerRow {
        key,
        host: host.clone(),
        id: facts.id.clone(),
        name: facts.name.clone(),
        image: facts.image.clone(),
        state: facts.state,
        health: facts.health,
        created_at: facts.created_at,
        started_at: facts.started_at,
        finished_at: facts.finished_at,
        exit_code: facts.exit_code,
        oom_killed: facts.oom_killed,
        restarts: facts.restarts,
        compose: facts.compose.clone(),
        network: facts.network.clone(),
        ports: facts.ports.clone(),
        removed_at: None,
    }
}

/// The page of a container.
pub(crate) fn detail(facts: &ContainerFacts, row: ContainerRow) -> ContainerDetail {
    ContainerDetail {
        row,
        labels: facts.labels.clone(),
        command: facts.command.clone(),
        restart_policy: facts.restart_policy.clone(),
        limits: facts.limits.clone(),
        mounts: facts.mounts.clone(),
        networks: facts.networks.clone(),
        replaced_by: None,
    }
}

/// What happened, with its host.
pub(crate) fn event(host: &HostId, happening: &Happening) -> ContainerEvent {
    ContainerEvent {
        at: happening.at,
        host: host.clone(),
        container: happening.container.clone(),
        name: happening.name.clone(),
        kind: happening.kind,
        detail: happening.detail.clone(),
    }
}

/// `new`, completed from `old` where `new` was only read from a list: an engine's list does not tell when a life began, its
/// restarts, limits or command.
pub(crate) fn merge(old: &ContainerFacts, new: &ContainerFacts) -> ContainerFacts {
    let mut merged = new.clone();
    let inspected = new.limits.is_some();
    if inspected {
        return merged;
    }
    merged.restarts = old.restarts;
    merged.limits.clone_from(&old.limits);
    merged.command.clone_from(&old.command);
    merged.restart_policy.clone_from(&old.restart_policy);
    if old.state == new.state {
        merged.started_at = new.started_at.or(old.started_at);
        merged.finished_at = new.finished_at.or(old.finished_at);
        merged.exit_code = new.exit_code.or(old.exit_code);
        merged.oom_killed = new.oom_killed || old.oom_killed;
    }
    merged
}
