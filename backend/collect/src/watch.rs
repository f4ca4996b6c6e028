//! Looking for an engine, and looking again whenever it is lost.

use crate::advice;
use crate::engine::Engine;
use crate::error::Error;
use crate::place::{Place, Surroundings, places};
use crate::session::{self, Ended};
use plimsoll_model::Observation;
use plimsoll_shared::Found;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Pause between two searches while no engine was ever found.
const SEARCH: Duration = Duration::from_secs(2);

/// Longest pause between two searches for an address that was asked for.
const SEARCH_SLOWEST: Duration = Duration::from_secs(10);

/// Pause before the first attempt to come back to an engine that was lost.
const COME_BACK: Duration = Duration::from_millis(200);

/// Longest pause between two attempts to come back.
const COME_BACK_SLOWEST: Duration = Duration::from_secs(5);

/// How long a lost engine is waited for before another one may take its place.
const LOYALTY: Duration = Duration::from_secs(60);

/// How long a connection must have lasted for its loss to be met with quick attempts again.
const STEADY: Duration = Duration::from_secs(10);

/// How to watch.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Time between two sweeps of readings.
    pub interval: Duration,
    /// Address of the engine as `DOCKER_HOST` writes it; wins over anything that is found.
    pub docker_host: Option<String>,
    /// Time between two lists, the safety net under the events.
    pub list_every: Duration,
    /// Whether control group files may be read where they are here; otherwise every container is measured by a stream.
    pub direct: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(1),
            docker_host: None,
            list_every: Duration::from_secs(60),
            direct: true,
        }
    }
}

/// Watches an engine until `stop`: looks for one, tells what it sees, and looks again when it is lost.
///
/// Returns when stopped or when nobody listens to `out` any more; trouble with the engine is an observation, never an end.
/// Everything is done inside this future, apart from sweeps in blocking threads that end by themselves.
pub async fn watch(settings: Settings, out: mpsc::Sender<Observation>, stop: CancellationToken) {
    raise_file_limit();
    let around = Surroundings::of_this_process();
    stop.run_until_cancelled(Watch::new(&settings, &around, &out).run())
        .await;
}

/// Files are kept open, up to ten a container, while a usual soft limit is 1024: it is raised as far as the hard one.
fn raise_file_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::debug!(%error, "the limit on open files stays as it is");
    }
}

/// Where the watch stands.
#[derive(Debug)]
enum Standing {
    /// No engine was found yet; what was last told of the search.
    Searching(Option<Vec<Found>>),
    /// An engine was lost: where it was, and since when.
    Lost { place: Place, since: Instant },
}

struct Watch<'a> {
    settings: &'a Settings,
    around: &'a Surroundings,
    out: &'a mpsc::Sender<Observation>,
    standing: Standing,
    pause: Pause,
}

impl<'a> Watch<'a> {
    fn new(
        settings: &'a Settings,
        around: &'a Surroundings,
        out: &'a mpsc::Sender<Observation>,
    ) -> Self {
        Self {
            settings,
            around,
            out,
            standing: Standing::Searching(None),
            pause: Pause::new(SEARCH, SEARCH),
        }
    }

    async fn run(mut self) {
        while self.round().await.is_ok() {
            tokio::time::sleep(self.pause.next()).await;
        }
    }

    /// Searches once, and stays with what is found for as long as it lasts.
    async fn round(&mut self) -> Result<(), Unheard> {
        let (places, was_asked_for) = self.places();
        let mut tried = Vec::new();
        for place in places {
            let place = match place {
                Ok(place) => place,
                Err(found) => {
                    tried.push(found);
                    continue;
                }
            };
            match Engine::greet(place.endpoint.clone()).await {
                Ok(engine) => match self.stay(engine, &place).await? {
                    Stay::Over => return Ok(()),
                    Stay::Refused(error) => tried.push(found(&place, &error)),
                },
                Err(error) => tried.push(found(&place, &error)),
            }
        }
        self.not_found(tried, was_asked_for).await
    }

    /// The places to try now: the lost engine's alone for a while, so that a restart does not hand its host to another engine.
    fn places(&self) -> (Vec<Result<Place, Found>>, bool) {
        match &self.standing {
            Standing::Lost { place, since } if since.elapsed() < LOYALTY => {
                (vec![Ok(place.clone())], false)
            }
            _ => {
                let places = places(self.settings.docker_host.as_deref(), self.around);
                let was_asked_for = places.len() == 1;
                (places, was_asked_for)
            }
        }
    }

    async fn stay(&mut self, engine: Engine, place: &Place) -> Result<Stay, Unheard> {
        let mut connected = None;
        let ended = session::watch(engine, self.settings, self.out, || {
            tracing::info!(endpoint = %place.endpoint, source = place.source, "connected to an engine");
            connected = Some(Instant::now());
        })
        .await;
        let error = match ended {
            Ended::Unheard => return Err(Unheard),
            Ended::Lost(error) => error,
        };
        let Some(connected) = connected else {
            return Ok(Stay::Refused(error));
        };
        tracing::warn!(endpoint = %place.endpoint, error = error.chain(), "lost the engine");
        let was_lost = matches!(self.standing, Standing::Lost { .. });
        if !was_lost || connected.elapsed() > STEADY {
            self.pause = Pause::new(COME_BACK, COME_BACK_SLOWEST);
        }
        self.standing = Standing::Lost {
            place: place.clone(),
            since: Instant::now(),
        };
        self.tell(Observation::Lost(advice::lost(&error))).await?;
        Ok(Stay::Over)
    }

    /// A search that found nothing is told when it found nothing in another way than before; a lost engine is already told.
    async fn not_found(&mut self, tried: Vec<Found>, was_asked_for: bool) -> Result<(), Unheard> {
        let Standing::Searching(told) = &mut self.standing else {
            return Ok(());
        };
        if told.as_ref() == Some(&tried) {
            return Ok(());
        }
        if told.is_none() && was_asked_for {
            self.pause = Pause::new(SEARCH, SEARCH_SLOWEST);
        }
        for found in &tried {
            tracing::info!(
                endpoint = found.endpoint,
                source = found.source,
                problem = found.problem,
                "no engine here"
            );
        }
        *told = Some(tried.clone());
        self.tell(Observation::Searching(tried)).await
    }

    async fn tell(&self, observation: Observation) -> Result<(), Unheard> {
        self.out.send(observation).await.map_err(|_| Unheard)
    }
}

/// Nobody listens any more.
struct Unheard;

/// How it went with an engine that greeted us.
enum Stay {
    /// It was watched, and is lost now.
    Over,
    /// It did not let itself be watched at all.
    Refused(Error),
}

fn found(place: &Place, error: &Error) -> Found {
    Found {
        endpoint: place.endpoint.to_string(),
        source: place.source.clone(),
        problem: advice::not_found(place, error),
    }
}

/// A pause that doubles up to a limit, a quarter more or less so that many watchers do not knock in step.
#[derive(Debug)]
struct Pause {
    next: Duration,
    slowest: Duration,
}

impl Pause {
    fn new(first: Duration, slowest: Duration) -> Self {
        Self {
            next: first,
            slowest,
        }
    }

    fn next(&mut self) -> Duration {
        let pause = self.next;
        self.next = (pause * 2).min(self.slowest);
        let random = RandomState::new().build_hasher().finish() % 500;
        pause.mul_f64(f64::from(u32::try_from(random).unwrap_or(250)) / 1000.0 + 0.75)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_doubles_up_to_its_limit_give_or_take_a_quarter() {
        let mut pause = Pause::new(Duration::from_millis(200), Duration::from_secs(1));
        for expected in [200, 400, 800, 1000, 1000] {
            let drawn = pause.next().as_millis();
            assert!(
                (expected * 3 / 4..=expected * 5 / 4).contains(&drawn),
                "{drawn} for {expected}"
            );
        }
    }
}
