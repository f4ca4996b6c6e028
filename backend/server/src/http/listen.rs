//! Takes connections: capped in number, each with a time limit for its request head, all closed in order when the server stops.

use super::router;
use crate::app::App;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use std::{sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Semaphore};

/// Most connections at once; more wait in the kernel's queue.
const MOST_CONNECTIONS: usize = 2048;
/// Longest a client may take to send a request's head.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// Longest open requests may go on once the server stops.
const FINISH_WITHIN: Duration = Duration::from_secs(5);

/// Serves `app` on `listener` until the app stops; then lets open requests finish.
///
/// # Errors
/// Never by itself: a connection's trouble is that connection's end.
pub async fn serve(app: App, listener: TcpListener) -> anyhow::Result<()> {
    let stop = app.stop.clone();
    let router = router(app);
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let open = GracefulShutdown::new();
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_headers(100);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(128)
        .keep_alive_interval(Duration::from_secs(20));
    loop {
        let place = places.clone().acquire_owned().await?;
        let stream = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY");
        }
        let service = TowerToHyperService::new(router.clone());
        let connection = builder
            .serve_connection_with_upgrades(TokioIo::new(stream), service)
            .into_owned();
        let connection = open.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error = %error, "a connection ended early");
            }
            drop(place);
        });
    }
    if tokio::time::timeout(FINISH_WITHIN, open.shutdown())
        .await
        .is_err()
    {
        tracing::warn!(
            "some requests were still open after {} s and were cut",
            FINISH_WITHIN.as_secs()
        );
    }
    Ok(())
}
