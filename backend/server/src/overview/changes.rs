//! What changed: events folded by line and kind.

use crate::recorder::predecessors;
use plimsoll_shared::{
    ContainerEvent, ContainerId, EventKind, HostId, UnixMs,
    lines::Subject,
    overview::{Change, ChangeKind},
};
use plimsoll_store::Kin;
use std::collections::{BTreeMap, HashMap};

/// An end within so many milliseconds of a signal or of running out of memory is no failure of its own.
const FOLLOWS_MS: i64 = 60_000;

/// What changed on `host` since `from`, in no order. A redeploy is told once, not as a removal, an end and a creation.
pub(super) fn changes(
    host: &HostId,
    kin: &[Kin],
    events: &[ContainerEvent],
    from: UnixMs,
) -> Vec<Change> {
    let before = predecessors(kin);
    let mut after = vec![None; kin.len()];
    for (i, earlier) in before.iter().enumerate() {
        if let Some(earlier) = *earlier {
            after[earlier] = Some(i);
        }
    }
    let mut found = Found {
        host,
        kin,
        after: &after,
        places: kin
            .iter()
            .enumerate()
            .map(|(i, kin)| (&kin.id, i))
            .collect(),
        changes: BTreeMap::new(),
    };
    for (i, one) in kin.iter().enumerate() {
        if one.created_at >= from {
            match before[i] {
                Some(earlier) => {
                    let images = images(&kin[earlier].image, &one.image);
                    found.say(
                        &one.id,
                        &one.name,
                        ChangeKind::Redeployed,
                        one.created_at,
                        images,
                    );
                }
                None => found.say(
                    &one.id,
                    &one.name,
                    ChangeKind::Created,
                    one.created_at,
                    None,
                ),
            }
        }
        let removed_at = one
            .removed_at
            .filter(|at| *at >= from && after[i].is_none());
        if let Some(removed_at) = removed_at {
            found.say(&one.id, &one.name, ChangeKind::Removed, removed_at, None);
        }
    }
    let mut courses: HashMap<&ContainerId, Course> = HashMap::new();
    for event in events {
        let course = courses.entry(&event.container).or_default();
        if let Some(kind) = course.hear(event) {
            let detail = match kind {
                ChangeKind::Failed => event
                    .detail
                    .as_ref()
                    .map(|code| format!("exit code {code}")),
                ChangeKind::Updated => event.detail.clone(),
                _ => None,
            };
            found.say(&event.container, &event.name, kind, event.at, detail);
        }
    }
    found.changes.into_values().collect()
}

fn images(old: &str, new: &str) -> Option<String> {
    match (old, new) {
        ("", "") => None,
        (old, new) if old == new || old.is_empty() => Some(new.to_owned()),
        (old, new) => Some(format!("{old} → {new}")),
    }
}

struct Found<'a> {
    host: &'a HostId,
    kin: &'a [Kin],
    after: &'a [Option<usize>],
    places: HashMap<&'a ContainerId, usize>,
    changes: BTreeMap<(Subject, u8), Change>,
}

impl Found<'_> {
    fn say(
        &mut self,
        id: &ContainerId,
        name: &str,
        kind: ChangeKind,
        at: UnixMs,
        detail: Option<String>,
    ) {
        let newest = self
            .places
            .get(id)
            .map(|place| &self.kin[self.newest(*place)]);
        let (id, name) = newest.map_or((id, name), |kin| (&kin.id, kin.name.as_str()));
        let of = Subject::Container(self.host.clone(), id.clone());
        let change = self
            .changes
            .entry((of.clone(), kind as u8))
            .or_insert_with(|| Change {
                kind,
                of,
                name: name.to_owned(),
                at,
                times: 0,
                detail: None,
            });
        change.times = change.times.saturating_add(1);
        if at >= change.at {
            (change.at, change.detail) = (at, detail);
        }
    }

    fn newest(&self, mut place: usize) -> usize {
        for _ in 0..self.after.len() {
            match self.after[place] {
                Some(later) => place = later,
                None => break,
            }
        }
        place
    }
}

/// What was heard of one container before.
#[derive(Default)]
struct Course {
    asked: Option<UnixMs>,
    starved: Option<UnixMs>,
    /// It ended and was neither stopped on request nor started since.
    ended: bool,
}

impl Course {
    /// The change that an event is, if it is one.
    fn hear(&mut self, event: &ContainerEvent) -> Option<ChangeKind> {
        let at = event.at;
        match event.kind {
            EventKind::Kill => self.asked = Some(at),
            EventKind::Stop => self.ended = false,
            EventKind::Start => {
                // On request an end is followed by a stop; its restart policy just starts it again.
                return std::mem::take(&mut self.ended).then_some(ChangeKind::Restarted);
            }
            EventKind::Die => {
                let soon = |cause: Option<UnixMs>| cause.is_some_and(|c| at.since(c) <= FOLLOWS_MS);
                let caused = soon(self.asked) || soon(self.starved);
                self.ended = !soon(self.asked);
                let failed = event.detail.as_deref().is_some_and(|code| code != "0");
                return (failed && !caused).then_some(ChangeKind::Failed);
            }
            EventKind::Oom => {
                let again = self.starved.is_some_and(|before| at.since(before) <= 1000);
                self.starved = Some(at);
                return (!again).then_some(ChangeKind::OutOfMemory);
            }
            EventKind::Restart => return Some(ChangeKind::Restarted),
            EventKind::Update => return Some(ChangeKind::Updated),
            EventKind::Health => {
                let sick = event.detail.as_deref() == Some("unhealthy");
                return sick.then_some(ChangeKind::Unhealthy);
            }
            EventKind::Create
            | EventKind::Pause
            | EventKind::Unpause
            | EventKind::Rename
            | EventKind::Destroy => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> ContainerId {
        format!("{n:02x}").repeat(32).parse().unwrap()
    }

    fn kin(n: u8, name: &str, began: i64, removed: Option<i64>) -> Kin {
        Kin {
            id: id(n),
            name: name.to_owned(),
            image: format!("shop:{n}"),
            place: None,
            created_at: UnixMs(began),
            removed_at: removed.map(UnixMs),
            began_at: Some(UnixMs(began)),
            ended_at: removed.map(UnixMs),
        }
    }

    fn event(n: u8, at: i64, kind: EventKind, detail: &str) -> ContainerEvent {
        ContainerEvent {
            at: UnixMs(at),
            host: HostId::local(),
            container: id(n),
            name: "web".to_owned(),
            kind,
            detail: (!detail.is_empty()).then(|| detail.to_owned()),
        }
    }

    fn told(kin: &[Kin], events: &[ContainerEvent]) -> Vec<(ChangeKind, u32, Option<String>)> {
        let all = changes(&HostId::local(), kin, events, UnixMs(0));
        all.into_iter()
            .map(|change| (change.kind, change.times, change.detail))
            .collect()
    }

    #[test]
    fn redeploys_of_one_line_are_one_change_with_the_last_images() {
        let all = [
            kin(1, "web", -5, Some(99)),
            kin(2, "web", 100, Some(199)),
            kin(3, "web", 200, None),
        ];
        let events = [
            event(1, 90, EventKind::Kill, "15"),
            event(1, 95, EventKind::Die, "143"),
        ];
        let redeployed = (
            ChangeKind::Redeployed,
            2,
            Some("shop:2 → shop:3".to_owned()),
        );
        assert_eq!(told(&all, &events), [redeployed]);
    }

    #[test]
    fn a_container_that_fails_and_is_started_again_by_its_policy_is_told_twice() {
        let all = [kin(1, "web", -5, None)];
        let events = [
            event(1, 10, EventKind::Die, "3"),
            event(1, 20, EventKind::Start, ""),
            event(1, 30, EventKind::Die, "3"),
            event(1, 40, EventKind::Start, ""),
        ];
        assert_eq!(
            told(&all, &events),
            [
                (ChangeKind::Failed, 2, Some("exit code 3".to_owned())),
                (ChangeKind::Restarted, 2, None)
            ]
        );
    }

    #[test]
    fn what_was_asked_for_is_no_failure() {
        let all = [kin(1, "web", -5, None)];
        let stopped = [
            event(1, 10, EventKind::Kill, "15"),
            event(1, 20, EventKind::Die, "137"),
            event(1, 21, EventKind::Stop, ""),
            event(1, 500_000, EventKind::Start, ""),
        ];
        assert_eq!(told(&all, &stopped), []);
        let restarted = [
            event(1, 10, EventKind::Kill, "15"),
            event(1, 20, EventKind::Die, "143"),
            event(1, 21, EventKind::Stop, ""),
            event(1, 22, EventKind::Start, ""),
            event(1, 23, EventKind::Restart, ""),
        ];
        assert_eq!(told(&all, &restarted), [(ChangeKind::Restarted, 1, None)]);
        let starved = [
            event(1, 10, EventKind::Oom, ""),
            event(1, 10, EventKind::Oom, ""),
            event(1, 12, EventKind::Die, "137"),
        ];
        assert_eq!(told(&all, &starved), [(ChangeKind::OutOfMemory, 1, None)]);
    }

    #[test]
    fn what_came_and_went_is_told_as_both() {
        let all = [kin(1, "job", 10, Some(20)), kin(2, "old", -50, Some(30))];
        let kinds: Vec<ChangeKind> = told(&all, &[]).into_iter().map(|told| told.0).collect();
        assert_eq!(
            kinds,
            [
                ChangeKind::Created,
                ChangeKind::Removed,
                ChangeKind::Removed
            ]
        );
    }
}
