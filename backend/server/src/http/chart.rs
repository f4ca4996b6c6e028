//! `GET /api/v1/chart.svg` and `/api/v1/chart.png`.

use super::{
    lines::{self, Query, file_name},
    problem::Refusal,
};
use crate::{
    app::App,
    chart::{
        Theme,
        picture::{self, Picture},
        raster,
        unit::Unit,
    },
    clock,
};
use axum::{
    extract::{RawQuery, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use plimsoll_shared::{Problem, lines::Lines};
use tokio::sync::Semaphore;
use utoipa::IntoParams;

/// Pictures drawn at the same time.
static DRAWING: Semaphore = Semaphore::const_new(2);
/// Most pixels of a PNG.
const MOST_PIXELS: u64 = 16_000_000;
/// Most lines of one picture, a metric of a line being one.
const MOST_COURSES: usize = 50;
const LONGEST_TITLE: usize = 200;

/// How a picture of lines shall look.
#[derive(Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Looks {
    /// Its title; what is drawn, unless told.
    title: Option<String>,
    /// In pixels, 320 to 2400; 960 unless told.
    width: Option<String>,
    /// In pixels, 160 to 1200; 320 unless told.
    height: Option<String>,
    /// `light` (unless told) or `dark`.
    theme: Option<String>,
    /// `linear` (unless told) or `log`.
    scale: Option<String>,
    /// `on` puts lines on each other.
    stacked: Option<String>,
    /// Minutes that the times on the axis are ahead of UTC, -840 to 840; 0 unless told.
    offset: Option<String>,
    /// Of a PNG: pixels along each pixel of the width, 1 to 3; 2 unless told.
    density: Option<String>,
}

/// One chart of lines as an SVG picture: means with the band from smallest to largest, gaps hatched with their reason, and a flag where a
/// restart or redeploy is. All its metrics have the same unit.
#[utoipa::path(get, path = "/api/v1/chart.svg", tag = "series", params(Query, Looks),
    responses((status = 200, content_type = "image/svg+xml", body = String), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn svg(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let (lines, looks) = asked(&app, &query.unwrap_or_default()).await?;
    let picture = looks.picture().map_err(Refusal::bad_request)?;
    let name = file_name(&lines, "svg");
    let drawn = drawn(move || picture::svg(&lines, &picture).map(String::into_bytes)).await?;
    Ok(answer("image/svg+xml", &name, drawn))
}

/// The same as a PNG picture.
#[utoipa::path(get, path = "/api/v1/chart.png", tag = "series", params(Query, Looks),
    responses((status = 200, content_type = "image/png", body = Vec<u8>), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn png(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let (lines, looks) = asked(&app, &query.unwrap_or_default()).await?;
    let picture = looks.picture().map_err(Refusal::bad_request)?;
    let density =
        number("density", looks.density.as_ref(), 1..=3, 2).map_err(Refusal::bad_request)?;
    let pixels = u64::from(picture.width) * u64::from(picture.height) * u64::from(density).pow(2);
    if pixels > MOST_PIXELS {
        return Err(Refusal::bad_request(format!(
            "The picture would have {pixels} pixels; at most {MOST_PIXELS} are drawn. Ask for a smaller one or a lower density."
        )));
    }
    let name = file_name(&lines, "png");
    let drawn = drawn(move || raster::png(&picture::svg(&lines, &picture)?, density)).await?;
    Ok(answer("image/png", &name, drawn))
}

async fn asked(app: &App, query: &str) -> Result<(Lines, Looks), Refusal> {
    let now = clock::now();
    let mut looks = Looks::default();
    let mut query =
        Query::of(query, |name, value| looks.take(name, value)).map_err(Refusal::bad_request)?;
    query
        .for_a_picture(looks.width.as_deref())
        .map_err(Refusal::bad_request)?;
    let wanted = query.wanted(now).map_err(Refusal::bad_request)?;
    looks.picture().map_err(Refusal::bad_request)?;
    let lines = lines::found(app, &wanted, now).await?;
    one_unit(&lines).map_err(Refusal::bad_request)?;
    Ok((lines, looks))
}

fn one_unit(lines: &Lines) -> Result<(), String> {
    let mut metrics = lines
        .lines
        .iter()
        .flat_map(|line| &line.columns)
        .map(|c| c.metric);
    let count = metrics.clone().count();
    if count > MOST_COURSES {
        return Err(format!(
            "{count} lines are asked for; one picture shows at most {MOST_COURSES}."
        ));
    }
    let Some(first) = metrics.next() else {
        return Ok(());
    };
    match metrics.find(|metric| Unit::of(*metric) != Unit::of(first)) {
        None => Ok(()),
        Some(other) => Err(format!(
            "{} and {} have different units; ask for a picture of each.",
            first.as_str(),
            other.as_str()
        )),
    }
}

async fn drawn(
    draw: impl FnOnce() -> Option<Vec<u8>> + Send + 'static,
) -> Result<Vec<u8>, Refusal> {
    let failed =
        || Refusal::unavailable("The picture could not be drawn. The server's log says why.");
    let _turn = DRAWING.acquire().await.map_err(|_| failed())?;
    let drawn = tokio::task::spawn_blocking(draw).await;
    drawn.ok().flatten().ok_or_else(failed)
}

fn answer(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let mut answer = bytes.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(name) = HeaderValue::from_str(&format!("inline; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    answer
}

impl Looks {
    /// Whether a parameter of the query is one of these; given twice, the last counts.
    fn take(&mut self, name: &str, value: &str) -> bool {
        let place = match name {
            "title" => &mut self.title,
            "width" => &mut self.width,
            "height" => &mut self.height,
            "theme" => &mut self.theme,
            "scale" => &mut self.scale,
            "stacked" => &mut self.stacked,
            "offset" => &mut self.offset,
            "density" => &mut self.density,
            _ => return false,
        };
        *place = Some(value.to_owned());
        true
    }

    fn picture(&self) -> Result<Picture, String> {
        let title = self.title.clone().unwrap_or_default();
        if title.chars().count() > LONGEST_TITLE {
            return Err(format!(
                "title is longer than {LONGEST_TITLE} letters; shorten it."
            ));
        }
        let picture = Picture {
            width: number("width", self.width.as_ref(), 320..=2400, 960)?,
            height: number("height", self.height.as_ref(), 160..=1200, 320)?,
            title,
            theme: match word("theme", self.theme.as_ref(), ["light", "dark"])? {
                false => Theme::Light,
                true => Theme::Dark,
            },
            log: word("scale", self.scale.as_ref(), ["linear", "log"])?,
            stacked: word("stacked", self.stacked.as_ref(), ["off", "on"])?,
            offset_min: number("offset", self.offset.as_ref(), -840..=840, 0)?,
        };
        match picture.log && picture.stacked {
            true => Err("Lines that stand on each other cannot be read on a logarithmic scale; choose one of stacked and scale=log.".to_owned()),
            false => Ok(picture),
        }
    }
}

/// A number in its range.
fn number<N: std::str::FromStr + PartialOrd + std::fmt::Display>(
    name: &str,
    text: Option<&String>,
    range: std::ops::RangeInclusive<N>,
    usual: N,
) -> Result<N, String> {
    let Some(text) = text else {
        return Ok(usual);
    };
    // In a query a plus sign is a space.
    let number = text.trim_start_matches(['+', ' ']).parse().ok();
    number.filter(|n| range.contains(n)).ok_or_else(|| {
        format!(
            "{name} is {}; it is a number from {} to {}.",
            lines::quoted(text),
            range.start(),
            range.end()
        )
    })
}

/// Whether the second of two words was said; the first holds when none was.
fn word(name: &str, text: Option<&String>, [usual, other]: [&str; 2]) -> Result<bool, String> {
    match text.map(String::as_str) {
        None => Ok(false),
        Some(text) if text == usual => Ok(false),
        Some(text) if text == other => Ok(true),
        Some(text) => Err(format!(
            "{name} is {}; it is {usual} or {other}.",
            lines::quoted(text)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(name: &str, value: &str) -> Looks {
        let mut looks = Looks::default();
        assert!(looks.take(name, value));
        looks
    }

    #[test]
    fn a_look_that_does_not_fit_is_said_with_what_would() {
        for (name, value, said) in [
            ("width", "100000", "320 to 2400"),
            ("height", "-1", "160 to 1200"),
            ("theme", "pink", "light or dark"),
            ("scale", "cubic", "linear or log"),
            ("stacked", "yes", "off or on"),
            ("offset", "9000", "-840 to 840"),
        ] {
            let refused = looks(name, value).picture().expect_err(value);
            assert!(refused.contains(said), "{refused}");
        }
        let long = looks("title", &"x".repeat(201)).picture().unwrap_err();
        assert!(long.contains("200"), "{long}");
        let mut both = looks("scale", "log");
        both.take("stacked", "on");
        assert!(both.picture().is_err());
        assert!(!Looks::default().take("colour", "red"));
    }

    #[test]
    fn an_offset_may_carry_its_sign() {
        for (text, minutes) in [("60", 60), ("+60", 60), (" 60", 60), ("-300", -300)] {
            assert_eq!(looks("offset", text).picture().unwrap().offset_min, minutes);
        }
    }
}
