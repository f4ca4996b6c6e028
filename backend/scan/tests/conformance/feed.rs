//! The advisories of one ecosystem, from the archive that the OSV bucket keeps.

use crate::report::Report;
use plimsoll_scan::{Advisory, matching::Index, zip};
use std::fs;

/// Entries of the largest feed, with room.
const ENTRIES: usize = 100_000;
/// The largest record, with room.
const RECORD: usize = 16 << 20;

/// The index of one ecosystem's advisories.
pub fn index(report: &Report, set: &str, ecosystem: &str) -> Option<Index> {
    let bytes = fs::read(report.path(set, &format!("osv/{ecosystem}/all.zip"))?).unwrap();
    let mut index = Index::default();
    for entry in zip::entries(&bytes, ENTRIES).unwrap() {
        index.add(Advisory::read(&entry.read(RECORD).unwrap()).unwrap());
    }
    Some(index)
}
