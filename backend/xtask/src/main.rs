//! Builds, runs, tests and measures the project: `cargo xtask run`, `dev`, `test`, `bench`, `site`.
//!
//! Everything here is a step that somebody watches in a terminal, so each says what it does and how long it took, and an error is
//! a sentence that says what to do next.

mod cargo;
mod site;
mod steps;

use clap::{Parser, Subcommand};
use site::Profile;
use std::process::ExitCode;
use steps::Steps;

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
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut steps = Steps::default();
    let outcome = cargo::Workspace::find().and_then(|workspace| match arguments.task {
        Task::Site { profile } => site::build(&workspace, profile, &mut steps).map(|site| {
            site.print();
            ExitCode::SUCCESS
        }),
    });
    outcome.unwrap_or_else(|error| {
        eprintln!("\nerror: {error:#}");
        ExitCode::FAILURE
    })
}
