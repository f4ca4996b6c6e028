//! The words the browser and the server both use: ids, units, readings, states, wire types and routes.
//!
//! Depends on serde alone and builds for `wasm32-unknown-unknown`. What only two backend crates name
//! lives in `plimsoll-model`; what only one crate names lives in that crate.

mod container;
mod event;
pub mod history;
mod host;
mod ids;
pub mod lines;
mod live;
pub mod overview;
mod page;
mod problem;
mod reading;
pub mod routes;
pub mod series;
pub mod units;

pub use container::{
    Compose, ContainerDetail, ContainerRow, ContainerState, Health, ImageRef, Limits, Mount,
    Network, Port,
};
pub use event::{ContainerEvent, EventKind};
pub use host::{
    Collection, Counts, EngineFacts, Found, HostRow, HostState, Recording, ServerStatus, Setting,
    TaskState, TaskStatus,
};
pub use ids::{ContainerId, HostId, IdError, ImageDigest, RowKey, UnixMs};
pub use live::{Body, Frame, RowReading, Subscribe, View};
pub use page::{ContainerNow, Page};
pub use problem::Problem;
pub use reading::{BlockIo, DiskSpace, Machine, Memory, Pressure, Reading, Throttling, Traffic};
