//! What a check may look at: the server's answers so far, and what was trusted before.

use jiff::Timestamp;
use std::collections::BTreeMap;

use super::pinning::TrustPinning;

/// A question: is this repository's trust data sound, and what does it say?
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The repository with its registry's host, such as `registry.example:5000/team/app`.
    pub gun: &'a str,
    /// What was decided beforehand about its root.
    pub pinning: &'a TrustPinning,
    /// What was trusted before; empty when the repository is new to us.
    pub remembered: &'a Remembered,
    /// The instant at which the answer must hold.
    pub now: Timestamp,
    /// How much may be asked for.
    pub limits: Limits,
}

/// The bounds of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest `timestamp.json`, in bytes.
    pub timestamp: u64,
    /// The longest other file, in bytes.
    pub file: u64,
    /// The most roots between the trusted and the newest one.
    pub roots: u64,
    /// The most delegations of one repository.
    pub delegations: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            timestamp: 1 << 20,
            file: 8 << 20,
            roots: 1000,
            delegations: 1000,
        }
    }
}

/// The files of a repository as they were last trusted, by role; without `root` there are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remembered(pub BTreeMap<String, Vec<u8>>);

impl Remembered {
    pub(super) fn get(&self, role: &str) -> Option<&[u8]> {
        self.0.get(role).map(Vec::as_slice)
    }
}

/// A file that must be seen next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its name below `/v2/<gun>/_trust/tuf/`, of plain characters, such as `targets/releases.<sha256>.json`.
    pub name: String,
    /// The most bytes it may have.
    pub cap: u64,
}

/// What the server answered for one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The file.
    Found(Vec<u8>),
    /// There is none by that name.
    Missing,
    /// It wants credentials that we lack; why, in a sentence.
    NoAccess(String),
    /// It could not be asked; why, in a sentence.
    Unreachable(String),
    /// It is longer than the cap.
    TooLong,
}

/// The server's answers so far, by the names they were wanted under.
pub type Evidence = BTreeMap<String, Answer>;
