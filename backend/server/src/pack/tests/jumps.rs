//! What a clock that jumps makes of history, and batches that come twice or out of order.

use super::*;

/// A sweep at `at` whose counters have run for `seconds`.
fn counted(at: i64, seconds: i64) -> Recorded {
    let mut recorded = sweep(at, 1.0);
    let Observation::Readings(batch) = &mut recorded.what else {
        unreachable!("it is a sweep")
    };
    let mut counted = reading(START + seconds * SECOND, 1.0);
    counted.at = UnixMs(at);
    batch.readings[0].1 = counted;
    recorded
}

async fn append(store: &Archive, some: &[Recorded]) {
    let lives = store.record(&host(), some).await.unwrap();
    let sweeps = crate::recorder::of_lives(some, &lives);
    store.append_sweeps(&host(), &sweeps, &[]).await.unwrap();
}

/// The highest rate received, bytes per second, and the means that are there.
fn received(series: &Series) -> (f64, usize) {
    let column = series
        .columns
        .iter()
        .find(|c| c.metric == Metric::NetReceived)
        .unwrap();
    let there = column.mean.iter().flatten().count();
    (greatest(series, Metric::NetReceived), there)
}

/// Three hours by a clock that jumps by `jump` after the first one.
async fn three_hours(dir: &Path, jump: i64) -> Archive {
    let store = opened(dir).await;
    let at = |second: i64| {
        let jumped = if second >= 3600 { jump } else { 0 };
        // Not a whole second, as clocks are put right.
        START + 3 * HOUR + second * SECOND + jumped + if second >= 3600 { 137 } else { 0 }
    };
    let all: Vec<Recorded> = (0..3 * 3600).map(|s| counted(at(s), s)).collect();
    for some in all.chunks(600) {
        append(&store, some).await;
    }
    store
}

#[tokio::test]
async fn a_clock_put_back_by_two_hours_joins_no_reading_to_one_of_the_other_time() {
    let dir = tempfile::tempdir().unwrap();
    let store = three_hours(dir.path(), -2 * HOUR).await;
    let (from, to) = (START + 2 * HOUR, START + 4 * HOUR);
    let now = START + 2 * DAY;
    for packed in [false, true] {
        if packed {
            pack_at(&store, now).await;
        }
        let (most, there) = received(&series(&store, from, to, 2000, now).await);
        assert!(most < 1100.0, "a rate of {most} B/s was never there");
        assert_eq!(there, 1800, "every four seconds were measured, some twice");
    }
    let lives = store.lives(&host(), &id(), 10).await.unwrap();
    assert_eq!(lives.len(), 2, "{lives:?}");
}

#[tokio::test]
async fn a_clock_put_forward_by_two_hours_leaves_a_gap_and_no_peak() {
    let dir = tempfile::tempdir().unwrap();
    let store = three_hours(dir.path(), 2 * HOUR).await;
    let (from, to) = (START + 3 * HOUR, START + 8 * HOUR);
    let now = START + 2 * DAY;
    for packed in [false, true] {
        if packed {
            pack_at(&store, now).await;
        }
        let series = series(&store, from, to, 1800, now).await;
        let (most, there) = received(&series);
        assert!(most < 1100.0, "a rate of {most} B/s was never there");
        assert_eq!(series.step_ms, 20_000, "ten seconds twice");
        assert!((3 * 180..=3 * 180 + 2).contains(&there), "{there} of 20 s");
    }
    let lives = store.lives(&host(), &id(), 10).await.unwrap();
    assert_eq!(lives.len(), 1, "{lives:?}");
}

#[tokio::test]
async fn batches_that_come_twice_or_out_of_order_count_once_and_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened(dir.path()).await;
    let now = START + HOUR;
    let told = |second: i64| Recorded {
        // Heard now, whenever it was measured.
        at: UnixMs(now),
        ..counted(START + second * SECOND, second)
    };
    let batch = |from: i64, to: i64| -> Vec<Recorded> { (from..to).map(told).collect() };
    for (from, to) in [
        (600, 900),
        (0, 300),
        (0, 300),
        (900, 1200),
        (300, 600),
        (500, 700),
    ] {
        append(&store, &batch(from, to)).await;
    }
    for packed in [false, true] {
        if packed {
            pack_at(&store, START + DAY).await;
        }
        let series = series(&store, START, START + 1199 * SECOND, 2000, START + DAY).await;
        let column = &series.columns[0];
        assert_eq!(column.mean.iter().flatten().count(), 1200);
        let (most, there) = received(&series);
        assert!(most < 1100.0, "{most}");
        assert_eq!(there, 1199, "all but the first have one before them");
    }
    let tails = all_tails(&store).await;
    assert!(tails.is_empty(), "{} are left", tails.len());
}
