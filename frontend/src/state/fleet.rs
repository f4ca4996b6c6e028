//! Every container as the live stream tells it: frames in, the present state out.

use plimsoll_shared::{Body, ContainerRow, ContainerState, Health, RowKey, RowReading};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

/// Ticks a spark shows.
pub(crate) const SPARK_TICKS: usize = 60;

/// One row's numbers of the latest sweep, in bytes and percent of one core.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Numbers {
    /// CPU, percent of one core; `None` in the first second of a life.
    pub(crate) cpu: Option<f64>,
    /// Memory used.
    pub(crate) memory: u64,
    /// Memory limit, the host's memory where the container has none of its own.
    pub(crate) limit: Option<u64>,
    /// Received and sent since the start.
    pub(crate) net: Option<(u64, u64)>,
    /// Read and written since the start.
    pub(crate) block: Option<(u64, u64)>,
    /// Processes and threads.
    pub(crate) pids: Option<u64>,
}

impl Numbers {
    /// Memory in percent of the limit.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a percentage needs no more than 52 bits"
    )]
    pub(crate) fn memory_percent(&self) -> Option<f64> {
        self.limit
            .filter(|limit| *limit > 0)
            .map(|limit| self.memory as f64 / limit as f64 * 100.0)
    }
}

impl From<&RowReading> for Numbers {
    fn from(reading: &RowReading) -> Self {
        let RowReading(_, cpu, memory, limit, net, block, pids) = *reading;
        Self {
            cpu,
            memory,
            limit,
            net,
            block,
            pids,
        }
    }
}

/// What a filter chip selects; a container can be of two kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Running, the unhealthy among them included.
    Running,
    /// Running, and its health check fails.
    Unhealthy,
    /// Paused.
    Paused,
    /// Between two lives.
    Restarting,
    /// Created, exited, dead: everything that does not live.
    Stopped,
}

impl Kind {
    /// All of them, in the order of the chips.
    pub(crate) const ALL: [Self; 5] = [
        Self::Running,
        Self::Unhealthy,
        Self::Paused,
        Self::Restarting,
        Self::Stopped,
    ];

    /// Whether the container is of this kind.
    pub(crate) fn has(self, row: &ContainerRow) -> bool {
        match self {
            Self::Running => row.state == ContainerState::Running,
            Self::Unhealthy => {
                row.state == ContainerState::Running && row.health == Health::Unhealthy
            }
            Self::Paused => row.state == ContainerState::Paused,
            Self::Restarting => row.state == ContainerState::Restarting,
            Self::Stopped => !matches!(
                row.state,
                ContainerState::Running | ContainerState::Paused | ContainerState::Restarting
            ),
        }
    }
}

/// One container: its row, its latest numbers, and its CPU of the last minute.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    /// The row.
    pub(crate) row: Arc<ContainerRow>,
    /// The latest numbers; `None` when it was not measured in the latest sweep.
    pub(crate) numbers: Option<Numbers>,
    /// CPU percent of the last ticks, oldest first, at most [`SPARK_TICKS`].
    pub(crate) spark: VecDeque<Option<f32>>,
    /// What a search looks in: lower case.
    pub(crate) haystack: String,
}

impl Entry {
    fn new(row: &ContainerRow) -> Self {
        Self {
            row: Arc::new(row.clone()),
            numbers: None,
            spark: VecDeque::with_capacity(SPARK_TICKS),
            haystack: haystack(row),
        }
    }
}

/// What a frame changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Rows that came, went, or differ in more than numbers.
    pub(crate) rows: Vec<RowKey>,
    /// Whether numbers may differ, anywhere.
    pub(crate) numbers: bool,
}

/// Every container.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Fleet {
    entries: HashMap<RowKey, Entry>,
    known: bool,
}

impl Fleet {
    /// Whether a full state came yet.
    pub(crate) fn is_known(&self) -> bool {
        self.known
    }

    /// The container with that key.
    pub(crate) fn get(&self, key: RowKey) -> Option<&Entry> {
        self.entries.get(&key)
    }

    /// All containers, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (RowKey, &Entry)> {
        self.entries.iter().map(|(key, entry)| (*key, entry))
    }

    /// Takes in a frame of the view `containers` that continues this state.
    pub(crate) fn apply(&mut self, body: &Body) -> Changes {
        match body {
            Body::ContainersFull {
                rows,
                readings,
                sparks,
            } => self.replace(rows, readings, sparks),
            Body::ContainersDelta {
                measured,
                rows,
                gone,
                readings,
                silent,
            } => {
                let mut changes = Changes {
                    rows: Vec::new(),
                    numbers: *measured,
                };
                self.put(rows, &mut changes);
                for key in gone {
                    if self.entries.remove(key).is_some() {
                        changes.rows.push(*key);
                    }
                }
                for reading in readings {
                    if let Some(entry) = self.entries.get_mut(&reading.0) {
                        entry.numbers = Some(reading.into());
                        changes.numbers = true;
                    }
                }
                for key in silent {
                    if let Some(entry) = self.entries.get_mut(key) {
                        entry.numbers = None;
                        changes.numbers = true;
                    }
                }
                if *measured {
                    self.advance();
                }
                changes
            }
            Body::Hosts { .. } | Body::Container { .. } => Changes::default(),
        }
    }

    fn replace(
        &mut self,
        rows: &[ContainerRow],
        readings: &[RowReading],
        sparks: &[(RowKey, Vec<Option<f32>>)],
    ) -> Changes {
        self.known = true;
        let before = std::mem::take(&mut self.entries);
        let mut changes = Changes {
            rows: Vec::new(),
            numbers: true,
        };
        self.put(rows, &mut changes);
        changes.rows.extend(before.keys());
        for reading in readings {
            if let Some(entry) = self.entries.get_mut(&reading.0) {
                entry.numbers = Some(reading.into());
            }
        }
        for (key, ticks) in sparks {
            if let Some(entry) = self.entries.get_mut(key) {
                let skip = ticks.len().saturating_sub(SPARK_TICKS);
                entry.spark = ticks.iter().skip(skip).copied().collect();
            }
        }
        changes
    }

    /// A removed container drops out; its own page stays.
    fn put(&mut self, rows: &[ContainerRow], changes: &mut Changes) {
        for row in rows {
            changes.rows.push(row.key);
            if row.removed_at.is_some() {
                self.entries.remove(&row.key);
            } else if let Some(entry) = self.entries.get_mut(&row.key) {
                entry.haystack = haystack(row);
                entry.row = Arc::new(row.clone());
            } else {
                self.entries.insert(row.key, Entry::new(row));
            }
        }
    }

    fn advance(&mut self) {
        for entry in self.entries.values_mut() {
            if entry.spark.len() == SPARK_TICKS {
                entry.spark.pop_front();
            }
            #[expect(clippy::cast_possible_truncation, reason = "a spark is 18 pixels high")]
            let tick = entry
                .numbers
                .and_then(|numbers| numbers.cpu)
                .map(|cpu| cpu as f32);
            entry.spark.push_back(tick);
        }
    }
}

fn haystack(row: &ContainerRow) -> String {
    let digest = row
        .image
        .digest
        .as_ref()
        .map_or("", |digest| digest.as_str());
    let project = row.compose.as_ref().map_or("", |compose| &compose.project);
    format!(
        "{}\n{}\n{digest}\n{}\n{project}",
        row.name, row.image.reference, row.id
    )
    .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::sample::{reading, row};
    use plimsoll_shared::UnixMs;

    fn delta(readings: Vec<RowReading>) -> Body {
        Body::ContainersDelta {
            measured: true,
            rows: Vec::new(),
            gone: Vec::new(),
            readings,
            silent: Vec::new(),
        }
    }

    fn two() -> Fleet {
        let mut fleet = Fleet::default();
        fleet.apply(&Body::ContainersFull {
            rows: vec![row(1, "web"), row(2, "db")],
            readings: vec![reading(1, 5.0), reading(2, 1.0)],
            sparks: vec![(RowKey(1), vec![None, Some(5.0)])],
        });
        fleet
    }

    #[test]
    fn a_row_not_told_of_was_measured_again_with_the_same_numbers() {
        let mut fleet = two();
        fleet.apply(&delta(vec![reading(1, 7.0)]));
        let web = fleet.get(RowKey(1)).unwrap();
        assert_eq!(web.numbers.unwrap().cpu, Some(7.0));
        assert_eq!(web.spark, [None, Some(5.0), Some(7.0)]);
        let db = fleet.get(RowKey(2)).unwrap();
        assert_eq!(db.numbers.unwrap().cpu, Some(1.0));
        assert_eq!(db.spark, [Some(1.0)]);
    }

    #[test]
    fn a_silent_row_loses_its_numbers_and_its_spark_has_a_gap() {
        let mut fleet = two();
        fleet.apply(&Body::ContainersDelta {
            measured: true,
            rows: Vec::new(),
            gone: Vec::new(),
            readings: Vec::new(),
            silent: vec![RowKey(2)],
        });
        let db = fleet.get(RowKey(2)).unwrap();
        assert_eq!((db.numbers, db.spark.back()), (None, Some(&None)));
    }

    #[test]
    fn a_change_of_state_alone_moves_no_spark() {
        let mut fleet = two();
        let mut paused = row(1, "web");
        paused.state = ContainerState::Paused;
        let changes = fleet.apply(&Body::ContainersDelta {
            measured: false,
            rows: vec![paused],
            gone: Vec::new(),
            readings: Vec::new(),
            silent: Vec::new(),
        });
        assert_eq!(
            changes,
            Changes {
                rows: vec![RowKey(1)],
                numbers: false
            }
        );
        let web = fleet.get(RowKey(1)).unwrap();
        assert_eq!(web.row.state, ContainerState::Paused);
        assert_eq!((web.numbers.unwrap().cpu, web.spark.len()), (Some(5.0), 2));
    }

    #[test]
    fn a_spark_keeps_sixty_ticks() {
        let mut fleet = two();
        for _ in 0..100 {
            fleet.apply(&delta(Vec::new()));
        }
        assert_eq!(fleet.get(RowKey(1)).unwrap().spark.len(), SPARK_TICKS);
    }

    #[test]
    fn a_removed_container_drops_out() {
        let mut fleet = two();
        let mut removed = row(1, "web");
        removed.removed_at = Some(UnixMs(1));
        fleet.apply(&Body::ContainersDelta {
            measured: false,
            rows: vec![removed],
            gone: vec![RowKey(2)],
            readings: Vec::new(),
            silent: Vec::new(),
        });
        assert_eq!(fleet.iter().count(), 0);
    }

    #[test]
    fn a_full_state_forgets_what_it_does_not_name() {
        let mut fleet = two();
        let changes = fleet.apply(&Body::ContainersFull {
            rows: vec![row(3, "new")],
            readings: Vec::new(),
            sparks: Vec::new(),
        });
        assert_eq!(
            fleet.iter().map(|(key, _)| key).collect::<Vec<_>>(),
            [RowKey(3)]
        );
        assert_eq!(changes.rows.len(), 3);
    }
}
