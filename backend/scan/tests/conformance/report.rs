//! What was asked and how it was answered, a line a set.

use serde_json::Value;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Wrong answers shown per set.
const SHOWN: usize = 12;

/// The sets judged so far.
pub struct Report {
    folder: PathBuf,
    filter: Option<String>,
    failed: bool,
    judged: usize,
}

impl Report {
    /// A report over the vectors' folder, of the sets that the command line names.
    pub fn from_arguments() -> Self {
        let folder = env::var_os("PLIMSOLL_VECTORS").map_or_else(
            || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
            PathBuf::from,
        );
        Self {
            folder: folder.join("scan"),
            filter: env::args()
                .skip(1)
                .find(|argument| !argument.starts_with('-')),
            failed: false,
            judged: 0,
        }
    }

    /// Whether the command line asks for this set.
    pub fn wants(&self, set: &str) -> bool {
        self.filter
            .as_ref()
            .is_none_or(|filter| set.contains(filter.as_str()))
    }

    /// A file or folder of the vectors; says aloud when it is absent.
    pub fn path(&self, set: &str, relative: &str) -> Option<PathBuf> {
        let path = self.folder.join(relative);
        if !path.exists() {
            println!("{set}: ABSENT, nothing judged ({relative} is not in the vectors' folder)");
            return None;
        }
        Some(path)
    }

    /// The JSON values of a file, one a line.
    pub fn lines(&self, set: &str, relative: &str) -> Option<Vec<Value>> {
        let text = fs::read_to_string(self.path(set, relative)?).unwrap();
        Some(
            text.lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect(),
        )
    }

    /// The lines of one set: how many answers were right, and each wrong one in words.
    pub fn judge(&mut self, set: &str, right: usize, wrong: &[String], aside: &str) {
        println!("{set}: {right} right, {} wrong{aside}", wrong.len());
        for line in wrong.iter().take(SHOWN) {
            println!("    {line}");
        }
        if wrong.len() > SHOWN {
            println!("    … and {} more", wrong.len() - SHOWN);
        }
        self.judged += 1;
        self.failed |= !wrong.is_empty();
    }

    /// Ends the run.
    pub fn finish(self) -> ExitCode {
        let folder = Path::new(&self.folder).display();
        println!("{} sets judged, from {folder}", self.judged);
        if self.failed {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        }
    }
}
