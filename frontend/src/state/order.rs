//! Which lines the containers table has, and in which order.

use super::{
    columns::Column,
    fleet::{Entry, Fleet, Kind},
    query::{Group, Query, Sort},
    sorting::sort,
};
use plimsoll_shared::{ContainerState, Health, RowKey, UnixMs};
use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
};

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Line {
    /// The heading of a group: its name, `None` for the rows that belong to none.
    Group(Option<String>),
    /// A container.
    Row(RowKey),
    /// The heading of the stopped containers at the end.
    Stopped,
}

/// The lines of the table, and the sort they are in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Lines {
    /// From top to bottom.
    pub(crate) lines: Vec<Line>,
    /// Every group's rows, folded ones included.
    pub(crate) groups: HashMap<Option<String>, Vec<RowKey>>,
    /// Stopped containers, folded or not.
    pub(crate) stopped: usize,
    /// Containers on the table, folded ones included.
    pub(crate) matching: usize,
    sort: Vec<Sort>,
    grouping: Option<Group>,
}

/// Whether the query, with its words in lower case, lets this container onto the table.
fn matches(entry: &Entry, query: &Query, words: &[&str]) -> bool {
    let found = words.iter().all(|word| entry.haystack.contains(word));
    let there = query
        .host
        .as_ref()
        .is_none_or(|host| *host == entry.row.host);
    let kind = query.kinds.is_empty() || query.kinds.iter().any(|kind| kind.has(&entry.row));
    found && there && kind
}

/// The lines for this query. When the table does not follow the numbers (`query.live`), rows stay where they were in `before` and new
/// ones come last, unless another sort was asked for.
pub(crate) fn lines(
    fleet: &Fleet,
    query: &Query,
    folded: &HashSet<Option<String>>,
    before: Option<&Lines>,
) -> Lines {
    let typed = query.q.to_lowercase();
    let words: Vec<&str> = typed.split_whitespace().collect();
    let mut rows: Vec<(RowKey, &Entry)> = fleet
        .iter()
        .filter(|(_, entry)| matches(entry, query, &words))
        .collect();
    sort(&mut rows, |a, b| compare(*a, *b, &query.sort));
    let held = before.filter(|before| {
        !query.live && before.sort == query.sort && before.grouping == query.group
    });
    if let Some(before) = held {
        let places = places(before);
        let place = |key: RowKey| places.get(&key).copied().unwrap_or(usize::MAX);
        sort(&mut rows, |a, b| place(a.0).cmp(&place(b.0)));
    }
    let matching = rows.len();
    let folds_stopped = query.kinds.is_empty();
    let (alive, stopped): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .partition(|(_, entry)| !folds_stopped || !Kind::Stopped.has(&entry.row));
    let mut all = Lines {
        stopped: stopped.len(),
        matching,
        sort: query.sort.clone(),
        grouping: query.group,
        ..Lines::default()
    };
    match query.group {
        None => all
            .lines
            .extend(alive.iter().map(|(key, _)| Line::Row(*key))),
        Some(group) => push_groups(&mut all, &alive, group, folded, held),
    }
    if !stopped.is_empty() {
        all.lines.push(Line::Stopped);
        if query.stopped {
            all.lines
                .extend(stopped.iter().map(|(key, _)| Line::Row(*key)));
        }
    }
    all
}

/// Groups come in the order of their first rows; the rows that belong to none come last.
fn push_groups(
    all: &mut Lines,
    rows: &[(RowKey, &Entry)],
    group: Group,
    folded: &HashSet<Option<String>>,
    held: Option<&Lines>,
) {
    let mut names: Vec<Option<String>> = Vec::new();
    for (key, entry) in rows {
        let name = group_of(entry, group);
        let members = all.groups.entry(name.clone()).or_default();
        if members.is_empty() {
            names.push(name);
        }
        members.push(*key);
    }
    if let Some(before) = held {
        let headings = before.lines.iter().filter_map(|line| match line {
            Line::Group(name) => Some(name),
            Line::Row(_) | Line::Stopped => None,
        });
        let places: HashMap<_, _> = headings.enumerate().map(|(at, name)| (name, at)).collect();
        let place = |name: &Option<String>| places.get(name).copied().unwrap_or(usize::MAX);
        sort(&mut names, |a, b| place(a).cmp(&place(b)));
    }
    sort(&mut names, |a, b| a.is_none().cmp(&b.is_none()));
    for name in names {
        let open = !folded.contains(&name);
        all.lines.push(Line::Group(name.clone()));
        if let Some(members) = all.groups.get(&name).filter(|_| open) {
            all.lines.extend(members.iter().map(|key| Line::Row(*key)));
        }
    }
}

fn places(before: &Lines) -> HashMap<RowKey, usize> {
    let shown = before.lines.iter().filter_map(|line| match line {
        Line::Row(key) => Some(*key),
        Line::Group(_) | Line::Stopped => None,
    });
    let folded = before.groups.values().flatten().copied();
    let mut places = HashMap::new();
    for (at, key) in shown.chain(folded).enumerate() {
        places.entry(key).or_insert(at);
    }
    places
}

fn group_of(entry: &Entry, group: Group) -> Option<String> {
    match group {
        Group::Compose => entry
            .row
            .compose
            .as_ref()
            .map(|compose| compose.project.clone()),
        Group::Image => Some(entry.row.image.reference.clone()),
        Group::Host => Some(entry.row.host.to_string()),
    }
}

/// By each sort in turn, then by name and id, so that equal rows keep one order. What has no value comes last either way.
fn compare(a: (RowKey, &Entry), b: (RowKey, &Entry), sorts: &[Sort]) -> Ordering {
    let (x, y) = (a.1, b.1);
    sorts
        .iter()
        .map(|sort| by_column(x, y, *sort))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
        .then_with(|| x.row.name.cmp(&y.row.name))
        .then_with(|| x.row.id.cmp(&y.row.id))
}

fn by_column(a: &Entry, b: &Entry, sort: Sort) -> Ordering {
    let number = |read: fn(&Entry) -> Option<f64>| {
        present(read(a), read(b), sort.down, |x, y| x.total_cmp(y))
    };
    let text = |read: fn(&Entry) -> Option<&str>| present(read(a), read(b), sort.down, str_order);
    match sort.by {
        Column::Mark | Column::Spark | Column::Ports => Ordering::Equal,
        Column::Name => text(|e| Some(&e.row.name)),
        Column::State => number(|e| Some(state_rank(e.row.state))),
        Column::Health => number(|e| Some(health_rank(e.row.health))),
        Column::Cpu => number(|e| e.numbers?.cpu),
        Column::Memory => number(|e| Some(wide(e.numbers?.memory))),
        Column::MemoryPercent => number(|e| e.numbers?.memory_percent()),
        Column::Net => number(|e| e.numbers?.net.map(|(i, o)| wide(i) + wide(o))),
        Column::Block => number(|e| e.numbers?.block.map(|(r, w)| wide(r) + wide(w))),
        Column::Pids => number(|e| e.numbers?.pids.map(wide)),
        Column::Image => text(|e| Some(&e.row.image.reference)),
        Column::Host => text(|e| Some(e.row.host.as_str())),
        Column::Up => number(up_rank),
        Column::Restarts => number(|e| e.row.restarts.map(wide)),
        Column::Id => text(|e| Some(e.row.id.as_str())),
        Column::Project => text(|e| e.row.compose.as_ref().map(|c| c.project.as_str())),
    }
}

/// Grows with the time since the start; a container that does not live has none.
#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds have 53 bits until the year 287396"
)]
fn up_rank(entry: &Entry) -> Option<f64> {
    let started = entry.row.started_at.filter(|_| entry.row.state.is_alive());
    started.map(|UnixMs(at)| -(at as f64))
}

fn str_order(a: &&str, b: &&str) -> Ordering {
    a.cmp(b)
}

fn present<T>(
    a: Option<T>,
    b: Option<T>,
    down: bool,
    order: impl Fn(&T, &T) -> Ordering,
) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if down => order(&b, &a),
        (Some(a), Some(b)) => order(&a, &b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "an order needs no more than 52 bits"
)]
fn wide(value: u64) -> f64 {
    value as f64
}

/// What is worse comes first.
fn state_rank(state: ContainerState) -> f64 {
    f64::from(match state {
        ContainerState::Dead => 0_u8,
        ContainerState::Restarting => 1,
        ContainerState::Removing => 2,
        ContainerState::Paused => 3,
        ContainerState::Running => 4,
        ContainerState::Created => 5,
        ContainerState::Exited => 6,
        ContainerState::Unknown => 7,
    })
}

fn health_rank(health: Health) -> f64 {
    f64::from(match health {
        Health::Unhealthy => 0_u8,
        Health::Starting => 1,
        Health::Unknown => 2,
        Health::Healthy => 3,
        Health::None => 4,
    })
}

#[cfg(test)]
mod tests;
