//! `GET /api/v1/history`: how much room history takes, and will take.

use super::problem::Refusal;
use crate::{app::App, recorder::Keep};
use axum::{Json, extract::State};
use plimsoll_history::tier::{Retention, Tier};
use plimsoll_shared::{
    Problem,
    history::{HistoryRoom, TierRoom},
};
use plimsoll_store::{Room, Taken};

/// Less history than this of one container's, in milliseconds, tells nothing of a year.
const ENOUGH_MS: u64 = 2 * 3_600_000;
const YEAR_MS: i64 = 365 * 24 * 3_600_000;
/// A bucket of the finest roll-up takes about as much as so many readings, and one of a coarser tier as so many of the finer tier's, as
/// `cargo run --release -p plimsoll-history --example speed` measures.
const READINGS_A_BUCKET: f64 = 5.0;
const FINER_A_BUCKET: f64 = 1.7;

/// How much room history takes, and will take.
#[utoipa::path(get, path = "/api/v1/history", tag = "server",
    responses((status = 200, body = HistoryRoom), (status = 503, body = Problem)))]
pub(crate) async fn room(State(app): State<App>) -> Result<Json<HistoryRoom>, Refusal> {
    let containers: u64 = {
        let present = app.present();
        let hosts = present.hosts();
        hosts
            .iter()
            .map(|host| u64::from(host.counts.running))
            .sum()
    };
    let (taken, used_bytes) = app.recorder.room().await?;
    Ok(Json(answer(&taken, used_bytes, containers, &app.keep)))
}

fn answer(room: &Room, used_bytes: u64, containers: u64, keep: &Keep) -> HistoryRoom {
    let tiers = Tier::ALL
        .into_iter()
        .zip(&room.tiers)
        .map(|(tier, taken)| tier_room(tier, taken, &room.loose, &keep.retention))
        .collect();
    let rates = rates(&room.tiers);
    let within = |longest: i64| rates.map(|rates| bytes(&rates, &keep.retention, longest));
    HistoryRoom {
        tiers,
        used_bytes,
        budget_bytes: keep.budget,
        free_bytes: room.free,
        container_year_bytes: within(YEAR_MS).map(whole),
        forecast_bytes: within(i64::MAX).map(|one| {
            let all = whole(one).saturating_mul(containers);
            keep.budget.map_or(all, |budget| all.min(budget))
        }),
        containers,
    }
}

/// What is not packed yet counts as the finest tier's.
fn tier_room(tier: Tier, taken: &Taken, loose: &Taken, retention: &Retention) -> TierRoom {
    let loose = match tier {
        Tier::Second => *loose,
        _ => Taken::default(),
    };
    TierRoom {
        width_ms: tier.width_ms(),
        keep_ms: retention.of(tier),
        oldest: taken.oldest.into_iter().chain(loose.oldest).min(),
        bytes: taken.bytes.saturating_add(loose.bytes),
    }
}

/// Bytes a millisecond of one container's life takes at each tier; of a tier that has too little yet, by the finer one.
#[expect(
    clippy::cast_precision_loss,
    reason = "a forecast needs no more than 52 bits"
)]
fn rates(tiers: &[Taken; 5]) -> Option<[f64; 5]> {
    let measured = |taken: &Taken| {
        (taken.covered_ms >= ENOUGH_MS).then(|| taken.bytes as f64 / taken.covered_ms as f64)
    };
    let mut rates = [measured(&tiers[0])?; 5];
    for (place, tier) in Tier::ALL.into_iter().enumerate().skip(1) {
        let finer = Tier::ALL[place - 1];
        let a_bucket = rates[place - 1] * finer.width_ms() as f64;
        let wider = match finer {
            Tier::Second => READINGS_A_BUCKET,
            _ => FINER_A_BUCKET,
        };
        let guessed = a_bucket * wider / tier.width_ms() as f64;
        rates[place] = measured(&tiers[place]).unwrap_or(guessed);
    }
    Some(rates)
}

/// Bytes of one container that ran for `longest` milliseconds, each tier as long as it is kept.
#[expect(
    clippy::cast_precision_loss,
    reason = "a forecast needs no more than 52 bits"
)]
fn bytes(rates: &[f64; 5], retention: &Retention, longest: i64) -> f64 {
    let kept = retention.0.iter().map(|keep| (*keep).min(longest));
    rates
        .iter()
        .zip(kept)
        .map(|(rate, kept)| rate * kept as f64)
        .sum()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is not negative, and what is too large stops at the largest number"
)]
fn whole(bytes: f64) -> u64 {
    bytes.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_shared::UnixMs;

    const HOUR: u64 = 3_600_000;

    fn keep(budget: Option<u64>) -> Keep {
        Keep {
            retention: Retention::default(),
            budget,
        }
    }

    fn room(hours: u64) -> Room {
        let finest = Taken {
            bytes: hours * 12_000,
            covered_ms: hours * HOUR,
            oldest: Some(UnixMs(9)),
        };
        let none = Taken::default();
        Room {
            tiers: [finest, none, none, none, none],
            loose: Taken {
                bytes: 500,
                covered_ms: 0,
                oldest: Some(UnixMs(4)),
            },
            free: None,
        }
    }

    #[test]
    fn a_forecast_is_made_when_there_is_enough_to_tell() {
        let early = answer(&room(1), 7, 3, &keep(None));
        assert_eq!(
            (early.container_year_bytes, early.forecast_bytes),
            (None, None)
        );
        assert_eq!(
            (early.tiers[0].bytes, early.tiers[0].oldest),
            (12_500, Some(UnixMs(4)))
        );
        let later = answer(&room(100), 7, 3, &keep(None));
        let year = later.container_year_bytes.unwrap();
        // 48 hours of 12 kB, and coarser tiers by their retention.
        assert!((1_000_000..20_000_000).contains(&year), "{year}");
        let forecast = later.forecast_bytes.unwrap();
        assert!(forecast > 3 * year, "five years of hours: {forecast}");
        let bounded = answer(&room(100), 7, 3, &keep(Some(1000)));
        assert_eq!(
            bounded.forecast_bytes,
            Some(1000),
            "never more than the budget"
        );
    }

    #[test]
    fn a_measured_tier_is_not_guessed() {
        let mut room = room(100);
        room.tiers[4] = Taken {
            bytes: 0,
            covered_ms: 900 * HOUR,
            oldest: None,
        };
        let with = answer(&room, 0, 1, &keep(None)).forecast_bytes.unwrap();
        room.tiers[4].covered_ms = 0;
        let guessed = answer(&room, 0, 1, &keep(None)).forecast_bytes.unwrap();
        assert!(with < guessed);
    }
}
