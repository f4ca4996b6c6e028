//! Where things are on each page, so that a journey reads as its user would tell it.

mod charts;
mod container;
mod containers;
mod overview;
mod settings;
mod shell;

pub use charts::{Charts, View};
pub use container::ContainerPage;
pub use containers::{Containers, Line};
pub use overview::{Change, Lists, Overview};
pub use settings::{Room, Settings};
pub use shell::Shell;

use anyhow::bail;
use fantoccini::Client;
use serde::de::DeserializeOwned;
use std::{
    future::Future,
    time::{Duration, Instant},
};

/// How often a page is looked at while something is waited for.
const LOOK_EVERY: Duration = Duration::from_millis(40);

/// Runs a script in the page and takes its answer.
async fn read<T: DeserializeOwned>(client: &Client, script: &str) -> anyhow::Result<T> {
    Ok(serde_json::from_value(
        client.execute(script, Vec::new()).await?,
    )?)
}

/// Looks at the page until `look` finds something, for at most `within`; says how long that took.
///
/// # Errors
/// When it is not found in time.
pub async fn until<T, F, Fut>(
    what: &str,
    within: Duration,
    mut look: F,
) -> anyhow::Result<(T, Duration)>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = anyhow::Result<Option<T>>>,
{
    let began = Instant::now();
    loop {
        if let Some(found) = look().await? {
            return Ok((found, began.elapsed()));
        }
        if began.elapsed() > within {
            bail!("{what} was not seen within {within:?}");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
