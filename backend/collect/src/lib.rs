//! Asks a Docker Engine what runs and measures it: readings, containers and events, as they come.
//!
//! The one crate that knows the Docker Engine API, through bollard, and the kernel's control group files. [`watch`] looks for an
//! engine, tells what it sees as [`Observation`]s, and goes on looking when the engine is lost. [`Sampler`] reads files alone.

mod advice;
mod clock;
mod counters;
mod engine;
mod error;
mod files;
mod life;
mod measure;
mod place;
mod session;
mod watch;

pub use counters::{Counters, CpuCounters, cpu_percent, memory_limit, memory_used, reading};
pub use error::Error;
pub use files::{Sampler, Unlocatable};
pub use life::{Interfaces, Life};
pub use place::{Endpoint, Place, Surroundings, places};
pub use watch::{Settings, watch};

#[cfg(doc)]
use plimsoll_model::Observation;
