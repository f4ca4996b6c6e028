//! A frame's content as JSON holds it, read field by field.
//!
//! serde's own way with internally tagged enums keeps a copy of the whole value and compiles every type inside a second time; in the
//! browser that would be a tenth of the page and twice the work of each frame.

use crate::{ContainerEvent, ContainerRow, HostRow, Reading, Recording, RowKey, RowReading};
use serde::Deserialize;

/// All fields that a content of some kind has.
#[derive(Deserialize)]
pub(super) struct Body {
    is: Kind,
    rows: Option<Vec<ContainerRow>>,
    readings: Option<Vec<RowReading>>,
    sparks: Option<Vec<(RowKey, Vec<Option<f32>>)>>,
    measured: Option<bool>,
    gone: Option<Vec<RowKey>>,
    silent: Option<Vec<RowKey>>,
    hosts: Option<Vec<HostRow>>,
    recording: Option<Recording>,
    interval_ms: Option<u64>,
    build: Option<String>,
    row: Option<Box<ContainerRow>>,
    reading: Option<Box<Reading>>,
    events: Option<Vec<ContainerEvent>>,
    full: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    ContainersFull,
    ContainersDelta,
    Hosts,
    Container,
}

impl TryFrom<Body> for super::Body {
    type Error = String;

    fn try_from(fields: Body) -> Result<Self, String> {
        Ok(match fields.is {
            Kind::ContainersFull => Self::ContainersFull {
                rows: present("rows", fields.rows)?,
                readings: present("readings", fields.readings)?,
                sparks: present("sparks", fields.sparks)?,
            },
            Kind::ContainersDelta => Self::ContainersDelta {
                measured: present("measured", fields.measured)?,
                rows: present("rows", fields.rows)?,
                gone: present("gone", fields.gone)?,
                readings: present("readings", fields.readings)?,
                silent: present("silent", fields.silent)?,
            },
            Kind::Hosts => Self::Hosts {
                hosts: present("hosts", fields.hosts)?,
                recording: present("recording", fields.recording)?,
                interval_ms: present("interval_ms", fields.interval_ms)?,
                build: present("build", fields.build)?,
            },
            Kind::Container => Self::Container {
                row: fields.row,
                reading: fields.reading,
                events: present("events", fields.events)?,
                full: present("full", fields.full)?,
            },
        })
    }
}

fn present<T>(name: &str, field: Option<T>) -> Result<T, String> {
    field.ok_or_else(|| format!("missing field `{name}`"))
}
