//! What order lines come in.

use super::*;
use crate::state::sample::{fleet, reading, row};
use plimsoll_shared::{Body, Compose, ContainerRow};

fn of(fleet: &Fleet, query: &Query, before: Option<&Lines>) -> Lines {
    lines(fleet, query, &HashSet::new(), before)
}

fn names(fleet: &Fleet, lines: &Lines) -> Vec<String> {
    let name = |line: &Line| match line {
        Line::Row(key) => fleet.get(*key).unwrap().row.name.clone(),
        Line::Group(name) => format!("[{}]", name.as_deref().unwrap_or("-")),
        Line::Stopped => "stopped".to_owned(),
    };
    lines.lines.iter().map(name).collect()
}

fn in_project(key: u32, name: &str, project: &str) -> ContainerRow {
    let compose = Compose {
        project: project.to_owned(),
        service: None,
    };
    ContainerRow {
        compose: Some(compose),
        ..row(key, name)
    }
}

fn exited(key: u32, name: &str) -> ContainerRow {
    ContainerRow {
        state: ContainerState::Exited,
        ..row(key, name)
    }
}

#[test]
fn rows_without_a_value_come_last_whichever_way_it_is_sorted() {
    let rows = vec![row(1, "a"), row(2, "b"), row(3, "c")];
    let fleet = fleet(rows, vec![reading(1, 1.0), reading(3, 9.0)]);
    let mut query = Query::default();
    assert_eq!(names(&fleet, &of(&fleet, &query, None)), ["c", "a", "b"]);
    query.sort_by(Column::Cpu, false);
    assert_eq!(names(&fleet, &of(&fleet, &query, None)), ["a", "c", "b"]);
}

#[test]
fn equal_rows_are_in_order_of_name_and_a_second_sort_has_its_say() {
    let rows = vec![row(1, "c"), row(2, "b"), row(3, "a")];
    let fleet = fleet(
        rows,
        vec![reading(1, 1.0), reading(2, 1.0), reading(3, 1.0)],
    );
    let mut query = Query::default();
    assert_eq!(names(&fleet, &of(&fleet, &query, None)), ["a", "b", "c"]);
    query.sort_by(Column::Name, true);
    query.sort_by(Column::Name, true);
    assert_eq!(names(&fleet, &of(&fleet, &query, None)), ["c", "b", "a"]);
}

#[test]
fn a_frozen_table_keeps_its_order_and_puts_new_rows_last() {
    let rows = vec![row(1, "a"), row(2, "b")];
    let mut fleet = fleet(rows, vec![reading(1, 9.0), reading(2, 1.0)]);
    let frozen = Query {
        live: false,
        ..Query::default()
    };
    let before = of(&fleet, &frozen, None);
    fleet.apply(&Body::ContainersDelta {
        measured: true,
        rows: vec![row(3, "new")],
        gone: Vec::new(),
        readings: vec![reading(1, 0.0), reading(3, 99.0)],
        silent: Vec::new(),
    });
    assert_eq!(
        names(&fleet, &of(&fleet, &frozen, Some(&before))),
        ["a", "b", "new"]
    );
    assert_eq!(
        names(&fleet, &of(&fleet, &Query::default(), Some(&before))),
        ["new", "b", "a"]
    );
    let mut by_name = frozen;
    by_name.sort_by(Column::Name, false);
    by_name.sort_by(Column::Name, false);
    assert_eq!(
        names(&fleet, &of(&fleet, &by_name, Some(&before))),
        ["new", "b", "a"]
    );
}

#[test]
fn stopped_containers_are_folded_until_asked_for() {
    let fleet = fleet(vec![row(1, "a"), exited(2, "b")], Vec::new());
    let mut query = Query::default();
    let folded = of(&fleet, &query, None);
    assert_eq!(names(&fleet, &folded), ["a", "stopped"]);
    assert_eq!((folded.stopped, folded.matching), (1, 2));
    query.stopped = true;
    assert_eq!(
        names(&fleet, &of(&fleet, &query, None)),
        ["a", "stopped", "b"]
    );
    query.kinds = vec![Kind::Stopped];
    assert_eq!(names(&fleet, &of(&fleet, &query, None)), ["b"]);
}

#[test]
fn groups_follow_their_first_row_and_the_ungrouped_come_last() {
    let rows = vec![
        in_project(1, "a", "quiet"),
        in_project(2, "b", "busy"),
        in_project(3, "c", "busy"),
        row(4, "alone"),
    ];
    let readings = vec![
        reading(1, 5.0),
        reading(2, 9.0),
        reading(3, 1.0),
        reading(4, 99.0),
    ];
    let fleet = fleet(rows, readings);
    let query = Query {
        group: Some(Group::Compose),
        ..Query::default()
    };
    let all = of(&fleet, &query, None);
    assert_eq!(
        names(&fleet, &all),
        ["[busy]", "b", "c", "[quiet]", "a", "[-]", "alone"]
    );
    let folded = HashSet::from([Some("busy".to_owned())]);
    let all = lines(&fleet, &query, &folded, None);
    assert_eq!(
        names(&fleet, &all),
        ["[busy]", "[quiet]", "a", "[-]", "alone"]
    );
    assert_eq!(all.groups[&Some("busy".to_owned())].len(), 2);
}

#[test]
fn a_search_finds_all_its_words_in_name_image_id_and_project() {
    let fleet = fleet(
        vec![in_project(255, "Web", "shop"), row(2, "db")],
        Vec::new(),
    );
    for (q, found) in [
        ("web", vec!["Web"]),
        ("SHOP web", vec!["Web"]),
        ("web db", vec![]),
        ("web:1", vec!["Web"]),
        ("0ff", vec!["Web"]),
        ("  ", vec!["Web", "db"]),
    ] {
        let query = Query {
            q: q.to_owned(),
            ..Query::default()
        };
        assert_eq!(names(&fleet, &of(&fleet, &query, None)), found, "{q}");
    }
}

#[test]
fn a_chip_selects_its_kind_and_two_chips_both() {
    let unhealthy = ContainerRow {
        health: Health::Unhealthy,
        ..row(1, "ill")
    };
    let paused = ContainerRow {
        state: ContainerState::Paused,
        ..row(2, "paused")
    };
    let fleet = fleet(vec![unhealthy, paused, row(3, "well")], Vec::new());
    let mut query = Query {
        kinds: vec![Kind::Unhealthy],
        ..Query::default()
    };
    assert_eq!(names(&fleet, &of(&fleet, &query, None)), ["ill"]);
    query.toggle_kind(Kind::Paused);
    assert_eq!(names(&fleet, &of(&fleet, &query, None)), ["ill", "paused"]);
}
