//! Builds, runs, tests and measures the project: `cargo xtask run`, `dev`, `test`, `bench`, `site`.
//!
//! Everything here is a step that somebody watches in a terminal, so each says what it does and how long it took, and an error is
//! a sentence that says what to do next.

mod bench;
mod cargo;
mod dev;
mod packages;
mod server;
mod site;
mod steps;
mod test;

use bench::name::Bench;
use clap::{Parser, Subcommand};
use site::Profile;
use std::{ffi::OsString, process::ExitCode};
use steps::Steps;
use test::Part;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Builds, runs, tests and measures Plimsoll",
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the browser side: WebAssembly, styles and page, precompressed, into `<target>/site`.
    Site {
        /// How to compile it: small for users, or fast for the loop of `dev`.
        #[arg(long, value_enum, default_value_t = Profile::Wasm)]
        profile: Profile,
    },
    /// Build pages and server in release, and start the server.
    Run {
        /// What `plimsoll serve` gets: `cargo xtask run -- --listen 127.0.0.1:9000`.
        #[arg(last = true)]
        arguments: Vec<OsString>,
    },
    /// Serve, watch the sources, build what changed and reload open pages.
    Dev {
        /// What `plimsoll serve` gets.
        #[arg(last = true)]
        arguments: Vec<OsString>,
    },
    /// Run everything that must hold: format, clippy, unit tests, real engines, a real browser.
    Test {
        /// Run one part.
        #[arg(long, value_enum)]
        only: Option<Part>,
    },
    /// Measure the release build beside its peers and limits; prints tables and never fails on time.
    Bench {
        /// Measure one thing.
        #[arg(value_enum)]
        only: Option<Bench>,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut steps = Steps::default();
    let outcome = cargo::Workspace::find().and_then(|workspace| match arguments.task {
        Task::Site { profile } => site::build(&workspace, profile, &mut steps).map(|site| {
            site.print();
            ExitCode::SUCCESS
        }),
        Task::Run { arguments } => server::run(&workspace, &arguments, &mut steps),
        Task::Dev { arguments } => dev::run(&workspace, &arguments),
        Task::Bench { only } => bench::run_benches(&workspace, only, &mut steps),
        Task::Test { only } => test::run_parts(&workspace, only, &mut steps),
    });
    outcome.unwrap_or_else(|error| {
        eprintln!("\nerror: {error:#}");
        ExitCode::FAILURE
    })
}
