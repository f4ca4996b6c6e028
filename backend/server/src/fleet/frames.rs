//! Live frames from the fleet's state.

use super::{Changes, Fleet, host::Tracked};
use plimsoll_shared::{Body, ContainerEvent, Frame, Recording, RowReading, UnixMs, View};

/// What the fleet does not know but the hosts view tells.
pub struct About {
    /// Whether history is being written.
    pub recording: Recording,
    /// Names the pages this server serves.
    pub build: String,
}

/// A step from one frame to the next, not yet asked for by any view.
pub struct Step {
    containers: Body,
    events: Vec<ContainerEvent>,
    measured: bool,
    seq: u64,
    at: UnixMs,
}

impl Fleet {
    /// Closes the changes since the last step; frames of this step and full frames until the next one carry its number.
    pub fn step(&mut self, at: UnixMs) -> Step {
        self.seq += 1;
        let Changes {
            rows,
            gone,
            silent,
            measured,
            events,
        } = std::mem::take(&mut self.changes);
        let rows = rows
            .iter()
            .filter_map(|(host, id)| {
                self.hosts
                    .get(host)?
                    .containers
                    .get(id)
                    .map(|tracked| tracked.row.clone())
            })
            .collect();
        let mut readings = Vec::new();
        for tracked in self
            .hosts
            .values_mut()
            .flat_map(|host| host.containers.values_mut())
        {
            let now = tracked
                .reading
                .as_ref()
                .map(|reading| RowReading::of(tracked.row.key, reading));
            if now != tracked.told {
                readings.extend(now);
                tracked.told = now;
            }
        }
        let containers = Body::ContainersDelta {
            measured,
            rows,
            gone,
            readings,
            silent: silent.into_iter().collect(),
        };
        Step {
            containers,
            events,
            measured,
            seq: self.seq,
            at,
        }
    }

    /// The view's whole state as of the last step.
    pub fn full(&self, view: &View, about: &About, at: UnixMs) -> Frame {
        let body = match view {
            View::Containers => self.containers_full(),
            View::Hosts => self.hosts_body(about),
            View::Container(host, id) => {
                let found = self.hosts.get(host).and_then(|host| host.find(id));
                Body::Container {
                    row: found.map(|tracked| Box::new(tracked.row.clone())),
                    reading: found.and_then(|tracked| tracked.reading.map(Box::new)),
                    events: found
                        .map(|tracked| tracked.events.iter().cloned().collect())
                        .unwrap_or_default(),
                    full: true,
                }
            }
        };
        Frame {
            view: view.clone(),
            seq: self.seq,
            at,
            body,
        }
    }

    /// What `step` changed in the view.
    pub fn delta(&self, view: &View, step: &Step, about: &About) -> Frame {
        let body = match view {
            View::Containers => step.containers.clone(),
            View::Hosts => self.hosts_body(about),
            View::Container(host, id) => {
                let found = self.hosts.get(host).and_then(|host| host.find(id));
                Body::Container {
                    row: found.map(|tracked| Box::new(tracked.row.clone())),
                    reading: found
                        .filter(|_| step.measured)
                        .and_then(|tracked| tracked.reading.map(Box::new)),
                    events: step
                        .events
                        .iter()
                        .filter(|e| e.container == *id && e.host == *host)
                        .cloned()
                        .collect(),
                    full: false,
                }
            }
        };
        Frame {
            view: view.clone(),
            seq: step.seq,
            at: step.at,
            body,
        }
    }

    /// The number of the last step.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    fn containers_full(&self) -> Body {
        let all = || {
            self.hosts
                .values()
                .flat_map(|host| host.containers.values())
        };
        let spark = |tracked: &Tracked| {
            (
                tracked.row.key,
                tracked.spark.iter().copied().map(round_spark).collect(),
            )
        };
        Body::ContainersFull {
            rows: all().map(|tracked| tracked.row.clone()).collect(),
            readings: all().filter_map(|tracked| tracked.told).collect(),
            sparks: all()
                .filter(|tracked| tracked.spark.iter().any(Option::is_some))
                .map(spark)
                .collect(),
        }
    }

    fn hosts_body(&self, about: &About) -> Body {
        Body::Hosts {
            hosts: self.hosts(),
            recording: about.recording.clone(),
            interval_ms: self.interval_ms,
            build: about.build.clone(),
        }
    }
}

fn round_spark(percent: Option<f32>) -> Option<f32> {
    percent.map(|p| (p * 10.0).round() / 10.0)
}
