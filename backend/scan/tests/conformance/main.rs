//! Everything this crate decides, held against the recorded answers of the tools that own the rules.
//!
//! The vectors lie in `scan` of the folder `PLIMSOLL_VECTORS` names (`../shared/data` else). Every set prints a line; a wrong answer
//! fails the run, an absent set is said aloud. An argument picks the sets whose names contain it.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod damage;
mod e2e;
mod feed;
mod golden;
mod images;
mod languages;
mod matches;
mod packages;
mod report;
mod versions;

use report::Report;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut report = Report::from_arguments();
    versions::run(&mut report);
    packages::run(&mut report);
    languages::run(&mut report);
    matches::run(&mut report);
    e2e::run(&mut report);
    golden::run(&mut report);
    images::run(&mut report);
    damage::run(&mut report);
    report.finish()
}
