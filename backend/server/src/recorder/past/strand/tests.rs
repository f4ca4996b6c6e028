//! Who took over from whom.

use super::*;
use plimsoll_shared::Compose;

fn id(n: u8) -> ContainerId {
    format!("{n:02x}").repeat(32).parse().unwrap()
}

/// A container that ran from `began` to `ended`, and is removed if that is known.
fn kin(n: u8, name: &str, service: Option<&str>, began: i64, ended: Option<i64>) -> Kin {
    Kin {
        id: id(n),
        name: name.to_owned(),
        image: format!("image:{n}"),
        place: service.map(|service| Compose {
            project: "shop".to_owned(),
            service: Some(service.to_owned()),
        }),
        created_at: UnixMs(began - 100),
        removed_at: ended.map(|at| UnixMs(at + 50)),
        began_at: Some(UnixMs(began)),
        ended_at: ended.map(UnixMs),
    }
}

#[test]
fn one_of_the_same_name_took_over_and_one_of_another_name_did_not() {
    let all = [
        kin(1, "web", None, 1000, Some(5000)),
        kin(2, "db", None, 2000, None),
        kin(3, "web", None, 6000, Some(9000)),
        kin(4, "web", None, 10_000, None),
    ];
    assert_eq!(predecessors(&all), [None, None, Some(0), Some(2)]);
    let chain: Vec<_> = chain(&all, &predecessors(&all), 3)
        .iter()
        .map(|kin| kin.id.clone())
        .collect();
    assert_eq!(chain, [id(1), id(3), id(4)]);
}

#[test]
fn a_redeploy_under_another_name_is_found_by_its_compose_place() {
    let all = [
        kin(1, "shop-web-a", Some("web"), 1000, Some(5000)),
        kin(2, "shop-db-a", Some("db"), 1000, Some(5000)),
        kin(3, "shop-web-b", Some("web"), 6000, None),
    ];
    assert_eq!(predecessors(&all), [None, None, Some(0)]);
}

#[test]
fn containers_of_a_scaled_service_that_run_at_the_same_time_are_lines_of_their_own() {
    let all = [
        kin(1, "shop-web-1", Some("web"), 1000, None),
        kin(2, "shop-web-2", Some("web"), 8000, None),
    ];
    assert_eq!(predecessors(&all), [None, None]);
    // One of them was replaced by a new name while the other ran on.
    let all = [
        kin(1, "shop-web-1", Some("web"), 1000, Some(6000)),
        kin(2, "shop-web-2", Some("web"), 2000, None),
        kin(3, "shop-web-3", Some("web"), 7000, None),
        kin(4, "shop-web-4", Some("web"), 7500, None),
    ];
    assert_eq!(
        predecessors(&all),
        [None, None, Some(0), None],
        "each is followed by one"
    );
}

#[test]
fn a_replica_that_ran_beside_another_for_a_second_took_over_from_none() {
    let all = [
        kin(1, "shop-web-a", Some("web"), 1000, Some(2500)),
        kin(2, "shop-web-b", Some("web"), 1500, None),
        kin(3, "shop-web-c", Some("web"), 3000, None),
    ];
    assert_eq!(predecessors(&all), [None, None, Some(0)]);
}

#[test]
fn each_replica_goes_on_under_its_own_name() {
    let all = [
        kin(1, "shop-web-1", Some("web"), 1000, Some(6000)),
        kin(2, "shop-web-2", Some("web"), 1000, Some(7000)),
        kin(3, "shop-web-2", Some("web"), 8000, None),
        kin(4, "shop-web-1", Some("web"), 8100, None),
    ];
    assert_eq!(predecessors(&all), [None, None, Some(1), Some(0)]);
}

#[test]
fn what_only_ended_and_is_still_there_is_not_taken_over() {
    let mut ended = kin(1, "shop-web-1", Some("web"), 1000, Some(5000));
    ended.removed_at = None;
    let all = [ended, kin(2, "shop-web-2", Some("web"), 6000, None)];
    assert_eq!(predecessors(&all), [None, None]);
}

#[test]
fn an_end_that_nobody_saw_does_not_break_the_line() {
    // The server was down during the redeploy: the old one was found to be gone when the new one had run for a while.
    let mut gone = kin(1, "shop-web-a", Some("web"), 1000, Some(9000));
    gone.removed_at = gone.ended_at;
    let all = [gone, kin(2, "shop-web-b", Some("web"), 6000, None)];
    assert_eq!(predecessors(&all), [None, Some(0)]);
}

fn life(n: i64, began: i64, ended: Option<i64>) -> Life {
    Life {
        id: LifeId::of_number(n.unsigned_abs()),
        began_at: UnixMs(began),
        guessed: false,
        ended_at: ended.map(UnixMs),
        exit_code: None,
        oom_killed: false,
    }
}

#[test]
fn a_strand_marks_restarts_and_redeploys_and_says_when_nothing_ran() {
    let all = [
        kin(1, "web", None, 1000, Some(5000)),
        kin(2, "web", None, 6000, None),
    ];
    let lives = BTreeMap::from([
        (
            id(1),
            vec![life(1, 1000, Some(3000)), life(2, 3500, Some(5000))],
        ),
        (id(2), vec![life(3, 6000, None)]),
    ]);
    let chain: Vec<&Kin> = all.iter().collect();
    let host = HostId::local();
    let strand = Strand::of(&host, &chain, &lives, UnixMs(0), UnixMs(9000)).unwrap();
    assert_eq!(strand.of, Subject::Container(host, id(2)));
    assert_eq!(strand.lives.len(), 3);
    let begins: Vec<_> = strand
        .begins
        .iter()
        .map(|begin| (begin.at.0, begin.redeployed, begin.image.as_str()))
        .collect();
    assert_eq!(begins, [(3500, false, "image:1"), (6000, true, "image:2")]);
    let stopped: Vec<_> = strand
        .stopped
        .iter()
        .map(|gap| (gap.from.0, gap.to.0))
        .collect();
    assert_eq!(stopped, [(3000, 3500), (5000, 6000)]);
}

#[test]
fn a_container_that_ended_long_before_the_range_is_stopped_in_all_of_it() {
    let all = [kin(1, "web", None, 1000, Some(5000))];
    let chain: Vec<&Kin> = all.iter().collect();
    let strand = Strand::of(
        &HostId::local(),
        &chain,
        &BTreeMap::new(),
        UnixMs(10_000),
        UnixMs(20_000),
    )
    .unwrap();
    assert_eq!(strand.stopped, [stopped(UnixMs(5000), UnixMs(20_000))]);
    assert_eq!((strand.lives.len(), strand.begins.len()), (0, 0));
}
