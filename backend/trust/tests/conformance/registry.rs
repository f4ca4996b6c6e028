//! A registry as the vectors keep it: `registry.json` maps references to files, and what is not there is not found.

use crate::tally;
use plimsoll_trust::oci::{Answer, Evidence, Item, Wanted};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The registry of one vector.
pub struct Registry {
    folder: PathBuf,
    references: Value,
}

impl Registry {
    pub fn open(folder: &Path) -> Self {
        let folder = folder.join("registry");
        let list = folder.join("registry.json");
        Registry {
            references: match list.exists() {
                true => tally::json(&list),
                false => Value::Null,
            },
            folder,
        }
    }

    /// Answers what is wanted until `check` settles.
    pub fn settle<T>(
        &self,
        check: impl Fn(&Evidence) -> Result<T, Vec<Wanted>>,
    ) -> Result<T, String> {
        self.settle_with(check).map(|(_, settled)| settled)
    }

    /// The same, with everything that was answered.
    pub fn settle_with<T>(
        &self,
        check: impl Fn(&Evidence) -> Result<T, Vec<Wanted>>,
    ) -> Result<(Evidence, T), String> {
        let mut evidence = Evidence::new();
        for _ in 0..100 {
            match check(&evidence) {
                Ok(settled) => return Ok((evidence, settled)),
                Err(wanted) => {
                    for Wanted { item, cap } in wanted {
                        let answer = self.answer(&item, cap);
                        evidence.insert(item, answer);
                    }
                }
            }
        }
        Err("it never settles".to_owned())
    }

    fn answer(&self, item: &Item, cap: u64) -> Answer {
        let listed = |reference: &str| {
            let file = self.references[reference]["file"].as_str()?;
            fs::read(self.folder.join(file)).ok()
        };
        let found = match item {
            Item::Manifest(reference) => listed(reference),
            Item::Referrers(digest) => listed(&format!("referrers/{digest}"))
                .or_else(|| listed(&format!("referrers_{digest}"))),
            Item::Blob(digest) => {
                fs::read(self.folder.join("blobs").join(digest.replace(':', "_"))).ok()
            }
        };
        match found {
            None => Answer::Missing,
            Some(bytes) if bytes.len() as u64 > cap => Answer::TooLong,
            Some(bytes) => Answer::Found(bytes),
        }
    }
}
