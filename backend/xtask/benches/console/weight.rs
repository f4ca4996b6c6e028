//! How heavy the pages are on the wire, and how soon the first row stands.

use crate::{
    report::{line, milliseconds, percentile, print, sorted},
    setting,
};
use anyhow::{Context, Result};
use plimsoll_e2e::browser::Browser;
use plimsoll_testkit::Engine;
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The most that all pages together may weigh as brotli, in bytes.
const LIMIT: u64 = 250_000;
const LOADS: usize = 7;

/// Weighs the built files, then loads the table anew a few times.
pub(crate) async fn run() -> Result<()> {
    let site = env::var_os("PLIMSOLL_SITE")
        .map(PathBuf::from)
        .context("PLIMSOLL_SITE names no built pages: run `cargo xtask bench`")?;
    let mut files = Vec::new();
    weigh(&site, &site, &mut files)?;
    let kb = |bytes: u64| format!("{:.1} kB", bytes as f64 / 1000.0);
    let mut lines: Vec<_> = files
        .iter()
        .map(|(name, bytes)| line(name, kb(*bytes), ""))
        .collect();
    lines.push(line(
        "all",
        kb(files.iter().map(|(_, bytes)| bytes).sum()),
        kb(LIMIT),
    ));
    print("Weight of the pages, brotli", "limit", &lines);

    let engine = Engine::start();
    setting::fill(&engine, 20);
    let console = setting::console(&engine.address()).await?;
    let (mut cold, mut warm) = (Vec::new(), Vec::new());
    for _ in 0..LOADS {
        let browser = Browser::open(1400, 900).await?;
        cold.push(first_row(&browser, &console.server.url).await?);
        warm.push(first_row(&browser, &console.server.url).await?);
        browser.close().await?;
    }
    let row = |what: &str, numbers: Vec<f64>| {
        line(what, milliseconds(percentile(&sorted(numbers), 0.5)), "")
    };
    print(
        &format!("Time to the first row on loopback, 20 containers, median of {LOADS}"),
        "",
        &[row("empty cache", cold), row("loaded before", warm)],
    );
    Ok(())
}

fn weigh(folder: &Path, site: &Path, files: &mut Vec<(String, u64)>) -> Result<()> {
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
    {
        let path = entry?.path();
        if path.is_dir() {
            weigh(&path, site, files)?;
        } else if path.extension().is_some_and(|extension| extension == "br") {
            let name = path
                .strip_prefix(site)?
                .with_extension("")
                .display()
                .to_string();
            files.push((name, fs::metadata(&path)?.len()));
        }
    }
    files.sort();
    Ok(())
}

/// Milliseconds from the start of the navigation to the frame that first shows a row.
async fn first_row(browser: &Browser, url: &str) -> Result<f64> {
    browser.client.goto(url).await?;
    let time = browser
        .client
        .execute_async(&setting::script(setting::WAIT_FOR_ROW), Vec::new())
        .await?;
    time.as_f64().context("the browser gave no time")
}
