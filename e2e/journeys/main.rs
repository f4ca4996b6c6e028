//! One user's story a file, each against an engine, a server and a browser of its own.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends")]

mod a_day_of_a_container;
mod a_view_is_shared;
mod an_engine_goes_and_comes;
mod an_operator_works_by_keyboard;
mod an_overview_leads_to_what_it_counts;
mod first_look;
mod nothing_runs_what_a_name_says;
mod what_happened_then;

use plimsoll_e2e::{browser::Browser, server::Server};
use std::time::Duration;

/// What the project promises: a change is seen within two seconds.
const SOON: Duration = Duration::from_secs(2);
/// Longest a page may take to be there.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server over the engine at that address, and a browser window beside it.
struct Stage {
    server: Server,
    browser: Browser,
    data: tempfile::TempDir,
}

impl Stage {
    async fn set(docker_host: &str) -> Self {
        let data = tempfile::tempdir().unwrap();
        let server = Server::start(data.path(), docker_host, "127.0.0.1:0")
            .await
            .unwrap();
        let browser = Browser::open(1600, 900).await.unwrap();
        Self {
            server,
            browser,
            data,
        }
    }
}
