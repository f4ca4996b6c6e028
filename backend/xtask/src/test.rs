//! Everything that must hold before a change lands, in the order that finds a slip soonest.

use crate::{
    cargo::{self, TestProgram, Workspace, run},
    packages, server,
    site::{self, Profile},
    steps::Steps,
};
use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// The browser journeys' package.
const E2E: &str = "plimsoll-e2e";

/// One part of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Whether the sources are formatted.
    Fmt,
    /// The compiler's and clippy's warnings, native and for the browser.
    Clippy,
    /// Tests inside the crates, and examples in their documentation.
    Unit,
    /// Integration tests, most of them against real engines.
    Engine,
    /// Users' stories in a real browser.
    E2e,
}

/// Runs all parts or one; a part that fails does not keep the later ones from being tried.
pub(crate) fn run_parts(
    workspace: &Workspace,
    only: Option<Part>,
    steps: &mut Steps,
) -> Result<ExitCode> {
    let wants = |part: Part| only.is_none_or(|only| only == part);
    let mut all_passed = true;
    let mut note = |outcome: Result<()>| {
        if let Err(error) = outcome {
            eprintln!("\nerror: {error:#}\n");
            all_passed = false;
        }
    };
    let site = site::folder(workspace);
    fs::create_dir_all(&site).with_context(|| format!("cannot make {}", site.display()))?;

    if wants(Part::Engine) || wants(Part::E2e) {
        steps.run("Looking for the programs that tests need", packages::ensure)?;
    }
    if wants(Part::Fmt) {
        note(steps.run("Checking the format", || format_check(workspace)));
    }
    if wants(Part::Clippy) {
        note(steps.run("Checking with clippy, native", || clippy(workspace, &site)));
        note(site::ensure_target(steps).and_then(|()| {
            steps.run("Checking with clippy, for the browser", || {
                clippy_wasm(workspace)
            })
        }));
    }
    if wants(Part::E2e) {
        note(site::build(workspace, Profile::Wasm, steps).map(|site| site.print()));
    }
    if wants(Part::Engine) || wants(Part::E2e) {
        match steps.run("Compiling all tests and the server", || {
            compile(workspace, &site)
        }) {
            Ok(program) => tests(workspace, Some(&program), wants, steps)
                .into_iter()
                .for_each(note),
            Err(error) => note(Err(error)),
        }
    } else {
        tests(workspace, None, wants, steps)
            .into_iter()
            .for_each(note);
    }
    steps.print_summary();
    Ok(if all_passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn format_check(workspace: &Workspace) -> Result<()> {
    run(
        workspace.cargo().args(["fmt", "--all", "--check"]),
        "call `cargo fmt --all`",
    )
}

fn clippy(workspace: &Workspace, site: &Path) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo
        .args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "--deny",
            "warnings",
        ])
        .env(server::SITE, site);
    run(&mut cargo, "correct what clippy says above")
}

/// The frontend and the words it shares with the server, as they are compiled for the browser.
fn clippy_wasm(workspace: &Workspace) -> Result<()> {
    let mut cargo = workspace.cargo_wasm("clippy");
    cargo.args([
        "--package",
        "plimsoll-shared",
        "--package",
        "plimsoll-frontend",
        "--",
        "--deny",
        "warnings",
    ]);
    run(&mut cargo, "correct what clippy says above")
}

/// Compiles every test and the server in one go and with one set of features, so that nothing is compiled twice; returns the server.
fn compile(workspace: &Workspace, site: &Path) -> Result<PathBuf> {
    let mut cargo = workspace.cargo();
    cargo
        .args(["build", "--workspace", "--tests", "--bins"])
        .env(server::SITE, site);
    let built = cargo::build(&mut cargo, "correct what the compiler says above")?;
    cargo::program(&built, "plimsoll")
        .context("cargo named no program plimsoll: is plimsoll-server still one?")
}

fn tests(
    workspace: &Workspace,
    program: Option<&Path>,
    wants: impl Fn(Part) -> bool,
    steps: &mut Steps,
) -> Vec<Result<()>> {
    let cargo_test = || {
        let mut cargo = workspace.cargo();
        cargo
            .args(["test", "--workspace"])
            .env(server::SITE, site::folder(workspace))
            .envs(program.map(|program| (server::BIN, program)));
        cargo
    };
    let advice = "see the failed tests above";
    let (journeys, engines): (Vec<_>, Vec<_>) = workspace
        .test_programs()
        .into_iter()
        .partition(|program| program.package == E2E);
    let mut outcomes = Vec::new();
    if wants(Part::Unit) {
        outcomes.push(steps.run("Unit tests", || {
            run(
                cargo_test().args(["--no-fail-fast", "--lib", "--bins"]),
                advice,
            )
        }));
        outcomes.push(steps.run("Examples in the documentation", || {
            run(cargo_test().args(["--no-fail-fast", "--doc"]), advice)
        }));
    }
    for (part, what, programs) in [
        (
            Part::Engine,
            "Integration tests against real engines",
            engines,
        ),
        (Part::E2e, "Journeys in a real browser", journeys),
    ] {
        if wants(part) {
            outcomes.push(steps.run(what, || {
                run(
                    select(&mut cargo_test(), &programs)?.arg("--no-fail-fast"),
                    advice,
                )
            }));
        }
    }
    outcomes
}

/// Selects test programs by name, and the whole workspace with them: choosing packages instead would change the features of crates they
/// share, and compile those again.
fn select<'a>(cargo: &'a mut Command, programs: &[TestProgram]) -> Result<&'a mut Command> {
    ensure!(
        !programs.is_empty(),
        "there are no such tests in the workspace"
    );
    for program in programs {
        cargo.args(["--test", &program.name]);
    }
    Ok(cargo)
}
