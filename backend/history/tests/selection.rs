//! What is read of some metrics says of them what reading everything says.

mod support;

use plimsoll_history::{
    Life, chunk,
    query::{self, Answer, Piece, Selection, Value},
    rollup::{self, Bucket},
    tier::{Plan, Tier},
};
use plimsoll_shared::{Reading, UnixMs, series::Metric};
use proptest::prelude::*;
use support::course;

const MAX_GAP: i64 = 3500;
const LIFE: Life = Life(3);

fn some_metrics() -> impl Strategy<Value = Vec<Metric>> {
    prop::sample::subsequence(Metric::ALL.to_vec(), 1..=4)
}

fn answer(tier: Tier, metrics: &[Metric], piece: Piece<'_>) -> Answer {
    let plan = Plan {
        tier,
        from: UnixMs(1_699_999_800_000),
        step_ms: 60_000,
        points: 600,
    };
    query::assemble(&plan, metrics, &[(LIFE, piece)], &[], MAX_GAP)
}

fn values(buckets: &[(UnixMs, Bucket)], metrics: &[Metric]) -> Vec<(UnixMs, Vec<Option<Value>>)> {
    let of = |bucket| metrics.iter().map(move |metric| Value::of(bucket, *metric));
    buckets
        .iter()
        .map(|(at, bucket)| (*at, of(bucket).collect()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn selected_readings_give_the_same_chart(readings in course(200), metrics in some_metrics()) {
        let rows: Vec<(Life, Reading)> = readings.iter().map(|reading| (LIFE, *reading)).collect();
        let packed = chunk::pack(&rows).unwrap();
        let index = chunk::Index::open(&packed.front).unwrap();
        let some = index.select(LIFE, &packed.blocks[0].1, Selection::of(&metrics)).unwrap();
        for tier in [Tier::Second, Tier::Minute] {
            let one = answer(tier, &metrics, Piece::Readings(&some));
            let all = answer(tier, &metrics, Piece::Readings(&readings));
            prop_assert_eq!(one, all, "{:?}", tier);
        }
    }

    #[test]
    fn selected_buckets_have_the_same_values(readings in course(300), metrics in some_metrics()) {
        let buckets = rollup::buckets(&[], &readings, Tier::TenSeconds.width_ms(), MAX_GAP);
        let rows: Vec<_> = buckets.iter().map(|(at, bucket)| (LIFE, *at, bucket.clone())).collect();
        let packed = rollup::pack(Tier::TenSeconds, &rows).unwrap();
        let index = rollup::Index::open(&packed.front).unwrap();
        let some = index.select(LIFE, &packed.blocks[0].1, Selection::of(&metrics), 1).unwrap();
        prop_assert_eq!(values(&some, &metrics), values(&buckets, &metrics));
        let others = |metric: &&Metric| !metrics.contains(metric);
        for metric in Metric::ALL.iter().filter(others) {
            prop_assert!(some.iter().all(|(_, bucket)| Value::of(bucket, *metric).is_none()), "{:?}", metric);
        }
        let all = index.select(LIFE, &packed.blocks[0].1, Selection::ALL, 1).unwrap();
        prop_assert_eq!(&all, &buckets);
        let width_ms = Tier::TenMinutes.width_ms();
        let wide = index.select(LIFE, &packed.blocks[0].1, Selection::ALL, width_ms).unwrap();
        prop_assert_eq!(wide, rollup::coarser(&buckets, width_ms));
    }
}
