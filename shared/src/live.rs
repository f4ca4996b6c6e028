//! The live stream: one WebSocket per tab, JSON text frames, several views over it.
//!
//! The browser sends [`Subscribe`] whenever the set of views it shows changes. The server answers each view
//! with a full frame and then one frame a tick. Each view counts its frames in `seq`; a delta applies only to
//! the state after `seq - 1`. A reader that missed a frame gets a full one instead, so a slow reader always
//! skips to the latest state.

use crate::{
    ContainerEvent, ContainerId, ContainerRow, HostId, HostRow, Reading, Recording, RowKey, UnixMs,
};
use serde::{Deserialize, Serialize};

mod fields;

/// What a tab can watch, written `containers`, `hosts` or `container/HOST/ID`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum View {
    /// Every container's row and numbers.
    Containers,
    /// Every host, and whether the server is recording; also the stream's heartbeat.
    Hosts,
    /// One container in full detail.
    Container(HostId, ContainerId),
}

impl From<View> for String {
    fn from(view: View) -> String {
        match view {
            View::Containers => "containers".to_owned(),
            View::Hosts => "hosts".to_owned(),
            View::Container(host, id) => format!("container/{host}/{id}"),
        }
    }
}

impl TryFrom<String> for View {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "containers" => return Ok(View::Containers),
            "hosts" => return Ok(View::Hosts),
            _ => {}
        }
        let mut parts = text.splitn(3, '/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("container"), Some(host), Some(id)) => Ok(View::Container(
                host.parse().map_err(|e| format!("{e}"))?,
                id.parse().map_err(|e| format!("{e}"))?,
            )),
            _ => Err(format!(
                "no view {:?}: expected containers, hosts or container/HOST/ID",
                text.get(..80).unwrap_or(&text)
            )),
        }
    }
}

/// Browser to server: the whole set of views to send from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscribe {
    /// At most 16 views.
    pub watch: Vec<View>,
}

/// Server to browser: the next state of one view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Which view.
    pub view: View,
    /// Counts this view's frames.
    pub seq: u64,
    /// When the frame was made, by the server's clock.
    pub at: UnixMs,
    /// Its content.
    pub body: Body,
}

/// Content of a frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", try_from = "fields::Body")]
pub enum Body {
    /// [`View::Containers`], the whole state.
    ContainersFull {
        /// All rows.
        rows: Vec<ContainerRow>,
        /// The last reading of each row that has one.
        readings: Vec<RowReading>,
        /// CPU percent of the last 60 ticks, oldest first, `None` where there was no reading.
        sparks: Vec<(RowKey, Vec<Option<f32>>)>,
    },
    /// [`View::Containers`], what changed since the frame before. In a `measured` frame, a row that is neither in
    /// `readings` nor in `silent` was measured again with the same numbers.
    ContainersDelta {
        /// Whether this frame carries a sweep: sparks advance by one. A frame that only tells a change of state is not measured
        /// and leaves every number as it was.
        measured: bool,
        /// New and changed rows.
        rows: Vec<ContainerRow>,
        /// Rows to drop.
        gone: Vec<RowKey>,
        /// Readings that differ from the one before.
        readings: Vec<RowReading>,
        /// Rows that had a reading in the frame before and have none now.
        silent: Vec<RowKey>,
    },
    /// [`View::Hosts`], always whole.
    Hosts {
        /// All hosts.
        hosts: Vec<HostRow>,
        /// Whether history is being written.
        recording: Recording,
        /// Milliseconds between two readings.
        interval_ms: u64,
        /// Names the pages this server serves; a tab whose own `plimsoll-build` differs runs an older console.
        build: String,
    },
    /// [`View::Container`]: the row, this tick's reading and what happened since the frame before (a full frame: the last 50 events).
    Container {
        /// The row; `None` when there is no such container.
        row: Option<Box<ContainerRow>>,
        /// This tick's reading; `None` when it was not measured.
        reading: Option<Box<Reading>>,
        /// Events, oldest first.
        events: Vec<ContainerEvent>,
        /// Whether `events` is the whole list rather than an addition.
        full: bool,
    },
}

/// One row's numbers, a JSON array to stay small: key, CPU %, memory used, memory limit, net received, net sent,
/// block read, block written, pids. Bytes; totals since start; `null` where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RowReading(
    /// Row.
    pub RowKey,
    /// CPU percent of one core, rounded to two decimals.
    pub Option<f64>,
    /// Memory used.
    pub u64,
    /// Memory limit.
    pub Option<u64>,
    /// Net received and sent.
    pub Option<(u64, u64)>,
    /// Block read and written.
    pub Option<(u64, u64)>,
    /// Processes and threads.
    pub Option<u64>,
);

impl RowReading {
    /// The table's part of a full reading.
    #[must_use]
    pub fn of(key: RowKey, reading: &Reading) -> Self {
        Self(
            key,
            reading.cpu_percent.map(|p| (p * 100.0).round() / 100.0),
            reading.memory.used,
            reading.memory.limit,
            reading.network.map(|n| (n.received, n.sent)),
            reading.block.map(|b| (b.read, b.written)),
            reading.pids,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_of_every_kind_is_read_back_as_it_was_written() {
        let bodies = [
            Body::ContainersFull {
                rows: Vec::new(),
                readings: vec![RowReading(
                    RowKey(1),
                    None,
                    5,
                    None,
                    Some((1, 2)),
                    None,
                    None,
                )],
                sparks: vec![(RowKey(1), vec![None, Some(1.5)])],
            },
            Body::ContainersDelta {
                measured: true,
                rows: Vec::new(),
                gone: vec![RowKey(2)],
                readings: Vec::new(),
                silent: vec![RowKey(3)],
            },
            Body::Hosts {
                hosts: Vec::new(),
                recording: Recording::Off {
                    since: UnixMs(1),
                    reason: "full".to_owned(),
                    lost: 2,
                },
                interval_ms: 1000,
                build: "b".to_owned(),
            },
            Body::Container {
                row: None,
                reading: None,
                events: Vec::new(),
                full: true,
            },
        ];
        for body in bodies {
            let text = serde_json::to_string(&body).unwrap();
            assert_eq!(serde_json::from_str::<Body>(&text).unwrap(), body, "{text}");
        }
        let lacking = serde_json::from_str::<Body>(r#"{"is":"hosts","hosts":[]}"#).unwrap_err();
        assert!(
            lacking.to_string().contains("missing field `recording`"),
            "{lacking}"
        );
    }

    #[test]
    fn a_view_is_written_as_one_word_and_read_back() {
        let id = "ab".repeat(32);
        for text in [
            "containers".to_owned(),
            "hosts".to_owned(),
            format!("container/local/{id}"),
        ] {
            let view: View = serde_json::from_str(&format!("\"{text}\"")).unwrap();
            assert_eq!(String::from(view), text);
        }
        for bad in ["", "container/local", "container/local/../x", "images"] {
            assert!(View::try_from(bad.to_owned()).is_err(), "{bad:?} was taken");
        }
    }
}
