//! The readings that the charts of a container or a machine are drawn from: asked of the history for the time shown, then followed live.

use crate::{
    api::{self, Failure},
    charts::{Paper, use_paper},
    components::{effect, memo},
    state::{
        look::{Compare, Look},
        question::{Question, Whose},
        range::Range,
        text::visible,
        window::{Past, Window, points_for},
    },
    words::words,
};
use leptos::{prelude::*, task::spawn_local};
use plimsoll_shared::{
    Reading, UnixMs,
    lines::Subject,
    series::{Buckets, Metric},
};
use std::sync::Arc;

/// Milliseconds between readings until the server says otherwise.
const USUAL_INTERVAL_MS: i64 = 1000;
/// What is compared is asked for this much further, since the time shown goes on.
const AHEAD_MS: i64 = 120_000;

/// What the lines are compared with.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ghost {
    /// Its readings.
    pub(crate) buckets: Buckets,
    /// How much earlier they were taken, in milliseconds.
    pub(crate) earlier_ms: i64,
    /// Its name; `None` for the same subject.
    pub(crate) name: Option<String>,
}

/// The readings of one subject; a handle that every part of a page may copy.
#[derive(Clone, Copy)]
pub(crate) struct Readings {
    subject: StoredValue<Subject>,
    metrics: &'static [Metric],
    paper: Paper,
    /// The readings. Changes are told by [`Readings::tick`] and [`Readings::grain`], not by this signal.
    pub(crate) window: RwSignal<Window>,
    /// Counts what the live stream brought.
    pub(crate) tick: RwSignal<u64>,
    /// Changes when the charts should be drawn anew.
    pub(crate) grain: RwSignal<(u32, i64)>,
    /// Why the history could not be loaded.
    pub(crate) no_history: RwSignal<Option<Failure>>,
    /// What the lines are compared with, once that has come.
    pub(crate) ghost: RwSignal<Option<Arc<Ghost>>>,
}

impl Readings {
    /// Begins to show the readings of a subject on the page's paper; the live stream's go to [`Readings::take`].
    pub(crate) fn of(subject: Subject, metrics: &'static [Metric]) -> Self {
        let paper = use_paper();
        let span = memo(move || paper.look.with(|look| look.span));
        let compare = memo(move || paper.look.with(|look| look.compare.clone()));
        let window = Window::new(span.get_untracked(), points(), USUAL_INTERVAL_MS);
        let readings = Self {
            subject: StoredValue::new(subject),
            metrics,
            paper,
            window: RwSignal::new(window),
            tick: RwSignal::new(0),
            grain: RwSignal::new((0, 0)),
            no_history: RwSignal::new(None),
            ghost: RwSignal::new(None),
        };
        // The first question waits for the stream; every further one is asked at once.
        let shown = StoredValue::new(span.get_untracked());
        effect(move || {
            let span = span.get();
            if shown.get_value() != span {
                shown.set_value(span);
                readings
                    .window
                    .update_untracked(|window| window.change(span, points()));
                readings.ghost.set(None);
                readings.redraw_now();
                readings.ask();
            }
        });
        effect(move || {
            if compare.get() == Compare::Nothing {
                readings.ghost.set(None);
            } else if readings.is_asked() {
                readings.ghost.set(None);
                readings.ask_ghost();
            }
        });
        readings
    }

    /// Whether the history was asked.
    pub(crate) fn is_asked(self) -> bool {
        self.window
            .with_untracked(|window| window.now() != UnixMs(0))
    }

    /// Takes in one tick of the live stream; `full` says that frames before it may have been lost.
    pub(crate) fn take(self, at: UnixMs, reading: Option<&Reading>, full: bool) {
        let (mut missed, mut due) = (false, false);
        self.window.update_untracked(|window| {
            missed = window.tick(at, reading);
            due = window.is_due();
        });
        self.tick.update(|tick| *tick += 1);
        self.redraw();
        if full || missed || due {
            self.ask();
        }
    }

    /// The question whose answer a chart of these metrics shows; what called this runs again when that changes.
    pub(crate) fn question(self, metrics: &[Metric]) -> Question {
        self.grain.track();
        let (from, to) = self.window.with_untracked(Window::bounds);
        let mut subjects = vec![self.subject.get_value()];
        if let Compare::With(other) = self.paper.look.get_untracked().compare {
            subjects.push(other);
        }
        Question {
            whose: Whose::These(subjects),
            metrics: metrics.to_vec(),
            from,
            to,
            points: points(),
            whole: false,
        }
    }

    /// What the lines are compared with, in words; `None` where with nothing, or not yet.
    pub(crate) fn ghost_name(self) -> Option<String> {
        let w = words();
        let ghost = self.ghost.get()?;
        let length = Range::of_ms(ghost.earlier_ms);
        let name = ghost.name.clone();
        Some(name.unwrap_or_else(|| (w.period.before)(&(w.period.length)(length))))
    }

    fn redraw(self) {
        let grain = self.window.with_untracked(Window::grain);
        let (version, before) = self.grain.get_untracked();
        if before != grain {
            self.grain.set((version, grain));
        }
    }

    /// Draws even where no time has passed: there is an answer.
    fn redraw_now(self) {
        let grain = self.window.with_untracked(Window::grain);
        self.grain.update(|(version, before)| {
            *version += 1;
            *before = grain;
        });
    }

    /// Asks the history for everything shown.
    pub(crate) fn ask(self) {
        let mut ask = None;
        self.window
            .update_untracked(|window| ask = Some(window.ask(self.paper.now())));
        let Some(ask) = ask else { return };
        let question = Question {
            whose: Whose::These(vec![self.subject.get_value()]),
            metrics: self.metrics.to_vec(),
            from: ask.from,
            to: ask.to,
            points: ask.points,
            whole: true,
        };
        spawn_local(async move {
            let answer = api::lines(&question).await;
            if self.window.is_disposed() {
                return;
            }
            let past = match answer {
                Ok(lines) => {
                    self.no_history.set(None);
                    Past::of(lines)
                }
                Err(failure) => {
                    self.no_history
                        .set((!failure.is_not_found()).then_some(failure));
                    None
                }
            };
            self.window.update_untracked(|window| match past {
                Some(past) => window.answer(ask.number, past),
                None => window.no_answer(ask.number),
            });
            self.redraw_now();
        });
        self.ask_ghost();
    }

    fn ask_ghost(self) {
        let look = self.paper.look.get_untracked();
        let (from, to) = self.window.with_untracked(Window::bounds);
        let Some((subject, earlier_ms)) = compared(&look, &self.subject.get_value(), from, to)
        else {
            return;
        };
        let name_it = subject != self.subject.get_value();
        let question = Question {
            whose: Whose::These(vec![subject]),
            metrics: self.metrics.to_vec(),
            from: UnixMs(from.0 - earlier_ms),
            to: UnixMs((to.0 - earlier_ms + AHEAD_MS).min(self.paper.now().0)),
            points: points(),
            whole: false,
        };
        spawn_local(async move {
            let answer = api::lines(&question).await;
            let is_wanted = self
                .paper
                .look
                .try_with_untracked(|now| (now.span, &now.compare) == (look.span, &look.compare));
            if self.ghost.is_disposed() || is_wanted != Some(true) {
                return;
            }
            match answer {
                Ok(lines) => {
                    let name = lines
                        .lines
                        .first()
                        .map(|line| visible(&line.name).into_owned());
                    let ghost = Past::of(lines).map(|past| Ghost {
                        buckets: Buckets::of(&past.series, USUAL_INTERVAL_MS),
                        earlier_ms,
                        name: name.filter(|_| name_it),
                    });
                    self.ghost.set(ghost.map(Arc::new));
                }
                Err(failure) => self.no_history.set(Some(failure)),
            }
        });
    }
}

/// Whose readings the lines are compared with, and how much earlier those were taken.
fn compared(look: &Look, subject: &Subject, from: UnixMs, to: UnixMs) -> Option<(Subject, i64)> {
    match &look.compare {
        Compare::Nothing => None,
        Compare::Before => Some((subject.clone(), to.since(from))),
        Compare::With(other) => Some((other.clone(), 0)),
    }
}

/// Buckets that this window has use for.
pub(crate) fn points() -> usize {
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    points_for(width.unwrap_or(1000.0))
}
