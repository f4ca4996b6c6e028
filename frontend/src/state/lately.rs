//! What happened to a container of late, told shortly: one list out of several tellings, repetitions folded.

use super::sorting::sort;
use plimsoll_shared::{ContainerEvent, EventKind, UnixMs};

/// One line: something that happened once or several times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// When it last happened.
    pub(crate) at: UnixMs,
    /// What.
    pub(crate) kind: EventKind,
    /// More in a few words.
    pub(crate) detail: Option<String>,
    /// How often.
    pub(crate) times: usize,
}

/// Adds `more` to `known`, newest first, each event once however often it is told.
pub(crate) fn merge(
    known: &mut Vec<ContainerEvent>,
    more: impl IntoIterator<Item = ContainerEvent>,
) {
    known.extend(more);
    let order = |event: &ContainerEvent| {
        (
            std::cmp::Reverse(event.at),
            event.kind,
            event.detail.clone(),
        )
    };
    known.sort_by_cached_key(order);
    known.dedup();
}

/// The events since `from` as lines, newest first: the same thing that happened again and again is one line.
pub(crate) fn lines(events: &[ContainerEvent], from: UnixMs) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for event in events.iter().filter(|event| event.at >= from) {
        match lines
            .iter_mut()
            .find(|line| line.kind == event.kind && line.detail == event.detail)
        {
            Some(line) => {
                line.times += 1;
                line.at = line.at.max(event.at);
            }
            None => lines.push(Line {
                at: event.at,
                kind: event.kind,
                detail: event.detail.clone(),
                times: 1,
            }),
        }
    }
    sort(&mut lines, |a, b| b.at.cmp(&a.at));
    lines
}

/// Whether a kind of event is bad news, and so is written in the colour of one.
pub(crate) fn is_bad(kind: EventKind, detail: Option<&str>) -> bool {
    match kind {
        EventKind::Oom => true,
        EventKind::Die => detail.is_some_and(|code| code != "0"),
        EventKind::Health => detail == Some("unhealthy"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(at: i64, kind: EventKind, detail: Option<&str>) -> ContainerEvent {
        ContainerEvent {
            at: UnixMs(at),
            host: "local".parse().unwrap(),
            container: "ab".repeat(32).parse().unwrap(),
            name: "web".to_owned(),
            kind,
            detail: detail.map(str::to_owned),
        }
    }

    #[test]
    fn an_event_told_twice_is_one_event() {
        let mut known = vec![
            event(3, EventKind::Start, None),
            event(1, EventKind::Create, None),
        ];
        merge(
            &mut known,
            [
                event(3, EventKind::Start, None),
                event(5, EventKind::Die, Some("1")),
                event(5, EventKind::Die, Some("1")),
            ],
        );
        let at: Vec<_> = known.iter().map(|e| e.at.0).collect();
        assert_eq!(at, [5, 3, 1]);
    }

    #[test]
    fn a_restart_loop_is_two_lines() {
        let mut events = Vec::new();
        for n in 0..50 {
            merge(
                &mut events,
                [
                    event(n * 10, EventKind::Start, None),
                    event(n * 10 + 5, EventKind::Die, Some("1")),
                ],
            );
        }
        let lines = lines(&events, UnixMs(100));
        assert_eq!(lines.len(), 2);
        assert_eq!(
            (lines[0].kind, lines[0].times, lines[0].at),
            (EventKind::Die, 40, UnixMs(495))
        );
        assert_eq!(
            (lines[1].kind, lines[1].times, lines[1].at),
            (EventKind::Start, 40, UnixMs(490))
        );
    }

    #[test]
    fn an_end_without_an_error_is_no_bad_news() {
        assert!(!is_bad(EventKind::Die, Some("0")));
        assert!(is_bad(EventKind::Die, Some("137")));
        assert!(is_bad(EventKind::Oom, None));
        assert!(!is_bad(EventKind::Health, Some("healthy")));
    }
}
