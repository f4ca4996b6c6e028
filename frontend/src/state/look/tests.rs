use super::super::route::parameters;
use super::*;

/// 2026-11-24T15:03:09Z.
const NOW: UnixMs = UnixMs(1_795_532_589_000);
const HOUR: i64 = 3_600_000;

fn read(search: &str) -> Look {
    let all = parameters(search);
    Look::read(
        all.iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    )
}

#[test]
fn a_url_read_back_shows_the_same() {
    let of = format!("local/{}", "ab".repeat(32));
    for search in [
        "",
        "range=7d",
        "from=2026-11-17T13:33:00Z&to=2026-11-17T14:33:00Z&at=2026-11-17T14:03:00Z&tz=utc",
        "range=90m&compare=before&log=cpu,memory&hidden=memory_cache&stack=0",
        &format!("compare={of}"),
        "from=1795532589001&to=1795532589777",
    ] {
        let url = read(search).url("/x");
        assert_eq!(
            url,
            if search.is_empty() {
                "/x".to_owned()
            } else {
                format!("/x?{search}")
            }
        );
    }
}

#[test]
fn what_a_url_says_wrong_is_left_at_the_usual() {
    for search in [
        "range=<b>",
        "from=2026-11-17T13:33:00Z",
        "from=2026-11-17T13:33:00Z&to=2026-11-17T13:33:00Z",
        "from=later&to=never",
        "compare=%2F&tz=mars&log=,&hidden=",
    ] {
        assert_eq!(read(search), Look::default(), "{search}");
    }
}

#[test]
fn a_zoom_takes_either_direction_and_never_the_future() {
    let look = Look::default();
    let (a, b) = (UnixMs(NOW.0 - 600_400), UnixMs(NOW.0 + 5));
    let zoomed = look.between(b, a, NOW);
    assert_eq!(zoomed, look.between(a, b, NOW));
    assert_eq!(zoomed.span, Span::Past(UnixMs(NOW.0 - 601_000), NOW));
    let Span::Past(from, to) = look.between(a, a, NOW).span else {
        panic!("a zoom is past")
    };
    assert!(to.since(from) >= LEAST_MS && from < a && a < to);
}

#[test]
fn moving_on_to_the_present_is_live_again() {
    let look = Look::default().between(UnixMs(NOW.0 - 4 * HOUR), UnixMs(NOW.0 - 2 * HOUR), NOW);
    let back = look.moved(-HOUR, NOW);
    assert_eq!(
        back.bounds(NOW),
        (UnixMs(NOW.0 - 5 * HOUR), UnixMs(NOW.0 - 3 * HOUR))
    );
    assert_eq!(back.moved(HOUR, NOW), look);
    assert_eq!(
        look.moved(2 * HOUR, NOW).span,
        Span::Live(Range::of("2h").unwrap())
    );
}

#[test]
fn zooming_keeps_what_is_under_the_crosshair_in_its_place() {
    let look = Look::default().between(UnixMs(NOW.0 - 4 * HOUR), UnixMs(NOW.0 - 2 * HOUR), NOW);
    let centre = UnixMs(NOW.0 - 4 * HOUR + HOUR / 2);
    let near = look.zoomed(0.5, Some(centre), NOW).bounds(NOW);
    assert_eq!(
        near,
        (UnixMs(centre.0 - HOUR / 4), UnixMs(centre.0 + 3 * HOUR / 4))
    );
    let out = look.zoomed(2.0, None, NOW).bounds(NOW);
    assert_eq!(out, (UnixMs(NOW.0 - 5 * HOUR), UnixMs(NOW.0 - HOUR)));
    let out = look.zoomed(4.0, None, NOW);
    assert_eq!(
        out.span,
        Span::Live(Range::of("8h").unwrap()),
        "it would reach the present"
    );
    assert_eq!(
        Look::default().zoomed(2.0, None, NOW).span,
        Span::Live(Range::of("2h").unwrap())
    );
    let near = Look::default().zoomed(0.5, None, NOW);
    assert_eq!(
        near.bounds(NOW),
        (UnixMs(NOW.0 - 3 * HOUR / 4), UnixMs(NOW.0 - HOUR / 4))
    );
}

#[test]
fn an_instant_is_shown_with_half_an_hour_around_it() {
    let at = UnixMs(NOW.0 - 26 * HOUR);
    let look = Look::default().around(at, NOW);
    assert_eq!(look.at, Some(at));
    let (from, to) = look.bounds(NOW);
    assert_eq!((at.since(from), to.since(from)), (HOUR / 4, HOUR / 2));
}

#[test]
fn a_line_and_a_scale_are_turned_off_and_on() {
    let mut look = Look::default();
    look.toggle_line("cpu");
    look.toggle_log("memory");
    assert_eq!(look.url("/"), "/?log=memory&hidden=cpu");
    look.toggle_line("cpu");
    look.toggle_log("memory");
    assert_eq!(look, Look::default());
}
