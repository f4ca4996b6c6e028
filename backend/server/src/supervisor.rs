//! Keeps the server's tasks running.
//!
//! Only the supervisor spawns. A task that ends, fails or panics is noticed, logged once, shown on the status page and started
//! again after a delay that doubles from one second to ten and falls back to one after a minute of good behaviour.

use crate::clock;
use plimsoll_shared::{TaskState, TaskStatus, UnixMs};
use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

const FIRST_DELAY: Duration = Duration::from_secs(1);
const LONGEST_DELAY: Duration = Duration::from_secs(10);
const GOOD_BEHAVIOUR: Duration = Duration::from_secs(60);

/// Starts tasks, starts them again, and tells how they are. Cheap to clone.
#[derive(Clone)]
pub struct Supervisor {
    stop: CancellationToken,
    tasks: TaskTracker,
    board: Arc<Mutex<BTreeMap<&'static str, TaskStatus>>>,
}

impl Supervisor {
    /// A supervisor whose tasks end when `stop` is cancelled.
    pub fn new(stop: CancellationToken) -> Self {
        Self {
            stop,
            tasks: TaskTracker::new(),
            board: Arc::default(),
        }
    }

    /// Runs `make`'s future now and again whenever it ends before the server stops.
    pub fn keep<F, Fut>(&self, name: &'static str, make: F)
    where
        F: Fn(CancellationToken) -> Fut + Send + 'static,
        Fut: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let supervisor = self.clone();
        self.tasks.spawn(async move {
            let mut delay = FIRST_DELAY;
            while !supervisor.stop.is_cancelled() {
                let began = Instant::now();
                supervisor.set(
                    name,
                    TaskState::Running {
                        since: clock::now(),
                    },
                );
                let ended = tokio::spawn(make(supervisor.stop.child_token())).await;
                if supervisor.stop.is_cancelled() {
                    break;
                }
                let reason = match ended {
                    Ok(Ok(())) => "it ended by itself".to_owned(),
                    Ok(Err(error)) => format!("{error:#}"),
                    Err(panic) => format!("it panicked: {}", panic_text(panic)),
                };
                if began.elapsed() > GOOD_BEHAVIOUR {
                    delay = FIRST_DELAY;
                }
                tracing::error!(task = name, %reason, again_in = ?delay, "a task stopped");
                supervisor.wait(name, delay, reason);
                tokio::select! {
                    () = tokio::time::sleep(delay) => {}
                    () = supervisor.stop.cancelled() => break,
                }
                delay = (delay * 2).min(LONGEST_DELAY);
            }
        });
    }

    /// How every task is, by name.
    pub fn statuses(&self) -> Vec<TaskStatus> {
        self.board().values().cloned().collect()
    }

    /// Waits until every task has ended; call after cancelling the stop token.
    pub async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn board(&self) -> std::sync::MutexGuard<'_, BTreeMap<&'static str, TaskStatus>> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, name: &'static str, state: TaskState) {
        self.board()
            .entry(name)
            .and_modify(|status| status.state = state.clone())
            .or_insert_with(|| TaskStatus {
                name: name.to_owned(),
                state,
                restarts: 0,
            });
    }

    fn wait(&self, name: &'static str, delay: Duration, reason: String) {
        let until = UnixMs(
            clock::now()
                .0
                .saturating_add(i64::try_from(delay.as_millis()).unwrap_or(i64::MAX)),
        );
        self.set(name, TaskState::Waiting { until, reason });
        if let Some(status) = self.board().get_mut(name) {
            status.restarts += 1;
        }
    }
}

fn panic_text(panic: tokio::task::JoinError) -> String {
    match panic.try_into_panic() {
        Ok(payload) => payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".to_owned()),
        Err(error) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test(start_paused = true)]
    async fn a_task_that_panics_is_shown_and_started_again() {
        let stop = CancellationToken::new();
        let supervisor = Supervisor::new(stop.clone());
        let starts = Arc::new(AtomicUsize::new(0));
        let seen = starts.clone();
        supervisor.keep("fragile", move |stop| {
            let start = seen.fetch_add(1, Ordering::SeqCst);
            async move {
                assert!(start > 0, "the first one breaks");
                stop.cancelled().await;
                Ok(())
            }
        });
        tokio::time::sleep(Duration::from_millis(500)).await;
        let status = supervisor.statuses().remove(0);
        let TaskState::Waiting { reason, .. } = &status.state else {
            panic!("{status:?}")
        };
        assert!(reason.contains("the first one breaks"), "{reason}");
        tokio::time::sleep(Duration::from_secs(1)).await;
        let status = supervisor.statuses().remove(0);
        assert!(
            matches!(status.state, TaskState::Running { .. }),
            "{status:?}"
        );
        assert_eq!((status.restarts, starts.load(Ordering::SeqCst)), (1, 2));
        stop.cancel();
        supervisor.finish().await;
    }
}
