//! A machine's containers as areas on one another: which of them uses its CPU and its memory.

use super::charts::cores_of_all;
use crate::{
    api::{self, Failure},
    charts::{Chart, Manner, Picture, Plot, Quantity, names, newest, stack, use_paper},
    components::{effect, memo},
    live::use_live,
    pages::readings::points,
    prefs::use_prefs,
    state::{
        question::{Question, Whose},
        text::visible,
    },
    words::words,
};
use leptos::{prelude::*, task::spawn_local};
use plimsoll_shared::{HostId, HostRow, UnixMs, lines::Lines};
use std::sync::Arc;

/// Containers asked for; all but the greatest are drawn as one.
const MOST: usize = 60;
/// A live chart is asked for again after this, or after half a bucket where that is longer.
const PACE_MS: i64 = 10_000;

/// An answer, and what it answers.
#[derive(Debug, Clone)]
struct Answer {
    question: Question,
    now: UnixMs,
    lines: Arc<Lines>,
}

/// One stacked chart.
#[component]
pub(super) fn Stack(id: HostId, quantity: Quantity, host: Memo<Option<HostRow>>) -> impl IntoView {
    let w = words();
    let (prefs, paper, live) = (use_prefs(), use_paper(), use_live());
    let answer = RwSignal::new(None::<Answer>);
    let failure = RwSignal::new(None::<Failure>);
    let number = StoredValue::new(0_u32);
    let asked = StoredValue::new(UnixMs(0));
    let id = StoredValue::new(id);
    let ask = move || {
        let now = paper.now();
        let (from, to) = paper.look.with_untracked(|look| look.bounds(now));
        let question = Question {
            whose: Whose::Top(id.get_value(), MOST),
            metrics: quantity.metrics()[..1].to_vec(),
            from,
            to,
            points: points().min(400),
            whole: false,
        };
        asked.set_value(now);
        number.update_value(|number| *number += 1);
        let own = number.get_value();
        spawn_local(async move {
            let found = api::lines(&question).await;
            // The page may have been left, or something else been asked for.
            if number.try_get_value() != Some(own) {
                return;
            }
            match found {
                Ok(mut lines) => {
                    for line in &mut lines.lines {
                        line.name = visible(&line.name).into_owned();
                    }
                    failure.set(None);
                    answer.set(Some(Answer {
                        question,
                        now,
                        lines: Arc::new(lines),
                    }));
                }
                Err(why) => failure.set(Some(why)),
            }
        });
    };
    let span = memo(move || paper.look.with(|look| look.span));
    effect(move || {
        let _ = span.get();
        answer.set(None);
        ask();
    });
    effect(move || {
        let now = live.now.get();
        let step_ms = answer.with_untracked(|a| a.as_ref().map_or(0, |a| a.lines.step_ms));
        let is_due = now.since(asked.get_value()) >= (step_ms / 2).max(PACE_MS);
        if is_due && paper.look.with_untracked(|look| look.is_live()) {
            ask();
        }
    });
    let cores = memo(move || match quantity {
        Quantity::Cpu => cores_of_all(prefs.cpu.get(), host),
        _ => 1.0,
    });
    let lines = memo(move || {
        let answer = answer.get();
        answer
            .map(|a| names(&a.lines, w.hosts.others))
            .unwrap_or_default()
    });
    let slug = (w.hosts.stack)(quantity).0;
    let picture = memo(move || {
        let answer = answer.get()?;
        let look = paper.look.get();
        let manner = Manner {
            bounds: (answer.question.from, answer.question.to),
            now: answer.now,
            unit: quantity.unit(),
            cores: cores.get(),
            hidden: &look.hidden,
            stacked: look.stack,
            log: look.log.iter().any(|chart| chart == slug),
        };
        Some(Arc::new(stack(&answer.lines, &manner)))
    });
    let values = memo(move || {
        let Some(picture) = picture.get() else {
            return Vec::new();
        };
        let is_live = paper.look.with(|look| look.is_live());
        told(&picture, is_live)
    });
    let aside = Signal::derive(move || match paper.look.with(|look| look.is_live()) {
        true => String::new(),
        false => w.charts.on_average.to_owned(),
    });
    let empty = Signal::derive(move || match failure.get() {
        Some(failure) => failure.sentence().to_owned(),
        None if lines.with(Vec::is_empty) => w.hosts.no_consumers.to_owned(),
        None => w.charts.nothing_yet.to_owned(),
    });
    let plot = Plot {
        title: (w.hosts.stack)(quantity).1,
        slug,
        lines,
        picture,
        ghost: memo(|| None),
        question: Signal::derive(move || {
            let mut question = answer.get()?.question;
            // A picture has no room for more names.
            question.whose = Whose::Top(id.get_value(), 8);
            Some(question)
        }),
        may_stack: true,
    };
    view! { <Chart plot values aside foot=Signal::derive(Vec::new) empty /> }
}

/// The value of each line now, or over a time that is past.
fn told(picture: &Picture, is_live: bool) -> Vec<Option<String>> {
    let means = (0..picture.trails.len()).map(|place| picture.mean(place));
    let values = if is_live {
        newest(picture)
    } else {
        means.collect()
    };
    let say = |value: Option<f64>| value.map(|value| picture.unit.text(value));
    values.into_iter().map(say).collect()
}
