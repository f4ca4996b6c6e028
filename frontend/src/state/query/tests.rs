//! What a URL says, and back.

use super::*;

fn read(query: &Query) -> Query {
    let parameters = query.parameters();
    Query::read(
        parameters
            .iter()
            .map(|(name, value)| (*name, value.as_str())),
    )
}

#[test]
fn the_usual_table_has_a_bare_url() {
    assert_eq!(Query::default().parameters(), []);
    assert_eq!(Query::read([]), Query::default());
}

#[test]
fn a_url_gives_the_table_back() {
    let mut query = Query {
        q: "a & b=c,d".to_owned(),
        host: Some(HostId::local()),
        kinds: vec![Kind::Unhealthy, Kind::Stopped],
        stopped: true,
        live: false,
        group: Some(Group::Compose),
        density: Density::Compact,
        ..Query::default()
    };
    query.sort_by(Column::Memory, false);
    query.sort_by(Column::Name, true);
    query.toggle_column(Column::Id);
    query.toggle_column(Column::Health);
    assert_eq!(read(&query), query);
    for group in Group::ALL {
        let query = Query {
            group: Some(group),
            ..Query::default()
        };
        assert_eq!(read(&query), query);
    }
}

#[test]
fn an_address_holds_only_what_it_may() {
    let query = Query {
        q: "a&b=c d/é".to_owned(),
        kinds: vec![Kind::Running, Kind::Paused],
        ..Query::default()
    };
    assert_eq!(
        query.url(),
        "/containers?q=a%26b%3Dc%20d/%C3%A9&state=running,paused"
    );
    assert_eq!(Query::default().url(), "/containers");
}

#[test]
fn no_optional_column_is_a_choice_too() {
    let mut query = Query::default();
    query.choose(|_| false);
    assert_eq!(query.shown(), [Column::Mark, Column::Name]);
    assert_eq!(read(&query), query);
}

#[test]
fn nonsense_leaves_the_usual() {
    let nonsense = [
        ("host", "../x"),
        ("state", "flying,"),
        ("sort", "-mark,bogus"),
        ("group", "x"),
        ("density", ""),
        ("zz", "1"),
    ];
    assert_eq!(Query::read(nonsense), Query::default());
}

#[test]
fn a_second_click_turns_a_sort_round_and_shift_adds_one() {
    let mut query = Query::default();
    query.sort_by(Column::Cpu, false);
    assert_eq!(
        query.sort,
        [Sort {
            by: Column::Cpu,
            down: false
        }]
    );
    query.sort_by(Column::Memory, false);
    query.sort_by(Column::Name, true);
    query.sort_by(Column::Memory, true);
    assert_eq!(
        query.sort,
        [
            Sort {
                by: Column::Memory,
                down: false
            },
            Sort {
                by: Column::Name,
                down: false
            }
        ]
    );
}

#[test]
fn putting_a_column_back_is_the_usual_again() {
    let mut query = Query::default();
    query.toggle_column(Column::Pids);
    assert!(query.columns.is_some());
    query.toggle_column(Column::Pids);
    assert_eq!(query, Query::default());
}
