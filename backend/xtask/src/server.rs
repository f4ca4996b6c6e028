//! Builds the server with the pages in it, and starts it.

use crate::{
    cargo::{self, Workspace},
    site::{self, Profile},
    steps::Steps,
};
use anyhow::{Context, Result};
use std::{
    ffi::OsString,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// The variable that tells the server's build where the pages are. A release build embeds them, a debug build reads them from there.
pub(crate) const SITE: &str = "PLIMSOLL_SITE";
/// The variable that tells journeys and benches which server to start.
pub(crate) const BIN: &str = "PLIMSOLL_BIN";

/// Builds pages and server as a user gets them, and becomes that server, so that signals and the exit code are its own.
pub(crate) fn run(
    workspace: &Workspace,
    arguments: &[OsString],
    steps: &mut Steps,
) -> Result<ExitCode> {
    let program = release(workspace, steps)?;
    steps.print_summary();
    println!("\n==> Starting {} serve", program.display());
    Err(Command::new(&program).arg("serve").args(arguments).exec())
        .with_context(|| format!("{} could not be started", program.display()))
}

/// Builds pages and server as a user gets them.
pub(crate) fn release(workspace: &Workspace, steps: &mut Steps) -> Result<PathBuf> {
    let site = site::build(workspace, Profile::Wasm, steps)?;
    site.print();
    steps.run(
        "Building the server in release, with the pages in it",
        || program(workspace, &site.folder, &["--release"]),
    )
}

/// Builds the server; returns the path of the program.
pub(crate) fn program(workspace: &Workspace, site: &Path, arguments: &[&str]) -> Result<PathBuf> {
    let mut command = workspace.cargo();
    command
        .args(["build", "--package", "plimsoll-server"])
        .args(arguments)
        .env(SITE, site);
    let built = cargo::build(&mut command, "correct what the compiler says above")?;
    cargo::program(&built, "plimsoll")
        .context("cargo named no program plimsoll: is plimsoll-server still one?")
}
