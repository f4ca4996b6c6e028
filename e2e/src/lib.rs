//! Users' stories, told by a real browser against the real server and a real engine.
//!
//! `browser` and `server` start the real programs, `pages` knows where things are on each page, and each file in `journeys/` is one
//! user's story. The server's program is named by `PLIMSOLL_BIN`; `cargo xtask test --only e2e` builds it and sets that.

pub mod browser;
pub mod pages;
pub mod server;
