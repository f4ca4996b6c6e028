//! `plimsoll stats`: what `docker stats` answers, measured the way the console measures.

mod columns;
mod docker_config;
mod format;
mod table;
mod template;
mod watched;

use clap::Args;
use columns::Line;
use format::{Format, FormatError};
use plimsoll_collect::Settings;
use plimsoll_model::Observation;
use plimsoll_shared::Found;
use std::{
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};
use tokio::{sync::mpsc, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use watched::Watched;

/// Time between two redraws, docker's.
const REDRAW: Duration = Duration::from_millis(500);
/// Time between two readings.
const INTERVAL: Duration = Duration::from_secs(1);
/// Longest wait for every container's second reading when one picture is asked for; who gave none by then is drawn without.
const SECOND_READING: Duration = Duration::from_secs(5);
const WAITING: usize = 1024;
/// Moves the cursor to the top left, and clears from there.
const HOME: &str = "\x1b[H";
const CLEAR_LINE: &str = "\x1b[K";
const CLEAR_BELOW: &str = "\x1b[J";

/// Shows what containers use, as docker stats does.
#[derive(Debug, Args)]
pub struct StatsCommand {
    /// Show all containers (default shows just running)
    #[arg(short, long)]
    all: bool,
    /// Print the first result and end
    #[arg(long)]
    no_stream: bool,
    /// Do not truncate output
    #[arg(long)]
    no_trunc: bool,
    /// table, json, a Go template, or table and a Go template
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "",
        hide_default_value = true
    )]
    format: String,
    /// Engine to ask, as DOCKER_HOST would name it [default: look for one]
    #[arg(long, value_name = "URL")]
    docker_host: Option<String>,
    /// Names or ids; all that run unless told
    #[arg(value_name = "CONTAINER")]
    containers: Vec<String>,
}

/// Why there is nothing to show; the text is for the person at the terminal.
#[derive(Debug, thiserror::Error)]
enum StatsError {
    /// The format cannot be understood or applied.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// No engine answers.
    #[error("No Docker engine answers.{}", tried(.0))]
    NoEngine(Vec<Found>),
    /// The engine stopped answering.
    #[error("{0}")]
    Lost(String),
    /// Containers that were named are not there.
    #[error("{}", missing(.0))]
    NoSuchContainer(Vec<String>),
    /// The machine does not let it start.
    #[error("The statistics cannot be gathered: {0}.")]
    Start(#[source] io::Error),
    /// It could not be printed.
    #[error("The statistics could not be printed.")]
    Print(#[source] io::Error),
}

fn tried(places: &[Found]) -> String {
    let mut text = String::new();
    for place in places {
        text += &format!(
            "\n  {} ({}): {}",
            place.endpoint, place.source, place.problem
        );
    }
    text
}

fn missing(names: &[String]) -> String {
    let sentences: Vec<_> = names
        .iter()
        .map(|name| format!("Error response from daemon: No such container: {name}"))
        .collect();
    sentences.join("\n")
}

impl StatsCommand {
    /// Prints to standard output until it is done, and what went wrong to standard error.
    pub fn execute(&self) -> ExitCode {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let done = runtime
            .map_err(StatsError::Start)
            .and_then(|runtime| runtime.block_on(self.run(&mut io::stdout())));
        match done {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{error}");
                ExitCode::FAILURE
            }
        }
    }

    /// Prints one picture, or redraws until the engine is lost or nobody reads on.
    async fn run(&self, out: &mut impl Write) -> Result<(), StatsError> {
        let format = match self.format.as_str() {
            "" => docker_config::stats_format().unwrap_or_default(),
            given => given.to_owned(),
        };
        let format = Format::parse(&format)?;
        let settings = Settings {
            interval: INTERVAL,
            docker_host: self.docker_host.clone(),
            ..Settings::default()
        };
        let (seen, to_show) = mpsc::channel(WAITING);
        let ended = CancellationToken::new();
        let showing = async {
            let shown = self.show(&format, to_show, out).await;
            ended.cancel();
            shown
        };
        let watching = plimsoll_collect::watch(settings, seen, ended.clone());
        match tokio::join!(showing, watching).0 {
            Err(StatsError::Print(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            shown => shown,
        }
    }

    async fn show(
        &self,
        format: &Format,
        mut seen: mpsc::Receiver<Observation>,
        out: &mut impl Write,
    ) -> Result<(), StatsError> {
        let mut watched = Watched::new(self.all, &self.containers);
        let picture = |watched: &Watched| {
            let lines: Vec<Line> = watched.lines(!self.no_trunc);
            format.picture(&lines)
        };
        let deadline = tokio::time::sleep(SECOND_READING);
        tokio::pin!(deadline);
        while !watched.is_complete() {
            tokio::select! {
                observation = seen.recv() => apply(&mut watched, observation)?,
                () = &mut deadline, if watched.is_listed() => break,
            }
        }
        if self.no_stream {
            let text = picture(&watched)?;
            return out
                .write_all(text.as_bytes())
                .and_then(|()| out.flush())
                .map_err(StatsError::Print);
        }
        let mut redraw = tokio::time::interval(REDRAW);
        redraw.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                observation = seen.recv() => apply(&mut watched, observation)?,
                _ = redraw.tick() => {
                    let text = frame(&picture(&watched)?);
                    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(StatsError::Print)?;
                }
            }
        }
    }
}

fn apply(watched: &mut Watched, observation: Option<Observation>) -> Result<(), StatsError> {
    match observation {
        Some(Observation::Searching(tried)) => Err(StatsError::NoEngine(tried)),
        Some(Observation::Lost(reason)) => Err(StatsError::Lost(reason)),
        None => Err(StatsError::Lost(
            "The engine is no longer watched.".to_owned(),
        )),
        Some(observation) => match watched.apply(observation) {
            missing if missing.is_empty() => Ok(()),
            missing => Err(StatsError::NoSuchContainer(missing)),
        },
    }
}

/// Draws over what is there, line by line, so that nothing flickers.
fn frame(picture: &str) -> String {
    let mut text = HOME.to_owned();
    for line in picture.split('\n') {
        text += line;
        text += CLEAR_LINE;
        text.push('\n');
    }
    text + CLEAR_BELOW
}
