//! A window over history and live readings, told in ticks and answers.

use super::super::range::Range;
use super::*;
use plimsoll_shared::{Memory, Traffic};

fn reading(at: i64, received: u64) -> Reading {
    Reading {
        at: UnixMs(at),
        cpu_percent: Some(1.0),
        cpu_total_ns: 0,
        throttling: None,
        memory: Memory {
            used: 10,
            raw: 12,
            limit: None,
            rss: None,
            cache: None,
        },
        network: Some(Traffic {
            received,
            sent: 0,
            received_dropped: 0,
            sent_dropped: 0,
        }),
        block: None,
        pids: Some(1),
        pids_limit: None,
        machine: None,
    }
}

/// What a server answers that recorded one reading a second from `from` to `to`.
fn recorded(ask: Ask, from: i64, to: i64) -> Past {
    let mut buckets = Buckets::new(ask.from, ask.to, ask.points, 3000);
    for at in (from..=to).step_by(1000).filter(|at| *at <= ask.to.0) {
        buckets.push(&reading(at, u64::try_from(at).unwrap()));
    }
    Past {
        series: buckets.series(),
        begins: Vec::new(),
        whole: Vec::new(),
    }
}

fn live(word: &str) -> Span {
    Span::Live(Range::of(word).unwrap())
}

fn times(window: &Window) -> Vec<i64> {
    window
        .buckets()
        .unwrap()
        .points(Metric::Memory)
        .map(|p| p.0.0)
        .collect()
}

const START: i64 = 10_000_000;

#[test]
fn readings_that_come_while_history_is_asked_are_counted_once() {
    let mut window = Window::new(live("15m"), 1000, 1000);
    assert!(!window.tick(UnixMs(START + 10), Some(&reading(START, 7))));
    let ask = window.ask(UnixMs(START + 10));
    assert_eq!((ask.to.0, ask.from.0), (START - 1, START + 10 - 900_000));
    window.tick(UnixMs(START + 1010), Some(&reading(START + 1000, 7)));
    window.answer(ask.number, recorded(ask, START - 5000, START + 1000));
    window.tick(UnixMs(START + 2010), Some(&reading(START + 2000, 7)));
    let expected: Vec<i64> = (-5..=2).map(|s| START + s * 1000).collect();
    assert_eq!(times(&window), expected);
    let counted: Vec<_> = window.buckets().unwrap().series().columns[0]
        .mean
        .iter()
        .flatten()
        .copied()
        .collect();
    assert_eq!(counted.len(), 8);
}

#[test]
fn an_answer_to_an_older_question_changes_nothing() {
    let mut window = Window::new(live("1h"), 900, 1000);
    let old = window.ask(UnixMs(START));
    let new = window.ask(UnixMs(START + 9000));
    window.answer(old.number, recorded(old, START - 5000, START));
    assert_eq!(window.buckets(), None);
    window.answer(new.number, recorded(new, START - 5000, START));
    assert!(window.buckets().is_some());
}

#[test]
fn a_missing_reading_is_noticed() {
    let mut window = Window::new(live("1h"), 900, 1000);
    assert!(!window.tick(UnixMs(START), Some(&reading(START, 0))));
    assert!(!window.tick(UnixMs(START + 2000), Some(&reading(START + 2000, 0))));
    assert!(window.tick(UnixMs(START + 9000), Some(&reading(START + 9000, 0))));
}

#[test]
fn without_history_live_readings_are_shown_all_the_same() {
    let mut window = Window::new(live("1h"), 900, 1000);
    window.tick(UnixMs(START), Some(&reading(START, 0)));
    let ask = window.ask(UnixMs(START));
    window.no_answer(ask.number);
    window.tick(UnixMs(START + 1000), Some(&reading(START + 1000, 500)));
    assert!(!times(&window).is_empty());
    assert_eq!(window.current(Metric::NetReceived), Some(500.0));
}

#[test]
fn a_silent_container_has_no_current_value_and_its_window_moves_on() {
    let mut window = Window::new(live("15m"), 900, 1000);
    window.tick(UnixMs(START), Some(&reading(START, 0)));
    let ask = window.ask(UnixMs(START));
    window.answer(ask.number, recorded(ask, START - 5000, START));
    window.tick(UnixMs(START + 2000), None);
    assert_eq!(
        window.current(Metric::Cpu),
        Some(1.0),
        "one late reading is not silence"
    );
    window.tick(UnixMs(START + 60_000), None);
    assert_eq!(
        (window.current(Metric::Cpu), window.reading()),
        (None, None)
    );
    assert_eq!(window.bounds().0, UnixMs(START + 60_000 - 900_000));
    assert!(window.buckets().unwrap().to() > UnixMs(START + 60_000));
}

#[test]
fn another_range_starts_empty_but_knows_the_present() {
    let mut window = Window::new(live("1h"), 900, 1000);
    window.tick(UnixMs(START), Some(&reading(START, 0)));
    let old = window.ask(UnixMs(START));
    window.change(live("24h"), 900);
    window.answer(old.number, recorded(old, START - 5000, START));
    assert_eq!(window.buckets(), None, "an answer about the range before");
    let ask = window.ask(UnixMs(START));
    window.answer(ask.number, recorded(ask, START - 5000, START));
    assert_eq!(window.current(Metric::Cpu), Some(1.0));
    let before = window.grain();
    window.tick(UnixMs(START + 1000), None);
    window.tick(UnixMs(START + 2000), None);
    assert!(
        window.grain() - before <= 1,
        "a day moves by a pixel in minutes"
    );
}

#[test]
fn the_past_stands_still_while_the_present_goes_on() {
    let mut window = Window::new(Span::Past(UnixMs(START - 60_000), UnixMs(START)), 900, 1000);
    window.tick(UnixMs(START + 50_000), Some(&reading(START + 50_000, 7)));
    let ask = window.ask(UnixMs(START + 50_000));
    assert_eq!((ask.from.0, ask.to.0), (START - 60_000, START));
    window.answer(ask.number, recorded(ask, START - 60_000, START));
    let before = (window.buckets().cloned(), window.grain());
    window.tick(UnixMs(START + 90_000), Some(&reading(START + 90_000, 9)));
    assert_eq!((window.buckets().cloned(), window.grain()), before);
    assert_eq!(window.bounds(), (UnixMs(START - 60_000), UnixMs(START)));
    assert_eq!(window.current(Metric::Cpu), Some(1.0));
    assert!(!window.is_due());
}

#[test]
fn a_time_that_has_just_ended_is_asked_for_until_it_is_written_whole() {
    let mut window = Window::new(Span::Past(UnixMs(START - 60_000), UnixMs(START)), 900, 1000);
    for (at, is_due) in [
        (500, false),
        (2600, true),
        (5000, true),
        (10_100, true),
        (20_000, false),
    ] {
        window.tick(UnixMs(START + at), None);
        assert_eq!(window.is_due(), is_due, "{at} ms after its end");
        let ask = window.ask(UnixMs(START + at));
        window.answer(ask.number, recorded(ask, START - 60_000, START));
    }
}

#[test]
fn long_live_charts_are_asked_for_at_a_sensible_pace() {
    let day = 86_400_000;
    let mut window = Window::new(live("24h"), 900, 1000);
    let ask = window.ask(UnixMs(START + day));
    assert!(!window.is_due(), "an answer is on its way");
    window.answer(ask.number, recorded(ask, START, START + 5000));
    window.tick(
        UnixMs(START + day + 9000),
        Some(&reading(START + day + 9000, 7)),
    );
    assert_eq!(window.bounds(), (UnixMs(START), UnixMs(START + day)));
    assert!(!window.is_due());
    window.tick(UnixMs(START + day + 60_000), None);
    assert!(window.is_due());
}

#[test]
fn a_wider_screen_gets_more_points_within_bounds() {
    assert_eq!(
        (points_for(360.0), points_for(1500.0), points_for(9000.0)),
        (240, 500, 900)
    );
}
