//! `plimsoll serve`: puts the parts together and runs them until told to stop.

use crate::{
    app::{App, Parts},
    clock,
    config::{Config, Loaded},
    fleet::{About, Fleet},
    http::{self, AllowedHosts},
    live::Hub,
    overview,
    pack::{self, Packing},
    publish,
    recorder::{Keep, Recorder},
    site::Site,
    supervisor::Supervisor,
};
use anyhow::Context;
use plimsoll_collect::Settings;
use plimsoll_model::Observation;
use plimsoll_shared::HostId;
use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use tokio::{
    net::TcpListener,
    sync::{Mutex, Notify, mpsc},
};
use tokio_util::sync::CancellationToken;

/// Observations that may wait between a collector and the fleet.
const BETWEEN: usize = 1024;
/// The whole of stopping takes at most this long.
const STOP_WITHIN: Duration = Duration::from_secs(10);

/// Runs the server until SIGINT or SIGTERM.
///
/// # Errors
/// When the address cannot be listened on, or the data folder is in use by another process.
pub async fn serve(loaded: &Loaded) -> anyhow::Result<()> {
    let config = &loaded.config;
    let stop = CancellationToken::new();
    let recorder = Recorder::open(&config.data, max_gap_ms(config)).await?;
    let listener = TcpListener::bind(config.listen).await.with_context(|| {
        format!(
            "cannot listen on {}; choose another address with --listen",
            config.listen
        )
    })?;
    let address = listener.local_addr()?;
    let app = assemble(loaded, recorder, stop.clone());
    let changed = Arc::new(Notify::new());
    start_tasks(&app, config, &changed);
    {
        let (app, listener) = (app.clone(), Arc::new(Mutex::new(Some(listener))));
        app.supervisor.clone().keep("http", move |_| {
            let (app, listener) = (app.clone(), listener.clone());
            async move {
                let waiting = listener.lock().await.take();
                let listener = match waiting {
                    Some(listener) => listener,
                    None => TcpListener::bind(address).await?,
                };
                http::serve(app, listener).await
            }
        });
    }
    tracing::info!(url = %format!("http://{address}"), data = %config.data.display(), "the console is ready");
    wait_for_signal().await;
    tracing::info!("stopping");
    let recorder = app.recorder.clone();
    let stopping = async {
        stop.cancel();
        app.supervisor.finish().await;
        recorder.close().await;
    };
    if tokio::time::timeout(STOP_WITHIN, stopping).await.is_err() {
        anyhow::bail!("some tasks did not end within {} s", STOP_WITHIN.as_secs());
    }
    tracing::info!("stopped");
    Ok(())
}

fn assemble(loaded: &Loaded, recorder: Recorder, stop: CancellationToken) -> App {
    let config = &loaded.config;
    let interval_ms = u64::try_from(config.interval.as_millis()).unwrap_or(u64::MAX);
    let fleet = Arc::new(RwLock::new(Fleet::new(
        [HostId::local()],
        interval_ms,
        clock::now(),
    )));
    let site = Site;
    let about = About {
        recording: recorder.recording(),
        build: site.build_id(),
    };
    App::new(Parts {
        hub: Arc::new(Hub::new(fleet.clone(), about)),
        fleet,
        recorder,
        overview: overview::Cache::default(),
        site,
        supervisor: Supervisor::new(stop.clone()),
        allowed: AllowedHosts::new(&config.allowed_host, config.allow_unauthenticated),
        stop,
        started_at: clock::now(),
        interval: config.interval,
        keep: Keep {
            retention: pack::retention(config.retention),
            budget: config.history_max_size,
        },
        data_dir: config.data.clone(),
        settings: loaded.settings(),
    })
}

fn start_tasks(app: &App, config: &Config, changed: &Arc<Notify>) {
    let (seen, to_fold) = mpsc::channel::<Observation>(BETWEEN);
    let settings = Settings {
        interval: config.interval,
        docker_host: config.docker_host.clone(),
        ..Settings::default()
    };
    app.supervisor.keep("collect local", move |stop| {
        let (settings, seen) = (settings.clone(), seen.clone());
        async move {
            plimsoll_collect::watch(settings, seen, stop).await;
            Ok(())
        }
    });
    let to_fold = Arc::new(Mutex::new(to_fold));
    let (folded, notify) = (app.clone(), changed.clone());
    app.supervisor.keep("fold local", move |stop| {
        fold(folded.clone(), to_fold.clone(), notify.clone(), stop)
    });
    let recorder = app.recorder.clone();
    app.supervisor
        .keep("record", move |stop| recorder.clone().run(stop));
    let (recorder, packing) = (
        app.recorder.clone(),
        Packing {
            retention: app.keep.retention,
            max_gap_ms: max_gap_ms(config),
        },
    );
    app.supervisor.keep("pack", move |stop| {
        pack::run(recorder.clone(), packing, stop)
    });
    let (recorder, keep) = (app.recorder.clone(), app.keep);
    app.supervisor
        .keep("prune", move |stop| recorder.clone().prune(keep, stop));
    let (app_for_tabs, notify) = (app.clone(), changed.clone());
    app.supervisor.keep("publish", move |stop| {
        let app = &app_for_tabs;
        publish::run(
            app.fleet.clone(),
            app.hub.clone(),
            app.recorder.clone(),
            app.site,
            notify.clone(),
            stop,
        )
    });
}

/// Readings further apart than this are not joined.
fn max_gap_ms(config: &Config) -> i64 {
    let interval = i64::try_from(config.interval.as_millis()).unwrap_or(i64::MAX);
    interval.saturating_mul(3).max(3000)
}

/// Folds what the collector saw into the present, and hands it on to be kept.
async fn fold(
    app: App,
    seen: Arc<Mutex<mpsc::Receiver<Observation>>>,
    changed: Arc<Notify>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let host = HostId::local();
    let mut seen = seen.lock().await;
    loop {
        let observation = tokio::select! {
            () = stop.cancelled() => return Ok(()),
            observation = seen.recv() => observation.context("the collector's channel closed")?,
        };
        app.fleet
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .apply(&host, &observation, clock::now());
        app.recorder.keep(&host, observation);
        changed.notify_one();
    }
}

async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be waited for");
            let _ = interrupt.await;
        }
    }
}
