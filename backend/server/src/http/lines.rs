//! `GET /api/v1/series`.

mod moment;
mod table;
mod wanted;

pub(crate) use moment::moment;
pub(crate) use table::file_name;
pub(crate) use wanted::{Query, Wanted, Whose, quoted};

use wanted::Format;

use super::{hosts::no_such_host, problem::Refusal};
use crate::{
    app::App,
    clock,
    recorder::{Range, Wish},
};
use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use plimsoll_history::tier::Plan;
use plimsoll_shared::{
    HostId, Problem, UnixMs,
    lines::{Line, Lines, MEDIA_TYPE, Subject},
};

/// Hosts and containers over one stretch of time: equal buckets with mean, minimum and maximum, gaps with their reasons, and where
/// another life takes over.
#[utoipa::path(get, path = "/api/v1/series", tag = "series", params(Query),
    responses(
        (status = 200, description = "The lines; as CSV a row for each line and bucket, in binary as plimsoll_shared::lines::wire describes",
            content((Lines = "application/json"), (String = "text/csv"), (Vec<u8> = "application/vnd.plimsoll.lines"))),
        (status = 400, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn lines(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let now = clock::now();
    let query =
        Query::of(&query.unwrap_or_default(), |_, _| false).map_err(Refusal::bad_request)?;
    let format = query.format(&headers).map_err(Refusal::bad_request)?;
    let wanted = query.wanted(now).map_err(Refusal::bad_request)?;
    let lines = found(&app, &wanted, now).await?;
    let written = tokio::task::spawn_blocking(move || written_as(format, &lines));
    written.await.map_err(|_| {
        Refusal::unavailable("The answer could not be written. Ask again, or for fewer lines.")
    })
}

fn written_as(format: Format, lines: &Lines) -> Response {
    let typed = |kind: &'static str| (header::CONTENT_TYPE, HeaderValue::from_static(kind));
    match format {
        Format::Json => Json(lines).into_response(),
        Format::Binary => ([typed(MEDIA_TYPE)], lines.encode()).into_response(),
        Format::Csv => {
            let name = format!("attachment; filename=\"{}\"", file_name(lines, "csv"));
            let mut answer = (
                [typed("text/csv; charset=utf-8; header=present")],
                table::csv(lines),
            )
                .into_response();
            if let Ok(name) = HeaderValue::from_str(&name) {
                answer
                    .headers_mut()
                    .insert(header::CONTENT_DISPOSITION, name);
            }
            answer
        }
    }
}

/// The lines that are wanted.
pub(crate) async fn found(app: &App, wanted: &Wanted, now: UnixMs) -> Result<Lines, Refusal> {
    let no_range = || Refusal::bad_request("The range ends before it begins.");
    let plan = wanted.plan(now, &app.reach(now)).ok_or_else(no_range)?;
    let range = app.recorder.range(plan, wanted.to);
    let wish = Wish {
        metrics: wanted.metrics.clone(),
        percentiles: wanted.percentiles.clone(),
        whole: !wanted.percentiles.is_empty() || matches!(wanted.whose, Whose::Top { .. }),
    };
    let lines = match &wanted.whose {
        Whose::Named(of) => named(app, of, wanted.linked, &range, &wish).await?,
        Whose::Top { count, by, host } => {
            let hosts = hosts(app, host.as_ref())?;
            let ranking = wanted.ranking(now, &app.reach(now)).ok_or_else(no_range)?;
            let ranked = app.recorder.range(ranking, wanted.to);
            app.recorder
                .top(&hosts, (*count, *by), &ranked, &range, &wish)
                .await?
        }
    };
    Ok(answer(&plan, lines))
}

fn answer(plan: &Plan, lines: Vec<Line>) -> Lines {
    Lines {
        from: plan.from,
        step_ms: plan.step_ms,
        points: plan.points,
        tier_ms: plan.tier.width_ms(),
        lines,
    }
}

async fn named(
    app: &App,
    of: &[Subject],
    linked: bool,
    range: &Range,
    wish: &Wish,
) -> Result<Vec<Line>, Refusal> {
    for subject in of {
        if app.present().host(subject.host()).is_none() {
            return Err(no_such_host(subject.host()));
        }
    }
    let found = app.recorder.lines(of, linked, range, wish).await?;
    let mut lines = Vec::with_capacity(of.len());
    for (subject, line) in of.iter().zip(found) {
        lines.push(match line {
            Some(line) => line,
            None => unrecorded(app, subject, range, wish)?,
        });
    }
    Ok(lines)
}

/// The line of something that is there and not recorded yet.
fn unrecorded(app: &App, subject: &Subject, range: &Range, wish: &Wish) -> Result<Line, Refusal> {
    let name = match subject {
        Subject::Host(host) => host.to_string(),
        Subject::Container(host, id) => match app.present().detail(host, id) {
            Some(detail) => detail.row.name,
            None => {
                return Err(Refusal::not_found(format!(
                    "Host {host} has no container {} and none is remembered; it may be older than the history kept.",
                    id.short()
                )));
            }
        },
    };
    Ok(range.nothing(subject, name, wish))
}

/// The hosts that are meant.
pub(crate) fn hosts(app: &App, host: Option<&HostId>) -> Result<Vec<HostId>, Refusal> {
    let all = app.present().hosts().into_iter().map(|row| row.id);
    match host {
        None => Ok(all.collect()),
        Some(host) => {
            let found: Vec<HostId> = all.filter(|id| id == host).collect();
            match found.is_empty() {
                true => Err(no_such_host(host)),
                false => Ok(found),
            }
        }
    }
}
