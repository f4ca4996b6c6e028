//! `GET /api/v1/hosts/{host}/containers/{id}/series`.

use super::{containers::place, problem::Refusal};
use crate::{app::App, clock};
use axum::{
    Json,
    extract::{Path, Query, State, rejection::QueryRejection},
};
use plimsoll_history::tier::{self, MOST_POINTS};
use plimsoll_shared::{Problem, UnixMs, series::Series};
use serde::Deserialize;
use utoipa::IntoParams;

const USUAL_POINTS: usize = 900;
const HOUR_MS: i64 = 3_600_000;
/// Longest stretch of one answer, in milliseconds: 400 days.
const LONGEST_MS: i64 = 400 * 24 * HOUR_MS;

/// Which stretch of time, and how fine.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Start, Unix milliseconds; an hour before `to` unless told.
    from: Option<i64>,
    /// End, Unix milliseconds; now unless told.
    to: Option<i64>,
    /// At most this many buckets, up to 2000; 900 unless told.
    points: Option<usize>,
}

/// Everything measured of one container, in equal buckets with mean, minimum and maximum; a gap is `null`.
#[utoipa::path(get, path = "/api/v1/hosts/{host}/containers/{id}/series", tag = "containers",
    params(("host" = String, Path), ("id" = String, Path), Wanted),
    responses((status = 200, body = Series), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn series(
    State(app): State<App>,
    Path((host, id)): Path<(String, String)>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Series>, Refusal> {
    let Query(wanted) = wanted.map_err(|e| Refusal::bad_request(e.body_text()))?;
    let (host, id) = place(&app, &host, &id)?;
    let now = clock::now();
    let (from, to, points) = bounds(&wanted, now)?;
    let plan = tier::plan(from, to, points, now, &app.reach(now))
        .ok_or_else(|| Refusal::bad_request("The range ends before it begins."))?;
    let series = app.recorder.series(&host, &id, plan, to).await?;
    Ok(Json(series))
}

fn bounds(wanted: &Wanted, now: UnixMs) -> Result<(UnixMs, UnixMs, usize), Refusal> {
    let to = wanted.to.unwrap_or(now.0);
    let from = wanted.from.unwrap_or(to.saturating_sub(HOUR_MS));
    let points = wanted.points.unwrap_or(USUAL_POINTS);
    if from >= to {
        return Err(Refusal::bad_request(format!(
            "The range ends ({to}) before it begins ({from})."
        )));
    }
    if from < 0 || to.saturating_sub(from) > LONGEST_MS {
        return Err(Refusal::bad_request(format!(
            "The range from {from} to {to} is longer than 400 days or before 1970."
        )));
    }
    if !(1..=MOST_POINTS).contains(&points) {
        return Err(Refusal::bad_request(format!(
            "points is {points}; it goes from 1 to {MOST_POINTS}."
        )));
    }
    Ok((UnixMs(from), UnixMs(to), points))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_that_ends_before_it_begins_is_refused_as_are_too_many_points() {
        let ask =
            |from, to, points| bounds(&Wanted { from, to, points }, UnixMs(1_700_000_000_000));
        assert!(ask(Some(10), Some(5), None).is_err());
        assert!(ask(None, None, Some(1_000_000_000)).is_err());
        assert!(ask(None, None, Some(0)).is_err());
        assert!(ask(Some(i64::MIN), Some(i64::MAX), None).is_err());
        let (from, to, points) = ask(None, None, None).unwrap();
        assert_eq!((to.since(from), points), (HOUR_MS, USUAL_POINTS));
    }
}
