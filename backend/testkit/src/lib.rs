//! Engines that speak the real protocol, for tests: real ones, and one that misbehaves on request.
//!
//! Knows no other Plimsoll crate, so that what it serves cannot share their mistakes. Needs root on Linux and Debian's
//! `docker.io`, `iproute2`, `iptables`, `util-linux` and `busybox-static`; what is missing is named in the panic.

mod engine;
mod fake;
mod machine;

pub use engine::Engine;
pub use fake::{FakeEngine, Reply, Request, World};
pub use machine::cpu_time;
