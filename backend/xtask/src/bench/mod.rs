//! Builds what users get and measures it; the benches themselves are in `benches/console`, and in the server's `benches/history`.

pub(crate) mod name;

use crate::{
    cargo::{Workspace, run},
    packages, server, site,
    steps::Steps,
};
use anyhow::Result;
use clap::ValueEnum;
use name::Bench;
use std::process::ExitCode;

/// Runs all benches or one. They need the programs that tests need, and as root.
pub(crate) fn run_benches(
    workspace: &Workspace,
    only: Option<Bench>,
    steps: &mut Steps,
) -> Result<ExitCode> {
    steps.run(
        "Looking for the programs that benches need",
        packages::ensure,
    )?;
    let program = server::release(workspace, steps)?;
    if only.is_none_or(|only| only == Bench::History) {
        let mut cargo = workspace.cargo();
        cargo.args([
            "bench",
            "--package",
            "plimsoll-server",
            "--bench",
            "history",
        ]);
        cargo
            .env(server::BIN, &program)
            .env(server::SITE, site::folder(workspace));
        run(&mut cargo, "see above what could not be measured")?;
    }
    let mut cargo = workspace.cargo();
    cargo.args([
        "test",
        "--package",
        "plimsoll-xtask",
        "--bench",
        "console",
        "--",
    ]);
    cargo.args(
        only.and_then(|bench| bench.to_possible_value())
            .map(|value| value.get_name().to_owned()),
    );
    cargo
        .env(server::BIN, program)
        .env(server::SITE, site::folder(workspace));
    run(&mut cargo, "see above what could not be measured")?;
    Ok(ExitCode::SUCCESS)
}
